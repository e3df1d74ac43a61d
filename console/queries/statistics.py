"""The figures that an office publishes for a year: by month and plan, returns, public list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, and_, case, column, extract, func, select, true, values
from sqlalchemy.orm import Session

from banking.results import known_results
from console import formatting, labels
from console.queries.arrivals import arrivals, returns
from language import _
from models import AuditEvent, Claim, Coverage, Entitlement, Member, Payment, Unit
from rules import plans
from rules.money import Fen
from rules.verdict import Benefit
from workflows.claims.papers.papers_wanted import paper_named
from workflows.engine.office import Office


@dataclass(frozen=True)
class MonthRow:
    """One plan in one month: members covered at its end, people and amounts paid in it, and what
    came back in it of what had arrived."""

    month: int
    plan: str
    code: str
    covered: int
    people: int
    cases: int
    sum: Fen
    came_back: Fen


@dataclass(frozen=True)
class ReasonCount:
    """One reason and how often it was met; `share` is in hundredths of a per cent."""

    word: str
    count: int
    share: int


@dataclass(frozen=True)
class SentBack:
    """How many of the claims received in a year were sent back for papers, and for which."""

    received: int
    sent_back: int
    reasons: tuple[ReasonCount, ...]

    @property
    def share(self) -> int | None:
        return self.sent_back * 10_000 // self.received if self.received else None


@dataclass(frozen=True)
class FailedCode:
    """Payments that came back for one reason of the bank."""

    code: str
    word: str
    count: int
    sum: Fen


@dataclass(frozen=True)
class Published:
    """One line of the public list (公示), without illness and hospital; what came back stands below
    zero in the month in which it did."""

    month: int
    unit: str
    name: str
    benefit: str
    amount: Fen


def months(session: Session, office: Office, year: int) -> list[MonthRow]:
    """Every month up to now with every plan that covered or paid a member in it."""
    covered = _covered(session, office, year)
    paid = _paid(session, year)
    keys = sorted(covered.keys() | paid.keys())
    return [
        MonthRow(
            month, _plan(plan), plan, covered.get((month, plan), 0), *paid.get((month, plan), _NONE)
        )
        for month, plan in keys
    ]


def sent_back(session: Session, year: int) -> SentBack:
    """Which papers the claims of this year lacked when they came."""
    of_the_year = and_(
        Claim.received_on.between(date(year, 1, 1), date(year, 12, 31)),
        Claim.benefit != Benefit.SECOND_RELIEF,
    )
    received = session.scalar(select(func.count()).select_from(Claim).where(of_the_year)) or 0
    asked = (
        select(AuditEvent)
        .join(Claim, Claim.id == AuditEvent.subject_id)
        .where(AuditEvent.subject == "claim", AuditEvent.verb == "ask_for_papers", of_the_year)
    )
    claims = func.count(AuditEvent.subject_id.distinct())
    papers = func.jsonb_array_elements_text(AuditEvent.detail["papers"])
    paper = papers.table_valued("value").lateral("paper")
    named = asked.join(paper, true()).with_only_columns(
        AuditEvent.subject_id, paper.c.value, AuditEvent.detail["headings"]
    )
    lacked: defaultdict[str, set[int]] = defaultdict(set)
    for claim_id, code, headings in session.execute(named):
        lacked[_paper(code, headings or ())].add(claim_id)
    reasons = [
        ReasonCount(name, len(of), len(of) * 10_000 // received)
        for name, of in sorted(lacked.items(), key=lambda each: (-len(each[1]), each[0]))
    ]
    return SentBack(received, session.scalar(asked.with_only_columns(claims)) or 0, tuple(reasons))


def failed(session: Session, year: int) -> list[FailedCode]:
    """The payments that came back in this year, by the bank's code."""
    count, back = func.count(), returns(year)
    query = (
        select(back.c.code, count, func.sum(Payment.amount))
        .join(Payment, Payment.id == back.c.payment_id)
        .group_by(back.c.code)
        .order_by(count.desc(), back.c.code)
    )
    return [
        FailedCode(code or "—", _meaning(code), number, Fen(int(total)))
        for code, number, total in session.execute(query)
    ]


