"""Cards that a roster says of known members otherwise than the register: a person decides.

The member is covered all the same; his card stays what it was until then.
"""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from documents.sealing import KeyRing
from language import _
from models import Enrolment, EnrolmentLine, Member, RosterChange, User
from models.states import EnrolmentState
from rules.errors import OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.enrolment.roster_makers import had_a_hand_in
from workflows.member_cards import new_card, put_on_register
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.sealed_values.members import card_of, said_card

_WAITING = (
    select(EnrolmentLine, RosterChange)
    .join(
        RosterChange,
        (RosterChange.enrolment_id == EnrolmentLine.enrolment_id)
        & (RosterChange.member_id == EnrolmentLine.member_id),
    )
    .join(Enrolment, Enrolment.id == EnrolmentLine.enrolment_id)
    .where(EnrolmentLine.struck_at.is_(None), Enrolment.state == EnrolmentState.COVERED)
    .where(RosterChange.card.is_not(None), RosterChange.card_decided_at.is_(None))
)
"""The lines whose other card waits for a person, with the card."""


def cards_waiting(
    session: Session, enrolment: Enrolment
) -> Sequence[tuple[EnrolmentLine, RosterChange]]:
    """The lines whose other card waits for a person, with the card; none before cover begins."""
    return session.execute(_waiting(enrolment).order_by(EnrolmentLine.row)).all()


def mark_of_card(keys: KeyRing, member: Member, change: RosterChange) -> str:
    """What a form sends back of the two cards it showed, so that others are noticed."""
    own, said = card_of(keys, member) or "", said_card(keys, change) or ""
    shown = (own, member.bank_name or "", said, change.bank_name or "")
    return keys.fingerprint("|".join(shown)).hex()[:20]


def confirm_card(
    session: Session, office: Office, person: User, enrolment: Enrolment, row: int, shown: str
) -> None:
    """Let the roster's card take the place of the member's, both as they were `shown`; by the
    office. Raises Refused.

    The person must not have handed in or accepted the roster, nor booked its fees.
    """
    change, member = _to_decide(session, office, person, enrolment, row, shown)
    card = said_card(office.keys, change)
    assert card is not None
    named = new_card(office, member, member.name, card, change.bank_name)
    named.asked_by = enrolment.handed_in_by
    named.confirmed_by, named.confirmed_at = person.id, office.clock()
    session.add(named)
    session.flush()
    put_on_register(session, office, member, named, [person])
    _decided(office, person, change)
    now, number = office.clock(), enrolment.number
    record(session, member, "change_card", now, person.id, enrolment=number)
    record(session, enrolment, "confirm_card", now, person.id, row=row)


def refuse_card(
    session: Session,
    office: Office,
    person: User,
    enrolment: Enrolment,
    row: int,
    shown: str,
    reason: str,
) -> None:
    """Leave the member's card as it was shown, for a reason that the unit reads. Raises Refused."""
    change, _member = _to_decide(session, office, person, enrolment, row, shown)
    change.card_refused = told_reason(reason, _("请写明原因"))
    _decided(office, person, change)
    told = change.card_refused
    record(session, enrolment, "refuse_card", office.clock(), person.id, row=row, reason=told)


def rosters_with_cards() -> Select[int]:
    """The ids of the rosters in force with a card that waits."""
    return _WAITING.with_only_columns(RosterChange.enrolment_id).distinct()


def _to_decide(
    session: Session, office: Office, person: User, enrolment: Enrolment, row: int, shown: str
) -> tuple[RosterChange, Member]:
    require(person, Act.DECIDE_CARDS)
    if had_a_hand_in(session, enrolment, person):
        raise OwnWork(_("交名册、确认名册或登记会费的人不能确认换卡"))
    found = session.execute(_waiting(enrolment).where(EnrolmentLine.row == row)).one_or_none()
    if found is None:
        raise Refused(_("名册第 %(row)s 行没有待确认的银行卡") % {"row": row})
    line, change = found
    member = session.get_one(Member, line.member_id, with_for_update=True)
    if mark_of_card(office.keys, member, change) != shown:
        words = {"row": row}
        raise Refused(_("名册第 %(row)s 行的银行卡在显示之后已有变动，请重新核对") % words)
    return change, member


def _decided(office: Office, person: User, change: RosterChange) -> None:
    change.card_decided_by, change.card_decided_at = person.id, office.clock()


def _waiting(enrolment: Enrolment) -> Select[EnrolmentLine, RosterChange]:
    return _WAITING.where(EnrolmentLine.enrolment_id == enrolment.id)
