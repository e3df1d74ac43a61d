"""A unit's city and the withdrawal of an objection ask for a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit", sa.Column("city_asked", sa.Text(), nullable=True))
    op.add_column("unit", sa.Column("city_asked_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_unit_city_asked_by"), "unit", "app_user", ["city_asked_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_unit_city_asked_by_somebody"),
        "unit",
        "(city_asked IS NULL) = (city_asked_by IS NULL)",
    )
    op.add_column("objection", sa.Column("withdrawal_on", sa.Date(), nullable=True))
    op.add_column("objection", sa.Column("withdrawal_reason", sa.Text(), nullable=True))
    op.add_column("objection", sa.Column("withdrawal_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_objection_withdrawal_by"), "objection", "app_user", ["withdrawal_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_objection_withdrawal_with_day_and_reason"),
        "objection",
        "(withdrawal_on IS NULL) = (withdrawal_by IS NULL)"
        " AND (withdrawal_on IS NULL) = (withdrawal_reason IS NULL)",
    )


def downgrade() -> None:
    for name in ("withdrawal_on", "withdrawal_reason", "withdrawal_by"):
        op.drop_column("objection", name)
    for name in ("city_asked", "city_asked_by"):
        op.drop_column("unit", name)
