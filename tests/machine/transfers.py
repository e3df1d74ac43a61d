"""What units do while claims wait: their members change to another unit, and back."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from models import Decision, Member, Unit, User
from rules.errors import Refused
from tests.desk import UNIT, Desk, Person
from workflows.enrolment import membership, unit_city, units
from workflows.sealed_values.decisions import facts_in

OTHER_UNIT, OTHER_CITY, THIRD_CITY = "四平市某局机关工会", "四平市", "吉林市"
some = st.integers(0, 30)


class TransferActs(RuleBasedStateMachine):
    """Members move between two units in two cities; their cover stays with the first one."""

    desk: Desk
    members: list[Person]
    clerk: User
    as_clerk: User
    both: User
    supervisor: User
    units: dict[str, set[str]]
    """The units in which people agreed that a member works, by his name."""

    @rule(member=some, to=st.sampled_from([UNIT, OTHER_UNIT]))
    def move_to_another_unit(self, member: int, to: str) -> None:
        self._move([self.members[member % len(self.members)]], to)

    @rule(to=st.sampled_from([UNIT, OTHER_UNIT]))
    def move_all_members(self, to: str) -> None:
        self._move(self.members, to)

    @rule(act=st.sampled_from(["ask", "confirm", "refuse"]), by_clerk=st.booleans())
    def move_the_unit_itself(self, act: str, by_clerk: bool) -> None:
        """To a third city: one person asks for it, another one decides."""
        office, person = self.desk.office, self.both if by_clerk else self.supervisor
        with suppress(Refused), office.sessions.unit_of_work() as session:
            unit = session.scalars(select(Unit).filter_by(name=UNIT)).one()
            if act == "ask":
                facts = replace(units.facts_of(unit), city=THIRD_CITY)
                units.change(session, office, self.as_clerk, unit, facts)
            elif act == "confirm":
                unit_city.confirm_unit_city(session, office, person, unit, THIRD_CITY)
            else:
                unit_city.refuse_unit_city(session, office, person, unit, unit.city_asked or "")

    def _move(self, people: list[Person], to: str) -> None:
        self.desk.unit(OTHER_UNIT, city=OTHER_CITY)
        for each in people:
            # A member who is known to have died stays where he was.
            with suppress(Refused), self.desk.office.sessions.unit_of_work() as session:
                unit = session.scalars(select(Unit).filter_by(name=to)).one()
                member = session.scalars(select(Member).filter_by(name=each.name)).one()
                if member.unit_id != unit.id:
                    membership.transfer(session, self.desk.office, self.clerk, member, unit)
                    self.units.setdefault(each.name, {UNIT}).add(to)

    @invariant()
    def every_day_is_judged_by_the_unit_of_its_cover(self) -> None:
        """R32: the unit, and with it the city, is that of the cover on the day of the event."""
        with self.desk.office.sessions.read_only() as session:
            decisions = session.scalars(select(Decision).filter_by(superseded_at=None))
            facts = [facts_in(part) for each in decisions for part in each.parts]
        assert not {OTHER_CITY, THIRD_CITY} & {each.get("unit_city") for each in facts}
