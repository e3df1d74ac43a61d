"""Pages are found again by what is filled in on them, however they were scanned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_TABLE = "page_reading"


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("prints", sa.ARRAY(sa.BigInteger()), nullable=True))
    op.add_column(
        _TABLE, sa.Column("alike", postgresql.JSONB(), server_default="[]", nullable=False)
    )
    op.create_index("ix_page_reading_prints", _TABLE, ["prints"], postgresql_using="gin")
    op.create_index(
        "ix_page_reading_unsearched",
        _TABLE,
        ["sha256"],
        postgresql_where=sa.text("prints IS NULL"),
    )
    op.create_index(
        "ix_page_reading_alike",
        _TABLE,
        ["sha256"],
        postgresql_where=sa.text("alike <> '[]'::jsonb"),
    )


def downgrade() -> None:
    op.drop_column(_TABLE, "alike")
    op.drop_column(_TABLE, "prints")
