"""Takes over cover that a former system began, from its lists."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from documents.check_digits import card_number_is_valid, id_number_is_valid
from documents.rosters.roster_file import RosterRow
from language import _
from models import Coverage, CoverYear, Member, Unit
from rules import plans
from rules.errors import Refused
from rules.plans import Plan
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.enrolment.cover import cover_year
from workflows.enrolment.unit_city import require_city
from workflows.known_deaths import known_dead
from workflows.sealed_values.members import new_member


@dataclass(frozen=True)
class TakenOver:
    """How many members got cover by this call; each fault names its row."""

    members: int
    faults: tuple[str, ...]


def take_over(
    session: Session,
    office: Office,
    unit: Unit,
    plan_code: str,
    starts_on: date,
    ends_on: date,
    rows: list[RosterRow],
) -> TakenOver:
    """Cover every member of the list from start to end, both inclusive; existing cover stays."""
    if starts_on > ends_on:
        raise Refused(_("保障期的起始日晚于终止日"))
    require_city(unit)
    plan = plans.load(plan_code)
    year = cover_year(session, unit.id, plan, starts_on, ends_on)
    faults: list[str] = []
    count = 0
    for row in rows:
        fault = _fault_of(row)
        if fault is None:
            member = _member(session, office, unit, row)
            if known_dead(session, [member.id]):
                fault = _("已知会员身故，未参保")
            else:
                covered = _cover(session, member, year, plan, row.shares)
                count += covered
                fault = _difference(row, member, covered)
        if fault:
            faults.append(_("第 %(row)s 行：%(fault)s") % {"row": row.row, "fault": fault})
    if count:
        record(session, unit, "take_over", office.clock(), cover_year=year.id, members=count)
    return TakenOver(count, tuple(faults))


def _fault_of(row: RosterRow) -> str | None:
    """Why the row alone cannot be taken over; the stored member is not looked at."""
    if not row.name:
        return _("没有姓名")
    if not id_number_is_valid(row.id_number):
        return _("证件号码校验不通过")
    if row.card and not card_number_is_valid(row.card):
        return _("银行卡号校验不通过")
    return None


def _difference(row: RosterRow, member: Member, covered: bool) -> str | None:
    """How the row differs from the stored member, who is not changed."""
    if member.name != row.name:
        return _("姓名与已登记的不一致，未作更改")
    return None if covered else _("这一时期已有保障，未重复参保")


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


def _cover(session: Session, member: Member, year: CoverYear, plan: Plan, shares: int) -> bool:
    made = session.scalar(
        insert(Coverage)
        .values(
            member_id=member.id,
            cover_year_id=year.id,
            plan=plan.code,
            family=plan.family,
            shares=shares,
            starts_on=year.starts_on,
            ends_on=year.ends_on,
        )
        .on_conflict_do_nothing()
        .returning(Coverage.id)
    )
    return made is not None
