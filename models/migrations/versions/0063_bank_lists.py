"""Bank branches and their CNAPS codes, imported from the list that the office's bank gives it."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_list",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("branches", sa.BigInteger(), nullable=False),
        sa.Column("imported_by", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_list")),
        sa.UniqueConstraint("sha256", name=op.f("uq_bank_list_sha256")),
        sa.ForeignKeyConstraint(
            ["imported_by"], ["app_user.id"], name=op.f("fk_bank_list_imported_by")
        ),
    )
    op.create_table(
        "bank_branch",
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("cnaps", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("list_id", "cnaps", name=op.f("pk_bank_branch")),
        sa.ForeignKeyConstraint(["list_id"], ["bank_list.id"], name=op.f("fk_bank_branch_list_id")),
    )
    op.create_index("ix_bank_branch_list_id_key", "bank_branch", ["list_id", "key"])


def downgrade() -> None:
    op.drop_table("bank_branch")
    op.drop_table("bank_list")
