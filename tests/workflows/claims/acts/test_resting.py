"""A claim is held and resumed, withdrawn by its unit, and denied by a supervisor's proposal."""

import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from console.queries import home
from console.queries.claims import waiting
from documents.kinds import Kind
from models import Claim, Decision, Entitlement, Letter, LimitCounter, Maker, Packet, User
from models.people import Role
from models.states import ClaimState
from rules import plans
from rules.errors import BadInput, Refused
from tests.desk import HOSPITAL, Desk, a_page, handed_in, number_of, promises_hold
from tests.opened import sentence
from tests.workflows.claims.acts.test_relief import answered, applied, granted, paid
from tests.workflows.claims.objecting.test_objections import reopened
from workflows import nightly
from workflows.claims.acts import correction, denial, resting, told_events
from workflows.claims.approving import approval
from workflows.claims.replay import replay

LATER = date(2026, 6, 20)


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def supervisor(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


def hold(desk: Desk, who: User, claim_id: int, until: date = LATER, why: str = "等待调查") -> None:
    with desk.at(claim_id) as (session, claim):
        resting.hold(session, desk.office, who, claim, why, until)


def resume(desk: Desk, who: User, claim_id: int) -> None:
    with desk.at(claim_id) as (session, claim):
        resting.resume(session, desk.office, who, claim)
    desk.work()


def withdraw(desk: Desk, who: User, claim_id: int, why: str = "会员不再申请") -> None:
    with desk.at(claim_id) as (session, claim):
        resting.withdraw(session, desk.office, who, claim, why)


def deny(desk: Desk, who: User, claim_id: int, clause: str, why: str = "经向医院核实") -> None:
    with desk.at(claim_id) as (session, claim):
        denial.propose_denial(session, desk.office, who, claim, clause, why)


def rights(desk: Desk, claim_id: int) -> int:
    with desk.office.sessions.read_only() as session:
        query = select(Entitlement).filter_by(claim_id=claim_id, released_at=None)
        return len(session.scalars(query).all())


def waits_for(desk: Desk, person: User) -> set[str]:
    with desk.office.sessions.read_only() as session:
        return {row.number for row in waiting(session, desk.office, person)}


def letter_text(desk: Desk, claim_id: int) -> str:
    with desk.office.sessions.read_only() as session:
        letter = session.scalars(
            select(Letter).filter_by(claim_id=claim_id).order_by(Letter.id.desc())
        ).first()
        assert letter is not None
        assert letter.sha256 is not None
        data = desk.office.store.get(letter.sha256)
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    return re.sub(r"<[^>]+>", "", xml)


def test_a_held_claim_gives_back_its_right_waits_for_its_day_and_is_then_paid(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = handed_in(desk)
    number = number_of(desk, claim_id)
    hold(desk, clerk, claim_id, why="等待调查，电话 13800138000")
    assert desk.state_of(claim_id) == ClaimState.HELD
    assert rights(desk, claim_id) == 0
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(LimitCounter.times)).all() == [0]
    assert number not in waits_for(desk, clerk)
    promises_hold(desk)
    desk.clock.pass_(days=5)
    assert number in waits_for(desk, clerk)
    assert number in waits_for(desk, supervisor)
    assert number not in waits_for(desk, desk.user(Role.CASHIER))
    resume(desk, supervisor, claim_id)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    # To hold a claim changes nothing of it: who held it may approve it.
    assert desk.approve_all(supervisor).count == 1
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    promises_hold(desk)


def test_papers_that_come_in_end_the_hold(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, without=(Kind.BANK_CARD,))
    hold(desk, clerk, claim_id)
    page = a_page(Kind.BANK_CARD, "中国建设银行", "6217000000000000000")
    desk.drop(number_of(desk, claim_id), {"card.jpg": desk.scan(page)})
    desk.look()
    assert desk.state_of(claim_id) != ClaimState.HELD
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Claim, claim_id).look_again_on is None


def test_a_claim_is_held_with_a_reason_until_a_day_after_today(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk)
    with pytest.raises(BadInput, match="再看日期 2026-06-15 须晚于今天 2026-06-15"):
        hold(desk, clerk, claim_id, desk.office.today())
    with pytest.raises(Refused, match="请写明原因"):
        hold(desk, clerk, claim_id, why=" ")
    with pytest.raises(Refused, match="岗位"):
        hold(desk, desk.user(Role.CASHIER), claim_id)
    with pytest.raises(Refused, match="待审批"):
        resume(desk, clerk, claim_id)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert rights(desk, claim_id) == 1


