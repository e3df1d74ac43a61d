"""Relief is looked at again where the claim that it followed was decided anew."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("relief", sa.Column("look_again_for", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_relief_look_again_for"), "relief", "decision", ["look_again_for"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("relief", "look_again_for")
