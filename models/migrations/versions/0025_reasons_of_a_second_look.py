"""What an approval saw of each claim, and the fingerprints by which phones and cards are compared."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The key of the fingerprints is not here: a number kept before has none until it is changed.
    op.add_column("member", sa.Column("phone_print", sa.LargeBinary(), nullable=True))
    op.create_index("ix_member_phone_print", "member", ["phone_print"])
    op.add_column("payment", sa.Column("card_print", sa.LargeBinary(), nullable=True))
    # What was named before was not kept; such an approval is told apart by NULL.
    texts = postgresql.ARRAY(sa.Text())
    op.add_column("approval_item", sa.Column("looks", texts, nullable=True))


def downgrade() -> None:
    op.drop_column("approval_item", "looks")
    op.drop_column("payment", "card_print")
    op.drop_index("ix_member_phone_print", "member")
    op.drop_column("member", "phone_print")
