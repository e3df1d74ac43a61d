"""Statements of the bank, their lines, and the receipts that these are."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, to in columns.items()
    ]


def upgrade() -> None:
    op.create_table(
        "bank_statement",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("loaded_by", sa.BigInteger(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known", sa.BigInteger(), nullable=False),
        sa.Column("batches", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statement")),
        sa.UniqueConstraint("sha256", name=op.f("uq_bank_statement_sha256")),
        *_keys("bank_statement", loaded_by="app_user"),
    )
    op.create_table(
        "statement_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("paying_account_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.Column("voucher_id", sa.BigInteger(), nullable=True),
        sa.Column("set_aside_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_line")),
        sa.UniqueConstraint("told", name=op.f("uq_statement_line_told")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_statement_line_amount_not_zero")),
        sa.CheckConstraint(
            "(set_aside_by IS NULL) = (reason IS NULL)",
            name=op.f("ck_statement_line_set_aside_by_somebody_for_a_reason"),
        ),
        *_keys(
            "statement_line",
            statement_id="bank_statement",
            paying_account_id="paying_account",
            voucher_id="manual_voucher",
            set_aside_by="app_user",
        ),
    )
    op.create_index(op.f("ix_statement_line_statement_id"), "statement_line", ["statement_id"])
    op.create_index(
        "ix_statement_line_waiting",
        "statement_line",
        ["id"],
        postgresql_where=sa.text("set_aside_by IS NULL"),
    )
    op.create_table(
        "statement_receipt",
        sa.Column("receipt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("pk_statement_receipt")),
        *_keys("statement_receipt", receipt_id="fee_receipt", line_id="statement_line"),
    )
    op.create_index(op.f("ix_statement_receipt_line_id"), "statement_receipt", ["line_id"])
    op.add_column("stated_balance", sa.Column("statement_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_stated_balance_statement_id"),
        "stated_balance",
        "bank_statement",
        ["statement_id"],
        ["id"],
    )


def downgrade() -> None:
    op.drop_column("stated_balance", "statement_id")
    for table in ("statement_receipt", "statement_line", "bank_statement"):
        op.drop_table(table)
