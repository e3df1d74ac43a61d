"""Months of the books are closed, the books are opened by two, and a batch is within the fund."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_COLUMNS = (
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("closed_through", sa.Date(), nullable=True),
    sa.Column("reopen_asked_by", sa.BigInteger(), nullable=True),
    sa.Column("reopen_reason", sa.Text(), nullable=True),
    sa.Column("opening", JSONB(), nullable=True),
    sa.Column("opening_on", sa.Date(), nullable=True),
    sa.Column("opening_asked_by", sa.BigInteger(), nullable=True),
)
_CHECKS = {
    "closed_by_months": "closed_through = date_trunc('month', closed_through)"
    " + interval '1 month - 1 day' AND closed_through >= first_on",
    "reopened_for_a_reason": "(reopen_asked_by IS NULL) = (reopen_reason IS NULL)"
    " AND (reopen_asked_by IS NULL OR closed_through IS NOT NULL)",
    "opening_stated_by_somebody": "(opening IS NULL) = (opening_on IS NULL)"
    " AND (opening IS NULL) = (opening_asked_by IS NULL)",
}
_GUARD = """
CREATE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM books WHERE NEW.day < first_on OR NEW.day <= closed_through) THEN
        RAISE EXCEPTION 'the month of % is not open', NEW.day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'within_open_months';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER within_open_months BEFORE INSERT ON voucher
    FOR EACH ROW EXECUTE FUNCTION refuse_closed_month();
"""


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("books", column)
    for by in ("reopen_asked_by", "opening_asked_by"):
        op.create_foreign_key(op.f(f"fk_books_{by}"), "books", "app_user", [by], ["id"])
    for name, rule in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_books_{name}"), "books", rule)
    op.add_column(
        "ledger_account",
        sa.Column("reserved", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.add_column(
        "ledger_account",
        sa.Column("limited", sa.Boolean(), nullable=False, server_default="false"),
    )
    for name in ("reserved", "limited"):
        op.alter_column("ledger_account", name, server_default=None)
    op.create_check_constraint(
        op.f("ck_ledger_account_reserved"),
        "ledger_account",
        "reserved >= 0 AND (kind = 'bank' OR reserved = 0)",
    )
    op.create_check_constraint(
        op.f("ck_ledger_account_fund_holds"),
        "ledger_account",
        "NOT limited OR balance >= reserved",
    )
    op.execute(_GUARD)


def downgrade() -> None:
    op.execute("DROP TRIGGER within_open_months ON voucher")
    op.execute("DROP FUNCTION refuse_closed_month()")
    for name in ("reserved", "limited"):
        op.drop_column("ledger_account", name)
    for column in _COLUMNS:
        op.drop_column("books", column.name)
