"""Vouchers that two people book by hand, and what the bank's statements say."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manual_voucher",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("paying_account_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_booked", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_manual_voucher_amount_not_zero")),
        sa.CheckConstraint(
            "(is_booked IS NULL) = (decided_by IS NULL)"
            " AND (is_booked IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_manual_voucher_decided_by_and_at_together"),
        ),
        sa.CheckConstraint(
            "NOT is_booked OR decided_by <> asked_by", name=op.f("ck_manual_voucher_booked_by_two")
        ),
        *_links("manual_voucher", asked_by="app_user", decided_by="app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_voucher")),
    )
    op.create_index(
        "ix_manual_voucher_waiting",
        "manual_voucher",
        ["id"],
        postgresql_where=sa.text("is_booked IS NULL"),
    )
    op.create_table(
        "stated_balance",
        sa.Column("paying_account_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("stated_by", sa.BigInteger(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        *_links("stated_balance", stated_by="app_user"),
        sa.PrimaryKeyConstraint("paying_account_id", "day", name=op.f("pk_stated_balance")),
    )


def _links(of: str, **to: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{of}_{column}"))
        for column, table in (to | {"paying_account_id": "paying_account"}).items()
    ]


def downgrade() -> None:
    for table in ("stated_balance", "manual_voucher"):
        op.drop_table(table)
