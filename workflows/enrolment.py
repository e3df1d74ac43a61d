"""Enrolment (参保): a unit's roster becomes members with cover for one period."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.check_digits import card_number_is_valid, id_number_is_valid
from documents.rosters import RosterRow
from language import _
from models import Coverage, CoverYear, Member, Unit
from rules import plans
from rules.errors import Refused
from workflows.history import record
from workflows.office import Office
from workflows.personal import new_member


@dataclass(frozen=True)
class Enrolled:
    """What an enrolment came to; each fault names its row."""

    members: int
    faults: tuple[str, ...]


def register_unit(
    session: Session, office: Office, name: str, city: str, code: str | None = None
) -> Unit:
    """The unit of this name, made if it is new."""
    unit = session.scalar(select(Unit).filter_by(name=name))
    if unit is None:
        unit = Unit(name=name, code=code, city=city)
        unit.version = 0
        session.add(unit)
        session.flush()
        record(session, unit, "register", office.clock())
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
    faults: list[str] = []
    seen: set[str] = set()
    count = 0
    for row in rows:
        if fault := _fault_of(row, seen):
            faults.append(_("第 %(row)s 行：%(fault)s") % {"row": row.row, "fault": fault})
            continue
        seen.add(row.id_number)
        member = _member(session, office, unit, row)
        count += _cover(session, member, year)
        if fault := _difference(session, row, member, year):
            faults.append(_("第 %(row)s 行：%(fault)s") % {"row": row.row, "fault": fault})
    return Enrolled(count, tuple(faults))


def _fault_of(row: RosterRow, seen: set[str]) -> str | None:
    """Why the row cannot be taken, before anything is known of the member."""
    if not row.name:
        return _("没有姓名")
    if not id_number_is_valid(row.id_number):
        return _("证件号码校验不通过")
    if row.id_number in seen:
        return _("证件号码在名册中重复")
    if row.card and not card_number_is_valid(row.card):
        return _("银行卡号校验不通过")
    return None


def _difference(session: Session, row: RosterRow, member: Member, year: CoverYear) -> str | None:
    """What the row says otherwise than the office knows; what is known stays."""
    if member.name != row.name:
        return _("姓名与已登记的不一致，未作更改")
    other = session.scalar(
        select(Coverage).where(
            Coverage.member_id == member.id,
            Coverage.plan == year.plan,
            Coverage.cover_year_id != year.id,
            Coverage.starts_on <= year.ends_on,
            Coverage.ends_on >= year.starts_on,
        )
    )
    if other is None:
        return None
    days = {"start": other.starts_on, "end": other.ends_on}
    return _("%(start)s 至 %(end)s 已参保，未重复参保") % days


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
            family=plans.load(year.plan).family,
            starts_on=year.starts_on,
            ends_on=year.ends_on,
        )
    )
    return 1
