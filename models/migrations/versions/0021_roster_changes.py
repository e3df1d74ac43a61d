"""What a roster says of known members waits beside it; the city of a cover is kept with it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ACCEPTED = """
UPDATE enrolment SET accepted_by = told.actor_id, accepted_at = told.at
FROM (SELECT DISTINCT ON (subject_id) subject_id, actor_id, at FROM audit_event
        WHERE subject = 'enrolment' AND verb IN ('accept', 'hold') AND actor_id IS NOT NULL
        ORDER BY subject_id, seq DESC) told
WHERE told.subject_id = enrolment.id
"""
_CITIES = "UPDATE cover_year SET city = unit.city FROM unit WHERE unit.id = cover_year.unit_id"
# The parts of a file are known by the instant at which it was handed in; each had its own so far.
_ONE_INSTANT = """
UPDATE enrolment e SET handed_in_at = (SELECT min(o.handed_in_at) FROM enrolment o
    WHERE o.unit_id = e.unit_id AND o.sha256 = e.sha256 AND o.sheet_rows IS NOT NULL
      AND o.handed_in_at BETWEEN e.handed_in_at - interval '1 minute' AND e.handed_in_at)
WHERE e.sheet_rows IS NOT NULL
"""
# A sum paid by the city of its cover would be judged by another one; cards would be lost.
_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM cover_year y JOIN unit u ON u.id = y.unit_id WHERE y.city <> u.city)
        OR EXISTS (SELECT FROM cover_year WHERE city_asked IS NOT NULL)
        OR EXISTS (SELECT FROM roster_change) THEN
        RAISE EXCEPTION 'cities of covers or changes that rosters propose would be lost';
    END IF;
END $$"""


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("accepted_by", sa.BigInteger(), nullable=True))
    op.add_column("enrolment", sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(_ACCEPTED)
    op.execute(_ONE_INSTANT)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.create_foreign_key(
        op.f("fk_enrolment_accepted_by"), "enrolment", "app_user", ["accepted_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_enrolment_accepted_by_a_person"),
        "enrolment",
        "(accepted_by IS NULL) = (accepted_at IS NULL)",
    )
    op.add_column("cover_year", sa.Column("city", sa.Text(), nullable=True))
    op.execute(_CITIES)
    op.alter_column("cover_year", "city", nullable=False)
    op.add_column("cover_year", sa.Column("city_asked", sa.Text(), nullable=True))
    op.add_column("cover_year", sa.Column("city_reason", sa.Text(), nullable=True))
    op.add_column("cover_year", sa.Column("city_asked_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_cover_year_city_asked_by"), "cover_year", "app_user", ["city_asked_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_cover_year_city_asked_with_a_reason"),
        "cover_year",
        "(city_asked IS NULL) = (city_reason IS NULL) "
        "AND (city_asked IS NULL) = (city_asked_by IS NULL)",
    )
    _make_roster_change()


def _make_roster_change() -> None:
    table = "roster_change"
    people = {"enrolment_id": "enrolment", "member_id": "member", "from_unit_id": "unit"}
    users = {"moved_by": "app_user", "card_decided_by": "app_user"}
    op.create_table(
        table,
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("from_unit_id", sa.BigInteger(), nullable=True),
        sa.Column("moved_by", sa.BigInteger(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comes_back", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("card", sa.LargeBinary(), nullable=True),
        sa.Column("card_print", sa.LargeBinary(), nullable=True),
        sa.Column("bank_name", sa.Text(), nullable=True),
        sa.Column("card_decided_by", sa.BigInteger(), nullable=True),
        sa.Column("card_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card_refused", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(from_unit_id IS NULL) = (moved_by IS NULL) "
            "AND (moved_by IS NULL) = (moved_at IS NULL)",
            name=op.f("ck_roster_change_moved_by_a_person"),
        ),
        sa.CheckConstraint(
            "(card IS NULL) = (card_print IS NULL)",
            name=op.f("ck_roster_change_card_with_its_print"),
        ),
        sa.CheckConstraint(
            "card_decided_at IS NULL OR card IS NOT NULL",
            name=op.f("ck_roster_change_only_a_card_is_decided"),
        ),
        sa.CheckConstraint(
            "card_refused IS NULL OR card_decided_by IS NOT NULL",
            name=op.f("ck_roster_change_refused_by_a_person"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, other in (people | users).items()
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "member_id", name=op.f("pk_roster_change")),
    )
    op.create_index("ix_roster_change_member_id", table, ["member_id"])
    op.create_index(
        "ix_roster_change_card_waits",
        table,
        ["enrolment_id"],
        postgresql_where=sa.text("card IS NOT NULL AND card_decided_at IS NULL"),
    )


def downgrade() -> None:
    op.execute(_REFUSE)
    op.drop_table("roster_change")
    for column in ("city_asked_by", "city_reason", "city_asked", "city"):
        op.drop_column("cover_year", column)
    op.drop_column("enrolment", "accepted_at")
    op.drop_column("enrolment", "accepted_by")
