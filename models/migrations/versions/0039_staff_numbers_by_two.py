"""Whose account it is changes by two administrators: one asks, another agrees."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("app_user", sa.Column("asked_staff_number", sa.Text(), nullable=True))
    op.add_column("app_user", sa.Column("staff_number_asked_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_app_user_staff_number_asked_by"),
        "app_user",
        "app_user",
        ["staff_number_asked_by"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_app_user_number_asked_by_somebody"),
        "app_user",
        "(asked_staff_number IS NULL) = (staff_number_asked_by IS NULL)",
    )


def downgrade() -> None:
    # What is asked has changed nothing yet: it is asked again.
    op.drop_constraint(op.f("ck_app_user_number_asked_by_somebody"), "app_user")
    op.drop_constraint(op.f("fk_app_user_staff_number_asked_by"), "app_user")
    op.drop_column("app_user", "staff_number_asked_by")
    op.drop_column("app_user", "asked_staff_number")
