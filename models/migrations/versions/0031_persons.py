"""Accounts belong to persons: who made something and who agrees to it are compared by person."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Which two columns of a table name two persons, by the name of what refuses one person in both.
_PAIRS = (
    ("claim_answer", "confirmer_is_not_answerer", "answered_by", "confirmed_by"),
    ("heir", "confirmer_is_not_keyer", "keyed_by", "confirmed_by"),
    ("member_card", "confirmer_did_not_ask", "asked_by", "confirmed_by"),
    ("known_death", "taken_back_by_another", "doubted_by", "taken_back_by"),
    ("known_death", "taken_back_by_no_author", "told_by", "taken_back_by"),
    ("objection", "heard_by_another", "registered_by", "heard_by"),
    ("batch", "releaser_is_not_freezer", "frozen_by", "released_by"),
    ("batch", "discarded_by_two", "asked_by", "agreed_by"),
    ("recovery", "written_off_by_two", "proposed_by", "confirmed_by"),
    ("recovery_receipt", "confirmed_by_another", "booked_by", "confirmed_by"),
)

# Each account of today is a person of its own until the office says otherwise.
_OF_TODAY = """
UPDATE app_user u SET staff_number = upper(login) || CASE
    WHEN EXISTS (SELECT FROM app_user o WHERE o.id <> u.id AND upper(o.login) = upper(u.login))
    THEN '-' || id ELSE '' END
"""

_ONE_PERSON = """
CREATE FUNCTION one_person(a bigint, b bigint) RETURNS boolean LANGUAGE sql STABLE STRICT AS $$
    SELECT a = b OR (SELECT staff_number FROM app_user WHERE id = a)
        = (SELECT staff_number FROM app_user WHERE id = b)
$$;
CREATE FUNCTION refuse_one_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    written jsonb := to_jsonb(NEW);
BEGIN
    IF one_person((written ->> TG_ARGV[0])::bigint, (written ->> TG_ARGV[1])::bigint) THEN
        RAISE EXCEPTION '% and % of this % are one person', TG_ARGV[0], TG_ARGV[1], TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
"""

_MAKERS = """
CREATE OR REPLACE FUNCTION refuse_maker_as_approver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM maker JOIN approval ON {APPROVED_BY_MAKER}
        WHERE maker.claim_id = NEW.claim_id AND approval.id = NEW.approval_id
            AND maker.lapsed_at IS NULL
    ) THEN
        RAISE EXCEPTION 'maker is not checker'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approver_is_not_maker';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION refuse_hearer_with_a_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM maker WHERE claim_id = NEW.claim_id AND {MADE_BY_HEARER}
        UNION ALL
        SELECT FROM approval_item i JOIN approval a ON a.id = i.approval_id
        WHERE i.claim_id = NEW.claim_id AND {APPROVED_BY_HEARER}
    ) THEN
        RAISE EXCEPTION 'who had a part in the decision does not hear the objection'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hearer_had_no_part';
    END IF;
    RETURN NEW;
END $$;
"""
_BY_PERSON = {
    "{APPROVED_BY_MAKER}": "one_person(approval.approver_id, maker.user_id)",
    "{MADE_BY_HEARER}": "one_person(user_id, NEW.heard_by)",
    "{APPROVED_BY_HEARER}": "one_person(a.approver_id, NEW.heard_by)",
}
_BY_ACCOUNT = {
    "{APPROVED_BY_MAKER}": "approval.approver_id = maker.user_id",
    "{MADE_BY_HEARER}": "user_id = NEW.heard_by",
    "{APPROVED_BY_HEARER}": "a.approver_id = NEW.heard_by",
}


def upgrade() -> None:
    op.add_column("app_user", sa.Column("staff_number", sa.Text(), nullable=True))
    op.execute(_OF_TODAY)
    op.alter_column("app_user", "staff_number", nullable=False)
    op.create_index(op.f("ix_app_user_staff_number"), "app_user", ["staff_number"])
    op.create_check_constraint(
        op.f("ck_app_user_belongs_to_a_person"), "app_user", "staff_number <> ''"
    )
    op.execute(_ONE_PERSON)
    _compare(_BY_PERSON)
    for table, name, one, other in _PAIRS:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {one}, {other} ON {table}"
            f" FOR EACH ROW WHEN (NEW.{one} <> NEW.{other})"
            f" EXECUTE FUNCTION refuse_one_person('{one}', '{other}')"
        )


def downgrade() -> None:
    # Two accounts of one person would be two persons to the older form.
    op.execute(_REFUSE)
    for table, name, _one, _other in _PAIRS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    _compare(_BY_ACCOUNT)
    op.execute("DROP FUNCTION refuse_one_person()")
    op.execute("DROP FUNCTION one_person(bigint, bigint)")
    op.drop_constraint(op.f("ck_app_user_belongs_to_a_person"), "app_user")
    op.drop_index(op.f("ix_app_user_staff_number"), table_name="app_user")
    op.drop_column("app_user", "staff_number")


_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM app_user GROUP BY staff_number HAVING count(*) > 1) THEN
        RAISE EXCEPTION 'a person has several accounts, which an earlier version takes for several';
    END IF;
END $$
"""


def _compare(conditions: dict[str, str]) -> None:
    text = _MAKERS
    for place, condition in conditions.items():
        text = text.replace(place, condition)
    op.execute(text)
