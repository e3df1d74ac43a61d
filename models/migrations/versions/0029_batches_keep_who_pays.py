"""Each batch keeps the account that pays it, so that another setting leaves its file as it was."""

import sqlalchemy as sa
from alembic import op

from settings import settings

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("name", "account", "bank", "cnaps"):
        op.add_column("batch", sa.Column(f"payer_{name}", sa.Text(), nullable=True))
    # The digest of each earlier batch was worked out with the account that was set then.
    op.execute(
        sa.text(
            """UPDATE batch SET payer_name = :name, payer_account = :account, payer_bank = :bank,
               payer_cnaps = nullif(:cnaps, '')"""
        ).bindparams(
            name=settings().payer_name,
            account=settings().payer_account,
            bank=settings().payer_bank,
            cnaps=settings().payer_cnaps,
        )
    )
    for name in ("name", "account", "bank"):
        op.alter_column("batch", f"payer_{name}", nullable=False)


def downgrade() -> None:
    for name in ("name", "account", "bank", "cnaps"):
        op.drop_column("batch", f"payer_{name}")
