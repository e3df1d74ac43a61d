"""What a supervisor is told of the heirs of a claim: who keyed them, whose cards they have, and in
whose place they stand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from language import _
from models import AuditEvent, Claim, Heir, Member, User
from workflows.engine.rows import any_of


@dataclass(frozen=True)
class ReplacedHeirs:
    """A confirmed list of heirs that another one took the place of: who keyed and who confirmed
    that one, when, and the ids of the heirs of both."""

    by: tuple[str, ...]
    at: datetime
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True)
class UnreadHeir:
    """A confirmed heir, by his id, and which of his values are read on no page of the papers."""

    heir_id: int
    values: tuple[str, ...]


def unread_heirs(
    session: Session, claim_ids: Collection[int]
) -> Mapping[int, tuple[UnreadHeir, ...]]:
    """By claim, its confirmed heirs of whom the papers do not say all that was keyed."""
    query = select(Heir.claim_id, Heir.id, Heir.unread).where(
        any_of(Heir.claim_id, claim_ids),
        Heir.withdrawn_at.is_(None),
        Heir.confirmed_at.is_not(None),
        func.cardinality(Heir.unread) > 0,
    )
    found: defaultdict[int, tuple[UnreadHeir, ...]] = defaultdict(tuple)
    for claim_id, heir_id, values in session.execute(query.order_by(Heir.id)):
        found[claim_id] += (UnreadHeir(heir_id, tuple(values)),)
    return found


def notes_of_heirs(session: Session, claim_ids: Collection[int]) -> defaultdict[int, list[str]]:
    """By claim, that its money goes to heirs, who keyed and confirmed them, and whose cards they
    share."""
    keyer, confirmer = aliased(User), aliased(User)
    notes: defaultdict[int, list[str]] = defaultdict(list)
    for claim_id, heirs, by, agreed_by in session.execute(
        select(Heir.claim_id, func.count(), keyer.name, confirmer.name)
        .join(keyer, keyer.id == Heir.keyed_by)
        .join(confirmer, confirmer.id == Heir.confirmed_by)
        .where(any_of(Heir.claim_id, claim_ids), Heir.withdrawn_at.is_(None))
        .group_by(Heir.claim_id, keyer.name, confirmer.name)
    ):
        words = {"heirs": heirs, "keyed": by, "confirmed": agreed_by}
        text = _("付给 %(heirs)s 位继承人，%(keyed)s录入，%(confirmed)s确认") % words
        notes[claim_id].append(text)
    for claim_id, note in _of_other_people(session, notes):
        notes[claim_id].append(note)
    return notes


def _of_other_people(session: Session, claim_ids: Collection[int]) -> list[tuple[int, str]]:
    """The heirs whose cards other people have: a member, a member who claimed, another heir.

    Persons are told apart by ID number. The dead member's own claims name the heirs' cards.
    """
    if not claim_ids:
        return []
    of_members, of_claims, of_heirs = _same_cards(claim_ids)
    found = [
        (id_, _("一位继承人的收款卡是一位会员登记的卡"))
        for id_ in session.scalars(of_members.distinct())
    ]
    for query, words in (
        (of_claims, _("一位继承人的收款卡也是案件 %(number)s 的收款卡，会员是另一人")),
        (of_heirs, _("一位继承人的收款卡也是案件 %(number)s 另一位继承人的卡")),
    ):
        rows = session.execute(query.distinct().order_by(*query.selected_columns))
        found += [(id_, words % {"number": number}) for id_, number in rows]
    return found


def _same_cards(
    claim_ids: Collection[int],
) -> tuple[Select[int], Select[int, str], Select[int, str]]:
    """The claims of these whose heirs' cards a member has, another claim, or another heir, the
    latter two with the number of that claim."""
    own, theirs, claim = aliased(Claim), aliased(Heir), aliased(Claim)
    heirs = (
        select(Heir.id, Heir.claim_id, Heir.id_print, Heir.card_print, own.member_id)
        .join(own, own.id == Heir.claim_id)
        .where(any_of(Heir.claim_id, claim_ids), Heir.withdrawn_at.is_(None))
        .cte("own_heir")
    )
    of_members = (
        select(heirs.c.claim_id)
        .join(Member, Member.card_print == heirs.c.card_print)
        .where(Member.id_print != heirs.c.id_print)
    )
    of_claims = (
        select(heirs.c.claim_id, claim.number)
        .join(claim, claim.card_print == heirs.c.card_print)
        .join(Member, Member.id == claim.member_id)
        .where(claim.member_id != heirs.c.member_id, Member.id_print != heirs.c.id_print)
    )
    of_heirs = (
        select(heirs.c.claim_id, claim.number)
        .join(theirs, theirs.card_print == heirs.c.card_print)
        .join(claim, claim.id == theirs.claim_id)
        .where(theirs.id_print != heirs.c.id_print)
    )
    return of_members, of_claims, of_heirs


def replaced_heirs(
    session: Session, claim_ids: Collection[int]
) -> Mapping[int, tuple[ReplacedHeirs, ...]]:
    """By claim, each confirmed list of heirs that the next one changed, oldest first."""
    lists = _confirmed_lists(session, claim_ids)
    if not lists:
        return {}
    people = {each for of_claim in lists.values() for heirs in of_claim for each in _by(heirs[0])}
    names = dict(session.execute(select(User.id, User.name).where(any_of(User.id, people))).all())
    found = {}
    for claim_id, of_claim in lists.items():
        changes = [
            ReplacedHeirs(
                tuple(names[each] for each in _by(new[0])), _at(new[0]), _ids(old), _ids(new)
            )
            for old, new in pairwise(of_claim)
            if set(map(_told, old)) != set(map(_told, new))
        ]
        if changes:
            found[claim_id] = tuple(changes)
    return found


def _confirmed_lists(
    session: Session, claim_ids: Collection[int]
) -> Mapping[int, list[Sequence[Heir]]]:
    """The lists that were confirmed, by claim. Each act of keying wrote so many rows: hours do not
    tell two lists apart."""
    query = select(Heir).where(any_of(Heir.claim_id, claim_ids)).order_by(Heir.id)
    rows: defaultdict[int, list[Heir]] = defaultdict(list)
    for heir in session.scalars(query):
        rows[heir.claim_id].append(heir)
    if not rows:
        return {}
    keyed = session.execute(
        select(AuditEvent.subject_id, AuditEvent.detail["heirs"].as_integer())
        .where(
            AuditEvent.subject == Claim.__tablename__,
            any_of(AuditEvent.subject_id, rows.keys()),
            AuditEvent.verb == "key_heirs",
        )
        .order_by(AuditEvent.subject_id, AuditEvent.seq)
    )
    lists: defaultdict[int, list[Sequence[Heir]]] = defaultdict(list)
    for claim_id, count in keyed:
        new, rows[claim_id] = rows[claim_id][:count], rows[claim_id][count:]
        if new[0].confirmed_at:
            lists[claim_id].append(new)
    return lists


def _by(heir: Heir) -> tuple[int, int]:
    assert heir.confirmed_by is not None
    return heir.keyed_by, heir.confirmed_by


def _at(heir: Heir) -> datetime:
    assert heir.confirmed_at is not None
    return heir.confirmed_at


def _ids(heirs: Sequence[Heir]) -> tuple[int, ...]:
    return tuple(heir.id for heir in heirs)


def _told(heir: Heir) -> tuple[object, ...]:
    return heir.id_print, heir.card_print, heir.share, heir.share_of
