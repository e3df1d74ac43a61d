"""A unit with everything in it that another unit's clerk must not see, and what would betray it."""

from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.masks import mask_card, mask_id
from models import (
    Batch,
    Claim,
    CoverYear,
    Document,
    Finding,
    Letter,
    Member,
    Page,
    Renewal,
    Unit,
    User,
    WebSession,
)
from models.people import Role
from rules.money import Fen
from tests.desk import UNIT, Desk, Person, a_page
from tests.workflows.enrolment.rosters import Hall, Worker
from workflows import activities
from workflows.activities import NotedActivity
from workflows.claims.acts import relief
from workflows.claims.objecting import objections
from workflows.claims.objecting.objections import NewObjection
from workflows.claims.packets import uploads
from workflows.engine.moves import start
from workflows.people.sessions import Browser, begin_whole_session

OTHER_UNIT = "吉林省另一厅机关工会"
TALK = "本厅职工健康讲座"
NAMES = ("司马相如", "诸葛孔明")


@dataclass
class Ours:
    """What belongs to the first unit. `betrays` are texts that no other unit may be shown."""

    unit_id: int
    clerk_id: int
    paid: str
    incomplete: str
    roster: str
    paid_roster: str
    batch: str
    page_id: int
    document_id: int
    letter_id: int
    finding_id: int
    member_ref: str
    id_number: str
    other_unit_id: int
    session_id: int = 0
    notice: int = 0
    relief: str = ""
    objection: str = ""
    activity: int = 0
    betrays: list[str] = field(default_factory=list)


def our_unit(desk: Desk) -> Ours:
    """Claims with letters and one that lacks a paper; a packet, a batch, two rosters, a clerk."""
    people = [desk.member(name=name) for name in NAMES]
    paid = desk.claim(people[0])
    lacking = desk.claim(people[1], without=(Kind.BANK_CARD,))
    desk.work()
    desk.approve_all()
    desk.work()
    batch_id = desk.released()
    desk.work()
    hall = Hall.of(desk)
    clerk = desk.user(Role.UNIT_CLERK, unit_id=hall.unit_id)
    with desk.office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        unit.headcount = 4
        uploads.upload(
            session, desk.office, clerk, [("甲.jpg", desk.scan(a_page(Kind.OTHER, "样例")))]
        )
    notice, help_wanted, activity = _beside(desk, clerk, paid)
    objection, logged_in = _objection(desk, clerk, paid), a_session(desk, clerk)
    paid_roster = hall.enrolled([Worker("东方朔"), Worker("淳于髡")])
    [roster] = hall.hand_in([Worker("西门豹"), Worker("")], date(2026, 8, 1))
    other = desk.unit(OTHER_UNIT, headcount=2)
    with desk.office.sessions.read_only() as session:
        rosters = (roster, paid_roster)
        ours = _ours(session, hall.unit_id, other, clerk, paid, lacking, batch_id, people, rosters)
        return replace(
            ours,
            session_id=logged_in,
            notice=notice,
            relief=help_wanted,
            activity=activity,
            objection=objection,
        )


def _beside(desk: Desk, clerk: User, paid: int) -> tuple[int, str, int]:
    """A renewal notice, an application for relief, an activity of the unit."""
    office = desk.office
    with office.sessions.unit_of_work() as session:
        year = session.scalars(select(CoverYear).filter_by(unit_id=clerk.unit_id)).first()
        assert year is not None
        paper = office.store.put(b"PK a notice to " + UNIT.encode())
        row = Renewal(
            unit_id=year.unit_id,
            cover_year_id=year.id,
            rung=-60,
            due_on=office.today(),
            letter_sha256=paper,
            roster_sha256=paper,
        )
        start(session, row, "come_due", office)
        row.state, row.due_at = "posted", None
        claim = session.get_one(Claim, paid)
        claim.state = "paid"
        session.flush()
        wanted = relief.apply(session, office, clerk, claim, "家中困难的缘由", Fen(100000))
        held = NotedActivity("lecture", TALK, office.today(), "本厅会议室", clerk.unit_id, 10)
        talk = activities.note(session, office, clerk, held)
        session.flush()
        return row.id, wanted.number, talk.id


def _objection(desk: Desk, clerk: User, paid: int) -> str:
    """What a member of the unit objects to."""
    with desk.at(paid) as (session, claim):
        said = NewObjection(desk.office.today(), "member", "某", "本厅会员的异议")
        return objections.register(session, desk.office, clerk, claim, said).number


def a_clerk_elsewhere(desk: Desk, ours: Ours) -> User:
    """A clerk of the other unit."""
    return desk.user(Role.UNIT_CLERK, unit_id=ours.other_unit_id)


def _ours(
    session: Session,
    unit_id: int,
    other_id: int,
    clerk: User,
    paid: int,
    lacking: int,
    batch_id: int,
    people: list[Person],
    rosters: tuple[str, str],
) -> Ours:
    claims = {claim_id: session.get_one(Claim, claim_id) for claim_id in (paid, lacking)}
    member = session.scalars(select(Member).filter_by(name=people[0].name)).one()
    page = select(Page.id).join(Document).where(Document.claim_id == paid)
    batch = session.get_one(Batch, batch_id).number
    betrays = [UNIT, *rosters, claims[paid].number, claims[lacking].number]
    betrays += [
        "东方朔",
        "东**",
        "淳于髡",
        "淳**",
        "西门豹",
        batch,
        TALK,
        "家中困难",
        "本厅会员的异议",
    ]
    for person in people:
        betrays += [person.name, person.id_number, person.card]
        betrays += [mask_id(person.id_number), mask_card(person.card), person.name[0] + "***"]
    return Ours(
        unit_id=unit_id,
        clerk_id=clerk.id,
        paid=claims[paid].number,
        incomplete=claims[lacking].number,
        roster=rosters[0],
        paid_roster=rosters[1],
        batch=batch,
        page_id=session.scalars(page.limit(1)).one(),
        document_id=session.scalars(page.with_only_columns(Page.document_id).limit(1)).one(),
        letter_id=session.scalars(select(Letter.id).filter_by(claim_id=lacking)).one(),
        finding_id=session.scalars(select(Finding.id).filter_by(claim_id=lacking).limit(1)).one(),
        member_ref=str(member.ref),
        id_number=people[0].id_number,
        other_unit_id=other_id,
        betrays=betrays,
    )


def a_session(desk: Desk, clerk: User) -> int:
    """The clerk is logged in somewhere."""
    with desk.office.sessions.unit_of_work() as session:
        begin_whole_session(session, desk.office, clerk, Browser("192.0.2.1", "a browser of ours"))
        return session.scalars(select(WebSession.id).filter_by(user_id=clerk.id)).one()
