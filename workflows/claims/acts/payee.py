"""Confirms who a claim is paid to, where name or card are not those of the register: a second
person sees both accounts side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.reading.fields import FieldName
from language import _
from models import Claim, Finding, MemberCard, User
from models.states import ClaimState
from rules.errors import OwnWork, Refused
from workflows.claims.acts.correction import can_recheck, check_again
from workflows.claims.judging.payee_check import PAYEE_UNCONFIRMED, shown_otherwise
from workflows.claims.papers.new_card import card_after_return
from workflows.claims.papers.papers_read import papers_of
from workflows.claims.sums.confirmed_payees import PAID, unconfirmed
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.member_cards import mark_of, new_card
from workflows.people.claim_makers import Made, made_by, note_maker
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, require
from workflows.sealed_values.claims import Payee, values_of
from workflows.sealed_values.members import card_of

_OPEN = (
    ClaimState.INCOMPLETE,
    ClaimState.IN_QUESTION,
    ClaimState.REFERRED,
    ClaimState.PROPOSED,
    ClaimState.RETURNED,
)


@dataclass(frozen=True)
class TwoPayees:
    """The payee on the register, if any, and the one that the claim names; `mark` is what a form
    sends back of the latter. `on_papers` are the ID and card numbers that the papers show in the
    place of the claim's, `after_return` says what those show that came since a return."""

    registered: Payee | None
    named: Payee
    mark: str
    on_papers: tuple[str, ...] = ()
    after_return: str = ""


def payees_to_compare(session: Session, office: Office, claim: Claim) -> TwoPayees | None:
    """Both accounts, where a second person has still to confirm the one of the claim."""
    if claim.state not in _OPEN or not _waits(session, office, claim):
        return None
    member, values = claim.member, values_of(office.keys, claim)
    assert member is not None
    card = card_of(office.keys, member)
    registered = Payee(member.name, card, member.bank_name or "") if card else None
    named = _named(values)
    shown = shown_otherwise(papers_of(session, office, claim)) if claim.documents else {}
    on_papers = tuple(number for numbers in shown.values() for number in numbers)
    since = card_after_return(session, office, claim)
    mark = mark_of(office.keys, named.name, named.account)
    return TwoPayees(registered, named, mark, on_papers, since.in_words if since else "")


def _waits(session: Session, office: Office, claim: Claim) -> bool:
    is_asked = any(f.code == PAYEE_UNCONFIRMED and f.closed_at is None for f in claim.findings)
    return is_asked or bool(unconfirmed(session, office, [claim]))


def confirm_payee(session: Session, office: Office, person: User, claim: Claim, shown: str) -> None:
    """Agree that the claim is paid to this payee, by the mark of what was shown beside the
    register's; the claim goes on if nothing else is open.

    Refused to whoever made something of the claim; who confirms does not approve it.
    """
    require(person, Act.CONFIRM_PAYEE)
    found = payees_to_compare(session, office, claim)
    if found is None:
        raise Refused(_("案件 %(number)s 没有待核对的收款账户") % {"number": claim.number})
    if found.mark != shown:
        raise Refused(_("收款账户在显示之后已有变动，请重新核对"))
    if has_made(session, person, claim):
        raise OwnWork(_("本人经手过此案，收款账户须由他人核对"))
    _keep(session, office, person, claim, found.named)
    note_maker(session, claim, person, Made.CARD)
    record(session, claim, "confirm_payee", office.clock(), person.id)
    _go_on(session, office, person, claim)


def _named(values: Mapping[str, str]) -> Payee:
    return Payee(
        values.get(FieldName.MEMBER_NAME, ""),
        values[FieldName.BANK_CARD_NUMBER],
        values.get(FieldName.BANK_NAME, ""),
    )


def has_made(session: Session, person: User, claim: Claim) -> bool:
    """Whether the person brought the card, or made anything of the claim but confirmed one, so that
    another one confirms the payee."""
    brought = select(MemberCard.id).where(
        MemberCard.member_id == claim.member_id,
        MemberCard.asked_by.in_(own_accounts(session, person)),
        MemberCard.dropped_at.is_(None),
    )
    made = made_by(session, person, [claim.id], beside=Made.CARD)
    return bool(made) or session.scalar(brought.limit(1)) is not None


def _keep(session: Session, office: Office, person: User, claim: Claim, named: Payee) -> None:
    assert claim.member is not None
    row = new_card(office, claim.member, named.name, named.account, named.bank_name or None)
    keyed = [field.corrected_by for field in claim.fields if field.name in PAID]
    row.claim_id, row.asked_by = claim.id, next(filter(None, reversed(keyed)), None)
    row.confirmed_by, row.confirmed_at = person.id, office.clock()
    session.add(row)
    session.flush()


def _go_on(session: Session, office: Office, person: User, claim: Claim) -> None:
    waiting: list[Finding] = []
    for finding in claim.findings:
        if finding.code == PAYEE_UNCONFIRMED:
            finding.closed_at = finding.closed_at or office.clock()
        elif finding.closed_at is None:
            waiting.append(finding)
    if claim.state == ClaimState.IN_QUESTION and not waiting and can_recheck(claim):
        check_again(session, office, person, claim)
