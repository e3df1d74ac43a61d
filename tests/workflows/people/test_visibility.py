"""A unit's clerk acts for his own unit only, also where functions are called without a page."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from models import Claim, Enrolment, Member, Packet, StoredReading, Unit, User
from models.people import Role
from models.states import FeePayer
from rules.errors import Refused
from tests.desk import Desk, a_page, number_of
from tests.documents.packets.test_cover_sheet import a_file, printed
from tests.workflows.enrolment.rosters import PLAN, Hall, sheet, workers
from workflows.claims.packets import uploads
from workflows.enrolment import enrolment_papers, fees, membership, rosters, units
from workflows.enrolment.opened_roster import opened_roster
from workflows.enrolment.units import facts_of
from workflows.people import visibility
from workflows.sealed_values.files import seal_reading

OTHER = "吉林省另一厅机关工会"


@pytest.fixture
def stranger(desk: Desk) -> User:
    return desk.user(Role.UNIT_CLERK, unit_id=desk.unit(OTHER, headcount=3))


def a_cover(desk: Desk, number: str) -> bytes:
    """The scan of a cover sheet that the reader has seen already."""
    scan = a_file(printed(number)).data
    digest = sha256(scan).hexdigest()
    page = a_page(Kind.COVER_SHEET, "材料封面", number)
    with desk.office.sessions.unit_of_work() as session:
        sealed = seal_reading(desk.office.keys, digest, 1, page.to_json())
        session.add(StoredReading(sha256=digest, number=1, reading=sealed))
    return scan


def claims(desk: Desk) -> int:
    with desk.office.sessions.read_only() as session:
        return len(session.scalars(select(Claim.id)).all())


def test_papers_under_a_cover_sheet_find_their_claim_under_any_name(desk: Desk) -> None:
    person = desk.member()
    claim_id = desk.claim(person, without=(Kind.BANK_CARD,))
    desk.work()
    card = desk.scan(a_page(Kind.BANK_CARD, "中国建设银行", person.card))
    desk.drop("扫描0007", {"1.jpg": a_cover(desk, number_of(desk, claim_id)), "2.jpg": card})
    desk.look()
    assert claims(desk) == 1
    assert desk.state_of(claim_id) == "proposed"


def test_the_name_of_the_entry_goes_before_the_cover_sheet(desk: Desk) -> None:
    one, other = (desk.claim(desk.member(name=name)) for name in ("张三", "李四"))
    desk.work()
    cover = a_cover(desk, number_of(desk, one))
    desk.drop(number_of(desk, other), {"1.jpg": cover})
    desk.look()
    with desk.office.sessions.read_only() as session:
        found = session.scalars(select(Packet.claim_id).order_by(Packet.id.desc()).limit(1)).one()
    assert found == other


def test_a_cover_sheet_of_no_claim_is_said(desk: Desk) -> None:
    desk.drop("扫描0008", {"1.jpg": a_cover(desk, "HZ2026000777")})
    desk.look()
    with desk.office.sessions.read_only() as session:
        [notes] = session.scalars(select(Packet.notes))
    assert "没有案件 HZ2026000777" in str(notes)


def test_a_strangers_cover_sheet_does_not_lead_into_our_claim(desk: Desk, stranger: User) -> None:
    claim_id = desk.claim(desk.member(), without=(Kind.BANK_CARD,))
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        cover = a_cover(desk, number_of(desk, claim_id))
        uploads.upload(session, desk.office, stranger, [("a.jpg", cover)])
    desk.work()
    assert claims(desk) == 2
    assert desk.state_of(claim_id) == "incomplete"


def test_papers_are_not_uploaded_to_another_units_claim(desk: Desk, stranger: User) -> None:
    claim_id = desk.claim(desk.member(), without=(Kind.BANK_CARD,))
    desk.work()
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="没有这个案件"):
        uploads.upload(session, desk.office, stranger, [("a.jpg", b"x")], claim)


def test_the_same_papers_from_another_unit_do_not_tell_whose_they_are(
    desk: Desk, stranger: User
) -> None:
    scan = desk.scan(a_page(Kind.OTHER, "样例"))
    ours = desk.user(Role.UNIT_CLERK, unit_id=desk.unit())
    for person in (ours, stranger):
        with desk.office.sessions.unit_of_work() as session:
            uploads.upload(session, desk.office, person, [("a.jpg", scan)])
        desk.work()
    with desk.office.sessions.read_only() as session:
        packet = session.scalars(select(Packet).order_by(Packet.id.desc()).limit(1)).one()
    assert (packet.outcome, packet.claim_id) == ("repeated", None)
    assert "HZ" not in str(packet.notes)


def test_rosters_of_another_unit_are_out_of_reach(desk: Desk, stranger: User) -> None:
    hall = Hall.of(desk)
    [number] = hall.hand_in(workers(3))
    paid = hall.enrolled(workers(3), None)
    office = desk.office
    roster = opened_roster(office, hall.clerk, sheet(workers(1)))
    with office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        found, other = (
            session.scalars(select(Enrolment).filter_by(number=each)).one()
            for each in (number, paid)
        )
        acts: list[Callable[[], object]] = [
            lambda: rosters.hand_in(session, office, stranger, unit, PLAN, roster),
            lambda: rosters.accept(session, office, stranger, found),
            lambda: rosters.withdraw(session, office, stranger, found),
            lambda: rosters.let_pass(session, office, stranger, found, "好"),
            lambda: rosters.strike_line(session, office, stranger, other, 2, "好"),
            lambda: enrolment_papers.faulty_rows(session, office, stranger, found),
            lambda: enrolment_papers.confirmation(session, office, stranger, other),
            lambda: enrolment_papers.member_list(session, office, stranger, other),
            lambda: fees.note_receipt(
                session, office, stranger, other, "S", FeePayer.UNIT, other.fee_due, office.today()
            ),
            lambda: fees.refund(
                session, office, stranger, other, "S", FeePayer.UNIT, other.fee_due, office.today()
            ),
        ]
        for act in acts:
            with pytest.raises(Refused):
                act()


def test_members_and_units_of_others_are_out_of_reach(desk: Desk, stranger: User) -> None:
    person, office = desk.member(), desk.office
    with office.sessions.unit_of_work() as session:
        member = session.scalars(select(Member)).one()
        unit, own = member.unit, session.get_one(Unit, stranger.unit_id)
        acts: list[Callable[[], object]] = [
            lambda: membership.leave(session, office, stranger, member, office.today(), "left"),
            lambda: membership.come_back(session, office, stranger, member),
            lambda: membership.change_card(session, office, stranger, member, person.card, "建行"),
            lambda: membership.transfer(session, office, stranger, member, own),
            lambda: units.change(
                session, office, stranger, unit, replace(facts_of(unit), city="吉林市")
            ),
        ]
        for act in acts:
            with pytest.raises(Refused):
                act()


def test_having_sent_a_copy_of_papers_opens_no_claim_of_others(desk: Desk, stranger: User) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        packet = session.scalars(select(Packet).filter_by(claim_id=claim_id)).one()
        packet.sent_by, packet.outcome = stranger.id, "repeated"
    with desk.at(claim_id) as (session, claim):
        assert not visibility.sees_claim(session, stranger, claim)
        packet.outcome = "taken"
        session.merge(packet)
        session.flush()
        assert visibility.sees_claim(session, stranger, claim)
