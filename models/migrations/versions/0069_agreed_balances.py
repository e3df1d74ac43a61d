"""A second person agrees to what a cashier keyed from the bank's statement."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stated_balance", sa.Column("agreed_by", sa.BigInteger(), nullable=True))
    op.add_column(
        "stated_balance", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_foreign_key(
        op.f("fk_stated_balance_agreed_by"), "stated_balance", "app_user", ["agreed_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_stated_balance_agreed_by_and_at_together"),
        "stated_balance",
        "(agreed_by IS NULL) = (agreed_at IS NULL)",
    )
    op.execute(
        "CREATE TRIGGER balance_agreed_by_two BEFORE INSERT OR UPDATE OF stated_by, agreed_by"
        " ON stated_balance FOR EACH ROW EXECUTE FUNCTION"
        " refuse_one_person('stated_by', 'agreed_by')"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER balance_agreed_by_two ON stated_balance")
    for column in ("agreed_at", "agreed_by"):
        op.drop_column("stated_balance", column)
