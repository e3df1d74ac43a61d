"""A denial that a supervisor proposes by a clause; another supervisor approves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from documents.sealing import KeyRing
from language import SOURCE, _, speaking
from models import Claim, Decision, DecisionPart, DecisionReason, User
from models.machines.claims import CLAIM
from rules import plans
from rules.clauses import Clause, clauses
from rules.errors import BadInput, Refused
from rules.facts.case import to_json
from rules.money import Fen
from rules.owed import MAIN_PLAN, judge_claim
from rules.plans import Plan
from rules.verdict import Outcome, ReasonKind
from workflows.claims.judging.carried_rights import give_back_paid
from workflows.claims.judging.facts import facts_of
from workflows.claims.judging.reversal import reverse
from workflows.claims.judging.revision import open_revisions
from workflows.claims.letters.decided_parts import UNREAD
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import next_id
from workflows.known_deaths import known_dead
from workflows.people.claim_makers import Made, note_maker
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.sealed_values.decisions import are_of_death, seal_facts, seal_reason


@dataclass(frozen=True)
class _Denied:
    """What one part of the denial is about."""

    event: int
    plan: Plan
    facts: Mapping[str, object]
    period: tuple[date, date] | tuple[None, None]


def clauses_for(session: Session, claim: Claim, office: Office) -> dict[str, Clause]:
    """The clauses of the plans that answer for the claim, the first plan's before the others'."""
    found: dict[str, Clause] = {}
    for each in _denied(session, claim, office):
        found = clauses(each.plan) | found
    return found


def propose_denial(
    session: Session, office: Office, person: User, claim: Claim, clause: str, reason: str
) -> Decision:
    """Propose to deny the whole claim by this clause, in the words of the reason.

    BadInput where no plan of the claim has the clause.
    """
    require(person, Act.APPROVE)
    if claim.is_relief:
        raise Refused(_("二次救助由评审会决定"))
    if CLAIM.move("propose_denial", claim.state) is None:
        raise Refused(_("案件 %(number)s 现在不能提请不予给付") % {"number": claim.number})
    reason = told_reason(reason, _("请写明原因"))
    with speaking(SOURCE):  # what is decided goes into letters to members
        id_, denied = next_id(session, Decision), _denied(session, claim, office)
        parts = _parts(office.keys, id_, denied, clause, reason)
    reverse(session, claim, office)
    give_back_paid(session, open_revisions(session, [claim.id]), office.clock())
    decision = Decision(
        id=id_,
        number=len(claim.decisions) + 1,
        outcome=Outcome.DENY.value,
        amount=Fen(0),
        made_at=office.clock(),
        proposed_by=person.id,
        parts=parts,
    )
    claim.decisions.append(decision)
    note_maker(session, claim, person, Made.DENIAL)
    advance(session, claim, "propose_denial", office, person, reason=reason, clause=clause)
    return decision


def _denied(session: Session, claim: Claim, office: Office) -> Sequence[_Denied]:
    """Each event under each plan, or the whole claim where the papers do not show an event."""
    try:
        dead = known_dead(session, [claim.member_id])
        judged = judge_claim(facts_of(claim, office, dead, ()))
    except BadInput:
        facts = {"kind": UNREAD, "received_on": claim.received_on.isoformat()}
        return [_Denied(0, _plan_of(claim), facts, (None, None))]
    return [
        _Denied(part.event, part.plan, to_json(part.facts), part.verdict.period or (None, None))
        for part in judged
    ]


def _plan_of(claim: Claim) -> Plan:
    """The plan the member was last covered by, else the main one."""
    covers = claim.member.coverages if claim.member else []
    return plans.load(covers[-1].plan if covers else MAIN_PLAN)


def _parts(
    keys: KeyRing, decision_id: int, denied: Sequence[_Denied], clause: str, reason: str
) -> list[DecisionPart]:
    known = [found for each in denied if (found := clauses(each.plan).get(clause))]
    if not known:
        raise BadInput(_("没有这一条款：%(clause)s") % {"clause": clause[:50]})
    parts = []
    for number, each in enumerate(denied, 1):
        ground = clauses(each.plan).get(clause, known[0])
        text = _("%(clause)s：%(reason)s") % {"clause": ground.words, "reason": reason}
        why = DecisionReason(
            number=1,
            kind=ReasonKind.DENY.value,
            code=ground.code.value,
            article=ground.article,
            text=seal_reason(keys, text, decision_id, number, 1),
        )
        parts.append(
            DecisionPart(
                decision_id=decision_id,
                number=number,
                event=each.event,
                plan=each.plan.code,
                outcome=Outcome.DENY.value,
                amount=Fen(0),
                facts=seal_facts(keys, decision_id, number, each.facts),
                of_death=are_of_death(each.facts),
                period_start=each.period[0],
                period_end=each.period[1],
                reasons=[why],
            )
        )
    return parts
