"""Letters: asked for in the transaction that gives cause, written in a step of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.results import BankResult, known_results
from documents.letters import contents
from documents.letters.contents import LetterKind
from documents.letters.writing import write
from documents.masks import mask_card, mask_id, mask_numbers
from documents.reading.fields import FieldName
from language import SOURCE, _, speaking
from models import (
    AuditEvent,
    Claim,
    Decision,
    DecisionPart,
    Document,
    Letter,
    Packet,
    Payment,
    Recovery,
    Unit,
    User,
)
from rules.money import Fen
from rules.papers import Paper
from rules.verdict import Benefit
from workflows.claims.events.deaths import is_for_heirs
from workflows.claims.events.event import events_of
from workflows.claims.letters.decision_letters import denial_notice, heir_notice, payment_notice
from workflows.claims.letters.instalment_letters import instalment_notice
from workflows.claims.letters.objection_letters import (
    objection_answer,
    objection_withdrawn,
    recovery_notice,
)
from workflows.claims.letters.occasions import ids_in
from workflows.claims.letters.terms import issued_on, last_day_to_hand_in
from workflows.claims.papers.papers_wanted import DEATH_HEADING, paper_named
from workflows.engine.moves import advance, start_all
from workflows.engine.office import Office
from workflows.engine.rows import NewWorked
from workflows.known_deaths import known_dead
from workflows.sealed_values.claims import Payee, payee_of, values_by_claim
from workflows.sealed_values.files import document_name

READS = (
    (Letter.claim, Claim.decisions, Decision.parts, DecisionPart.lines),
    (Letter.claim, Claim.decisions, Decision.parts, DecisionPart.reasons),
    (Letter.claim, Claim.payments, Payment.entitlement),
    (Letter.claim, Claim.recoveries, Recovery.heir),
    (Letter.claim, Claim.member),
    (Letter.claim, Claim.unit),
)


@dataclass(frozen=True)
class NewLetter(NewWorked):
    """A letter to write."""

    table = Letter

    claim_id: int
    kind: LetterKind
    occasion: str
    wanted_at: datetime


def want_letters(
    session: Session, office: Office, kind: LetterKind, occasions: Mapping[Claim, str]
) -> None:
    """Ask for a letter about each of the claims; the same occasion asks only once."""
    rows = [
        NewLetter(claim.id, kind, occasion, office.clock())
        for claim, occasion in occasions.items()
        if (kind, occasion) not in {(letter.kind, letter.occasion) for letter in claim.letters}
    ]
    start_all(session, rows, "want", office, tells=("kind",))
    for claim in occasions:
        session.expire(claim, ["letters"])


def write_letter(session: Session, letters: Sequence[Letter], office: Office) -> None:
    """The letters are written and kept."""
    kept = office.store.put_all(render(session, letters, office))
    for letter, sha256 in zip(letters, kept, strict=True):
        letter.sha256, letter.written_at = sha256, office.clock()
        advance(session, letter, "write_letter", office)


def render(session: Session, letters: Sequence[Letter], office: Office) -> Iterator[bytes]:
    """The letters as files. They go to members, so they are in Chinese."""
    ids = [letter.claim_id for letter in letters]
    values = values_by_claim(session, office.keys, ids, FieldName.ID_NUMBER, FieldName.MEMBER_NAME)
    dead = known_dead(session, {letter.claim.member_id for letter in letters})
    for letter in letters:
        with speaking(SOURCE):
            claim = letter.claim
            common = _common(office, letter, claim, values[letter.claim_id])
            if is_for_heirs(claim, _accidents(office, claim), dead):
                common["greeting"] = _("%(name)s同志的家属") % {"name": common["member_name"]}
            gather = _GATHER[LetterKind(letter.kind)]
            file = write(gather(session, office, letter, claim, common))
        yield file


def _accidents(office: Office, claim: Claim) -> list[dict[str, object]]:
    """The events of a claim about an accident; other claims' papers are not read for a letter."""
    return events_of(office, claim) if claim.benefit == Benefit.ACCIDENT else []


