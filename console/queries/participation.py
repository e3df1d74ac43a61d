"""Participation and payout of every unit in one cover year, with score and rank (article 7.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from models import (
    Claim,
    Coverage,
    CoverYear,
    DecisionPart,
    Enrolment,
    Entitlement,
    FeeReceipt,
    Member,
    Payment,
    Unit,
)
from models.states import ARRIVED_STATES
from rules import plans
from rules.enrolment import must_enrol
from rules.money import Fen
from rules.plans import Plan
from rules.scoring import Tenths, score
from rules.verdict import Benefit
from workflows.engine.office import Office

MAIN = "main"

_Figures = tuple[int, str, int | None, int, int, int, int, int, float | None]


@dataclass(frozen=True)
class UnitFigures:
    """One unit in one cover year; all figures are of periods that begin in that year.

    `rate` and `ratio` are in hundredths of a per cent, `days` in tenths of a day. None: there is
    nothing to divide by, or the unit has no part in the ranking.
    """

    unit_id: int
    unit: str
    eligible: int | None
    insured: int
    required: int
    rate: int | None
    score: Tenths | None
    cases: int
    paid: Fen
    relief: Fen
    fees: Fen
    ratio: int | None
    days: Tenths | None
    rank: int | None = None

    @property
    def is_short(self) -> bool:
        """Whether fewer have joined than article 2 requires."""
        return self.eligible is not None and self.insured < self.required

    @property
    def is_over(self) -> bool:
        """More have joined than the unit has staff in service: a fault to look at, no merit."""
        return self.eligible is not None and self.insured > self.eligible


@dataclass(frozen=True)
class Total:
    """All units together; `eligible` leaves out those whose headcount is not known."""

    eligible: int
    insured: int
    rate: int | None
    cases: int
    paid: Fen
    relief: Fen
    fees: Fen
    ratio: int | None
    short: int


def figure_years(session: Session, office: Office) -> list[int]:
    """The years in which any cover begins, and this one; the newest first."""
    starts = extract("year", CoverYear.starts_on)
    found = session.scalars(select(starts).distinct())
    return sorted({int(year) for year in found} | {office.today().year}, reverse=True)


def plan_families() -> dict[str, str]:
    """The families of plans with the name of the latest edition, the main plan first."""
    names = {plan.family: plan.name for plan in plans.available()}
    return {MAIN: names.pop(MAIN)} | names


def edition(family: str, year: int) -> Plan:
    """The edition by whose terms the units of this year are measured."""
    editions = [plan for plan in plans.available() if plan.family == family]
    begun = [plan for plan in editions if plan.effective_from.year <= year]
    return (begun or editions)[-1]


def figures_of_units(
    session: Session, office: Office, year: int, family: str = MAIN
) -> list[UnitFigures]:
    """Every unit with a union, the best first; those that cannot be ranked come last."""
    plan = edition(family, year)
    rows = [_row(plan, found) for found in session.execute(_query(office, year, family))]
    return list(_ranked(sorted(rows, key=_order)))


def total(rows: Sequence[UnitFigures]) -> Total:
    """The total of all units."""
    known = [row for row in rows if row.eligible is not None]
    eligible = sum(row.eligible or 0 for row in known)
    paid, fees = sum(row.paid for row in rows), sum(row.fees for row in rows)
    return Total(
        eligible=eligible,
        insured=sum(row.insured for row in rows),
        rate=_share(sum(row.insured for row in known), eligible),
        cases=sum(row.cases for row in rows),
        paid=Fen(paid),
        relief=Fen(sum(row.relief for row in rows)),
        fees=Fen(fees),
        ratio=_share(paid, fees),
        short=sum(row.is_short for row in rows),
    )


def _order(row: UnitFigures) -> tuple[bool, bool, int, int, str]:
    rate, points = row.rate or 0, row.score or 0
    return row.rate is None, row.is_over, -points, -rate, row.unit


def _ranked(rows: Sequence[UnitFigures]) -> Iterator[UnitFigures]:
    """The ranks; equal units share a rank, and the ranks after it are skipped."""
    rank, before = 0, None
    for place, row in enumerate(rows, 1):
        if row.score is None:
            yield row
            continue
        if (row.score, row.rate) != before:
            rank, before = place, (row.score, row.rate)
        yield replace(row, rank=rank)


def _row(plan: Plan, found: Row[*_Figures]) -> UnitFigures:
    unit_id, unit, eligible, insured, cases, paid, relief, fees, seconds = found
    required = must_enrol(plan, eligible) if eligible else 0
    is_scored = plan.enrolment.participation is not None and insured <= (eligible or 0)
    return UnitFigures(
        unit_id=unit_id,
        unit=unit,
        eligible=eligible,
        insured=insured,
        required=required,
        rate=_share(insured, eligible or 0),
        score=score(eligible, insured, required) if eligible and is_scored else None,
        cases=cases,
        paid=Fen(int(paid)),
        relief=Fen(int(relief)),
        fees=Fen(int(fees)),
        ratio=_share(int(paid), int(fees)),
        days=None if seconds is None else Tenths(int(seconds) * 10 // 86_400),
    )


def _share(part: int, whole: int) -> int | None:
    return part * 10_000 // whole if whole > 0 else None


def _query(office: Office, year: int, family: str) -> Select[*_Figures]:
    insured, paid, fees = (
        _insured(office, year, family),
        _paid(year, family),
        _fees(year, family),
    )
    return (
        select(
            Unit.id,
            Unit.name,
            Unit.headcount,
            func.coalesce(insured.c.members, 0),
            func.coalesce(paid.c.cases, 0),
            func.coalesce(paid.c.paid, 0),
            func.coalesce(paid.c.relief, 0),
            func.coalesce(fees.c.fees, 0),
            paid.c.seconds,
        )
        .outerjoin(insured, insured.c.unit_id == Unit.id)
        .outerjoin(paid, paid.c.unit_id == Unit.id)
        .outerjoin(fees, fees.c.unit_id == Unit.id)
        .where(Unit.has_union)
    )


def _insured(office: Office, year: int, family: str) -> Subquery:
    """The unit's members with cover of this year who did not leave while it ran."""
    until = func.least(Coverage.ends_on, office.today())
    return (
        select(Member.unit_id, func.count(Member.id.distinct()).label("members"))
        .join(Coverage, Coverage.member_id == Member.id)
        .join(CoverYear, CoverYear.id == Coverage.cover_year_id)
        .where(_begins_in(CoverYear.starts_on, year), Coverage.family == family)
        .where(or_(Member.left_on.is_(None), Member.left_on > until))
        .group_by(Member.unit_id)
        .subquery()
    )


