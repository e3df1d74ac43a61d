"""More approvals may be kept than were asked for: one counts no more whose approver had a part."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_BEFORE = ("ck_approval_item_no_more_than_asked", "nth BETWEEN 1 AND asked")
_NOW = ("ck_approval_item_counts_from_one", "nth >= 1 AND asked >= 1")

_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM approval_item WHERE nth > asked) THEN
        RAISE EXCEPTION 'approvals count no more, which an earlier version does not know';
    END IF;
END $$
"""


def upgrade() -> None:
    op.drop_constraint(op.f(_BEFORE[0]), "approval_item")
    op.create_check_constraint(op.f(_NOW[0]), "approval_item", _NOW[1])


def downgrade() -> None:
    op.execute(_REFUSE)
    op.drop_constraint(op.f(_NOW[0]), "approval_item")
    op.create_check_constraint(op.f(_BEFORE[0]), "approval_item", _BEFORE[1])
