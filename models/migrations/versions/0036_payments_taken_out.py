"""A payment is taken out of a frozen batch by two people before the release."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment", sa.Column("out_asked_by", sa.BigInteger(), nullable=True))
    op.add_column("payment", sa.Column("out_reason", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_payment_out_asked_by"), "payment", "app_user", ["out_asked_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_payment_taken_out_of_a_frozen_batch"),
        "payment",
        "(out_asked_by IS NULL) = (out_reason IS NULL)"
        " AND (out_asked_by IS NULL OR state = 'frozen')",
    )
    op.create_index(
        "ix_payment_out_asked",
        "payment",
        ["id"],
        postgresql_where=sa.text("out_asked_by IS NOT NULL"),
    )
    op.add_column(
        "batch", sa.Column("edition", sa.BigInteger(), nullable=False, server_default="1")
    )
    op.alter_column("batch", "edition", server_default=None)


def downgrade() -> None:
    # What was asked and not agreed to is forgotten; each batch holds what it holds.
    op.drop_column("batch", "edition")
    op.drop_index("ix_payment_out_asked", table_name="payment")
    op.drop_constraint(op.f("ck_payment_taken_out_of_a_frozen_batch"), "payment")
    op.drop_column("payment", "out_reason")
    op.drop_column("payment", "out_asked_by")
