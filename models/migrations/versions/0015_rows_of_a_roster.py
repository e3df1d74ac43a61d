"""The rows of one plan in a roster may begin on different days, each day an enrolment of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ONE = "uq_enrolment_one_of_a_file"
_OPEN = sa.text("state NOT IN ('covered', 'withdrawn')")

_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM enrolment WHERE sheet_rows IS NOT NULL) THEN
        RAISE EXCEPTION 'some rosters are enrolled in parts, which the older form cannot hold';
    END IF;
END $$"""


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("sheet_rows", sa.ARRAY(sa.Integer()), nullable=True))
    op.drop_index(_ONE, "enrolment")
    op.create_index(
        _ONE,
        "enrolment",
        ["unit_id", "plan", "sha256", "asked_start"],
        unique=True,
        postgresql_where=_OPEN,
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.execute(_REFUSE)
    op.drop_index(_ONE, "enrolment")
    op.create_index(
        _ONE, "enrolment", ["unit_id", "plan", "sha256"], unique=True, postgresql_where=_OPEN
    )
    op.drop_column("enrolment", "sheet_rows")
