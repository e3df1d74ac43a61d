"""Which members are known to have died (R25): noted when it is first told, kept until two people
take it back.

It is a fact of the member. What showed it may change afterwards: a page is named another paper, an
ID number is corrected, a roster names him again. None of these brings him back to life.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from documents.kinds import Kind
from language import N_, _
from models import Batch, Claim, Document, KnownDeath, Member, Page, Payment, User
from models.membership import DeathSource
from models.states import BatchState
from rules.errors import OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.office import BEIJING, Office
from workflows.engine.rows import any_of
from workflows.member_locks import locked
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require

SOURCE_WORDS = {
    DeathSource.UNIT: N_("单位登记"),
    DeathSource.CERTIFICATE: N_("死亡证明"),
    DeathSource.EVENT: N_("身故事件"),
}


# A page shows the papers that were copied on it beside its own, as long as it shows any.
_SHOWS_DEATH = (Page.kind == Kind.DEATH_CERTIFICATE.value) | (
    Page.also.contains([Kind.DEATH_CERTIFICATE.value])
    & (Page.kind_by.is_(None) | (Page.kind != Kind.OTHER.value))
)


@dataclass(frozen=True)
class ToldDeath:
    """That a member died, and what told it: which claim and which person, if any."""

    member: Member
    source: DeathSource
    claim: Claim | None = None
    by: User | None = None


def known_dead(session: Session, member_ids: Collection[int | None]) -> set[int]:
    """Those of these members who are known to have died."""
    # A flush would write every claim of a step now, and once more when it moves.
    with session.no_autoflush:
        known = select(KnownDeath.member_id).where(
            any_of(KnownDeath.member_id, member_ids), KnownDeath.taken_back_at.is_(None)
        )
        return set(session.scalars(known))


def ever_noted(session: Session, member_ids: Collection[int | None]) -> set[int]:
    """Those of these members whose death was noted at any time, also where it was taken back."""
    with session.no_autoflush:
        noted = select(KnownDeath.member_id).where(any_of(KnownDeath.member_id, member_ids))
        return set(session.scalars(noted))


def death_of(session: Session, member: Member) -> KnownDeath | None:
    """The death of the member that is known and has not been taken back."""
    query = select(KnownDeath).filter_by(member_id=member.id, taken_back_at=None)
    return session.scalar(query)


def note_death(session: Session, office: Office, told: ToldDeath) -> None:
    """Keep that the member has died, unless it is known already.

    The member's lock is held from here on: what leaves for his own card has left before, or finds
    that he has died (`batches.release`).
    """
    member, claim = told.member, told.claim
    by = told.by.id if told.by else None
    _lock(session, member)
    row = {
        "member_id": member.id,
        "known_at": office.clock(),
        "source": told.source.value,
        "claim_id": claim.id if claim else None,
        "told_by": by,
        "paid_before": _left_for_his_card(session, member),
    }
    new = insert(KnownDeath).values(row).on_conflict_do_nothing().returning(KnownDeath.id)
    with session.no_autoflush:
        if session.scalar(new) is None:
            return
    of = {"from": told.source.value, "claim": claim.number if claim else None}
    record(session, member, "note_death", office.clock(), by, **of)
    # Adjudication, which may go on in this transaction, reads the member's row again.
    session.flush()


def doubt_death(
    session: Session, office: Office, person: User, member: Member, reason: str
) -> None:
    """Ask that the death be taken back, and say why; it stands until another person agrees."""
    require(person, Act.CORRECT)
    death = _locked(session, member)
    if death.doubted_at is not None:
        raise Refused(_("已有人申请撤销身故，待另一人确认"))
    reason = told_reason(reason, _("请写明撤销身故的原因"))
    _refuse_while_shown(session, member)
    death.doubted_by, death.doubted_at, death.reason = person.id, office.clock(), reason
    record(session, member, "doubt_death", office.clock(), person.id, reason=reason)


def take_back_death(session: Session, office: Office, person: User, member: Member) -> None:
    """Agree that the member lives; the person neither told the death nor asked to take it back."""
    require(person, Act.ANSWER)
    death = _locked(session, member)
    if death.doubted_at is None:
        raise Refused(_("没有待确认的撤销身故"))
    if own_accounts(session, person).intersection((death.doubted_by, death.told_by)):
        raise OwnWork(_("撤销身故须由记录人和申请人以外的人确认"))
    _refuse_while_shown(session, member)
    death.taken_back_by, death.taken_back_at = person.id, office.clock()
    death.paid_until = _left_for_his_card(session, member)
    if death.source == DeathSource.UNIT:
        member.left_on = None
    record(session, member, "take_back_death", office.clock(), person.id)


def refuse_the_dead(session: Session, member: Member) -> None:
    """Refused where the member is known to have died: nothing else brings him back."""
    if death := death_of(session, member):
        words = {"day": death.known_at.astimezone(BEIJING).date().isoformat()}
        raise Refused(_("%(day)s 已知会员身故，须先撤销身故，并由另一人确认") % words)


def deaths_taken_back(session: Session, claim_ids: Collection[int]) -> Mapping[int, list[str]]:
    """By claim, the deaths of its member that were taken back, and those that it had shown: when,
    by whom and why."""
    doubter, confirmer = aliased(User), aliased(User)
    rows = session.execute(
        select(Claim.id, KnownDeath, doubter.name, confirmer.name)
        .join(
            KnownDeath,
            (KnownDeath.member_id == Claim.member_id) | (KnownDeath.claim_id == Claim.id),
        )
        .join(doubter, doubter.id == KnownDeath.doubted_by)
        .join(confirmer, confirmer.id == KnownDeath.taken_back_by)
        .where(any_of(Claim.id, claim_ids))
        .order_by(Claim.id, KnownDeath.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for claim_id, death, name, other in rows:
        assert death.taken_back_at is not None
        words = {
            "known": death.known_at.astimezone(BEIJING).date().isoformat(),
            "source": _(SOURCE_WORDS[DeathSource(death.source)]),
            "day": death.taken_back_at.astimezone(BEIJING).date().isoformat(),
            "name": name,
            "other": other,
            "reason": death.reason,
        }
        text = _(
            "会员 %(known)s 曾记为身故（%(source)s），"
            "%(day)s 由%(name)s申请、%(other)s确认撤销：%(reason)s"
        )
        found[claim_id].append(text % words)
    return found


def taken_back_by(session: Session, person: User, claim_ids: Collection[int]) -> set[int]:
    """Those of these claims whose member's death the person had a part in taking back."""
    accounts = own_accounts(session, person)
    query = (
        select(Claim.id)
        .join(KnownDeath, KnownDeath.member_id == Claim.member_id)
        .where(
            any_of(Claim.id, claim_ids),
            KnownDeath.taken_back_at.is_not(None),
            KnownDeath.doubted_by.in_(accounts) | KnownDeath.taken_back_by.in_(accounts),
        )
    )
    return set(session.scalars(query))


