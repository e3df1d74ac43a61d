"""Until when the original of a packet is kept, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("packet", sa.Column("kept_until", sa.Date(), nullable=True))
    op.create_index(
        "ix_packet_kept_until",
        "packet",
        ["kept_until"],
        postgresql_where=sa.text("kept_until IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_packet_kept_until", "packet")
    op.drop_column("packet", "kept_until")
