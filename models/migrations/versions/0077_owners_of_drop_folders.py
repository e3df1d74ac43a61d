"""A dropped packet names the machine in whose folder it lies: only that one moves it."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

_NAME = "uq_packet_one_of_a_name_in_the_folder"
_WAITING = sa.text("state IN ('noticed', 'settled', 'stored')")


def upgrade() -> None:
    # With a default of the table, since workers of the release before go on writing rows.
    op.add_column("packet", sa.Column("owner", sa.Text(), server_default="", nullable=False))
    op.drop_index(_NAME, "packet")
    op.create_index(
        _NAME, "packet", ["owner", "name_print"], unique=True, postgresql_where=_WAITING
    )


def downgrade() -> None:
    op.drop_index(_NAME, "packet")
    op.create_index(_NAME, "packet", ["name_print"], unique=True, postgresql_where=_WAITING)
    op.drop_column("packet", "owner")
