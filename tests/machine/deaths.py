"""What an office does when members die: the claim, the heirs keyed, changed and confirmed, and a
death taken back that was none."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from models import Claim, Member, User
from models.membership import LEFT_BY_DEATH
from rules.errors import Refused
from tests.desk import Desk, Person, a_card_number
from tests.heirs import an_heir, of_a_death
from tests.heirs import keyed as keyed_heir
from workflows import known_deaths
from workflows.claims.acts import correction, heirs
from workflows.enrolment import membership

some = st.integers(0, 30)


class DeathActs(RuleBasedStateMachine):
    """Acts on the claims of members who may have died, by people who may be refused."""

    desk: Desk
    members: list[Person]
    clerk: User
    as_clerk: User
    both: User
    supervisor: User

    def __init__(self) -> None:
        super().__init__()
        self.heirs = [an_heir(name) for name in ("李一", "李二", "李三")]

    @rule(member=some, has_statement=st.booleans())
    def die(self, member: int, has_statement: bool) -> None:
        person = self.members[member % len(self.members)]
        papers = [
            page
            for page in of_a_death(person, *self.heirs)
            if has_statement or page.kind is not Kind.JOINT_STATEMENT
        ]
        without = (Kind.DISCHARGE_RECORD, Kind.BANK_CARD)
        self.desk.claim(person, more=tuple(papers), without=without, card=self.heirs[0].card)

    @rule(which=some, how_many=st.integers(1, 3), by_both=st.booleans())
    def key_heirs(self, which: int, how_many: int, by_both: bool) -> None:
        person = self.as_clerk if by_both else self.clerk
        self._on_a_claim(which, person, self.heirs[:how_many])

    @rule(which=some, heir=st.integers(0, 2))
    def change_an_heirs_card(self, which: int, heir: int) -> None:
        self.heirs[heir] = replace(self.heirs[heir], card=a_card_number())
        self._on_a_claim(which, self.clerk, self.heirs)

    @rule(which=some, who=st.integers(0, 2))
    def confirm_heirs(self, which: int, who: int) -> None:
        person = (self.clerk, self.both, self.supervisor)[who]
        claim_id = self._a_claim(which)
        if claim_id is not None:
            with suppress(Refused), self.desk.at(claim_id) as (session, claim):
                shown = [heir.id for heir in claim.heirs]
                heirs.confirm_heirs(session, self.desk.office, person, claim, shown)

    @rule(member=some)
    def note_a_death_at_the_unit(self, member: int) -> None:
        with suppress(Refused), self._of_a_member(member) as (session, found):
            today = self.desk.office.today()
            membership.leave(session, self.desk.office, self.clerk, found, today, LEFT_BY_DEATH)

    @rule(which=some)
    def name_the_certificate_another_paper(self, which: int) -> None:
        claim_id = self._a_claim(which)
        if claim_id is not None:
            with suppress(Refused), self.desk.at(claim_id) as (session, claim):
                page = _page(claim, Kind.DEATH_CERTIFICATE)
                assert page is not None
                office = self.desk.office
                correction.name_kind(session, office, self.clerk, claim, page, Kind.OTHER)
                correction.recheck(session, office, self.clerk, claim)

    @rule(member=some, who=st.integers(0, 2))
    def take_a_death_back(self, member: int, who: int) -> None:
        """Ask for it; where it is asked for already, agree."""
        person, office = (self.clerk, self.both, self.supervisor)[who], self.desk.office
        with suppress(Refused), self._of_a_member(member) as (session, found):
            death = known_deaths.death_of(session, found)
            if death is None or death.doubted_at is None:
                known_deaths.doubt_death(session, office, person, found, "证明属另一人")
            else:
                known_deaths.take_back_death(session, office, person, found)

    @contextmanager
    def _of_a_member(self, which: int) -> Iterator[tuple[Session, Member]]:
        person = self.members[which % len(self.members)]
        with self.desk.office.sessions.unit_of_work() as session:
            yield session, session.scalars(select(Member).filter_by(name=person.name)).one()

    def _on_a_claim(self, which: int, person: User, theirs: list[Person]) -> None:
        claim_id = self._a_claim(which)
        if claim_id is None:
            return
        keyed = [keyed_heir(self.desk, claim_id, each, f"1/{len(theirs)}") for each in theirs]
        with suppress(Refused), self.desk.at(claim_id) as (session, claim):
            statement = _page(claim, Kind.JOINT_STATEMENT)
            heirs.key_heirs(session, self.desk.office, person, claim, keyed, statement)

    def _a_claim(self, which: int) -> int | None:
        """One of the claims for a death that have been read, if there is any."""
        with self.desk.office.sessions.read_only() as session:
            claims = session.scalars(select(Claim).order_by(Claim.id))
            found = [claim.id for claim in claims if _page(claim, Kind.DEATH_CERTIFICATE)]
        return found[which % len(found)] if found else None


def _page(claim: Claim, kind: Kind) -> int | None:
    pages = [page for document in claim.documents for page in document.pages]
    return next((page.id for page in pages if page.kind == kind), None)
