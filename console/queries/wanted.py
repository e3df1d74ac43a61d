"""What a unit still has to do: papers, fees, rosters, and cards the bank refused."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from console import formatting, labels
from console.queries.enrolments import EnrolmentRow, enrolments_found
from documents.letters.contents import LetterKind
from documents.masks import mask_card, mask_numbers
from language import N_, _
from models import Claim, CoverYear, Finding, Payment, User
from models.states import ClaimState, EnrolmentState
from rules import plans
from rules.plans import Plan
from rules.renewal import due_on, gapless_by, rungs, unbroken_by, waits
from workflows.claims.judging.document_check import (
    MISSING_PAPER,
    NOT_ON_ROSTER,
    ROSTER_DIFFERS,
)
from workflows.claims.judging.doubtful_pages import PAGE_UNCLEAR
from workflows.claims.letters.terms import last_day_to_hand_in
from workflows.claims.papers.papers_wanted import (
    DEATH_HEADING,
    headings_asked,
    paper_named,
)
from workflows.claims.sums.returned_payments import NOT_TAKEN, returned_payments
from workflows.engine.office import Office
from workflows.known_deaths import known_dead
from workflows.people.visibility import claims_seen_by
from workflows.renewal.renewed_years import renewed
from workflows.sealed_values.claims import heir_person

# Questions that the unit can resolve; all others are work of the office.
_FOR_THE_UNIT = (MISSING_PAPER, PAGE_UNCLEAR, NOT_ON_ROSTER, ROSTER_DIFFERS)
_ROWS = 200
_TO_DO = {
    EnrolmentState.CHECKED: N_("请看预览，确认或撤回"),
    EnrolmentState.SHORT: N_("参保率或本人同意不足，请补充名册，或等待审批"),
    EnrolmentState.BACKDATED: N_("起保日早于报送日或收据补登，等待审批"),
    EnrolmentState.UNPAID: N_("会费还差 %(sum)s 元"),
}


@dataclass(frozen=True)
class WantedItem:
    """One thing to hand in or to answer, and why."""

    word: str
    reason: str


@dataclass(frozen=True)
class WantedOfClaim:
    """A claim that waits for the unit, with everything that is missing."""

    number: str
    member: str
    benefit: str
    unit: str
    received_on: date
    days: int
    hand_in_by: date | None
    """The last day that a letter set for it; None where none did."""
    items: tuple[WantedItem, ...]


@dataclass(frozen=True)
class WantedElse:
    """Something to do other than papers: a sentence, its subject, and the path of its page."""

    title: str
    detail: str
    path: str
    act: str


def claims(session: Session, office: Office, person: User) -> list[WantedOfClaim]:
    """The claims that wait for papers or for another card, the longest wait first."""
    query = (
        select(Claim)
        .where(claims_seen_by(person))
        .where(Claim.state.in_((ClaimState.INCOMPLETE, ClaimState.RETURNED)))
        .order_by(Claim.received_at, Claim.id)
        .limit(_ROWS)
        .options(selectinload(Claim.findings), selectinload(Claim.payments))
        .options(selectinload(Claim.heirs), selectinload(Claim.letters))
    )
    found = session.scalars(query).all()
    return _of_claims(session, office, found)


def of_claim(session: Session, office: Office, claim: Claim) -> WantedOfClaim:
    """What this claim still needs from the unit."""
    [wanted] = _of_claims(session, office, [claim])
    return wanted


def _of_claims(session: Session, office: Office, found: Sequence[Claim]) -> list[WantedOfClaim]:
    dead = known_dead(session, [claim.member_id for claim in found])
    asked = headings_asked(session, [claim.id for claim in found])
    return [_of_claim(office, claim, dead, asked.get(claim.id, ())) for claim in found]


def _of_claim(
    office: Office, claim: Claim, dead: Set[int], headings: Sequence[str]
) -> WantedOfClaim:
    return WantedOfClaim(
        number=claim.number,
        member=formatting.name(claim.member.name) if claim.member else "",
        benefit=labels.benefit(claim.benefit),
        unit=claim.unit.name if claim.unit else "",
        received_on=claim.received_on,
        days=(office.today() - claim.received_on).days,
        hand_in_by=hand_in_by(office, claim),
        items=tuple(_items(office, claim, dead, headings)),
    )


def hand_in_by(office: Office, claim: Claim) -> date | None:
    """The last day that the letter of now sets for the papers that are wanted; None where the claim
    waits for none."""
    letters = [each for each in claim.letters if each.kind == LetterKind.SUPPLEMENT_NOTICE]
    if claim.state != ClaimState.INCOMPLETE or not letters:
        return None
    return last_day_to_hand_in(office, letters[-1])


def others(session: Session, office: Office, person: User) -> list[WantedElse]:
    """Rosters to confirm, fees to pay, cover to renew."""
    if person.unit_id is None:
        return []
    rows = enrolments_found(session, person, unit_id=person.unit_id)
    return [
        *(_enrolment(row) for row in reversed(rows) if row.state in _TO_DO),
        *_renewals(session, office, person.unit_id),
    ]


def _items(
    office: Office, claim: Claim, dead: Set[int], headings: Sequence[str]
) -> Iterator[WantedItem]:
    """`dead` are the members known to have died, `headings` those that the claim's events stand
    under in the table of papers."""
    if claim.state == ClaimState.RETURNED:
        yield from _cards(office, claim, dead)
    elif claim.state == ClaimState.INCOMPLETE:
        first = (*((DEATH_HEADING,) if claim.member_id in dead else ()), *headings)
        yield from (_item(finding, *first) for finding in _open(claim))


def _cards(office: Office, claim: Claim, dead: Set[int]) -> Iterator[WantedItem]:
    """The card of each payee whose last payment came back; after a death that of the heir.

    A file that the bank did not take asks nothing of the member.
    """
    back = returned_payments(claim)
    returned: dict[int | None, Payment | None] = {
        each.heir_id: each for each in back if each.result_code != NOT_TAKEN
    }
    if back and not returned:
        return
    told = {heir.id: heir_person(office.keys, heir) for heir in claim.heirs}
    for heir_id, payment in (returned or {None: None}).items():
        word = _("会员本人有效的银行卡")
        if heir_id in told:
            # Two heirs often share the surname, which is all that is shown of a name.
            words = {
                "name": formatting.name(told[heir_id].name),
                "card": mask_card(told[heir_id].account),
            }
            word = _("继承人%(name)s有效的银行卡（被退回的卡 %(card)s）") % words
        elif heir_id or claim.member_id in dead:
            word = _("继承人有效的银行卡")
        yield WantedItem(word, _returned_because(payment))


def _open(claim: Claim) -> list[Finding]:
    found = [f for f in claim.findings if f.closed_at is None and f.code in _FOR_THE_UNIT]
    return sorted(found, key=lambda finding: (_FOR_THE_UNIT.index(finding.code), finding.id))


def _item(finding: Finding, *first: str) -> WantedItem:
    """The thing in words; `first` are the headings of the table it is looked for in first."""
    if finding.code != MISSING_PAPER:
        word = labels.about(labels.finding(finding.code), labels.subject(finding.subject))
        return WantedItem(word, labels.advice(finding.code))
    paper = paper_named(finding.subject, *first)
    if paper is None:
        return WantedItem(labels.subject(finding.subject), _("申请材料中没有"))
    return WantedItem(paper.name, paper.needs or _("申请材料中没有"))


def _returned_because(payment: Payment | None) -> str:
    said = mask_numbers(payment.result_text or "") if payment else ""
    return _("银行退回：%(why)s") % {"why": said} if said else _("银行退回了这笔款")


def _enrolment(row: EnrolmentRow) -> WantedElse:
    title = _("参保名册 %(number)s：%(state)s") % {"number": row.number, "state": row.word}
    to_do = _(_TO_DO[EnrolmentState(row.state)]) % {"sum": formatting.money(row.short)}
    people = _("%(n)s 人") % {"n": row.members}
    detail = " · ".join((row.plan, people, to_do))
    return WantedElse(title, detail, f"/enrolments/{row.number}", _("去办理"))


def _renewals(session: Session, office: Office, unit_id: int) -> Iterator[WantedElse]:
    """Cover that ends soon or has just ended, with nothing after it."""
    today = office.today()
    query = select(CoverYear).where(
        CoverYear.unit_id == unit_id, CoverYear.ends_on > today - timedelta(days=366)
    )
    years = session.scalars(query.order_by(CoverYear.ends_on)).all()
    done = renewed(session, years)
    last_of = {plans.family_of(year.plan): year for year in years if year.id not in done}
    for year in last_of.values():
        plan = plans.load(year.plan)
        last = unbroken_by(plan, year.ends_on)
        if due_on(year.ends_on, min(rungs())) <= today <= last:
            yield WantedElse(
                _("续保：%(plan)s") % {"plan": plan.name},
                _by_when(plan, year.ends_on),
                "/enrolments/new",
                _("报送续保名册"),
            )


def _by_when(plan: Plan, ends_on: date) -> str:
    """By when the fee must have come, and what that keeps."""
    if not waits(plan):
        words = {"end": ends_on, "last": gapless_by(ends_on)}
        return _("保障期到 %(end)s，会费最迟 %(last)s 到账，保障不间断") % words
    words = {"end": ends_on, "last": unbroken_by(plan, ends_on)}
    return _("保障期到 %(end)s，会费最迟 %(last)s 到账，观察期不重新计算") % words
