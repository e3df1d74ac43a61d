"""A claim is on one clerk's desk at a time, and others see whose."""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

_TABLE = "taken_claim"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_taken_claim_claim_id"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_taken_claim_user_id"),
        sa.PrimaryKeyConstraint("claim_id", name="pk_taken_claim"),
    )
    op.create_index("ix_taken_claim_user_id", _TABLE, ["user_id"])


def downgrade() -> None:
    op.drop_table(_TABLE)
