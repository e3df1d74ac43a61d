"""Of each heir it is kept which of his keyed values no page of the papers says."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The heirs keyed before were not compared with the papers: nothing is said of them.
    texts = postgresql.ARRAY(sa.Text())
    op.add_column("heir", sa.Column("unread", texts, nullable=False, server_default="{}"))
    op.alter_column("heir", "unread", server_default=None)


def downgrade() -> None:
    op.drop_column("heir", "unread")
