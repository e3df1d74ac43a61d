"""An answer names the paper it rests on; claims that name one bank card are found together."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("claim_answer", sa.Column("document_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_claim_answer_document_id"), "claim_answer", "document", ["document_id"], ["id"]
    )
    op.add_column("claim", sa.Column("card_print", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_claim_card_print"), "claim", ["card_print"])


def downgrade() -> None:
    op.drop_column("claim", "card_print")
    op.drop_column("claim_answer", "document_id")
