"""Rows of a roster without a first day follow on the running cover that they renew."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from documents.rosters.roster_file import JOINS, RENEWS, RosterRow
from models import Coverage, CoverYear, Member, Unit
from rules import plans
from rules.plans import Plan
from workflows.engine.office import Office
from workflows.engine.rows import any_of

_DAY = timedelta(days=1)


def rows_by_start(
    session: Session, office: Office, unit: Unit, plan: Plan, rows: Sequence[RosterRow]
) -> dict[date | None, list[RosterRow]]:
    """The rows by the day after the unit's running cover that each renews; None: it renews none.

    A row renews the cover that holds its member, unless it says 新参. One that says 续保 and whose
    member no running cover holds renews the cover with most of these members, then the last one.
    """
    ends = _running_ends(session, office, unit, plan, rows)
    usual = _usual_end(session, office, unit, plan, ends.values())
    found: dict[date | None, list[RosterRow]] = {}
    for row in rows:
        end = None if row.enrolment == JOINS else ends.get(row.row)
        if end is None and row.enrolment == RENEWS:
            end = usual
        found.setdefault(end and end + _DAY, []).append(row)
    return found


def followed_end(session: Session, unit_id: int, plan: Plan, start: date) -> date | None:
    """The last day of the unit's cover of this plan that a cover from this day continues."""
    return session.scalar(
        select(CoverYear.ends_on)
        .where(CoverYear.unit_id == unit_id, CoverYear.plan.in_(plans.codes_of(plan.family)))
        .where(CoverYear.ends_on == start - _DAY)
        .limit(1)
    )


def _running_ends(
    session: Session, office: Office, unit: Unit, plan: Plan, rows: Sequence[RosterRow]
) -> dict[int, date]:
    """The last day of the running cover that holds each row's member, by the sheet's row."""
    prints = {row.row: office.keys.fingerprint(row.id_number) for row in rows if row.id_number}
    held: dict[bytes, date] = dict(
        session.execute(
            _running(office, unit, plan, Member.id_print, CoverYear.ends_on)
            .join(Coverage, Coverage.cover_year_id == CoverYear.id)
            .join(Member)
            .where(any_of(Member.id_print, list(prints.values())))
        ).all()
    )
    return {row: held[print_] for row, print_ in prints.items() if print_ in held}


def _usual_end(
    session: Session, office: Office, unit: Unit, plan: Plan, ends: Iterable[date]
) -> date | None:
    if counted := Counter(ends):
        return max(counted, key=lambda end: (counted[end], end))
    last: date | None = session.scalar(_running(office, unit, plan, func.max(CoverYear.ends_on)))
    return last


def _running(office: Office, unit: Unit, plan: Plan, *columns: Any) -> Select[Any]:
    today = office.today()
    return (
        select(*columns)
        .select_from(CoverYear)
        .where(CoverYear.unit_id == unit.id, CoverYear.plan.in_(plans.codes_of(plan.family)))
        .where(CoverYear.starts_on <= today, CoverYear.ends_on >= today)
    )
