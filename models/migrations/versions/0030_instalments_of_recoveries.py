"""What is asked back may come in by instalments: days and sums that were agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recovery_instalment",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("recovery_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("agreed_by", sa.BigInteger(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_recovery_instalment_amount_positive")),
        sa.ForeignKeyConstraint(
            ["recovery_id"],
            ["recovery.id"],
            name=op.f("fk_recovery_instalment_recovery_id_recovery"),
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"], ["app_user.id"], name=op.f("fk_recovery_instalment_agreed_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_instalment")),
    )
    op.create_index(
        "uq_recovery_instalment_one_a_day",
        "recovery_instalment",
        ["recovery_id", "due_on"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )


_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM recovery_instalment) THEN
        RAISE EXCEPTION 'instalments were agreed that an earlier version does not know';
    END IF;
END $$
"""


def downgrade() -> None:
    op.execute(_REFUSE)
    op.drop_table("recovery_instalment")
