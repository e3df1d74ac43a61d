"""Members are found by the beginning of their name."""

from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

_INDEX = "ix_member_name_begins"


def upgrade() -> None:
    op.create_index(_INDEX, "member", ["name"], postgresql_ops={"name": "text_pattern_ops"})


def downgrade() -> None:
    op.drop_index(_INDEX, "member")
