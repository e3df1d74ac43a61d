"""Changes of members (会员): leaving, unit, bank card; their cover continues (R23)."""

from datetime import date

from sqlalchemy.orm import Session

from documents.check_digits import card_number_is_valid
from language import N_, _
from models import Member, Unit, User
from models.membership import LEFT_BY_DEATH, DeathSource
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.known_deaths import ToldDeath, note_death, refuse_the_dead
from workflows.member_cards import ask_for_card
from workflows.people.rights import Act, require, require_for

WHY_THEY_LEAVE = {"retired": N_("退休"), "left": N_("离开单位"), LEFT_BY_DEATH: N_("身故")}


def leave(
    session: Session, office: Office, person: User, member: Member, left_on: date, why: str
) -> None:
    """Note that the worker left; his cover continues to its end and nothing is refunded.

    `left_on` is the first day out of service; it may lie in the future.
    """
    require_for(person, member.unit_id, Act.CHANGE_MEMBERS)
    if why not in WHY_THEY_LEAVE:
        raise Refused(_("请说明离开的原因"))
    member.left_on = left_on
    day = left_on.isoformat()
    record(session, member, "leave", office.clock(), person.id, left_on=day, why=why)
    if why == LEFT_BY_DEATH:
        note_death(session, office, ToldDeath(member, DeathSource.UNIT, by=person))


def come_back(session: Session, office: Office, person: User, member: Member) -> None:
    """Cancel a leaving that was noted by mistake."""
    require_for(person, member.unit_id, Act.CHANGE_MEMBERS)
    if member.left_on is None:
        raise Refused(_("这位会员没有离开单位的记录"))
    refuse_the_dead(session, member)
    member.left_on = None
    record(session, member, "come_back", office.clock(), person.id)


def transfer(session: Session, office: Office, person: User, member: Member, unit: Unit) -> None:
    """Move the member to another unit; his cover stays what it is."""
    require(person, Act.TRANSFER)
    if member.unit_id == unit.id:
        raise Refused(_("会员已在这个单位"))
    refuse_the_dead(session, member)
    left = member.unit_id
    member.unit_id, member.unit, member.left_on = unit.id, unit, None
    record(
        session,
        member,
        "transfer",
        office.clock(),
        person.id,
        from_unit=left,
        to_unit=unit.id,
    )


def change_card(
    session: Session, office: Office, person: User, member: Member, card: str, bank_name: str
) -> None:
    """Name another bank card for the member; another person confirms it before it counts."""
    require_for(person, member.unit_id, Act.CHANGE_MEMBERS)
    card = card.replace(" ", "")
    if not card_number_is_valid(card):
        raise Refused(_("银行卡号应为 16 至 19 位，且通过校验"))
    if not bank_name.strip():
        raise Refused(_("请填写开户行"))
    ask_for_card(session, office, person, member, card, bank_name.strip())
