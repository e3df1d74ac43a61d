"""The installation as a subject of events, and the auditor's ways through the log by indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at", "position"])
    op.create_index("ix_audit_event_verb", "audit_event", ["verb", "at", "position"])
    # What a step did has no actor, and most is done by steps.
    op.drop_index(op.f("ix_audit_event_actor_id"), "audit_event")
    op.create_index(
        "ix_audit_event_actor",
        "audit_event",
        ["actor_id", "at", "position"],
        postgresql_where=sa.text("actor_id IS NOT NULL"),
    )
    op.create_index(
        "ix_audit_event_watched",
        "audit_event",
        [sa.text("(detail #>> '{asked,number}')")],
        postgresql_where=sa.text("detail ? 'asked'"),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_event_watched", "audit_event")
    op.drop_index("ix_audit_event_actor", "audit_event")
    op.create_index(op.f("ix_audit_event_actor_id"), "audit_event", ["actor_id"])
    op.drop_index("ix_audit_event_verb", "audit_event")
    op.drop_index("ix_audit_event_at", "audit_event")
    op.drop_table("installation")
