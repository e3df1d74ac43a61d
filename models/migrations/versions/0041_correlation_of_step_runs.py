"""A step run keeps the correlation id of what caused it."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("step_run", sa.Column("correlation", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("step_run", "correlation")