def _locked(session: Session, member: Member) -> KnownDeath:
    _lock(session, member)
    query = select(KnownDeath).filter_by(member_id=member.id, taken_back_at=None)
    death = session.scalar(query.execution_options(populate_existing=True))
    if death is None:
        raise Refused(_("没有会员身故的记录"))
    return death


def _lock(session: Session, member: Member) -> None:
    with session.no_autoflush:
        session.execute(locked(Member.id == member.id).with_only_columns(Member.id))


def _left_for_his_card(session: Session, member: Member) -> list[int]:
    query = (
        select(Payment.id)
        .join(Claim, Claim.id == Payment.claim_id)
        .join(Batch, Batch.id == Payment.batch_id)
        .where(
            Claim.member_id == member.id,
            Payment.heir_id.is_(None),
            Batch.state == BatchState.RELEASED,
        )
        .order_by(Payment.id)
    )
    with session.no_autoflush:
        return list(session.scalars(query))


def _refuse_while_shown(session: Session, member: Member) -> None:
    """Refused while a claim of the member shows his death: it would be noted again at once."""
    shown = (
        select(Page.id)
        .join(Document, Document.id == Page.document_id)
        .where(Document.claim_id == Claim.id, _SHOWS_DEATH)
    ).exists()
    query = select(Claim.number).where(Claim.member_id == member.id, shown | Claim.tells_death)
    if numbers := "、".join(session.scalars(query.order_by(Claim.id))):
        words = {"numbers": numbers}
        raise Refused(_("案件 %(numbers)s 的材料或事件仍表明会员身故，请先更正") % words)
