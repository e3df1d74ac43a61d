"""Each accident has a counter of its own, which holds the highest sum that it may be paid (R30)."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_KEY = ["member_id", "plan", "period_start", "benefit"]
_BEFORE = "uq_limit_counter_member_id_plan_period_start_benefit"
_NOW = f"{_BEFORE}_about"

_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM limit_counter WHERE about <> '') THEN
        RAISE EXCEPTION 'accidents have counters of their own, which an earlier version would add up';
    END IF;
END $$
"""


def upgrade() -> None:
    # What was decided before stays in the counter of the period, which has no limit for accidents.
    about = sa.Column("about", sa.Text(), nullable=False, server_default="")
    op.add_column("limit_counter", about)
    op.alter_column("limit_counter", "about", server_default=None)
    op.drop_constraint(op.f(_BEFORE), "limit_counter")
    op.create_unique_constraint(op.f(_NOW), "limit_counter", [*_KEY, "about"])


def downgrade() -> None:
    op.execute(_REFUSE)
    op.drop_constraint(op.f(_NOW), "limit_counter")
    op.create_unique_constraint(op.f(_BEFORE), "limit_counter", _KEY)
    op.drop_column("limit_counter", "about")
