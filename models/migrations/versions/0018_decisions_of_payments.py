"""A payment names the decision that it carries out: hours of two machines do not tell it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# The last approved decision of the claim made before the payment was queued; the first one where
# the clock of the machine that queued it was behind.
_DECIDED = """
UPDATE payment SET decision_id = (SELECT d.id FROM decision d
    WHERE d.claim_id = payment.claim_id
    ORDER BY EXISTS (SELECT FROM approval_item i WHERE i.decision_id = d.id) DESC,
        d.made_at <= payment.queued_at DESC,
        CASE WHEN d.made_at <= payment.queued_at THEN -d.id ELSE d.id END LIMIT 1)
"""


def upgrade() -> None:
    op.add_column("payment", sa.Column("decision_id", sa.BigInteger(), nullable=True))
    op.execute(_DECIDED)
    # The deferred checks of the rows just written stand in the way of the next change.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.alter_column("payment", "decision_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_payment_decision_id"), "payment", "decision", ["decision_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("payment", "decision_id")
