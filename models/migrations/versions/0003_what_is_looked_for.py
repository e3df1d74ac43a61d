"""What the screens look for, by index: nothing that grows is read from end to end."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# By name: table, columns, condition.
LOOKED_FOR: dict[str, tuple[str, list[str | sa.TextClause], str | None]] = {
    "ix_claim_number_begins": ("claim", [sa.text("number text_pattern_ops")], None),
    "ix_claim_number_ends": ("claim", [sa.text("reverse(number) text_pattern_ops")], None),
    "ix_claim_unit_id_state": ("claim", ["unit_id", "state"], None),
    "ix_audit_event_retry": ("audit_event", ["at"], "verb = 'retry'"),
    "ix_enrolment_state": ("enrolment", ["state"], None),
    "ix_enrolment_parked_at": ("enrolment", ["parked_at"], "parked_at IS NOT NULL"),
    "ix_renewal_parked_at": ("renewal", ["parked_at"], "parked_at IS NOT NULL"),
    "ix_relief_state": ("relief", ["state"], None),
}


def upgrade() -> None:
    for name, (table, columns, condition) in LOOKED_FOR.items():
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, postgresql_where=where)
    op.drop_index("ix_claim_unit_id", table_name="claim")


def downgrade() -> None:
    op.create_index("ix_claim_unit_id", "claim", ["unit_id"])
    for name, (table, _columns, _condition) in LOOKED_FOR.items():
        op.drop_index(name, table_name=table)
