"""What a dishonest person tries on the registers: units, members, rosters, and accounts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from models import CoverYear, Unit, User
from tests.desk import a_page
from tests.machine.crooked_acts import Act, Deed
from workflows.enrolment import (
    backdating,
    cover_city,
    id_copies,
    membership,
    roster_cards,
    rosters,
    unit_city,
    unit_moves,
    units,
)
from workflows.enrolment.units import UnitFacts, facts_of
from workflows.member_cards import refuse_card, waiting_card
from workflows.people import accounts, persons, second_factor

WHY = "已核实"
OTHER_UNIT = "王贪的单位"


def withdraw_a_roster(session: Session, deed: Deed) -> None:
    rosters.withdraw(session, deed.desk.office, deed.who, deed.roster(session))


def strike_a_line(session: Session, deed: Deed) -> None:
    rosters.strike_line(session, deed.desk.office, deed.who, deed.roster(session), 2, WHY)


def begin_cover_tomorrow(session: Session, deed: Deed) -> None:
    backdating.begin_tomorrow(session, deed.desk.office, deed.who, deed.roster(session), WHY)


def hand_in_a_copy(session: Session, deed: Deed) -> None:
    himself = deed.crook.himself
    card = a_page(Kind.ID_CARD_FRONT, f"姓名 {himself.name}", f"公民身份号码 {himself.id_number}")
    files = [("copy.jpg", deed.desk.scan(card))]
    id_copies.hand_in_copies(session, deed.desk.office, deed.who, deed.roster(session), files)


def explain_a_copy(session: Session, deed: Deed) -> None:
    id_copies.answer_copy(session, deed.desk.office, deed.who, deed.roster(session), 2, WHY)


def decide_on_a_rosters_card(session: Session, deed: Deed) -> None:
    roster, office = deed.roster(session), deed.desk.office
    for line, change in roster_cards.cards_waiting(session, roster)[:1]:
        mark = roster_cards.mark_of_card(office.keys, line.member, change)
        if deed.at % 3:
            roster_cards.confirm_card(session, office, deed.who, roster, line.row, mark)
        else:
            roster_cards.refuse_card(session, office, deed.who, roster, line.row, mark, WHY)


def confirm_who_moves(session: Session, deed: Deed) -> None:
    unit_moves.confirm_moves(session, deed.desk.office, deed.who, deed.roster(session))


def refuse_the_registers_card(session: Session, deed: Deed) -> None:
    member = deed.member(session)
    waiting = waiting_card(session, member)
    refuse_card(session, deed.desk.office, deed.who, member, waiting.id if waiting else 0, WHY)


def bring_a_member_back(session: Session, deed: Deed) -> None:
    membership.come_back(session, deed.desk.office, deed.who, deed.member(session))


def move_a_member(session: Session, deed: Deed) -> None:
    unit = deed.one(session, select(Unit).order_by(Unit.id))
    membership.transfer(session, deed.desk.office, deed.who, deed.member(session), unit)


def register_a_unit(session: Session, deed: Deed) -> None:
    facts = UnitFacts(name=f"{OTHER_UNIT}{deed.at}", city="长春市", headcount=1)
    units.register(session, deed.desk.office, deed.who, facts)


def change_a_unit(session: Session, deed: Deed) -> None:
    unit = deed.one(session, select(Unit).order_by(Unit.id))
    facts = facts_of(unit)
    city = ("长春市", "吉林市")[deed.at % 2]
    changed = UnitFacts(**{**vars(facts), "city": city, "headcount": 1})
    units.change(session, deed.desk.office, deed.who, unit, changed)


def decide_on_a_units_city(session: Session, deed: Deed) -> None:
    unit, office = deed.one(session, select(Unit).order_by(Unit.id)), deed.desk.office
    unit_city.ask_for_unit_city(session, office, deed.who, unit, "吉林市")
    if deed.at % 2:
        unit_city.confirm_unit_city(session, office, deed.who, unit, unit.city_asked or "")
    else:
        unit_city.refuse_unit_city(session, office, deed.who, unit, unit.city_asked or "")


def decide_on_a_covers_city(session: Session, deed: Deed) -> None:
    year, office = deed.one(session, select(CoverYear).order_by(CoverYear.id)), deed.desk.office
    if year.city_asked is None:
        cover_city.ask_for_city(session, office, deed.who, year, "吉林市", WHY)
    else:
        cover_city.confirm_city(session, office, deed.who, year, year.city_asked)


def reset_a_password(session: Session, deed: Deed) -> None:
    accounts.reset_password(session, deed.desk.office, deed.who, _user(session, deed))


def shut_an_account(session: Session, deed: Deed) -> None:
    """One of his own: of honest people's it only takes them from their work."""
    own = session.get_one(User, deed.who.id)
    accounts.disable(session, deed.desk.office, deed.who, own)


def ask_for_a_staff_number(session: Session, deed: Deed) -> None:
    user = _user(session, deed)
    number = (f"新{deed.at}", deed.who.staff_number)[deed.at % 2]
    persons.ask_staff_number(session, deed.desk.office, deed.who, user, number)


def set_a_staff_number(session: Session, deed: Deed) -> None:
    user = _whose_number_is_asked(session, deed)
    shown = user.asked_staff_number or ""
    persons.set_staff_number(session, deed.desk.office, deed.who, user, shown)


def refuse_a_staff_number(session: Session, deed: Deed) -> None:
    user = _whose_number_is_asked(session, deed)
    shown = user.asked_staff_number or ""
    persons.refuse_staff_number(session, deed.desk.office, deed.who, user, shown)


def ask_to_reset_a_second_factor(session: Session, deed: Deed) -> None:
    user = _with_a_telephone(session, deed)
    second_factor.ask_reset(session, deed.desk.office, deed.who, user)


def reset_a_second_factor(session: Session, deed: Deed) -> None:
    user = _with_a_telephone(session, deed)
    second_factor.agree_reset(session, deed.desk.office, deed.who, user)


def _with_a_telephone(session: Session, deed: Deed) -> User:
    user = _user(session, deed)
    if not second_factor.has_factor(session, user):
        second_factor.take_up(session, deed.desk.office, user, second_factor.new_secret())
    return user


def _whose_number_is_asked(session: Session, deed: Deed) -> User:
    asked = select(User).where(User.asked_staff_number.is_not(None)).order_by(User.id)
    return deed.one(session, asked)


def _user(session: Session, deed: Deed) -> User:
    return deed.one(session, select(User).order_by(User.id))


ON_REGISTERS: tuple[Act, ...] = (
    withdraw_a_roster,
    strike_a_line,
    begin_cover_tomorrow,
    hand_in_a_copy,
    explain_a_copy,
    decide_on_a_rosters_card,
    confirm_who_moves,
    refuse_the_registers_card,
    bring_a_member_back,
    move_a_member,
    register_a_unit,
    change_a_unit,
    decide_on_a_units_city,
    decide_on_a_covers_city,
    reset_a_password,
    shut_an_account,
    ask_for_a_staff_number,
    set_a_staff_number,
    refuse_a_staff_number,
    ask_to_reset_a_second_factor,
    reset_a_second_factor,
)
