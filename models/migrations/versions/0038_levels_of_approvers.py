"""Accounts that approve have a level, and each approval keeps up to which sum that went."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# No account of before was opened at a level.
_LEVEL = "level = 'ordinary' OR 'supervisor' = ANY(roles)"

_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM app_user WHERE level <> 'ordinary')
        OR EXISTS (SELECT FROM approval_item WHERE ceiling IS NOT NULL) THEN
        RAISE EXCEPTION 'accounts have levels, which an earlier version does not know';
    END IF;
END $$
"""


def upgrade() -> None:
    op.add_column(
        "app_user", sa.Column("level", sa.Text(), nullable=False, server_default="ordinary")
    )
    op.alter_column("app_user", "level", server_default=None)
    op.create_check_constraint(op.f("ck_app_user_only_approvers_have_a_level"), "app_user", _LEVEL)
    op.add_column("approval_item", sa.Column("ceiling", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_approval_item_within_the_ceiling"), "approval_item", "amount <= ceiling"
    )


def downgrade() -> None:
    op.execute(_REFUSE)
    op.drop_constraint(op.f("ck_approval_item_within_the_ceiling"), "approval_item")
    op.drop_column("approval_item", "ceiling")
    op.drop_constraint(op.f("ck_app_user_only_approvers_have_a_level"), "app_user")
    op.drop_column("app_user", "level")
