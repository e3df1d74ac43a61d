"""Stamps of protected rows. What is there already is stamped at the next start."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

GUARDS = """
CREATE TRIGGER row_stamp_is_append_only BEFORE UPDATE OR DELETE ON row_stamp
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER row_stamp_is_never_emptied BEFORE TRUNCATE ON row_stamp
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.create_table(
        "row_stamp",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("row_keys", sa.Text(), nullable=False),
        sa.Column("stamps", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_row_stamp")),
        sa.UniqueConstraint("nonce", name=op.f("uq_row_stamp_nonce")),
    )
    op.create_index("ix_row_stamp_last", "row_stamp", ["subject", "position"])
    op.execute(GUARDS)


def downgrade() -> None:
    op.drop_table("row_stamp")
