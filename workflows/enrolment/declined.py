"""Members whom their unit's accepted roster marks as not renewing (不续保)."""

from datetime import timedelta

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from documents.rosters.check import plan_of
from documents.rosters.roster_file import RosterRow, open_roster
from models import Coverage, CoverYear, Enrolment, Member
from rules import plans
from rules.plans import Plan
from rules.renewal import continued_from
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.enrolment.participation import expected_start


def rows_staying_out(office: Office, enrolment: Enrolment, asked: Plan) -> list[RosterRow]:
    """The rows of the stored file that are marked so, of this plan."""
    family = plans.load(enrolment.plan).family
    rows = open_roster(office.store.get(enrolment.sha256), office.limits).rows()
    return [row for row in rows if row.stays_out and plan_of(row, asked).family == family]


def note_declined(
    session: Session, office: Office, enrolment: Enrolment, rows: list[RosterRow]
) -> None:
    """Keep on the cover that ends that these members do not renew it: no reminder names them."""
    prints = [office.keys.fingerprint(row.id_number) for row in rows if row.id_number]
    among = select(Member.id).where(any_of(Member.id_print, prints))
    session.execute(
        _ending_cover(enrolment)
        .where(Coverage.member_id.in_(among))
        .values(declined_on=office.today())
    )


def forget_declined(session: Session, enrolment: Enrolment) -> None:
    """Remind of them again, since their unit has withdrawn the roster that said so."""
    session.execute(_ending_cover(enrolment).values(declined_on=None))


def _ending_cover(enrolment: Enrolment) -> Update:
    """The unit's cover that the roster renews: it ends within the grace before the first day."""
    plan, start = plans.load(enrolment.plan), expected_start(enrolment)
    ending = continued_from(plan, start)
    return update(Coverage).where(
        Coverage.cover_year_id.in_(select(CoverYear.id).filter_by(unit_id=enrolment.unit_id)),
        Coverage.family == plan.family,
        Coverage.ends_on.between(ending, start - timedelta(days=1)),
    )
