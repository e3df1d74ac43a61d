"""What units hand in under a claim's number at any time, and what the office says of it."""

from contextlib import suppress
from itertools import count
from shutil import rmtree

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import select

from documents.kinds import Kind
from models import Claim, User
from rules.errors import Refused
from tests.desk import HOSPITAL, Desk, Person, a_page
from tests.heirs import of_a_death
from workflows.claims.packets import inbox
from workflows.claims.papers import late_papers

some = st.integers(0, 30)
LATE = (Kind.OTHER, Kind.ACCIDENT_STATEMENT, Kind.DISCHARGE_RECORD, Kind.DEATH_CERTIFICATE)


class LatePaperActs(RuleBasedStateMachine):
    """Papers for claims in every state, and people who say that they change nothing."""

    desk: Desk
    members: list[Person]
    clerk: User
    as_clerk: User
    both: User
    supervisor: User

    def __init__(self) -> None:
        super().__init__()
        self.papers = count(1)
        for left in inbox.drop_folder(self.desk.office).iterdir():
            rmtree(left)

    @rule(which=some, kind=st.sampled_from(LATE), end=st.sampled_from(["2026-01-20", "2026-03-09"]))
    def hand_in_late_papers(self, which: int, kind: Kind, end: str) -> None:
        """The beat finds them, and work goes on at its time; the same papers come once."""
        with self.desk.office.sessions.read_only() as session:
            claims = session.scalars(select(Claim).order_by(Claim.id)).all()
            if not claims:
                return
            claim = claims[which % len(claims)]
            number, name = claim.number, claim.member.name if claim.member else "张三"
        [person] = [each for each in self.members if each.name == name]
        page = a_page(kind, HOSPITAL, f"姓名:{name}", f"出院日期:{end}", "出院诊断:肺炎")
        for each in of_a_death(person):
            page = each if each.kind is kind else page
        self.desk.drop(number, {f"{next(self.papers)}.jpg": self.desk.scan(page)})
        inbox.look(self.desk.office)
        self.desk.clock.pass_(seconds=self.desk.office.settings.quiet_seconds)
        inbox.look(self.desk.office)

    @rule(which=some, by_both=st.booleans(), is_agreed=st.booleans())
    def say_of_late_papers(self, which: int, by_both: bool, is_agreed: bool) -> None:
        """That they change nothing; where that is said already, agree or disagree."""
        office = self.desk.office
        query = select(Claim.id).where(Claim.late_papers_at.is_not(None)).order_by(Claim.id)
        with office.sessions.read_only() as session:
            found = session.scalars(query).all()
        if not found:
            return
        with suppress(Refused), self.desk.at(found[which % len(found)]) as (session, claim):
            if claim.let_stand_by is None:
                person = self.as_clerk if by_both else self.clerk
                late_papers.propose_let_stand(session, office, person, claim, "与决定无关")
            else:
                end = late_papers.let_stand if is_agreed else late_papers.refuse_let_stand
                end(session, office, self.both if by_both else self.supervisor, claim)
