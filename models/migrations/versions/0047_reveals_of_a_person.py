"""How many numbers a person has seen of late is counted at each further one."""

from alembic import op
from sqlalchemy import text

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_audit_event_reveal",
        "audit_event",
        ["actor_id", "at"],
        postgresql_where=text("verb = 'reveal'"),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_event_reveal", table_name="audit_event")