def test_a_unit_withdraws_its_claim_before_approval_and_asks_again_later(desk: Desk) -> None:
    claim_id = handed_in(desk)
    of_unit = desk.user(Role.UNIT_CLERK, unit_id=desk.unit())
    withdraw(desk, of_unit, claim_id)
    assert desk.state_of(claim_id) == ClaimState.WITHDRAWN
    assert rights(desk, claim_id) == 0
    promises_hold(desk)
    resume(desk, desk.user(Role.CLERK), claim_id)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert rights(desk, claim_id) == 1


def test_what_a_withdrawn_claim_had_reserved_is_paid_to_another(desk: Desk, clerk: User) -> None:
    person = desk.member()
    first, second = handed_in(desk, person), handed_in(desk, person)
    withdraw(desk, clerk, first)
    with desk.at(second) as (session, claim):
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert desk.state_of(second) == ClaimState.PROPOSED
    desk.approve_all()
    answered(desk)
    assert desk.state_of(second) == ClaimState.PAID
    promises_hold(desk)


def test_a_unit_withdraws_no_claim_of_another_unit(desk: Desk) -> None:
    claim_id = handed_in(desk)
    elsewhere = desk.user(Role.UNIT_CLERK, unit_id=desk.unit("另一单位工会"))
    with pytest.raises(Refused, match="没有这个案件"):
        withdraw(desk, elsewhere, claim_id)
    with pytest.raises(Refused, match="岗位"):
        withdraw(desk, desk.user(Role.SUPERVISOR), claim_id)


def test_a_claim_whose_pages_are_being_read_is_withdrawn_and_stays_so(
    desk: Desk, clerk: User
) -> None:
    claim_id = desk.claim(desk.member())
    withdraw(desk, clerk, claim_id)
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.WITHDRAWN


def test_money_that_is_out_is_not_withdrawn(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk)
    desk.approve_all()
    with pytest.raises(Refused, match="待拨付"):
        withdraw(desk, clerk, claim_id)
    answered(desk)
    with pytest.raises(Refused, match="已到账"):
        withdraw(desk, clerk, claim_id)
    with pytest.raises(Refused, match="已到账"):
        hold(desk, clerk, claim_id)


def test_the_same_papers_again_say_how_a_withdrawn_claim_is_taken_up(
    desk: Desk, clerk: User
) -> None:
    content = {"a.jpg": desk.scan(a_page(Kind.BANK_CARD, "中国建设银行"))}
    desk.drop("甲", content)
    desk.look()
    with desk.office.sessions.read_only() as session:
        claim_id = session.scalars(select(Claim.id)).one()
    withdraw(desk, clerk, claim_id)
    desk.drop("乙", content)
    desk.look()
    with desk.office.sessions.read_only() as session:
        notes = session.scalars(select(Packet.notes).order_by(Packet.id.desc()).limit(1)).one()
    assert "已撤回" in str(notes)
    assert "恢复办理" in str(notes)


def test_a_supervisor_proposes_a_denial_and_another_one_approves_it(
    desk: Desk, supervisor: User
) -> None:
    claim_id = handed_in(desk, hospital="某某无名医院")
    deny(desk, supervisor, claim_id, "check_up", "住院只为体检")
    decision = desk.decision(claim_id)
    assert (decision.outcome, decision.proposed_by) == ("deny", supervisor.id)
    [reason] = decision.reasons
    assert (reason.code, reason.article) == ("EXCLUDED", "4.1.1")
    assert sentence(desk, reason) == "属于除外情形：体检：住院只为体检"
    promises_hold(desk)
    assert desk.approve_all(supervisor).count == 0
    assert desk.approve_all().count == 1
    assert desk.state_of(claim_id) == ClaimState.DENIED
    assert "住院只为体检" in letter_text(desk, claim_id)
    with desk.office.sessions.read_only() as session:
        assert session.get(Maker, (claim_id, supervisor.id, "denial")) is not None
        assert replay(session, plans.load("main-2020")).judged == 0
    promises_hold(desk)


def test_a_claim_whose_papers_never_come_is_denied_with_a_letter(
    desk: Desk, supervisor: User
) -> None:
    claim_id = handed_in(desk, without=(Kind.DISCHARGE_RECORD, Kind.APPLICATION_FORM))
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
    deny(desk, supervisor, claim_id, "CAUSE_NOT_COVERED", "逾期未补交材料")
    desk.approve_all()
    assert desk.state_of(claim_id) == ClaimState.DENIED
    text = letter_text(desk, claim_id)
    assert "逾期未补交材料" in text
    assert "收到的申请" in text
    promises_hold(desk)


def test_each_part_of_a_denied_claim_has_the_reason(desk: Desk, supervisor: User) -> None:
    person = desk.member()
    desk.member(on_roster=person, plan="medical-2022")
    claim_id = handed_in(desk, person)
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    deny(desk, supervisor, claim_id, "CAUSE_NOT_COVERED")
    decision = desk.decision(claim_id)
    assert [part.plan for part in decision.parts] == ["main-2020", "medical-2022"]
    assert len(decision.reasons) == 2
    promises_hold(desk)


