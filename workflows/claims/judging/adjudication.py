"""Adjudication (核定): gathers the facts, asks the rules, writes the decision, reserves limits."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set

from sqlalchemy.orm import Session

from language import _
from models import Claim, Document
from rules.errors import BadInput, Refused
from rules.owed import JudgedPart, judge_claim
from rules.verdict import Outcome
from workflows.claims.judging.carried_rights import carry_over
from workflows.claims.judging.decision_rows import (
    JudgedClaim,
    right,
    write_decisions,
    write_rights,
)
from workflows.claims.judging.facts import facts_of
from workflows.claims.judging.limits import Grant, lock_members, reserve
from workflows.claims.judging.look_alikes import PaidToCards, beside_its_look_alike, paid_to_cards
from workflows.claims.judging.reversal import reverse
from workflows.claims.judging.revision import open_revisions
from workflows.claims.judging.twins import beside_its_twin
from workflows.claims.judging.unpaid_stays import UnpaidStay, denied_now, unpaid_stays
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.known_deaths import known_dead

READS = (
    (Claim.documents, Document.pages),
    (Claim.fields,),
    (Claim.answers,),
    (Claim.heirs,),
    (Claim.decisions,),
    (Claim.unit,),
)


def adjudicate(session: Session, claims: Sequence[Claim], office: Office) -> None:
    """Decide on complete claims: propose to pay or deny, or refer to a person."""
    lock_members(session, claims)
    dead = known_dead(session, [claim.member_id for claim in claims])
    unpaid = unpaid_stays(session, [claim.member_id for claim in claims])
    for group in _groups(claims):
        for each in _decide(session, group, office, dead, unpaid):
            unpaid = [known for known in unpaid if known.claim_id != each.claim.id]
            unpaid += (
                denied_now(each.claim, each.parts) if each.outcome is not Outcome.REFER else ()
            )


def _groups(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The claims in groups, with at most one claim of a member in each.

    Two claims of one member may ask for the same event, or for what is left of the same limit. So
    the second is judged after the first one's right is written, as if it came a day later; claims
    of different members share a group, and with it its statements.
    """
    groups: list[list[Claim]] = []
    had: Counter[int | None] = Counter()
    for claim in claims:
        if had[claim.member_id] == len(groups):
            groups.append([])
        groups[had[claim.member_id]].append(claim)
        had[claim.member_id] += 1
    return groups


def _decide(
    session: Session,
    claims: Sequence[Claim],
    office: Office,
    dead: Set[int],
    unpaid: Sequence[UnpaidStay],
) -> list[JudgedClaim]:
    """Judge the claims, write the decisions, reserve what they grant, and move the claims on.

    The order of writing follows the foreign keys: decisions at once, then rights, counters and
    reservations; the decisions' lines and reasons, the events and the claims' new states with the
    next flush.
    """
    cards = paid_to_cards(session, claims)
    judged = [_judged(claim, office, cards, dead, unpaid) for claim in claims]
    decided = [each for each in judged if each.outcome is not Outcome.REFER]
    revised = open_revisions(session, [each.claim.id for each in decided if each.claim.decisions])
    _reverse_the_last(session, office, judged)
    decisions = write_decisions(session, office.keys, judged, office.clock())
    granted = [each for each in judged if each.outcome is Outcome.PAY]
    _grant(session, office, granted, decisions, revised)
    for each in judged:
        verb = "refer" if each.outcome is Outcome.REFER else "propose"
        advance(session, each.claim, verb, office, outcome=each.outcome.value, amount=each.amount)
    return judged


def try_out(session: Session, claim: Claim, office: Office) -> Sequence[JudgedPart]:
    """What would be decided on the claim as it stands (试算), part by part; nothing of it is kept.

    BadInput where a value the rules need is not there yet.
    """
    if claim.is_relief:
        raise Refused(_("二次救助由评审会决定，不能试算"))
    try:
        dead = known_dead(session, [claim.member_id])
        unpaid = unpaid_stays(session, [claim.member_id])
        return _judged(claim, office, paid_to_cards(session, [claim]), dead, unpaid).parts
    except BadInput as error:
        raise BadInput(_("现有字段还不够试算，请先补齐或更正")) from error


def _judged(
    claim: Claim,
    office: Office,
    cards: PaidToCards,
    dead: Set[int],
    unpaid: Sequence[UnpaidStay],
) -> JudgedClaim:
    judged = judge_claim(facts_of(claim, office, dead, unpaid))
    parts = [beside_its_twin(office.keys, claim, part) for part in judged]
    beside = [beside_its_look_alike(office.keys, claim, part, cards) for part in parts]
    return JudgedClaim(claim, beside)


def _reverse_the_last(session: Session, office: Office, judged: Sequence[JudgedClaim]) -> None:
    """Reverse the decision that each claim has so far, if any: the new one takes its place."""
    decided_before = [each.claim for each in judged if each.claim.decisions]
    for claim in decided_before:
        reverse(session, claim, office)
    if decided_before:
        # Rights that are given back leave the unique key of their event to those granted now.
        session.flush()


def _grant(
    session: Session,
    office: Office,
    granted: Sequence[JudgedClaim],
    decisions: Mapping[int, int],
    revised: Collection[int],
) -> None:
    """Write a right for each part that pays, and take from the members' limits what they grant.

    Of a claim under revision the rights that were paid are carried over, or taken back. A unique
    key admits one live right for an event, also where a judgement overlooked another claim's.
    """
    paid = [
        (each.claim, number, part)
        for each in granted
        for number, part in enumerate(each.parts, 1)
        if part.verdict.outcome is Outcome.PAY
    ]
    places = {(claim.id, number): part.event for claim, number, part in paid}
    rights = [
        right(office.keys, claim, decisions[claim.id], number, part) for claim, number, part in paid
    ]
    carried = carry_over(session, revised, rights, places, office.clock())
    new = [each for each in rights if (each.claim_id, each.part) not in carried]
    ids = carried | write_rights(session, new)
    grants = [
        Grant(ids[claim.id, number], claim.member, part.plan, part.verdict.reservations)
        for claim, number, part in paid
        if claim.member
    ]
    reserve(session, grants)
