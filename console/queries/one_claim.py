"""Everything the screen of one claim shows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import event_form, labels
from console.event_form import FormLine
from console.not_found import NotFound
from console.queries import objections
from console.queries.asked import QuestionRow, asked
from console.queries.decided_sums import DecidedSum, decided_sum
from console.queries.doubts import other_values
from console.queries.heirs import HeirsView, heirs_view
from console.queries.history import HistoryLine, folded, history, rests_because
from console.queries.outgoing import LetterRow, PaymentRow, letters, payments
from console.queries.parked import Parked, parked_view
from console.queries.proposed_persons import proposed_persons
from console.queries.relief import ReliefOfClaim, relief_of_claim
from console.queries.sheets import PageTab, notes_on, pages_of, sheets
from console.queries.shown_fields import FieldRow, fields
from console.stale import mark_of_event
from documents.reading.fields import SETTLEMENT_SUMS, FieldName
from models import Claim, Decision, DecisionPart, Finding, User
from models.machines.claims import CLAIM
from models.states import ClaimState
from rules import plans
from workflows.claims.acts.correction import can_correct, can_recheck
from workflows.claims.acts.joining import may_leave
from workflows.claims.events.accidents_read import burns_contradict
from workflows.claims.events.event import events_of, illness_lists_of, is_told, papers_shown
from workflows.claims.events.events_read import kind_of
from workflows.claims.judging.document_check import (
    CHECK_FAILED,
    EVENT_WANTED,
    MAY_ALSO_CLAIM,
    SUMS_CONTRADICT,
)
from workflows.claims.judging.several_people import SEVERAL_PEOPLE
from workflows.claims.letters.decided_parts import event_in_words
from workflows.claims.papers.divided import was_divided
from workflows.claims.papers.field_forms import fault_of
from workflows.claims.papers.settlement_sums import TOTAL, contradictions
from workflows.claims.paying.paid_again import can_pay_again
from workflows.claims.paying.refused_cards import refused_cards, returns_in_words
from workflows.engine.erased import require_kept
from workflows.engine.office import Office
from workflows.people.rights import Act, may
from workflows.people.visibility import claims_seen_by
from workflows.sealed_values.claims import values_of


@dataclass(frozen=True)
class FindingRow:
    """An open question; `page` is the place of the page it is about, `adds` the kind of event that
    may be asked for too."""

    id: int
    word: str
    subject: str
    advice: str
    field: str
    page: int | None
    adds: str
    whose: tuple[int, ...]
    """For each page the number of its person, from 1, as it is proposed; empty where nobody asks
    whose the pages are."""


@dataclass(frozen=True)
class EventView:
    """One event the claim asks for: its number from 0, what it is, and what is to be said of it."""

    number: int
    kind: str
    word: str
    is_told: bool
    form: tuple[FormLine, ...]
    mark: str
    """What the form sends back, so that it is noticed where the event was changed since."""


@dataclass(frozen=True)
class PartRow:
    """One event under one plan, as it was decided."""

    title: str
    outcome: str
    decided: DecidedSum


@dataclass(frozen=True)
class Ways:
    """What may be done with the claim as it stands; whether this person may is asked besides,
    except for `leave` and `deny`."""

    pay_again: bool
    correct: bool
    recheck: bool
    leave: bool
    deny: bool


@dataclass(frozen=True)
class ClaimView:
    """One claim as its screen shows it."""

    number: str
    state: str
    word: str
    days: int
    received_on: date
    benefit: str
    benefit_code: str
    unit: str
    events: tuple[EventView, ...]
    moves: frozenset[str]
    ways: Ways
    look_again_on: date | None
    rests_because: HistoryLine | None
    """The event that sent the claim back or held it; None if it does not stand there."""
    relief: ReliefOfClaim
    objections: objections.ObjectionsOfClaim
    is_moving: bool
    parked: Parked | None
    sheets: tuple[PageTab, ...]
    fields: tuple[FieldRow, ...]
    heirs: HeirsView | None
    findings: tuple[FindingRow, ...]
    questions: tuple[QuestionRow, ...]
    decision: Decision | None
    parts: tuple[PartRow, ...]
    outcome: str
    letters: tuple[LetterRow, ...]
    payments: tuple[PaymentRow, ...]
    sent_back: tuple[str, ...]
    """What the bank sent back last, in words."""
    returns: tuple[str, ...]
    """Those of them whose card would be paid again unchanged."""
    history: tuple[HistoryLine, ...]


def claim_numbered(session: Session, person: User, number: str) -> Claim:
    """The claim, if this person may see it; Refused otherwise."""
    claim = session.scalar(select(Claim).where(Claim.number == number, claims_seen_by(person)))
    if claim is None:
        raise NotFound(number)
    require_kept(claim)
    return claim


def _doubtful(claim: Claim, findings: Sequence[Finding]) -> list[str]:
    """The subjects of the findings, and the hospital where the rules have a question: they may not
    know it."""
    asked = [FieldName.HOSPITAL_NAME.value] if claim.state == ClaimState.REFERRED else []
    return [*asked, *(each.subject for each in findings)]


def claim_view(session: Session, office: Office, person: User, claim: Claim) -> ClaimView:
    """Gather the screen of this claim."""
    findings = [finding for finding in claim.findings if finding.closed_at is None]
    pages = pages_of(session, claim)
    places = {page.id: at for at, page in enumerate(pages, 1)}
    said = other_values(session, office, claim, pages, _doubtful(claim, findings))
    decision = session.scalar(select(Decision).filter_by(claim_id=claim.id, superseded_at=None))
    told = [] if claim.is_relief else events_of(office, claim)
    return ClaimView(
        number=claim.number,
        state=claim.state,
        word=labels.state(CLAIM, claim.state),
        days=(office.today() - claim.received_on).days,
        received_on=claim.received_on,
        benefit=labels.events(told) if len(told) > 1 else labels.benefit(claim.benefit),
        benefit_code=claim.benefit,
        unit=claim.unit.name if claim.unit else "",
        events=tuple(_events(claim, told)),
        moves=_moves(session, claim),
        ways=_ways(session, person, claim),
        look_again_on=claim.look_again_on,
        rests_because=rests_because(session, claim),
        relief=relief_of_claim(session, claim),
        objections=objections.objections_of(session, office, person, claim),
        is_moving=claim.state in CLAIM.automatic and claim.parked_at is None,
        parked=parked_view(claim),
        sheets=(tabs := tuple(sheets(pages, findings, notes_on(session, office, claim)))),
        heirs=heirs_view(session, office, person, claim, tabs),
        fields=tuple(fields(office, claim, findings, places, said)),
        findings=tuple(_finding(session, office, claim, each, places) for each in findings),
        questions=tuple(asked(session, person, claim)),
        decision=decision,
        parts=tuple(map(_part, decision.parts)) if decision else (),
        outcome=labels.outcome(decision.outcome) if decision else "",
        letters=tuple(letters(session, claim)),
        payments=tuple(payments(session, claim)),
        sent_back=tuple(returns_in_words(office, claim)),
        returns=tuple(refused_cards(office, claim)),
        history=tuple(folded(history(session, claim))),
    )


def _moves(session: Session, claim: Claim) -> frozenset[str]:
    moves = frozenset(move.verb for move in CLAIM.out_of(claim.state))
    is_over = "resume" in moves and was_divided(session, claim)
    return moves - {"resume"} if is_over else moves


def _ways(session: Session, person: User, claim: Claim) -> Ways:
    can_be_denied = not claim.is_relief and CLAIM.move("propose_denial", claim.state) is not None
    return Ways(
        pay_again=can_pay_again(session, claim),
        correct=can_correct(claim),
        recheck=can_recheck(claim),
        leave=may_leave(session, person, claim),
        deny=can_be_denied and may(person, Act.APPROVE),
    )


def claim_in_focus(shown: ClaimView, field: str, sheet: int) -> tuple[str, int]:
    """Which field is marked and which page lies on top: those asked for, or the first in doubt."""
    asked = next((row for row in shown.fields if row.name == field), None)
    doubtful = next((row for row in shown.fields if row.worries), None)
    lit = asked or (None if sheet else doubtful)
    in_question = next((finding.page for finding in shown.findings if finding.page), None)
    opened = sheet or (lit.at if lit else None) or in_question or 1
    return (lit.name if lit else ""), min(max(opened, 1), max(len(shown.sheets), 1))


def _events(claim: Claim, told: Sequence[Mapping[str, object]]) -> Iterator[EventView]:
    illness_lists = illness_lists_of(claim)
    times = Counter(map(kind_of, told))
    for number, event in enumerate(told):
        kind = kind_of(event)
        form = tuple(event_form.fields_of(kind, event, illness_lists))
        day = f" {event.get('admitted_on') or ''}" if times[kind] > 1 else ""
        word = labels.event(kind) + day.rstrip()
        yield EventView(number, kind, word, is_told(event), form, mark_of_event(form))


def _part(part: DecisionPart) -> PartRow:
    title = f"{plans.load(part.plan).name} · {event_in_words(part)}"
    return PartRow(title, labels.outcome(part.outcome), decided_sum(part))


def _finding(
    session: Session, office: Office, claim: Claim, finding: Finding, places: dict[int, int]
) -> FindingRow:
    is_field = finding.subject in FieldName.__members__.values()
    page = places.get(int(finding.subject)) if finding.subject.isdigit() else None
    return FindingRow(
        id=finding.id,
        word=labels.finding(finding.code),
        subject=_subject(office, claim, finding) or labels.page(page),
        advice=labels.advice(finding.code),
        field=finding.subject if is_field else "",
        page=page,
        adds=finding.subject if finding.code == MAY_ALSO_CLAIM else "",
        whose=proposed_persons(session, office, claim) if finding.code == SEVERAL_PEOPLE else (),
    )


def _subject(office: Office, claim: Claim, finding: Finding) -> str:
    """What the finding is about: a field, a paper, an event, or the sentence that names values."""
    sums = (*SETTLEMENT_SUMS, TOTAL, FieldName.FURTHER_STAYS)
    values = values_of(office.keys, claim, finding.subject, *sums)
    sentence = None
    if finding.code == SUMS_CONTRADICT:
        sentence = contradictions(values).get(FieldName(finding.subject))
    elif finding.code == EVENT_WANTED:
        sentence = burns_contradict(papers_shown(office, claim))
    elif finding.code == CHECK_FAILED and finding.subject in values:
        sentence = fault_of(finding.subject, values[finding.subject])
    return sentence or labels.subject(finding.subject)
