"""What one person did alone to a decided claim asks for a second one."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("claim", sa.Column("let_stand_by", sa.BigInteger(), nullable=True))
    op.add_column("claim", sa.Column("let_stand_reason", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_claim_let_stand_by"), "claim", "app_user", ["let_stand_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_claim_let_stand_with_a_reason"),
        "claim",
        "(let_stand_by IS NULL) = (let_stand_reason IS NULL)"
        " AND (let_stand_by IS NULL OR late_papers_at IS NOT NULL)",
    )


def downgrade() -> None:
    op.drop_column("claim", "let_stand_reason")
    op.drop_column("claim", "let_stand_by")
