"""Members leave, change unit and card; their cover stays what it is."""

from datetime import date

import pytest
from sqlalchemy import select

from models import AuditEvent, Coverage, Member, Unit
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, a_card_number
from workflows.enrolment import membership
from workflows.member_cards import confirm_card, waiting_card
from workflows.sealed_values.members import card_of


def the_member(desk: Desk) -> int:
    desk.member()
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(Member.id)).one()


def verbs(desk: Desk) -> list[str]:
    with desk.office.sessions.read_only() as session:
        return list(session.scalars(select(AuditEvent.verb).filter_by(subject="member")))


def test_who_leaves_stays_covered_to_the_end(desk: Desk) -> None:
    member_id, clerk = the_member(desk), desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        member = session.get_one(Member, member_id)
        membership.leave(session, desk.office, clerk, member, date(2026, 7, 1), "retired")
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Member, member_id).left_on == date(2026, 7, 1)
        assert session.scalars(select(Coverage.ends_on)).all() == [date(2026, 12, 31)]
    assert verbs(desk)[-1] == "leave"


def test_a_leaving_noted_by_mistake_is_undone(desk: Desk) -> None:
    member_id, clerk = the_member(desk), desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        member = session.get_one(Member, member_id)
        with pytest.raises(Refused):
            membership.come_back(session, desk.office, clerk, member)
        membership.leave(session, desk.office, clerk, member, date(2026, 7, 1), "left")
        membership.come_back(session, desk.office, clerk, member)
        assert member.left_on is None


def test_a_transfer_moves_the_member_and_leaves_the_cover(desk: Desk) -> None:
    member_id, clerk, other = the_member(desk), desk.user(Role.CLERK), desk.unit("另一单位工会")
    with desk.office.sessions.unit_of_work() as session:
        member, unit = session.get_one(Member, member_id), session.get_one(Unit, other)
        membership.transfer(session, desk.office, clerk, member, unit)
        with pytest.raises(Refused, match="已在"):
            membership.transfer(session, desk.office, clerk, member, unit)
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Member, member_id).unit_id == other
        assert len(session.scalars(select(Coverage)).all()) == 1


def test_a_transfer_between_hand_in_and_approval_leaves_the_claim_to_the_cover_of_its_day(
    desk: Desk,
) -> None:
    """R32: in the city of the new unit the same days would be paid at the rate for elsewhere."""
    person, clerk = desk.member(), desk.user(Role.CLERK)
    other = desk.unit("四平市某局机关工会", city="四平市")
    claim_id = desk.claim(person)
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        member, unit = session.scalars(select(Member)).one(), session.get_one(Unit, other)
        membership.transfer(session, desk.office, clerk, member, unit)
    desk.correct(clerk, claim_id, bank_card_number=person.card)
    assert desk.decision(claim_id).amount == 600_00
    desk.approve_all()
    desk.released()
    assert desk.payments(claim_id) == ["sent"]


def test_another_card_is_kept_with_the_time_and_the_event_does_not_show_it(desk: Desk) -> None:
    member_id, clerk, card = the_member(desk), desk.user(Role.CLERK), a_card_number()
    with desk.office.sessions.unit_of_work() as session:
        member = session.get_one(Member, member_id)
        for wrong, bank in (("6217000000000001", "建行"), (card, " ")):
            with pytest.raises(Refused):
                membership.change_card(session, desk.office, clerk, member, wrong, bank)
        membership.change_card(session, desk.office, clerk, member, card, "吉林银行")
        session.flush()
        waiting = waiting_card(session, member)
        assert waiting is not None
        assert card_of(desk.office.keys, member) != card
        with pytest.raises(Refused, match="提出人以外"):
            confirm_card(session, desk.office, clerk, member, waiting.id)
        confirm_card(session, desk.office, desk.user(Role.CLERK), member, waiting.id)
    with desk.office.sessions.read_only() as session:
        member = session.get_one(Member, member_id)
        assert card_of(desk.office.keys, member) == card
        assert (member.bank_name, member.card_changed_at) == ("吉林银行", desk.clock.now)
        details = session.scalars(select(AuditEvent.detail).filter_by(subject="member")).all()
        assert card not in str(details)


def test_a_units_clerk_touches_his_own_members_only(desk: Desk) -> None:
    member_id = the_member(desk)
    stranger = desk.user(Role.UNIT_CLERK, unit_id=desk.unit("另一单位工会"))
    own = desk.user(Role.UNIT_CLERK, unit_id=desk.unit())
    with desk.office.sessions.unit_of_work() as session:
        member = session.get_one(Member, member_id)
        with pytest.raises(Refused, match="本单位"):
            membership.leave(session, desk.office, stranger, member, date(2026, 7, 1), "left")
        membership.leave(session, desk.office, own, member, date(2026, 7, 1), "left")