def test_a_denial_needs_a_clause_of_the_plan_a_reason_and_a_supervisor(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = handed_in(desk, hospital="某某无名医院")
    with pytest.raises(BadInput, match="没有这一条款：nothing"):
        deny(desk, supervisor, claim_id, "nothing")
    with pytest.raises(Refused, match="请写明原因"):
        deny(desk, supervisor, claim_id, "check_up", " ")
    with pytest.raises(Refused, match="岗位"):
        deny(desk, clerk, claim_id, "check_up")
    paid_id = handed_in(desk)
    with pytest.raises(Refused, match="不能提请不予给付"):
        deny(desk, supervisor, paid_id, "check_up")
    assert desk.state_of(claim_id) == ClaimState.REFERRED


def test_a_proposed_denial_may_be_sent_back_or_judged_again(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = handed_in(desk, hospital="某某无名医院")
    deny(desk, supervisor, claim_id, "check_up")
    with desk.at(claim_id) as (session, claim):
        other = desk.user(Role.SUPERVISOR)
        approval.send_back(session, desk.office, other, claim, "证据不足")
    with desk.at(claim_id) as (session, claim):
        known: dict[str, object] = {"hospital": {"name": HOSPITAL, "level": 3, "city": "长春市"}}
        told_events.establish(session, desk.office, clerk, claim, known, reason="已核对材料")
    desk.work()
    assert desk.decision(claim_id).proposed_by is None
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    desk.approve_all()
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID


def test_what_a_committee_decides_is_neither_held_nor_withdrawn_nor_denied_by_one(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    relief_id = applied(desk, paid(desk, desk.member()), clerk)
    claim_id = granted(desk, supervisor, relief_id)
    with pytest.raises(Refused, match="评审会"):
        hold(desk, clerk, claim_id)
    with pytest.raises(Refused, match="评审会"):
        withdraw(desk, clerk, claim_id)
    with pytest.raises(Refused, match="评审会"):
        deny(desk, supervisor, claim_id, "check_up")


def test_a_machine_s_denial_names_no_person(desk: Desk) -> None:
    handed_in(desk, admitted="2026-03-02", discharged="2026-03-03")
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Decision.proposed_by)).all() == [None]


def test_events_of_a_held_claim_are_told_after_it_was_resumed(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk)
    hold(desk, clerk, claim_id)
    known: dict[str, object] = {"hospital": {"name": HOSPITAL, "level": 3, "city": "长春市"}}
    with pytest.raises(Refused, match="请先恢复办理"), desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, known, reason="已核对材料")
    with pytest.raises(Refused, match="请先恢复办理"), desk.at(claim_id) as (session, claim):
        told_events.drop_event(session, desk.office, clerk, claim, 0, "不申请")
    resume(desk, clerk, claim_id)
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, known, reason="已核对材料")
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_hold_of_a_decided_claim_ends_on_its_day_and_cannot_be_drawn_out(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = paid(desk, desk.member())
    reopened(desk, clerk, claim_id)
    hold(desk, clerk, claim_id, LATER)
    desk.clock.pass_(days=4)
    assert nightly.end_holds(desk.office) == 0
    desk.clock.pass_(days=1)
    assert nightly.end_holds(desk.office) == 1
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    # From the reopening on all holds together have ninety days.
    with pytest.raises(BadInput, match=r"最多搁置 90 天，最晚为 2026-09-13"):
        hold(desk, clerk, claim_id, date(2026, 9, 14))
    hold(desk, clerk, claim_id, date(2026, 9, 13))
    desk.clock.pass_(days=85)
    nightly.end_holds(desk.office)
    desk.work()
    with pytest.raises(BadInput, match="最多搁置"):
        hold(desk, clerk, claim_id, desk.office.today() + timedelta(days=1))
    # One that was never decided waits for a person, as the unit may still withdraw it.
    other = handed_in(desk)
    hold(desk, clerk, other, desk.office.today() + timedelta(days=1))
    desk.clock.pass_(days=2)
    assert nightly.end_holds(desk.office) == 0
    assert number_of(desk, other) in waits_for(desk, supervisor)
    with desk.office.sessions.read_only() as session:
        assert "搁置" in {tile.word for tile in home.tiles(session, desk.office, supervisor)}
    assert desk.approve_all().count == 1
    assert desk.state_of(claim_id) == ClaimState.PAID


def test_the_day_of_a_hold_is_kept_while_it_is_held(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk)
    hold(desk, clerk, claim_id, LATER + timedelta(days=85))
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Claim, claim_id).look_again_on == date(2026, 9, 13)
