"""What makes it known that a member has died: then no claim of his pays his own card."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text

from documents.kinds import Kind
from documents.reading.page import PageReading
from documents.rosters.roster_file import RosterRow
from models import Claim, Letter, Member, Unit, User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from tests.conftest import AS_OWNER
from tests.desk import Desk, Person, a_page, promises_hold, said_of
from tests.heirs import an_heir, confirm, key, keyed, of_a_death, pages
from tests.workflows.claims.acts.test_answers import decided
from tests.workflows.claims.acts.test_heirs import lines, open_reasons
from tests.workflows.claims.letter_words import letter_words
from tests.workflows.claims.test_illness import ticking
from workflows import known_deaths
from workflows.claims.acts import correction, told_events
from workflows.claims.approving import approval_queue
from workflows.enrolment import membership
from workflows.enrolment.take_over import take_over
from workflows.proof import check


def certificate(person: Person) -> PageReading:
    """Of a death by illness."""
    return a_page(
        Kind.DEATH_CERTIFICATE,
        "居民死亡医学证明(推断)书",
        f"死者姓名:{person.name}",
        "死亡日期:2026-03-20",
        "死亡原因:重症肺炎",
    )


def asked_for_the_stay_alone(desk: Desk, clerk: User, claim_id: int) -> None:
    """The death is by illness: a clerk asks for the stay and no accident."""
    assert desk.open_findings(claim_id) == {("MAY_ALSO_CLAIM", "accident")}
    desk.waive(clerk, claim_id, "因病身故")


def rechecked(desk: Desk, claim_id: int) -> None:
    with desk.at(claim_id) as (session, claim):
        correction.recheck(session, desk.office, desk.user(Role.CLERK), claim)
    desk.work()


def test_a_death_certificate_beside_a_ticked_stay_is_a_question_before_the_family_is_written_to(
    desk: Desk,
) -> None:
    person, clerk = desk.member(), desk.user(Role.CLERK)
    ticked = ticking("√住院津贴 □重大疾病 □意外伤害")
    papers = {"more": (certificate(person),), "without": (Kind.ID_CARD_BACK,)}
    claim_id = desk.claim(person, ticked, **papers)
    desk.work()
    offer, missing = ("MAY_ALSO_CLAIM", "accident"), ("MISSING_PAPER", "id_card_back")
    assert desk.open_findings(claim_id) == {offer, missing}
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION
    with desk.at(claim_id) as (session, claim):
        assert session.scalars(select(Letter).filter_by(kind="supplement_notice")).all() == []
        [asked] = [each for each in claim.findings if each.code == offer[0]]
        correction.answer(session, desk.office, clerk, claim, asked.id, "因病身故")
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
    words = letter_words(desk, claim_id, "supplement_notice")
    assert f"惊悉{person.name}同志不幸离世" in words
    assert "意外事故说明" not in words


def test_a_stay_with_a_death_certificate_goes_to_the_heirs_whatever_event_is_dropped(
    desk: Desk,
) -> None:
    person, heir, clerk = desk.member(), an_heir(), desk.user(Role.CLERK)
    theirs = [p for p in of_a_death(person, heir) if p.kind is not Kind.DEATH_CERTIFICATE]
    claim_id = desk.claim(person, more=(certificate(person), *theirs[2:]))
    desk.work()
    asked_for_the_stay_alone(desk, clerk, claim_id)
    assert desk.open_findings(claim_id) == set()
    assert open_reasons(desk, claim_id) == ["PAYEE_NOT_MEMBER"]
    key(desk, claim_id, keyed(desk, claim_id, heir, "100%"), clerk=clerk)
    confirm(desk, claim_id)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    desk.approve_all()
    assert lines(desk, desk.released()) == [(heir.name, heir.card, "600.00")]


def test_a_certificate_filed_with_one_claim_sends_the_others_to_the_heirs(desk: Desk) -> None:
    person, clerk = desk.member(), desk.user(Role.CLERK)
    proposed = desk.claim(person)
    desk.work()
    death = desk.claim(
        person, more=(certificate(person),), admitted="2026-04-02", discharged="2026-04-12"
    )
    later = desk.claim(person, admitted="2026-05-02", discharged="2026-05-12")
    desk.work()
    event: dict[str, object] = {
        "kind": "accident",
        "happened_on": "2026-04-01",
        "outcome": "disability",
        "grades": [5],
    }
    with desk.at(death) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, event, 0, reason="已核对材料")
    desk.work()
    assert desk.approve_all().count == 0
    rechecked(desk, proposed)
    for claim_id in (proposed, later):
        assert open_reasons(desk, claim_id) == ["PAYEE_NOT_MEMBER"]


def a_certificate_and_a_stay(desk: Desk) -> tuple[Person, int, int]:
    """A claim with a certificate and a stay of the same member that waits for his heirs."""
    person = desk.member()
    death = desk.claim(person, more=(certificate(person),))
    stay = desk.claim(person, admitted="2026-05-02", discharged="2026-05-12")
    desk.work()
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]
    return person, death, stay


def name_no_certificate(desk: Desk, claim_id: int) -> User:
    """A clerk says that the claim's certificate is none."""
    clerk = desk.user(Role.CLERK)
    [page] = pages(desk, claim_id, Kind.DEATH_CERTIFICATE)
    with desk.at(claim_id) as (session, claim):
        correction.name_kind(session, desk.office, clerk, claim, page, Kind.OTHER)
    rechecked(desk, claim_id)
    return clerk


