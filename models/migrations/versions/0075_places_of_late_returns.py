"""The line of the file that takes back what the bank said before."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("late_return", sa.Column("place", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("late_return", "place")
