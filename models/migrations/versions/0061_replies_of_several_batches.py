"""One file of the bank may speak of several batches, and is loaded for each."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("uq_reply_file_sha256"), "reply_file")
    op.create_unique_constraint(
        op.f("uq_reply_file_sha256_batch_id"), "reply_file", ["sha256", "batch_id"]
    )
    op.add_column("reply_file", sa.Column("others", sa.Text(), nullable=True))


def downgrade() -> None:
    # Fails where one file was loaded for two batches, which an earlier version does not know.
    op.create_unique_constraint(op.f("uq_reply_file_sha256"), "reply_file", ["sha256"])
    op.drop_constraint(op.f("uq_reply_file_sha256_batch_id"), "reply_file")
    op.drop_column("reply_file", "others")