def published(session: Session, year: int) -> list[Published]:
    """What arrived and came back in the year, for the public list: a line for each right and month,
    however many heirs were paid; names are masked."""
    moved = arrivals(year)
    month, sign = moved.c.month, moved.c.sign
    query = (
        select(month, Unit.name, Member.name, Entitlement.benefit, func.sum(sign * Payment.amount))
        .select_from(moved)
        .join(Payment, Payment.id == moved.c.payment_id)
        .join(Entitlement, Entitlement.id == Payment.entitlement_id)
        .join(Member, Member.id == Entitlement.member_id)
        .join(Claim, Claim.id == Payment.claim_id)
        .join(Unit, Unit.id == Claim.unit_id)
        .group_by(month, Unit.name, Member.name, Entitlement.id, sign)
        .order_by(month, Unit.name, func.min(Payment.id), sign.desc())
    )
    return [
        Published(int(month), unit, formatting.name(name), labels.benefit(benefit), Fen(int(paid)))
        for month, unit, name, benefit, paid in session.execute(query)
    ]


_NONE = (0, 0, Fen(0), Fen(0))


def _covered(session: Session, office: Office, year: int) -> dict[tuple[int, str], int]:
    """Members with cover on the last day of each month, or today in the month that runs."""
    days = [day for month in range(1, 13) if (day := _last_day(office, year, month))]
    if not days:
        return {}
    ends = values(column("day", Date), name="month_end").data([(day,) for day in days])
    on = ends.c.day
    query = (
        select(extract("month", on), Coverage.plan, func.count(Coverage.member_id.distinct()))
        .select_from(ends)
        .join(Coverage, and_(Coverage.starts_on <= on, Coverage.ends_on >= on))
        .group_by(on, Coverage.plan)
    )
    return {(int(month), plan): count for month, plan, count in session.execute(query)}


def _last_day(office: Office, year: int, month: int) -> date | None:
    first, today = date(year, month, 1), office.today()
    if first > today:
        return None
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date.fromordinal(after.toordinal() - 1), today)


def _paid(session: Session, year: int) -> dict[tuple[int, str], tuple[int, int, Fen, Fen]]:
    """People, rights and sums that arrived in each month, and sums that came back in it; second
    relief has its own line."""
    moved, is_relief = arrivals(year), Entitlement.benefit == Benefit.SECOND_RELIEF
    plan = case((is_relief, Benefit.SECOND_RELIEF.value), else_=Entitlement.plan).label("plan")
    arrived = moved.c.sign > 0
    total = func.coalesce(func.sum(Payment.amount).filter(arrived), 0)
    query = (
        select(
            moved.c.month,
            plan,
            func.count(Entitlement.member_id.distinct()).filter(arrived),
            func.count(Entitlement.id.distinct()).filter(arrived),
            total,
            func.sum(Payment.amount) - total,
        )
        .select_from(moved)
        .join(Payment, Payment.id == moved.c.payment_id)
        .join(Entitlement, Entitlement.id == Payment.entitlement_id)
        .group_by(moved.c.month, plan)
    )
    return {
        (int(month), code): (people, cases, Fen(int(paid)), Fen(int(back)))
        for month, code, people, cases, paid, back in session.execute(query)
    }


def _plan(code: str) -> str:
    return _("二次救助") if code == Benefit.SECOND_RELIEF else plans.load(code).name


def _meaning(code: str | None) -> str:
    known = known_results().get(code or "")
    return known.words if known else _("银行未给出代码")


def _paper(code: str, headings: Sequence[str]) -> str:
    """The paper as the headings that a claim stands under have it."""
    paper = paper_named(code, *headings)
    return paper.name if paper else code
