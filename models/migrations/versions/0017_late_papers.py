"""Papers that come after a decision wait for a person, or for the hearing of their objection."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# A decided claim whose last papers came after all that was done to it since.
_UNSEEN = """
UPDATE claim SET late_papers_at = late.at
FROM (SELECT subject_id, max(at) AS at, max(seq) AS seq FROM audit_event
        WHERE subject = 'claim' AND verb = 'late_papers' GROUP BY subject_id) late
WHERE late.subject_id = claim.id AND NOT EXISTS (
    SELECT FROM audit_event later WHERE later.subject = 'claim' AND later.subject_id = claim.id
        AND later.seq > late.seq AND later.verb IN ('read', 'reopen', 'uphold'))
"""


def upgrade() -> None:
    op.add_column("claim", sa.Column("late_papers_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_claim_late_papers_at",
        "claim",
        ["late_papers_at"],
        postgresql_where=sa.text("late_papers_at IS NOT NULL"),
    )
    op.execute(_UNSEEN)
    op.add_column("packet", sa.Column("objection_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_packet_objection_id"), "packet", "objection", ["objection_id"], ["id"]
    )
    op.create_index("ix_packet_objection_id", "packet", ["objection_id"])


def downgrade() -> None:
    op.drop_column("packet", "objection_id")
    op.drop_column("claim", "late_papers_at")
