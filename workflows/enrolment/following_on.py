"""A renewal whose roster names no first day follows on the unit's running cover of that plan."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from documents.rosters.roster_file import RENEWS, RosterRow
from models import Coverage, CoverYear, Member, Unit
from rules import plans
from rules.plans import Plan
from workflows.engine.office import Office
from workflows.engine.rows import any_of


def day_after_running(
    session: Session, office: Office, unit: Unit, plan: Plan, rows: Sequence[RosterRow]
) -> date | None:
    """The day after the running cover that most of these rows renew; None for other rosters.

    A row renews it by its word (续保), or if the cover holds its member. Of several running
    periods the one with most of the members counts, then the one that ends last.
    """
    prints = [office.keys.fingerprint(row.id_number) for row in rows if row.id_number]
    today, here = office.today(), func.count(Member.id)
    found = session.execute(
        select(CoverYear.ends_on, here)
        .outerjoin(Coverage, Coverage.cover_year_id == CoverYear.id)
        .outerjoin(Member, (Member.id == Coverage.member_id) & any_of(Member.id_print, prints))
        .where(CoverYear.unit_id == unit.id, CoverYear.plan.in_(plans.codes_of(plan.family)))
        .where(CoverYear.starts_on <= today, CoverYear.ends_on >= today)
        .group_by(CoverYear.id)
        .order_by(here.desc(), CoverYear.ends_on.desc())
    ).all()
    covered = sum(count for _end, count in found)
    said = sum(row.enrolment == RENEWS for row in rows)
    if not found or 2 * max(covered, said) <= len(rows):
        return None
    ends_on: date = found[0].ends_on
    return ends_on + timedelta(days=1)


def followed_end(session: Session, unit_id: int, plan: Plan, start: date) -> date | None:
    """The last day of the unit's cover of this plan that a cover from this day continues."""
    return session.scalar(
        select(CoverYear.ends_on)
        .where(CoverYear.unit_id == unit_id, CoverYear.plan.in_(plans.codes_of(plan.family)))
        .where(CoverYear.ends_on == start - timedelta(days=1))
        .limit(1)
    )
