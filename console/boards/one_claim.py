"""Everything the screen of one claim shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import show, words
from console.boards.claims import visible_to
from console.boards.doubts import Said, disputed
from console.boards.story import Happened, history
from documents.reading.fields import FieldName
from models import Claim, Decision, Document, Field, Finding, Letter, Maker, Page, Payment, User
from models.states import CLAIM, LETTER, PAYMENT, LetterState
from rules.errors import Refused
from rules.money import Fen
from workflows.document_check import DISAGREEMENT, MISSING_PAPER, PAGE_UNCLEAR
from workflows.office import Office
from workflows.personal import field_value

_ALWAYS_SHOWN = (
    FieldName.MEMBER_NAME,
    FieldName.ID_NUMBER,
    FieldName.BANK_CARD_NUMBER,
    FieldName.HOSPITAL_NAME,
    FieldName.ADMITTED_ON,
    FieldName.DISCHARGED_ON,
)


@dataclass(frozen=True)
class Sheet:
    """One page of the papers, as a tab over the picture. `size` is that of the upright page."""

    id: int
    place: int
    kind: str
    word: str
    percent: int
    by_hand: bool
    is_unclear: bool
    size: tuple[int, int]


@dataclass(frozen=True)
class FieldRow:
    """A field with what is to be said about it; `at` is the place of its page, from 1."""

    name: str
    label: str
    shown: str
    is_masked: bool
    is_date: bool
    percent: int | None
    by_hand: bool
    page_id: int | None
    at: int | None
    box: tuple[int, int, int, int] | None
    worries: tuple[str, ...] = ()
    others: tuple[Said, ...] = ()


@dataclass(frozen=True)
class FindingRow:
    """An open question; `page` is the place of the page it is about."""

    id: int
    word: str
    subject: str
    advice: str
    field: str
    page: int | None
    is_paper: bool


@dataclass(frozen=True)
class LetterRow:
    id: int
    word: str
    state: str
    is_written: bool


@dataclass(frozen=True)
class PaymentRow:
    reference: str
    state: str
    amount: Fen
    batch: str
    result: str


@dataclass(frozen=True)
class ClaimView:
    """One claim as its screen shows it."""

    number: str
    version: int
    state: str
    word: str
    days: int
    received_on: date
    benefit: str
    benefit_code: str
    unit: str
    event: dict[str, object]
    moves: frozenset[str]
    is_moving: bool
    parked: tuple[int, str, str] | None
    made_by_me: bool
    sheets: tuple[Sheet, ...]
    fields: tuple[FieldRow, ...]
    findings: tuple[FindingRow, ...]
    decision: Decision | None
    outcome: str
    letters: tuple[LetterRow, ...]
    payments: tuple[PaymentRow, ...]
    history: tuple[Happened, ...]


def claim_numbered(session: Session, person: User, number: str) -> Claim:
    """The claim, if this person may see it; Refused otherwise."""
    claim = session.scalar(select(Claim).where(Claim.number == number, visible_to(person)))
    if claim is None:
        raise NoSuchClaim(number)
    return claim


class NoSuchClaim(Refused):
    """There is no such claim, or the person must not know of it."""


def view(session: Session, office: Office, person: User, claim: Claim) -> ClaimView:
    """Gather the screen of this claim."""
    findings = [finding for finding in claim.findings if finding.closed_at is None]
    pages = _pages(session, claim)
    places = {page.id: at for at, page in enumerate(pages, 1)}
    disagree = any(finding.code == DISAGREEMENT for finding in findings)
    said = disputed(session, office, pages) if disagree else {}
    decision = session.scalar(select(Decision).filter_by(claim_id=claim.id, superseded_at=None))
    return ClaimView(
        number=claim.number,
        version=claim.version,
        state=claim.state,
        word=words.state(CLAIM, claim.state),
        days=(office.today() - claim.received_on).days,
        received_on=claim.received_on,
        benefit=words.benefit(claim.benefit),
        benefit_code=claim.benefit,
        unit=claim.unit.name if claim.unit else "",
        event=claim.event,
        moves=frozenset(move.verb for move in CLAIM.out_of(claim.state)),
        is_moving=claim.state in CLAIM.automatic and claim.parked_at is None,
        parked=(claim.id, words.step(claim.parked_step or ""), show.free(claim.parked_cause or ""))
        if claim.parked_at
        else None,
        made_by_me=session.get(Maker, (claim.id, person.id)) is not None,
        sheets=tuple(_sheets(pages, findings)),
        fields=tuple(_fields(office, claim, findings, places, said)),
        findings=tuple(_finding(finding, places) for finding in findings),
        decision=decision,
        outcome=words.outcome(decision.outcome) if decision else "",
        letters=tuple(_letters(session, claim)),
        payments=tuple(_payments(session, claim)),
        history=tuple(history(session, claim)),
    )


def focus(shown: ClaimView, field: str, sheet: int) -> tuple[str, int]:
    """Which field is marked and which page lies on top: those asked for, or the first in doubt."""
    asked = next((row for row in shown.fields if row.name == field), None)
    doubtful = next((row for row in shown.fields if row.worries), None)
    lit = asked or (None if sheet else doubtful)
    in_question = next((finding.page for finding in shown.findings if finding.page), None)
    opened = sheet or (lit.at if lit else None) or in_question or 1
    return (lit.name if lit else ""), min(max(opened, 1), max(len(shown.sheets), 1))


def _pages(session: Session, claim: Claim) -> list[Page]:
    query = select(Page).join(Document).where(Document.claim_id == claim.id)
    return list(session.scalars(query.order_by(Document.id, Page.number)))


def _sheets(pages: Sequence[Page], findings: Sequence[Finding]) -> Iterator[Sheet]:
    unclear = {finding.subject for finding in findings if finding.code == PAGE_UNCLEAR}
    for place, page in enumerate(pages, 1):
        yield Sheet(
            id=page.id,
            place=place,
            kind=page.kind,
            word=words.kind(page.kind),
            percent=_percent(page.kind_confidence),
            by_hand=page.kind_by is not None,
            is_unclear=str(page.id) in unclear,
            size=(page.width, page.height),
        )


def _fields(
    office: Office,
    claim: Claim,
    findings: Sequence[Finding],
    places: dict[int, int],
    said: dict[str, list[Said]],
) -> Iterator[FieldRow]:
    known = {field.name: field for field in claim.fields}
    for name in FieldName:
        if name in known or name in _ALWAYS_SHOWN:
            worries = tuple(words.finding(f.code) for f in findings if f.subject == name)
            others = tuple(said.get(name, ())) if worries else ()
            yield replace(
                _field(office, name, known.get(name), places), worries=worries, others=others
            )


def _field(
    office: Office, name: FieldName, field: Field | None, places: dict[int, int]
) -> FieldRow:
    by_hand = field is not None and field.corrected_by is not None
    box = field.box if field else None
    return FieldRow(
        name=name.value,
        label=words.field(name),
        shown=show.value(name, field_value(office.keys, field)) if field else "",
        is_masked=show.is_masked(name),
        is_date=name in (FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON),
        percent=_percent(field.confidence) if field and not by_hand else None,
        by_hand=by_hand,
        page_id=field.page_id if field else None,
        at=places.get(field.page_id or 0) if field else None,
        box=(box[0], box[1], box[2], box[3]) if box else None,
    )


def _finding(finding: Finding, places: dict[int, int]) -> FindingRow:
    is_field = finding.subject in FieldName.__members__.values()
    page = places.get(int(finding.subject)) if finding.subject.isdigit() else None
    return FindingRow(
        id=finding.id,
        word=words.finding(finding.code),
        subject=words.subject(finding.subject) or words.page(page),
        advice=words.advice(finding.code),
        field=finding.subject if is_field else "",
        page=page,
        is_paper=finding.code == MISSING_PAPER,
    )


def _letters(session: Session, claim: Claim) -> Iterator[LetterRow]:
    for letter in session.scalars(
        select(Letter).filter_by(claim_id=claim.id).order_by(Letter.id.desc())
    ):
        yield LetterRow(
            letter.id,
            words.letter(letter.kind),
            words.state(LETTER, letter.state),
            letter.state == LetterState.WRITTEN and letter.sha256 is not None,
        )


def _payments(session: Session, claim: Claim) -> Iterator[PaymentRow]:
    for payment in session.scalars(
        select(Payment).filter_by(claim_id=claim.id).order_by(Payment.id.desc())
    ):
        yield PaymentRow(
            payment.reference,
            words.state(PAYMENT, payment.state),
            payment.amount,
            payment.batch.number if payment.batch else "",
            show.free(payment.result_text or ""),
        )


def _percent(confidence: float) -> int:
    # Rounded down: only what is certain may say 100.
    return int(confidence * 100)