def doubt(desk: Desk, person: User, member: Person) -> None:
    with desk.office.sessions.unit_of_work() as session:
        found = session.query(Member).filter_by(name=member.name).one()
        known_deaths.doubt_death(session, desk.office, person, found, "证明不是本人的")


def take_back(desk: Desk, person: User, member: Person) -> None:
    with desk.office.sessions.unit_of_work() as session:
        found = session.query(Member).filter_by(name=member.name).one()
        known_deaths.take_back_death(session, desk.office, person, found)


def test_a_certificate_that_is_named_another_paper_does_not_bring_the_member_back(
    desk: Desk,
) -> None:
    _, death, stay = a_certificate_and_a_stay(desk)
    name_no_certificate(desk, death)
    rechecked(desk, stay)
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]
    assert desk.approve_all().count == 0
    promises_hold(desk)


def test_a_claim_that_becomes_another_members_does_not_bring_the_first_one_back(
    desk: Desk,
) -> None:
    _, death, stay = a_certificate_and_a_stay(desk)
    other = desk.member("赵六")
    desk.correct(desk.user(Role.CLERK), death, id_number=other.id_number, member_name=other.name)
    rechecked(desk, stay)
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]
    later = desk.claim(other)
    desk.work()
    assert open_reasons(desk, later) == ["PAYEE_NOT_MEMBER"]
    promises_hold(desk)


def test_no_unit_and_no_roster_brings_a_dead_member_back(desk: Desk) -> None:
    person, _, stay = a_certificate_and_a_stay(desk)
    clerk, other_unit = desk.user(Role.CLERK), desk.unit("另一单位工会")
    with desk.office.sessions.unit_of_work() as session:
        member = session.query(Member).one()
        membership.leave(session, desk.office, clerk, member, desk.office.today(), "left")
    with desk.office.sessions.read_only() as session:
        member = session.query(Member).one()
        with pytest.raises(Refused, match="2026-06-15 已知会员身故，须先撤销身故"):
            membership.come_back(session, desk.office, clerk, member)
        with pytest.raises(Refused, match="已知会员身故"):
            unit = session.get_one(Unit, other_unit)
            membership.transfer(session, desk.office, clerk, member, unit)
    with desk.office.sessions.unit_of_work() as session:
        row = RosterRow(1, person.name, person.id_number, card=person.card)
        days = date(2027, 1, 1), date(2027, 12, 31)
        unit = session.get_one(Unit, other_unit)
        taken = take_over(session, desk.office, unit, "main-2020", *days, [row])
    assert (taken.members, taken.faults) == (0, ("第 1 行：已知会员身故，未参保",))
    rechecked(desk, stay)
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]


def test_a_death_stands_while_a_certificate_is_copied_on_another_paper(desk: Desk) -> None:
    person = desk.member()
    copied = replace(certificate(person), kind=Kind.OTHER, also=(Kind.DEATH_CERTIFICATE,))
    claim_id = desk.claim(person, more=(copied,))
    desk.work()
    with pytest.raises(Refused, match="仍表明会员身故"):
        doubt(desk, desk.user(Role.CLERK), person)
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text(AS_OWNER))
        session.execute(text("DELETE FROM known_death"))
        [told] = [each for each in check(session, desk.office) if each.violations]
        assert told.code == "deaths_are_known"
        session.rollback()
    [page] = pages(desk, claim_id, Kind.OTHER)
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        correction.name_kind(session, desk.office, clerk, claim, page, Kind.OTHER)
    doubt(desk, desk.user(Role.CLERK), person)


