"""What is known of each proposed payment, read for all claims of a list at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.masks import mask_card
from documents.reading.fields import FIELD_NAMES, SETTLEMENT_SUMS, FieldName
from documents.reading.page_marks import Likeness
from documents.shown_values import name
from language import _
from models import Claim, Field, Member
from rules import plans
from rules.second_look import SURE_FROM, KnownCard, LookReason, PayeeFacts, PaymentFacts
from rules.verdict import Outcome
from workflows.claims.approving.card_authors import brought_by_one
from workflows.claims.approving.event_facts import (
    JudgedEvent,
    cover_of_event,
    covers_of,
    granted_stays,
    judged_events,
    papers_used,
    stay_of,
    used_limits,
)
from workflows.claims.approving.same_payee import (
    ClaimToPay,
    cards_in_run,
    last_paid,
    other_members,
)
from workflows.claims.approving.settled_by_file import settled_by_file
from workflows.claims.events.event import OF_A_STAY
from workflows.claims.judging.reused_papers import alike_papers
from workflows.claims.sums.payees import PAYEE_FIELDS
from workflows.engine.office import BEIJING, Office
from workflows.engine.rows import any_of, by_id
from workflows.sealed_values.claims import opened_value
from workflows.sealed_values.members import card_of

_DECIDE_MONEY = (
    FieldName.ID_NUMBER,
    *PAYEE_FIELDS,
    *OF_A_STAY,
    *SETTLEMENT_SUMS,
    FieldName.FURTHER_STAYS,
    FieldName.HOSPITAL_LEVEL,
    FieldName.ACCIDENT_ON,
    FieldName.DISABILITY_GRADES,
)


class _Value(NamedTuple):
    """A field of a claim that decides money; read without its place on the page."""

    claim_id: int
    name: str
    sealed: bytes
    confidence: float
    corrected_by: int | None


_Fields = Mapping[str, _Value]
_Thing = TypeVar("_Thing")


def payment_facts(
    session: Session,
    office: Office,
    outcomes: Mapping[int, str],
    told: Mapping[int, Sequence[LookReason]],
    to_heirs: Collection[int],
) -> dict[int, PaymentFacts]:
    """What is known of the claims, by claim; `outcomes` are what is proposed for each, `told` the
    reasons known already, `to_heirs` the claims that pay heirs."""
    claims = _claims(session, outcomes)
    members = by_id(session, Member, {claim.member_id for claim in claims})
    fields = _fields(session, outcomes)
    payees = _payees(session, office, claims, members, fields)
    events, limits = judged_events(session, outcomes), used_limits(session, outcomes)
    covers, stays = covers_of(session, members), granted_stays(session, members, outcomes)
    papers, alike = papers_used(session, outcomes), _alike(session, outcomes)
    by_file = settled_by_file(session, outcomes)
    found = {}
    for claim in claims:
        member_id, judged = claim.member_id or 0, events[claim.id]
        found[claim.id] = PaymentFacts(
            number=claim.number,
            today=office.today(),
            is_denial=outcomes[claim.id] != Outcome.PAY,
            told=(*told.get(claim.id, ()), *by_file.get(claim.id, ())),
            payee=None if claim.id in to_heirs else payees.get(claim.id),
            unsure=tuple(_unsure(fields[claim.id].values(), judged)),
            covers=_there(cover_of_event(covers.get(member_id, ()), each) for each in judged),
            limits=tuple(limits[claim.id]),
            stays=_there(stay_of(claim.number, each.event) for each in judged),
            other_stays=tuple(stay for id_, stay in stays[member_id] if id_ != claim.id),
            papers_of=tuple(papers[claim.id]),
            papers_like=tuple(alike[claim.id, Likeness.SAME_PAGE]),
            numbers_of=tuple(alike[claim.id, Likeness.SAME_NUMBER]),
        )
    return found


def _alike(
    session: Session, claim_ids: Collection[int]
) -> defaultdict[tuple[int, Likeness], dict[str, None]]:
    """The numbers of the claims with pages like those of a claim, each once and in order."""
    found: defaultdict[tuple[int, Likeness], dict[str, None]] = defaultdict(dict)
    for each in alike_papers(session, claim_ids):
        found[each.claim_id, each.why][each.other_number] = None
    return found


def _payees(
    session: Session,
    office: Office,
    claims: Sequence[ClaimToPay],
    members: Mapping[int, Member],
    fields: Mapping[int, _Fields],
) -> dict[int, PayeeFacts]:
    """By claim, who is paid by it; a claim without a card or a member is left out."""
    others, last = other_members(session, claims, members), last_paid(session, office, members)
    run, by_one = cards_in_run(session, office, claims), brought_by_one(session, claims, members)
    found = {}
    for claim in claims:
        own, member = fields[claim.id], members.get(claim.member_id or 0)
        if member is None or claim.card_print is None:
            continue
        changed = member.card_changed_at
        number = _text(office, own, FieldName.BANK_CARD_NUMBER)
        payee = _text(office, own, FieldName.MEMBER_NAME)
        found[claim.id] = PayeeFacts(
            is_member=payee == member.name,
            member=name(member.name),
            name=name(payee),
            card=KnownCard(claim.card_print, mask_card(number)),
            register_card=_register_card(office, member),
            register_changed_on=changed.astimezone(BEIJING).date() if changed else None,
            brought_by=by_one.get(claim.id, ""),
            last_paid=last.get(member.id),
            others=tuple(others.get(claim.id, ())),
            run_cards=tuple(run.get(claim.id, ())),
        )
    return found


def _claims(session: Session, claim_ids: Collection[int]) -> list[ClaimToPay]:
    query = select(Claim.id, Claim.number, Claim.member_id, Claim.card_print)
    return [ClaimToPay(*row) for row in session.execute(query.where(any_of(Claim.id, claim_ids)))]


def _fields(session: Session, claim_ids: Collection[int]) -> defaultdict[int, dict[str, _Value]]:
    found: defaultdict[int, dict[str, _Value]] = defaultdict(dict)
    query = select(
        Field.claim_id, Field.name, Field.value, Field.confidence, Field.corrected_by
    ).where(any_of(Field.claim_id, claim_ids), Field.name.in_(_DECIDE_MONEY))
    for row in session.execute(query):
        field = _Value(*row)
        found[field.claim_id][field.name] = field
    return found


def _text(office: Office, own: _Fields, field: FieldName) -> str:
    value = own.get(field)
    return opened_value(office.keys, value.claim_id, field, value.sealed) if value else ""


def _register_card(office: Office, member: Member) -> KnownCard | None:
    if member.card_print is None:
        return None
    return KnownCard(member.card_print, mask_card(card_of(office.keys, member) or ""))


def _unsure(fields: Iterable[_Value], judged: Sequence[JudgedEvent]) -> Iterator[tuple[str, float]]:
    """What was read unsurely; the sums of a settlement sheet only where a plan pays by them."""
    by_sums = any(plans.load(each.plan).medical_expense for each in judged)
    for field in fields:
        if field.name in SETTLEMENT_SUMS and not by_sums:
            continue
        if field.corrected_by is None and field.confidence < SURE_FROM:
            yield _(FIELD_NAMES[FieldName(field.name)]), field.confidence


def _there(found: Iterable[_Thing | None]) -> tuple[_Thing, ...]:
    return tuple(each for each in found if each is not None)
