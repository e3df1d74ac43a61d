"""Lines of statements that are the money of payments, and what of a statement was left out."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bank_statement", sa.Column("left_out", sa.Text(), nullable=True))
    op.add_column("statement_line", sa.Column("doubt", sa.Text(), nullable=True))
    op.create_table(
        "statement_payment",
        sa.Column("payment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_back", sa.Boolean(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("payment_id", "is_back", name=op.f("pk_statement_payment")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_statement_payment_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["statement_line.id"], name=op.f("fk_statement_payment_line_id")
        ),
    )
    op.create_index(op.f("ix_statement_payment_line_id"), "statement_payment", ["line_id"])


def downgrade() -> None:
    op.drop_table("statement_payment")
    op.drop_column("statement_line", "doubt")
    op.drop_column("bank_statement", "left_out")
