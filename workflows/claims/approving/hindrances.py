"""Why a person cannot approve a claim that waits for it, and who can change that."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from documents.reading.fields import FIELD_NAMES, FieldName
from language import _
from models import AuditEvent, Claim, Payment, User
from models.states import ClaimState
from rules.approval_limits import LEVEL_WORDS, ApproverLevel, ceiling_of, is_above
from rules.money import yuan_text
from rules.verdict import Outcome
from workflows.claims.approving.approval_queue import NO_CHANGE, QueuedClaim
from workflows.claims.approving.approvals_given import approved_by
from workflows.claims.approving.card_authors import came_with_roster_of
from workflows.claims.judging.relief_review import in_doubt
from workflows.claims.judging.reversal import can_reverse
from workflows.claims.judging.revision import beside_revisions
from workflows.claims.paying.difference import with_waiting_receipts
from workflows.claims.sums.bank_doubts import late_credits
from workflows.claims.sums.confirmed_payees import unconfirmed
from workflows.claims.sums.payees import orphaned
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.known_deaths import known_dead, taken_back_by
from workflows.people.claim_makers import made_by

# Who looks at a number, or confirms the payee as it is, changes nothing.
_UNCHANGED = (*NO_CHANGE, "confirm_payee")


def hindrances(
    session: Session,
    office: Office,
    person: User,
    claims: Collection[Claim],
    items: Collection[QueuedClaim],
    own: Mapping[int, str] | None = None,
) -> dict[int, str]:
    """By claim, why this person cannot approve it as the item shows it; others are left out.

    `claims` are those of the items. `own` is their `own_work`, None where nobody asked for it yet.
    """
    ids = [claim.id for claim in claims]
    of_all = {
        **_above_ceiling(office, person, items),
        **_unanswered(session, ids),
        **(own_work(session, office, person, claims, items) if own is None else own),
        **changed_since_proposed(session, claims),
    }
    of_payments = _of_payments(session, office, claims)
    said = {
        item.claim_id: of_all.get(item.claim_id)
        or (of_payments.get(item.claim_id) if item.outcome == Outcome.PAY else None)
        for item in items
    }
    return {claim_id: words for claim_id, words in said.items() if words}


def own_work(
    session: Session,
    office: Office,
    person: User,
    claims: Collection[Claim],
    items: Collection[QueuedClaim],
) -> dict[int, str]:
    """By claim, in what this person had a hand himself, so that another one has to approve it."""
    ids = [claim.id for claim in claims]
    return {
        **dict.fromkeys(
            taken_back_by(session, person, ids), _("本人参与撤销了会员的身故，须由他人审批")
        ),
        **dict.fromkeys(
            came_with_roster_of(session, office, person, claims),
            _("收款卡由本人报送的名册带入，须由他人审批"),
        ),
        **dict.fromkeys(
            approved_by(session, person, [(item.claim_id, item.version) for item in items]),
            _("本人已经批准，须由另一人再批"),
        ),
        **dict.fromkeys(made_by(session, person, ids), _("本人经手过此案，须由他人审批")),
    }


def _above_ceiling(
    office: Office, person: User, items: Collection[QueuedClaim]
) -> Mapping[int, str]:
    """Of each of these claims that asks for an account of another level: up to which sum this one
    approves."""
    level = ApproverLevel(person.level)
    ceiling = ceiling_of(level, office.settings.approval_ceilings)
    if ceiling is None:
        return {}
    words = {"level": _(LEVEL_WORDS[level]), "ceiling": yuan_text(ceiling)}
    told = _("本账户的审批级别（%(level)s）只批准不超过 %(ceiling)s 元的案件，须由级别更高的人审批")
    above = (item.claim_id for item in items if is_above(item.amount, ceiling))
    return dict.fromkeys(above, told % words)


def _of_payments(session: Session, office: Office, claims: Collection[Claim]) -> Mapping[int, str]:
    """Of each of these claims that cannot be paid now: by whom something is to be done first."""
    ids = [claim.id for claim in claims]
    dead = known_dead(session, [claim.member_id for claim in claims])
    without_heirs = [claim.id for claim in orphaned(claims, dead)]
    beside = _("会员已付款的案件 %(number)s 正在重新办理，须待其批准后才能给付本案")
    return {
        **dict.fromkeys(without_heirs, _("会员已身故，须先由经办录入继承人，再由另一人确认")),
        **dict.fromkeys(in_doubt(session, ids), _("救助所依据的案件已重新核定，须先由评审会复看")),
        **{id_: beside % {"number": each} for id_, each in beside_revisions(session, ids).items()},
        **dict.fromkeys(
            unconfirmed(session, office, claims),
            _("收款账户与登记的不同，须先由没有经手过此案的人核对"),
        ),
    }


def _unanswered(session: Session, claim_ids: Collection[int]) -> Mapping[int, str]:
    """Of each of these claims of which it is not certain what was paid or came back: by whom that
    is to be answered first."""
    doubted = late_credits(session, any_of(Payment.claim_id, claim_ids))
    told = {each.claim_id: _("银行先称退票、后称到账，须先向银行核实") for each in doubted}
    unconfirmed = with_waiting_receipts(session, claim_ids)
    return dict.fromkeys(unconfirmed, _("有登记的退款待确认，须先确认或不认这笔退款")) | told


def changed_since_proposed(session: Session, claims: Collection[Claim]) -> Mapping[int, str]:
    """Of each claim that people changed after it was proposed, the last change and the way on."""
    ids = [claim.id for claim in claims]
    of_claims = (AuditEvent.subject == Claim.__tablename__, any_of(AuditEvent.subject_id, ids))
    proposed = (
        select(AuditEvent.subject_id, func.max(AuditEvent.seq).label("seq"))
        .where(*of_claims, AuditEvent.target == ClaimState.PROPOSED)
        .group_by(AuditEvent.subject_id)
        .subquery()
    )
    later = session.execute(
        select(AuditEvent, User.name)
        .join(proposed, AuditEvent.subject_id == proposed.c.subject_id)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(*of_claims, AuditEvent.seq > proposed.c.seq, AuditEvent.verb.not_in(_UNCHANGED))
        .order_by(AuditEvent.subject_id, AuditEvent.seq)
    )
    last = {event.subject_id: (event, name or _("系统")) for event, name in later}
    by_id = {claim.id: claim for claim in claims}
    return {id_: _told(session, by_id[id_], *change) for id_, change in last.items()}


def _told(session: Session, claim: Claim, event: AuditEvent, name: str) -> str:
    words = {"name": name, "change": _change(event)}
    if can_reverse(session, claim):
        sentence = _(
            "%(name)s在核定之后%(change)s：须由经办在案件页按“重新审核”，重新核定后才能批准"
        )
    else:
        sentence = _("%(name)s在核定之后%(change)s：须由经办在案件页按“重新付款”，才能批准")
    return sentence % words


def _change(event: AuditEvent) -> str:
    match event.verb:
        case "correct":
            field = FIELD_NAMES[FieldName(str(event.detail["field"]))]
            return _("更正了“%(field)s”") % {"field": _(field)}
        case "name_kind":
            return _("更正了材料种类")
        case "answer":
            return _("处理了待核事项")
        case "key_heirs" | "confirm_heirs":
            return _("更改了继承人")
    return _("又有变动")
