"""The accounts that pay have their days, and are kept by two people."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_ONE_AT_A_TIME = """
ALTER TABLE paying_account ADD CONSTRAINT ex_paying_account_one_at_a_time EXCLUDE USING gist (
    int8range(hashtext(coalesce(family, ''))::bigint, hashtext(coalesce(family, ''))::bigint, '[]')
        WITH &&,
    daterange(first_on, last_on + 1, '[)') WITH &&
) WHERE (confirmed_at IS NOT NULL)
"""

_BY_TWO_PERSONS = """
CREATE TRIGGER confirmed_by_another
    BEFORE INSERT OR UPDATE OF proposed_by, confirmed_by ON paying_account
    FOR EACH ROW WHEN (NEW.proposed_by <> NEW.confirmed_by)
    EXECUTE FUNCTION refuse_one_person('proposed_by', 'confirmed_by')
"""


def upgrade() -> None:
    op.create_table(
        "paying_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("family", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("cnaps", sa.Text(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.BigInteger(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("end_asked_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "last_on >= first_on - 1", name=op.f("ck_paying_account_first_before_last")
        ),
        sa.CheckConstraint(
            "confirmed_by <> proposed_by", name=op.f("ck_paying_account_confirmed_by_another")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL AND confirmed_by IS NULL"
            " OR confirmed_at IS NOT NULL AND (confirmed_by IS NULL) = (proposed_by IS NULL)",
            name=op.f("ck_paying_account_kept_by_two"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR refused_at IS NULL",
            name=op.f("ck_paying_account_confirmed_or_refused"),
        ),
        sa.CheckConstraint(
            "(end_on IS NULL) = (end_asked_by IS NULL)",
            name=op.f("ck_paying_account_end_asked_by_somebody"),
        ),
        *(
            sa.ForeignKeyConstraint([name], ["app_user.id"], name=op.f(f"fk_paying_account_{name}"))
            for name in ("proposed_by", "confirmed_by", "end_asked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paying_account")),
    )
    op.execute(_ONE_AT_A_TIME)
    op.execute(_BY_TWO_PERSONS)
    op.add_column("batch", sa.Column("paying_account_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_batch_paying_account_id"),
        "batch",
        "paying_account",
        ["paying_account_id"],
        ["id"],
    )


def downgrade() -> None:
    # Each batch keeps its copy of the account; which are to come, the settings then say alone.
    op.drop_column("batch", "paying_account_id")
    op.drop_table("paying_account")
