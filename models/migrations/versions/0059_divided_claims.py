"""A claim that was a stack is divided into packets, each of which says which claim it was cut from."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("packet", sa.Column("cut_from", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_packet_cut_from"), "packet", "claim", ["cut_from"], ["id"])
    op.create_index(
        "ix_packet_cut_from",
        "packet",
        ["cut_from"],
        postgresql_where=sa.text("cut_from IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_packet_cut_from", "packet")
    op.drop_constraint(op.f("fk_packet_cut_from"), "packet", type_="foreignkey")
    op.drop_column("packet", "cut_from")