def _paid(year: int, family: str) -> Subquery:
    """Payments that arrived for claims whose period begins in this year; relief is separate."""
    is_relief = Entitlement.benefit == Benefit.SECOND_RELIEF
    took = extract("epoch", Payment.result_at - Claim.complete_at)
    return (
        select(
            Claim.unit_id,
            func.count(Entitlement.id.distinct()).filter(~is_relief).label("cases"),
            func.coalesce(func.sum(Payment.amount).filter(~is_relief), 0).label("paid"),
            func.coalesce(func.sum(Payment.amount).filter(is_relief), 0).label("relief"),
            func.avg(took).filter(~is_relief).label("seconds"),
        )
        .select_from(Payment)
        .join(Entitlement, Entitlement.id == Payment.entitlement_id)
        .join(Entitlement.granted_by)
        .join(Claim, Claim.id == Payment.claim_id)
        .where(Payment.state.in_(ARRIVED_STATES), Entitlement.plan.in_(plans.codes_of(family)))
        .where(_begins_in(DecisionPart.period_start, year))
        .group_by(Claim.unit_id)
        .subquery()
    )


def _fees(year: int, family: str) -> Subquery:
    """Fees received for the enrolments of this year, less refunds."""
    return (
        select(Enrolment.unit_id, func.sum(FeeReceipt.amount).label("fees"))
        .select_from(FeeReceipt)
        .join(Enrolment, Enrolment.id == FeeReceipt.enrolment_id)
        .join(CoverYear, CoverYear.id == Enrolment.cover_year_id)
        .where(_begins_in(CoverYear.starts_on, year), Enrolment.plan.in_(plans.codes_of(family)))
        .group_by(Enrolment.unit_id)
        .subquery()
    )


def _begins_in(column: SQLColumnExpression[Any], year: int) -> ColumnElement[bool]:
    return and_(column >= date(year, 1, 1), column <= date(year, 12, 31))
