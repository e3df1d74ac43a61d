"""A batch has one file, in the format that is chosen when it is frozen, and a file has its maker."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batch", sa.Column("format", sa.Text(), nullable=True))
    # The format that the bank most probably got: the one made first, else the usual one.
    op.execute(
        """UPDATE batch SET format = coalesce((SELECT f.format FROM payment_file f
               WHERE f.batch_id = batch.id ORDER BY f.made_at, f.format LIMIT 1), 'ccb-list')"""
    )
    op.alter_column("batch", "format", nullable=False)
    op.add_column("payment_file", sa.Column("made_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_payment_file_made_by"), "payment_file", "app_user", ["made_by"], ["id"]
    )
    # Who made the earlier files is not known; each new row has its maker.
    op.execute(
        """ALTER TABLE payment_file ADD CONSTRAINT ck_payment_file_made_by_somebody
           CHECK (made_by IS NOT NULL) NOT VALID"""
    )


def downgrade() -> None:
    op.drop_column("payment_file", "made_by")
    op.drop_column("batch", "format")
