"""What one person did alone to a decided claim asks for a second one."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
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
    _late_returns()


_DEALT = "ck_late_return_dealt_with_by_at_and_how_together"
_TOGETHER = "(dealt_by IS NULL) = (dealt_at IS NULL) AND (dealt_by IS NULL) = (outcome IS NULL)"


def _late_returns() -> None:
    op.add_column("late_return", sa.Column("result_code", sa.Text(), nullable=True))
    op.add_column("late_return", sa.Column("result_text", sa.Text(), nullable=True))
    op.add_column("late_return", sa.Column("came_back", sa.Boolean(), nullable=True))
    # The bank's second word had taken the place of the first one; payments stayed credited.
    op.execute(
        """UPDATE late_return l SET result_code = p.result_code, result_text = p.result_text,
               came_back = CASE WHEN l.dealt_at IS NOT NULL THEN false END
           FROM payment p WHERE p.id = l.payment_id"""
    )
    op.drop_constraint(op.f(_DEALT), "late_return", type_="check")
    checked = f"{_TOGETHER} AND (dealt_by IS NULL) = (came_back IS NULL)"
    op.create_check_constraint(op.f(_DEALT), "late_return", checked)


def downgrade() -> None:
    op.drop_constraint(op.f(_DEALT), "late_return", type_="check")
    for column in ("result_code", "result_text", "came_back"):
        op.drop_column("late_return", column)
    op.create_check_constraint(op.f(_DEALT), "late_return", _TOGETHER)
    op.drop_column("claim", "let_stand_reason")
    op.drop_column("claim", "let_stand_by")
