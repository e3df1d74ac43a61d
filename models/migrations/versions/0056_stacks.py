"""A stack is divided into packets, each of which says which stack it was a part of."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("packet", sa.Column("part_of", sa.BigInteger(), nullable=True))
    op.add_column("packet", sa.Column("cover", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_packet_part_of"), "packet", "packet", ["part_of"], ["id"])
    op.create_index(
        "ix_packet_part_of",
        "packet",
        ["part_of"],
        postgresql_where=sa.text("part_of IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_packet_part_of", "packet")
    op.drop_constraint(op.f("fk_packet_part_of"), "packet", type_="foreignkey")
    op.drop_column("packet", "cover")
    op.drop_column("packet", "part_of")
