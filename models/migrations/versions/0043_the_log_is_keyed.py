"""Events say who, as what and from where, and name the key of their hash.

What stands in the log already keeps its plain hash, and no key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

TOLD = ("person", "role", "channel", "address", "correlation", "key")


def upgrade() -> None:
    for name in TOLD:
        op.add_column("audit_event", sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    # The hash of an event that has a key covers these columns too: it cannot be checked without.
    for name in reversed(TOLD):
        op.drop_column("audit_event", name)
