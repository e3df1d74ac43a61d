"""Batches that were under way when sums began to be reserved have theirs reserved too, and what the
bank did is booked also where that leaves less than is reserved."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

# The plan family of a right is that of the account on which it was booked as payable. Books that
# wait to be opened reserve what is in batches when they are.
_RESERVE = """
UPDATE ledger_account SET reserved = 0 WHERE reserved <> 0;
INSERT INTO ledger_account (code, kind, family, paying_account_id, balance, reserved, limited)
    SELECT concat('bank:', h.family, ':', coalesce(h.paying_account_id::text, '-')), 'bank',
        h.family, h.paying_account_id, 0, h.held, books.opened_at IS NOT NULL
    FROM (SELECT r.family, b.paying_account_id, sum(p.amount) AS held
        FROM payment p JOIN batch b ON b.id = p.batch_id
        JOIN LATERAL (SELECT a.family FROM posting o JOIN ledger_account a ON a.id = o.account_id
            WHERE o.entitlement_id = p.entitlement_id AND a.kind = 'payable' LIMIT 1) r ON true
        WHERE p.state IN ('frozen', 'sent', 'unknown') GROUP BY 1, 2) h, books
    WHERE books.first_on IS NOT NULL
    ON CONFLICT (code) DO UPDATE SET reserved = excluded.reserved;
"""


def upgrade() -> None:
    op.drop_constraint(op.f("ck_ledger_account_fund_holds"), "ledger_account", type_="check")
    op.execute(_RESERVE)


def downgrade() -> None:
    op.create_check_constraint(
        op.f("ck_ledger_account_fund_holds"),
        "ledger_account",
        sa.text("NOT limited OR balance >= reserved"),
    )
