"""Who asks to discard a batch that the bank may have keeps the bank's paper."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batch", sa.Column("bank_paper", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("batch", "bank_paper")
