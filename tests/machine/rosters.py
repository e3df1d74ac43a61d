"""What units propose by rosters: a member with another card or phone, or of another unit."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Enrolment, Member, Unit, User
from models.people import Role
from models.states import EnrolmentState, FeePayer
from rules.errors import Refused
from rules.money import Fen
from tests.desk import UNIT, Desk, Person, a_card_number
from tests.machine.transfers import OTHER_CITY, OTHER_UNIT
from tests.workflows.enrolment.rosters import Hall, Worker
from workflows.enrolment import fees, roster_cards, rosters, unit_moves
from workflows.sealed_values.members import card_of, phone_of, said_card

NEXT_YEAR = date(2027, 1, 1)
PHONE = "13800000000"
some = st.integers(0, 30)


class RosterActs(RuleBasedStateMachine):
    """Rosters of next year that name members otherwise than the register; the office decides."""

    desk: Desk
    members: list[Person]
    clerk: User
    both: User
    supervisor: User
    cashiers: list[User]

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, str] = {}
        self.units: dict[str, set[str]] = {}

    @rule(member=some, elsewhere=st.booleans(), changes=st.sampled_from(["card", "phone", ""]))
    def propose_by_a_roster(self, member: int, elsewhere: bool, changes: str) -> None:
        person = self.members[member % len(self.members)]
        named = Worker(
            person.name,
            person.id_number,
            a_card_number() if changes == "card" else person.card,
            phone=PHONE if changes == "phone" else "",
        )
        unit_id = self.desk.unit(OTHER_UNIT, city=OTHER_CITY) if elsewhere else self.desk.unit()
        insider = self.desk.user(Role.UNIT_CLERK, unit_id=unit_id)
        hall = Hall(self.desk, unit_id, insider, self.supervisor, self.cashiers[0])
        with self.desk.office.sessions.unit_of_work() as session:
            session.get_one(Unit, unit_id).headcount = len(self.members)
        with suppress(Refused):
            hall.hand_in([named], NEXT_YEAR)

    @rule(which=some)
    def confirm_the_moves(self, which: int) -> None:
        def act(session: Session, roster: Enrolment) -> None:
            moving = unit_moves.movable(session, self.desk.office, roster)
            unit_moves.confirm_moves(session, self.desk.office, self.clerk, roster)
            for each in moving:
                self.units.setdefault(each.member.name, {UNIT}).add(roster.unit.name)

        self._on_a_roster(which, act, EnrolmentState.CHECKED)

    @rule(which=some)
    def carry_a_roster_on(self, which: int) -> None:
        """To its fee, and from there to its cover."""
        office = self.desk.office

        def act(session: Session, roster: Enrolment) -> None:
            match roster.state:
                case EnrolmentState.CHECKED:
                    rosters.accept(session, office, self.clerk, roster)
                case EnrolmentState.SHORT | EnrolmentState.BACKDATED:
                    rosters.let_pass(session, office, self.supervisor, roster, "名册分批")
                case EnrolmentState.UNPAID:
                    due, today = Fen(roster.fee_due), office.today()
                    cashier, unit = self.cashiers[0], FeePayer.UNIT
                    fees.note_receipt(
                        session, office, cashier, roster, roster.number, unit, due, today
                    )

        self._on_a_roster(which, act, *set(EnrolmentState) - {EnrolmentState.COVERED})

    @rule(which=some)
    def withdraw_a_roster(self, which: int) -> None:
        def act(session: Session, roster: Enrolment) -> None:
            rosters.withdraw(session, self.desk.office, self.clerk, roster)

        self._on_a_roster(which, act, *EnrolmentState)

    @rule(which=some, by_clerk=st.booleans(), is_agreed=st.booleans())
    def decide_on_a_card(self, which: int, by_clerk: bool, is_agreed: bool) -> None:
        """By a clerk, who may have carried the roster on, or by another person."""
        office, person = self.desk.office, self.clerk if by_clerk else self.both

        def act(session: Session, roster: Enrolment) -> None:
            for line, change in roster_cards.cards_waiting(session, roster)[:1]:
                member = session.get_one(Member, line.member_id)
                shown = line.row, roster_cards.mark_of_card(office.keys, member, change)
                if not is_agreed:
                    roster_cards.refuse_card(session, office, person, roster, *shown, "本人否认")
                    continue
                roster_cards.confirm_card(session, office, person, roster, *shown)
                card = said_card(office.keys, change)
                assert card is not None
                self.cards[member.name] = card

        self._on_a_roster(which, act, EnrolmentState.COVERED)

    @invariant()
    def no_roster_changes_a_member_before_the_office_agrees(self) -> None:
        keys = self.desk.office.keys
        with self.desk.office.sessions.read_only() as session:
            rosters_in_force = session.scalar(select(Enrolment.id).filter_by(state="covered"))
            for each in session.scalars(select(Member)):
                [person] = [known for known in self.members if known.name == each.name]
                assert card_of(keys, each) == self.cards.get(each.name, person.card)
                assert each.unit.name in self.units.get(each.name, {UNIT})
                assert phone_of(keys, each) in ((None, PHONE) if rosters_in_force else (None,))

    def _on_a_roster(
        self, which: int, act: Callable[[Session, Enrolment], None], *states: EnrolmentState
    ) -> None:
        with suppress(Refused), self.desk.office.sessions.unit_of_work() as session:
            query = select(Enrolment.number).where(Enrolment.state.in_(states))
            if found := session.scalars(query.order_by(Enrolment.id)).all():
                act(session, rosters.locked(session, found[which % len(found)]))
