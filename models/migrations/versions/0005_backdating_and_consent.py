"""Cover knows the day its roster came; a line keeps the member's consent; rosters may wait."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW = {
    "enrolment": (
        ("not_before", sa.Date()),
        ("consented_on", sa.Date()),
        ("consent_text", sa.Text()),
    ),
    "enrolment_line": (("consented_on", sa.Date()), ("consent_text", sa.Text())),
    "coverage": (("handed_in_on", sa.Date()), ("declined_on", sa.Date())),
}

HANDED_IN = """
UPDATE coverage c SET handed_in_on = (e.handed_in_at AT TIME ZONE 'Asia/Shanghai')::date
FROM enrolment e JOIN enrolment_line l ON l.enrolment_id = e.id AND l.struck_at IS NULL
WHERE e.cover_year_id = c.cover_year_id AND l.member_id = c.member_id"""

# Rows that only the newer form can hold are not thrown away: the downgrade stops.
REFUSE_WAITING = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM enrolment WHERE state = 'backdated') THEN
        RAISE EXCEPTION 'a roster waits for its first day to be let pass';
    END IF;
END $$"""


def upgrade() -> None:
    for table, columns in NEW.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.execute(HANDED_IN)


def downgrade() -> None:
    op.execute(REFUSE_WAITING)
    for table, columns in NEW.items():
        for name, _kind in columns:
            op.drop_column(table, name)