def test_two_people_take_a_death_back_and_each_claim_of_the_member_tells_it(desk: Desk) -> None:
    person, death, stay = a_certificate_and_a_stay(desk)
    doubter, confirmer = desk.user(Role.CLERK), desk.user(Role.SUPERVISOR)
    with pytest.raises(Refused, match="仍表明会员身故，请先更正"):
        doubt(desk, doubter, person)
    name_no_certificate(desk, death)
    with pytest.raises(Refused, match="没有待确认的撤销身故"):
        take_back(desk, confirmer, person)
    with pytest.raises(Refused, match="岗位"):
        doubt(desk, desk.user(Role.UNIT_CLERK, unit_id=desk.unit()), person)
    doubt(desk, doubter, person)
    with pytest.raises(Refused, match="已有人申请"):
        doubt(desk, doubter, person)
    with pytest.raises(Refused, match="申请人以外的人"):
        take_back(desk, doubter, person)
    rechecked(desk, stay)
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]
    take_back(desk, confirmer, person)
    for claim_id in (stay, death):
        rechecked(desk, claim_id)
    with desk.office.sessions.read_only() as session:
        items = {item.claim_id: item for item in approval_queue.queue(session, desk.office)}
    said = (
        f"会员 2026-06-15 曾记为身故（死亡证明），2026-06-15 由{doubter.name}申请、"
        f"{confirmer.name}确认撤销：证明不是本人的"
    )
    assert all(said in said_of(items[each]) for each in (stay, death))
    dropped = desk.approve_all(confirmer).dropped
    assert {each.reason for each in dropped} == {"本人参与撤销了会员的身故，须由他人审批"}
    assert desk.approve_all().count == 2
    assert sorted(lines(desk, desk.released())) == [
        (person.name, person.card, "500.00"),
        (person.name, person.card, "600.00"),
    ]
    promises_hold(desk)


def test_who_told_a_death_does_not_confirm_that_it_is_taken_back(desk: Desk) -> None:
    person, clerk = desk.member(), desk.user(Role.CLERK)
    stay = desk.claim(person)
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        member = session.query(Member).one()
        for why in ("left", "died"):
            membership.leave(session, desk.office, clerk, member, desk.office.today(), why)
    assert desk.approve_all().count == 0
    rechecked(desk, stay)
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]
    doubt(desk, desk.user(Role.CLERK), person)
    with pytest.raises(Refused, match="记录人和申请人以外的人"):
        take_back(desk, clerk, person)
    take_back(desk, desk.user(Role.CLERK), person)
    rechecked(desk, stay)
    assert decided(desk, stay) == ("pay", 600_00, [])
    with desk.office.sessions.read_only() as session:
        assert session.query(Member).one().left_on is None
    promises_hold(desk)


def test_what_left_before_the_death_was_known_breaks_no_promise(desk: Desk) -> None:
    person = desk.member()
    paid = desk.claim(person)
    desk.work()
    desk.approve_all()
    desk.released()
    desk.clock.pass_(hours=-7)
    desk.claim(person, more=(certificate(person),), admitted="2026-05-02", discharged="2026-05-12")
    desk.work()
    assert desk.payments(paid) == ["sent"]
    promises_hold(desk)


def test_a_certificate_named_another_paper_before_the_member_is_found_is_a_death_all_the_same(
    desk: Desk,
) -> None:
    person, clerk = desk.member(), desk.user(Role.CLERK)
    stay = desk.claim(person, admitted="2026-05-02", discharged="2026-05-12")
    unknown = Person(person.name, "", person.card)
    death = desk.claim(unknown, more=(certificate(person),), without=(Kind.ID_CARD_FRONT,))
    desk.work()
    [page] = pages(desk, death, Kind.DEATH_CERTIFICATE)
    with desk.at(death) as (session, claim):
        correction.name_kind(session, desk.office, clerk, claim, page, Kind.OTHER)
    desk.correct(clerk, death, id_number=person.id_number)
    assert desk.approve_all().count == 0
    rechecked(desk, stay)
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]
    doubt(desk, desk.user(Role.CLERK), person)
    take_back(desk, desk.user(Role.CLERK), person)
    for claim_id in (death, stay):
        rechecked(desk, claim_id)
    assert decided(desk, stay) == ("pay", 500_00, [])
    promises_hold(desk)


def test_unread_papers_of_a_paid_claim_are_an_exception_on_the_members_other_claims(
    desk: Desk,
) -> None:
    person = desk.member()
    paid = desk.claim(person)
    desk.work()
    desk.approve_all()
    desk.released()
    stay = desk.claim(person, admitted="2026-05-02", discharged="2026-05-12")
    desk.work()
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, paid).number
        [before] = approval_queue.queue(session, desk.office)
    desk.drop(f"{number}-x", {"1.jpg": desk.scan(certificate(person))})
    desk.look()
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
    assert item.claim_id == stay
    said = f"本人另案 {number} 有未审阅的后补材料"
    assert [each for each in said_of(item) if each not in said_of(before)] == [said]
