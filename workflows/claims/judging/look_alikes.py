"""Two members who may be one person: paid to one card under the same name, or for the same stay."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.sealing import KeyRing
from language import _
from models import Claim, Entitlement, Member
from rules.owed import JudgedPart
from rules.questions import answered, denied
from rules.verdict import Code, Outcome, Reason, ReasonKind
from workflows.claims.judging.twins import event_key
from workflows.engine.rows import any_of

_SAME = Code.SAME_PERSON_SUSPECTED


class PaidToCard(NamedTuple):
    """A right that was granted to a card: whose it is, by which claim, for which event."""

    member_id: int
    name: str
    birth_date: date
    number: str
    event_print: bytes


PaidToCards = Mapping[bytes | None, Sequence[PaidToCard]]


def paid_to_cards(session: Session, claims: Sequence[Claim]) -> PaidToCards:
    """The live rights whose money goes to the cards of these claims, by fingerprint."""
    query = (
        select(
            Claim.card_print,
            Member.id,
            Member.name,
            Member.birth_date,
            Claim.number,
            Entitlement.event_print,
        )
        .join(Member, Member.id == Claim.member_id)
        .join(Entitlement, Entitlement.claim_id == Claim.id)
        .where(any_of(Claim.card_print, {claim.card_print for claim in claims}))
        .where(Entitlement.released_at.is_(None))
        .order_by(Entitlement.id)
    )
    found: dict[bytes | None, list[PaidToCard]] = defaultdict(list)
    # What is new in this unit of work grants nothing; a flush now would write each claim twice.
    with session.no_autoflush:
        for card, member_id, name, born, number, event in session.execute(query):
            found[card].append(PaidToCard(member_id, name, born, number, event))
    return found


def beside_its_look_alike(
    keys: KeyRing, claim: Claim, part: JudgedPart, cards: PaidToCards
) -> JudgedPart:
    """The same part; a question where its member may be another one who was paid to this card."""
    paid = cards.get(claim.card_print, ())
    alike = [right for right in paid if _is_alike(keys, claim, part, right)]
    if part.verdict.outcome is not Outcome.PAY or not alike:
        return part
    numbers = "、".join(dict.fromkeys(right.number for right in alike))
    text = _("与案件 %(numbers)s 的会员收款账户相同，且姓名、出生日期或住院相同") % {
        "numbers": numbers
    }
    asked = Reason(_SAME, part.article, text, ReasonKind.REFER)
    answer = answered(part.facts, _SAME)
    if answer is None:
        return part.unpaid(Outcome.REFER, asked)
    if denial := denied(part.facts, asked):
        return part.unpaid(Outcome.DENY, denial)
    words = {"asked": text, "answer": answer.words}
    text = _("%(asked)s；经核定：%(answer)s") % words
    reasons = (*part.verdict.reasons, asked._replace(text=text, kind=ReasonKind.NOTE))
    return part._replace(verdict=part.verdict._replace(reasons=reasons))


def _is_alike(keys: KeyRing, claim: Claim, part: JudgedPart, right: PaidToCard) -> bool:
    member = claim.member
    if member is None or right.member_id == member.id:
        return False
    is_same_name = (member.name, member.birth_date) == (right.name, right.birth_date)
    return is_same_name or right.event_print == event_key(keys, claim, part)
