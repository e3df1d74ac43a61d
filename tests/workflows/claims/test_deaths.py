"""What makes it known that a member has died: then no claim of his pays his own card."""

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import Member, User
from models.people import Role
from models.states import ClaimState
from tests.desk import Desk, Person, a_page
from tests.heirs import an_heir, confirm, key, keyed, of_a_death, pages
from tests.workflows.claims.test_answers import decided
from tests.workflows.claims.test_heirs import lines, open_reasons
from workflows.claims import correction, told_events
from workflows.enrolment import membership


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
    """The death is by illness: a clerk asks for the stay, and drops the accident."""
    with desk.at(claim_id) as (session, claim):
        told_events.ask_for(session, desk.office, clerk, claim, "hospital_stay")
    desk.work()
    with desk.at(claim_id) as (session, claim):
        told_events.drop_event(session, desk.office, clerk, claim, 0, "不申请")
    desk.work()


def rechecked(desk: Desk, claim_id: int) -> None:
    with desk.at(claim_id) as (session, claim):
        correction.recheck(session, desk.office, desk.user(Role.CLERK), claim)
    desk.work()


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


def test_a_certificate_that_is_none_of_the_members_stops_nothing_once_a_person_names_it(
    desk: Desk,
) -> None:
    person, clerk = desk.member(), desk.user(Role.CLERK)
    claim_id = desk.claim(person, more=(certificate(Person("赵六", "", "")),))
    desk.work()
    [page] = pages(desk, claim_id, Kind.DEATH_CERTIFICATE)
    with desk.at(claim_id) as (session, claim):
        correction.name_kind(session, desk.office, clerk, claim, page, Kind.OTHER)
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert decided(desk, claim_id) == ("pay", 600_00, [])


def test_who_left_by_death_is_paid_through_his_heirs_until_he_is_said_to_have_come_back(
    desk: Desk,
) -> None:
    person, clerk = desk.member(), desk.user(Role.CLERK)
    proposed = desk.claim(person)
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        member = session.query(Member).one()
        for why in ("left", "died"):
            membership.leave(session, desk.office, clerk, member, desk.office.today(), why)
    assert desk.approve_all().count == 0
    stay = desk.claim(person, admitted="2026-05-02", discharged="2026-05-12")
    desk.work()
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]
    with desk.office.sessions.unit_of_work() as session:
        membership.come_back(session, desk.office, clerk, session.query(Member).one())
    rechecked(desk, stay)
    assert decided(desk, stay) == ("pay", 500_00, [])
    assert desk.state_of(proposed) == ClaimState.PROPOSED
