"""Refused packets wait until somebody has looked at them; what can be looked at no longer is seen."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

_TABLE = "packet"
_SEEN = """
UPDATE packet SET seen_at = noticed_at
    WHERE outcome = 'rejected' AND (kept_until IS NULL OR kept_until < CURRENT_DATE)
"""


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(_SEEN)
    op.drop_index("ix_packet_rejected", _TABLE)
    op.create_index(
        "ix_packet_unseen_refusal",
        _TABLE,
        ["id"],
        postgresql_where=sa.text("outcome = 'rejected' AND seen_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_packet_unseen_refusal", _TABLE)
    op.create_index(
        "ix_packet_rejected", _TABLE, ["id"], postgresql_where=sa.text("outcome = 'rejected'")
    )
    op.drop_column(_TABLE, "seen_at")
