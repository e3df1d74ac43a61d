"""Enrolment (参保): a unit's roster becomes members with cover for one period."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.rosters import RosterRow
from language import _
from models import Coverage, CoverYear, Member, Unit
from rules.errors import Refused
from workflows.history import record
from workflows.numbers import id_number_is_valid
from workflows.office import Office
from workflows.personal import new_member


@dataclass(frozen=True)
class Enrolled:
    """What an enrolment came to; each fault names its row."""

    members: int
    faults: tuple[str, ...]


def register_unit(session: Session, name: str, city: str, code: str | None = None) -> Unit:
    """The unit of this name, made if it is new."""
    unit = session.scalar(select(Unit).filter_by(name=name))
    if unit is None:
        unit = Unit(name=name, code=code, city=city)
        session.add(unit)
        session.flush()
    return unit


def enrol(
    session: Session,
    office: Office,
    unit: Unit,
    plan: str,
    starts_on: date,
    ends_on: date,
    rows: list[RosterRow],
) -> Enrolled:
    """Cover every member of the roster from start to end, both inclusive; nothing twice."""
    if starts_on > ends_on:
        raise Refused(_("保障期的起始日晚于终止日"))
    year = _cover_year(session, unit, plan, starts_on, ends_on)
    faults, count = [], 0
    for row in rows:
        if not id_number_is_valid(row.id_number):
            faults.append(_("第 %(row)s 行:证件号码校验不通过") % {"row": row.row})
            continue
        member = _member(session, office, unit, row)
        count += _cover(session, member, year)
    return Enrolled(count, tuple(faults))


def _cover_year(
    session: Session, unit: Unit, plan: str, starts_on: date, ends_on: date
) -> CoverYear:
    year = session.scalar(
        select(CoverYear).filter_by(unit_id=unit.id, plan=plan, starts_on=starts_on)
    )
    if year is None:
        year = CoverYear(unit_id=unit.id, plan=plan, starts_on=starts_on, ends_on=ends_on)
        session.add(year)
        session.flush()
    return year


def _member(session: Session, office: Office, unit: Unit, row: RosterRow) -> Member:
    print_ = office.keys.fingerprint(row.id_number)
    member = session.scalar(select(Member).filter_by(id_print=print_))
    if member is None:
        member = new_member(
            office.keys,
            unit.id,
            row.name,
            row.id_number,
            row.card or None,
            row.bank_name or None,
            row.phone or None,
        )
        member.version = 0
        session.add(member)
        session.flush()
        record(session, member, "enrol", office.clock())
    return member


def _cover(session: Session, member: Member, year: CoverYear) -> int:
    covered = session.scalar(
        select(Coverage.id).where(
            Coverage.member_id == member.id,
            Coverage.plan == year.plan,
            Coverage.starts_on <= year.ends_on,
            Coverage.ends_on >= year.starts_on,
        )
    )
    if covered is not None:
        return 0
    session.add(
        Coverage(
            member_id=member.id,
            cover_year_id=year.id,
            plan=year.plan,
            starts_on=year.starts_on,
            ends_on=year.ends_on,
        )
    )
    return 1
