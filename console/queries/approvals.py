"""The approval queue for a supervisor: every item with its person, sum and reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import formatting, labels
from console.queries.heirs_paid import HeirPaid, heirs_paid
from documents.masks import mask_card, mask_id
from language import _
from models import Claim, Decision, DecisionPart, Heir, User
from models.states import ClaimState
from rules.money import Fen
from rules.shares import share_text
from workflows.claims.acts.heirs_unread import UNREAD
from workflows.claims.approving import approval_queue
from workflows.claims.approving.approval_queue import QueuedClaim
from workflows.claims.approving.by_hand import KeyedValue
from workflows.claims.approving.heir_notes import ReplacedHeirs
from workflows.claims.approving.hindrances import hindrances
from workflows.claims.approving.touches import PastDecision, Touch
from workflows.claims.sums.payees import heir_share
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.sealed_values import heir_person, opened_value

ROWS = 200


@dataclass(frozen=True)
class TouchRow:
    """One touch of a person in words: who, when, why, and the result before and after."""

    by: str
    at: datetime
    words: str
    reason: str
    before: str
    after: str


@dataclass(frozen=True)
class KeyedRow:
    """One value that a person keyed: who, when, which, before and after, masked as in a list."""

    by: str
    at: datetime
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ReplacedRow:
    """Heirs that others took the place of, with their cards masked and their shares."""

    by: str
    at: datetime
    before: str
    after: str


@dataclass(frozen=True)
class UnreadRow:
    """One value of an heir that is read on no page, masked, and what is said of it."""

    name: str
    value: str
    words: str


@dataclass(frozen=True)
class QueueRow:
    """One item with its claim in words; the form sends the key back."""

    item: QueuedClaim
    touches: tuple[TouchRow, ...]
    keyed: tuple[KeyedRow, ...]
    replaced: tuple[ReplacedRow, ...]
    unread: tuple[UnreadRow, ...]
    days: int
    benefit: str
    outcome: str
    unit: str
    member: str
    to_heirs: tuple[HeirPaid, ...] = ()
    hindrance: str = ""
    """Why this person cannot approve it, and who can change that; empty if he can."""


@dataclass(frozen=True)
class Queue:
    """The first rows of the queue, with count and sum of all of it."""

    rows: tuple[QueueRow, ...]
    digest: str
    count: int
    sum: Fen
    clean: int


def queue_as_shown(session: Session, office: Office, person: User) -> Queue:
    """The items that wait for approval, exceptions first."""
    items = approval_queue.queue(session)
    shown = items[:ROWS]
    claims = {
        claim.id: claim
        for claim in session.scalars(
            select(Claim).where(Claim.id.in_([item.claim_id for item in shown]))
        )
    }
    blocked = hindrances(session, person, claims.values(), shown)
    paid = heirs_paid(session, office, claims.values())
    ids = {id_ for item in shown for each in item.replaced for id_ in (*each.before, *each.after)}
    ids |= {each.heir_id for item in shown for each in item.unread}
    heirs = {heir.id: heir for heir in session.scalars(select(Heir).where(any_of(Heir.id, ids)))}
    told = _events_of(session, list(claims))
    rows = [
        replace(
            _row(office, item, claims[item.claim_id], told.get(item.claim_id, []), heirs),
            to_heirs=tuple(paid.get(item.claim_id, ())),
            hindrance=blocked.get(item.claim_id, ""),
        )
        for item in shown
    ]
    return Queue(
        rows=tuple(rows),
        digest=approval_queue.digest_of(item.key for item in shown),
        count=len(items),
        sum=Fen(sum(item.amount for item in items)),
        clean=sum(item.is_clean for item in items),
    )


def chosen_items(session: Session, keys: Sequence[str]) -> tuple[list[QueuedClaim], list[str]]:
    """The items with these keys, and the keys whose claim has changed since they were shown."""
    now = {item.key: item for item in approval_queue.queue(session)}
    return [now[key] for key in keys if key in now], [key for key in keys if key not in now]


def numbers_of_keys(session: Session, keys: Sequence[str]) -> list[str]:
    """The numbers of the claims these keys name."""
    ids = approval_queue.claims_named(keys)
    return list(session.scalars(select(Claim.number).where(Claim.id.in_(ids)).order_by(Claim.id)))


def waiting_item(session: Session, claim: Claim) -> QueuedClaim | None:
    """This claim as it waits for approval; None if it does not."""
    if claim.state != ClaimState.PROPOSED:
        return None
    return next(iter(approval_queue.waiting(session, Claim.id == claim.id)), None)


def _touch(touch: Touch) -> TouchRow:
    return TouchRow(
        by=_("、").join(touch.by),
        at=touch.at,
        words=_(touch.words) % {"number": touch.joined} if touch.joined else _(touch.words),
        reason=touch.reason,
        before=_result(touch.before),
        after=_result(touch.after),
    )


def _keyed(office: Office, keyed: KeyedValue) -> KeyedRow:
    def shown(sealed: bytes | None) -> str:
        if sealed is None:
            return _("未读出")
        text = opened_value(office.keys, keyed.of, keyed.field, sealed)
        return formatting.value_in_list(keyed.field, text)

    label, before, after = labels.field(keyed.field), shown(keyed.before), shown(keyed.after)
    return KeyedRow(keyed.by, keyed.at, label, before, after)


def _replaced(office: Office, each: ReplacedHeirs, heirs: Mapping[int, Heir]) -> ReplacedRow:
    def shown(ids: Sequence[int]) -> str:
        return _("、").join(_heir(office, heirs[id_]) for id_ in ids)

    return ReplacedRow(_("、").join(each.by), each.at, shown(each.before), shown(each.after))


def _heir(office: Office, heir: Heir) -> str:
    told = heir_person(office.keys, heir)
    share = share_text(heir_share(heir))
    return f"{formatting.name(told.name)} {mask_card(told.account)} {share}"


def _unread(office: Office, heir: Heir, values: Sequence[str]) -> Iterator[UnreadRow]:
    told = heir_person(office.keys, heir)
    masked = {"id_number": mask_id(told.id_number), "account": mask_card(told.account)}
    for value in values:
        yield UnreadRow(told.name, masked.get(value, ""), _(UNREAD[value]))


def _result(result: PastDecision | None) -> str:
    """Outcome and sum of a decision."""
    if result is None:
        return _("未核定")
    sum_ = f" ¥{formatting.money(result.amount)}" if result.amount else ""
    return labels.outcome(result.outcome) + sum_


def _events_of(session: Session, claims: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """What the decision in force of each claim was judged by, event by event."""
    found: dict[int, list[dict[str, Any]]] = {}
    for claim_id, facts in session.execute(
        select(Decision.claim_id, DecisionPart.facts)
        .join(Decision, Decision.id == DecisionPart.decision_id)
        .where(any_of(Decision.claim_id, claims), Decision.superseded_at.is_(None))
        .order_by(DecisionPart.decision_id, DecisionPart.number)
    ):
        if isinstance(event := facts.get("event"), dict):
            found.setdefault(claim_id, []).append(event)
    return found


def _row(
    office: Office,
    item: QueuedClaim,
    claim: Claim,
    told: Sequence[Mapping[str, object]],
    heirs: Mapping[int, Heir],
) -> QueueRow:
    events = labels.events(told)
    return QueueRow(
        item=item,
        touches=tuple(map(_touch, item.touches)),
        keyed=tuple(_keyed(office, each) for each in item.keyed),
        replaced=tuple(_replaced(office, each, heirs) for each in item.replaced),
        unread=tuple(
            row for of in item.unread for row in _unread(office, heirs[of.heir_id], of.values)
        ),
        days=(office.today() - claim.received_on).days,
        benefit=events if " + " in events else labels.benefit(claim.benefit),
        outcome=labels.outcome(item.outcome),
        unit=claim.unit.name if claim.unit else "",
        member=formatting.name(claim.member.name) if claim.member else "",
    )