def _common(
    office: Office, letter: Letter, claim: Claim, values: Mapping[str, str]
) -> dict[str, Any]:
    id_number = values.get(FieldName.ID_NUMBER)
    settings = office.settings
    return {
        "office": contents.Sender(settings.office_name, settings.office_contact),
        "number": f"{claim.number}-{letter.id}",
        "issued_on": issued_on(letter),
        "claim_number": claim.number,
        "received_on": claim.received_on,
        "member_name": claim.member.name if claim.member else values.get(FieldName.MEMBER_NAME, ""),
        "id_masked": mask_id(id_number) if id_number else None,
        "unit_name": claim.unit.name if claim.unit else None,
    }


def _supplement(
    session: Session, office: Office, letter: Letter, claim: Claim, common: dict[str, Any]
) -> contents.SupplementNotice:
    [version] = ids_in(letter.occasion)
    told = session.get_one(AuditEvent, (Claim.__tablename__, claim.id, version)).detail
    asked, headings = told["papers"], told.get("headings", [])
    assert isinstance(asked, list)
    assert isinstance(headings, list)
    # A family is asked for its own cards, not for those of the dead member.
    first = (*((DEATH_HEADING,) if "greeting" in common else ()), *headings)
    return contents.SupplementNotice(
        **common,
        items=tuple(_wanted(paper_named(code, *first), code) for code in asked),
        hand_in_by=last_day_to_hand_in(office, letter),
    )


def _wanted(paper: Paper | None, code: str) -> contents.WantedPaper:
    if paper is None:
        return contents.WantedPaper(code, _("申请材料中没有"))
    needs = f"；{paper.needs}" if paper.needs else ""
    return contents.WantedPaper(paper.name, _("申请材料中没有") + needs)


def _receipt(
    session: Session, office: Office, letter: Letter, claim: Claim, common: dict[str, Any]
) -> contents.Receipt:
    """The slip for the counter: wanted by intake and written on the letters' queue at once.

    Reading takes a second a page, so the slip does not wait for it: it tells what a person at the
    counter can check, the files and their pages. It costs the claim's own steps nothing.
    """
    packet = session.get_one(Packet, *ids_in(letter.occasion))
    sender = session.get(User, packet.sent_by) if packet.sent_by else None
    unit = session.get(Unit, sender.unit_id) if sender and sender.unit_id else None
    files = session.scalars(select(Document).filter_by(packet_id=packet.id).order_by(Document.id))
    return contents.Receipt(
        **common,
        handed_in_by=unit.name if unit else None,
        papers=tuple(
            contents.ReceivedPaper(mask_numbers(document_name(office.keys, file)), file.page_count)
            for file in files
        ),
    )


def _returned(
    session: Session, office: Office, letter: Letter, claim: Claim, common: dict[str, Any]
) -> contents.ReturnNotice:
    ids = ids_in(letter.occasion)
    payments = [payment for payment in claim.payments if payment.id in ids]
    known = [known_results().get(payment.result_code or "") for payment in payments]
    if payments[0].heir_id:
        common["greeting"] = payee_of(office.keys, payments[0]).name
    return contents.ReturnNotice(
        **common,
        payments=tuple(
            _sent_back(payee_of(office.keys, payment), payment, result)
            for payment, result in zip(payments, known, strict=True)
        ),
        total=Fen(sum(payment.amount for payment in payments)),
        bring=tuple(dict.fromkeys(result.member for result in known if result and result.member)),
    )


def _sent_back(
    payee: Payee, payment: Payment, result: BankResult | None
) -> contents.ReturnedPayment:
    why = result.words if result else _("银行没有说明原因")
    card = mask_card(payee.account)
    return contents.ReturnedPayment(payee.name, payee.bank_name, card, payment.amount, why)


_GATHER = {
    LetterKind.RECEIPT: _receipt,
    LetterKind.SUPPLEMENT_NOTICE: _supplement,
    LetterKind.PAYMENT_NOTICE: payment_notice,
    LetterKind.HEIR_NOTICE: heir_notice,
    LetterKind.RETURN_NOTICE: _returned,
    LetterKind.DENIAL_NOTICE: denial_notice,
    LetterKind.OBJECTION_ANSWER: objection_answer,
    LetterKind.OBJECTION_WITHDRAWN: objection_withdrawn,
    LetterKind.RECOVERY_NOTICE: recovery_notice,
    LetterKind.INSTALMENT_NOTICE: instalment_notice,
}
