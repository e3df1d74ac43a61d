"""The subsidy of the provincial-organs union by quarter (article 5), from the day cover began."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from documents.letters.contents import Sender
from documents.letters.subsidy_statement import SubsidyLine, SubsidyStatement
from language import N_, _
from models import AuditEvent, Enrolment, EnrolmentLine, Unit
from rules.money import Fen
from workflows.engine.office import BEIJING, Office

_NUMBERS = (
    N_("%(year)s年第一季度"),
    N_("%(year)s年第二季度"),
    N_("%(year)s年第三季度"),
    N_("%(year)s年第四季度"),
)


def subsidy_statement(
    session: Session, office: Office, year: int, quarter: int
) -> SubsidyStatement:
    """What is owed for a quarter, 1 to 4; a quarter that has ended never changes.

    It counts the day on which cover was put in force: after it no line is struck, and what is
    entered late or backdated falls into the quarter of its entry.
    """
    first, after = _quarter(year, quarter)
    lines = _lines(session, first, after)
    return SubsidyStatement(
        office=Sender(office.settings.office_name, office.settings.office_contact),
        number=_(_NUMBERS[quarter - 1]) % {"year": year},
        issued_on=office.today(),
        first_day=first,
        last_day=after - timedelta(days=1),
        lines=lines,
        heads=sum(line.heads for line in lines),
        total=Fen(sum(line.sum for line in lines)),
    )


def _quarter(year: int, quarter: int) -> tuple[date, date]:
    """The first day of the quarter and that of the next."""
    first = date(year, quarter * 3 - 2, 1)
    return first, date(year + quarter // 4, quarter * 3 % 12 + 1, 1)


def _lines(session: Session, first: date, after: date) -> list[SubsidyLine]:
    heads, total = func.count(), func.sum(EnrolmentLine.subsidy)
    begin, end = (datetime.combine(day, time(), BEIJING) for day in (first, after))
    query = (
        select(Unit.name, heads, total)
        .select_from(EnrolmentLine)
        .join(Enrolment, Enrolment.id == EnrolmentLine.enrolment_id)
        .join(Unit, Unit.id == Enrolment.unit_id)
        .join(AuditEvent, AuditEvent.subject_id == Enrolment.id)
        .where(AuditEvent.subject == Enrolment.__tablename__, AuditEvent.verb == "begin_cover")
        .where(AuditEvent.at >= begin, AuditEvent.at < end)
        .where(EnrolmentLine.struck_at.is_(None), EnrolmentLine.subsidy > 0)
        .group_by(Unit.id, Unit.name)
        .order_by(Unit.name)
    )
    return [
        SubsidyLine(name, count, Fen(int(subsidy)))
        for name, count, subsidy in session.execute(query)
    ]
