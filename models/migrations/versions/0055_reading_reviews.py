"""What people corrected of what was read, and what they confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading_review",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_reading_review_confidence")),
        sa.CheckConstraint(
            "confidence IS NOT NULL OR changed",
            name=op.f("ck_reading_review_nothing_read_is_a_change"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_review")),
    )
    op.create_index(op.f("ix_reading_review_field"), "reading_review", ["field"])


def downgrade() -> None:
    op.drop_table("reading_review")
