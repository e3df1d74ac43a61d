"""Tells which cover years the units have renewed; such a year needs no reminder."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CoverYear, Enrolment
from models.states import EnrolmentState
from rules import plans
from workflows.engine.office import BEIJING

# Accepted and not yet covered.
_ON_ITS_WAY = (EnrolmentState.ACCEPTED, EnrolmentState.UNPAID, EnrolmentState.FUNDED)
_ADDITION = "addition"


def family_of(plan: str) -> str:
    """The family of a plan; a code without a plan file is returned as its own family."""
    return next((p.family for p in plans.available() if p.code == plan), plan)


def renewed(session: Session, years: Sequence[CoverYear]) -> set[int]:
    """The ids of those cover years after whose end the unit has cover or has applied for it.

    An addition (增员) does not renew a year. An enrolment without cover yet counts once it is
    accepted, if it was handed in during or after the year.
    """
    units = {year.unit_id for year in years}
    later = _covers(session, units)
    coming = _coming(session, units)
    return {
        year.id
        for year in years
        if any(_follows(other, year) for other in later[year.unit_id, family_of(year.plan)])
        or any(_will_follow(one, year) for one in coming[year.unit_id, family_of(year.plan)])
    }


def _covers(session: Session, units: set[int]) -> dict[tuple[int, str], list[CoverYear]]:
    additions = select(Enrolment.cover_year_id).where(
        Enrolment.kind == _ADDITION, Enrolment.cover_year_id.is_not(None)
    )
    found: dict[tuple[int, str], list[CoverYear]] = defaultdict(list)
    for year in session.scalars(
        select(CoverYear).where(CoverYear.unit_id.in_(units), CoverYear.id.not_in(additions))
    ):
        found[year.unit_id, family_of(year.plan)].append(year)
    return found


def _coming(session: Session, units: set[int]) -> dict[tuple[int, str], list[Enrolment]]:
    found: dict[tuple[int, str], list[Enrolment]] = defaultdict(list)
    for enrolment in session.scalars(
        select(Enrolment).where(
            Enrolment.unit_id.in_(units),
            Enrolment.kind != _ADDITION,
            Enrolment.state.in_(_ON_ITS_WAY),
        )
    ):
        found[enrolment.unit_id, family_of(enrolment.plan)].append(enrolment)
    return found


def _follows(other: CoverYear, year: CoverYear) -> bool:
    return other.starts_on > year.ends_on


def _will_follow(enrolment: Enrolment, year: CoverYear) -> bool:
    began = datetime.combine(year.starts_on, time(), BEIJING)
    is_after = enrolment.asked_start is None or enrolment.asked_start > year.ends_on
    return is_after and enrolment.handed_in_at >= began
