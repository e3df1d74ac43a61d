"""Second relief: the committee decides once, another supervisor approves, the bank pays once."""

import io
import re
import zipfile
from datetime import date
from functools import partial
from hashlib import sha256

import pytest
from sqlalchemy import select, text

from banking import simulator
from console.queries.approvals import queue_as_shown
from models import Batch, Claim, Letter, Objection, Recovery, Relief, User
from models.people import Role
from models.states import ClaimState, ReliefState, RevisionCause
from rules import plans
from rules.errors import Refused
from rules.money import Fen
from rules.second_look import Look
from tests.conftest import AS_OWNER
from tests.desk import Desk, Person, a_card_number, a_page, at_once, promises_hold, said_of
from tests.opened import sentence
from tests.workflows.claims.letter_words import letter_words
from workflows.claims.acts import correction, relief, told_events
from workflows.claims.acts.relief import Sitting
from workflows.claims.approving import approval, approval_queue
from workflows.claims.judging import relief_review, revision
from workflows.claims.letters import letters
from workflows.claims.objecting import objections
from workflows.claims.objecting.objections import NewObjection
from workflows.claims.packets import uploads
from workflows.claims.paying import bank_reply, payment_files
from workflows.claims.replay import replay
from workflows.proof import check
from workflows.sealed_values.claims import hardship_of, payee_of, values_of

FORM = "ccb-list"
TODAY = date(2026, 6, 15)
MINUTES = "会议纪要〔2026〕3号"
SITTING = Sitting(TODAY, MINUTES)
NEED = "配偶失业，子女在读，自付医疗费 8 万元"


def answered(desk: Desk, results: dict[str, str] | None = None) -> None:
    """Everything payable goes to the bank, and the bank answers."""
    batch_id = desk.released()
    cashier = desk.user(Role.CASHIER)
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)
        reply = simulator.answer(file.content, FORM, results or {}, (), desk.clock())
        bank_reply.load_reply(session, desk.office, cashier, batch, reply)


def paid(desk: Desk, person: Person) -> int:
    claim_id = desk.claim(person)
    desk.work()
    desk.approve_all()
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    return claim_id


def applied(desk: Desk, claim_id: int, by: User, asked: int = 500_000) -> int:
    with desk.at(claim_id) as (session, claim):
        return relief.apply(session, desk.office, by, claim, NEED, Fen(asked)).id


def granted(desk: Desk, by: User, relief_id: int, sum_: int = 300_000, on: date = TODAY) -> int:
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Relief, relief_id)
        return relief.grant(session, desk.office, by, row, Fen(sum_), Sitting(on, MINUTES)).id


def refused(desk: Desk, by: User, relief_id: int, reason: str = "不属于困难会员") -> None:
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Relief, relief_id)
        relief.refuse(session, desk.office, by, row, reason, SITTING)


def sent_back(desk: Desk, claim_id: int) -> None:
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, desk.user(Role.SUPERVISOR), claim, "金额待核")


def the(desk: Desk, relief_id: int) -> Relief:
    with desk.office.sessions.read_only() as session:
        return session.get_one(Relief, relief_id)


@pytest.fixture
def person(desk: Desk) -> Person:
    return desk.member()


@pytest.fixture
def after(desk: Desk, person: Person) -> int:
    return paid(desk, person)


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def supervisor(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


@pytest.mark.notice("1", "病后救助（对困难会员进行二次爱心救助）")
def test_a_grant_is_approved_by_another_and_paid_exactly_once_to_the_same_card(
    desk: Desk, person: Person, after: int, clerk: User, supervisor: User
) -> None:
    claim_id = granted(desk, supervisor, applied(desk, after, clerk))
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    line = desk.decision(claim_id).lines[0]
    assert sentence(desk, line) == "二次救助评审会 2026-06-15 决定给付 3000.00 元"
    assert desk.approve_all(supervisor).dropped[0].reason == "本人经手过此案，须由他人审批"
    assert desk.approve_all().sum == 300_000
    answered(desk)
    desk.work()
    assert desk.payments(claim_id) == ["credited"]
    assert desk.state_of(claim_id) == ClaimState.PAID
    with desk.office.sessions.read_only() as session:
        claim = session.get_one(Claim, claim_id)
        values = values_of(desk.office.keys, claim)
        assert (values["member_name"], values["bank_card_number"]) == (person.name, person.card)
    promises_hold(desk)


def test_the_applicant_cannot_approve_either(desk: Desk, after: int, supervisor: User) -> None:
    applicant = desk.user(Role.CLERK)
    granted(desk, supervisor, applied(desk, after, applicant))
    assert desk.approve_all(desk.user(Role.SUPERVISOR, of=applicant)).count == 0
    assert desk.approve_all().count == 1


def test_the_letter_says_what_the_committee_decided(
    desk: Desk, person: Person, after: int, clerk: User, supervisor: User
) -> None:
    claim_id = granted(desk, supervisor, applied(desk, after, clerk))
    desk.approve_all()
    with desk.office.sessions.read_only() as session:
        letter = session.scalars(select(Letter).filter_by(claim_id=claim_id)).one()
        number = session.get_one(Claim, after).number
        [again] = letters.render(session, [letter], desk.office)
        assert sha256(again).hexdigest() == letter.sha256
        assert letter.sha256 is not None
        with zipfile.ZipFile(io.BytesIO(desk.office.store.get(letter.sha256))) as file:
            text = re.sub(r"<[^>]+>", "", file.read("word/document.xml").decode())
    assert f"在案件 {number} 给付之后申请二次救助" in text
    assert "叁仟元整" in text
    assert "会议纪要〔2026〕3号" in text
    assert person.card not in text
    assert NEED not in text


def test_the_hardship_is_sealed(desk: Desk, after: int, clerk: User) -> None:
    row = the(desk, applied(desk, after, clerk))
    assert NEED.encode() not in row.hardship
    assert hardship_of(desk.office.keys, row) == NEED


def test_only_what_was_paid_can_be_followed_by_relief(desk: Desk, clerk: User) -> None:
    claim_id = desk.claim(desk.member("李四"))
    desk.work()
    with pytest.raises(Refused, match="到账之后"):
        applied(desk, claim_id, clerk)


def test_relief_is_not_followed_by_relief(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    claim_id = granted(desk, supervisor, applied(desk, after, clerk))
    desk.approve_all()
    answered(desk)
    with pytest.raises(Refused, match="到账之后"):
        applied(desk, claim_id, clerk)
    with pytest.raises(Refused, match="已有二次救助申请"):
        applied(desk, after, clerk)


def test_an_application_says_what_for_and_how_much(desk: Desk, after: int, clerk: User) -> None:
    with pytest.raises(Refused, match="大于零"):
        applied(desk, after, clerk, asked=0)
    with pytest.raises(Refused, match="困难"), desk.at(after) as (session, claim):
        relief.apply(session, desk.office, clerk, claim, "  ", Fen(1))


def test_there_is_one_open_application_for_a_claim(desk: Desk, after: int, clerk: User) -> None:
    first = applied(desk, after, clerk)
    with pytest.raises(Refused, match="已有二次救助申请"):
        applied(desk, after, clerk)
    with desk.office.sessions.unit_of_work() as session:
        relief.withdraw(session, desk.office, clerk, session.get_one(Relief, first))
    assert the(desk, applied(desk, after, clerk)).state == ReliefState.APPLIED


def test_two_who_apply_at_once_make_one_application(desk: Desk, after: int, clerk: User) -> None:
    def is_taken() -> bool:
        try:
            applied(desk, after, clerk)
        except Refused:
            return False
        return True

    assert sorted(at_once(is_taken, is_taken, is_taken)) == [False, False, True]


def test_a_unit_clerk_applies_for_his_own_unit_only(desk: Desk, after: int) -> None:
    own, other = desk.user(Role.UNIT_CLERK), desk.user(Role.UNIT_CLERK)
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, own.id).unit_id = session.get_one(Claim, after).unit_id
    with pytest.raises(Refused, match="本单位"):
        applied(desk, after, other)
    with desk.office.sessions.read_only() as session:
        own = session.get_one(User, own.id)
    relief_id = applied(desk, after, own)
    with pytest.raises(Refused, match="本单位"), desk.office.sessions.unit_of_work() as session:
        relief.withdraw(session, desk.office, other, session.get_one(Relief, relief_id))


def test_only_a_supervisor_records_what_the_committee_decides(
    desk: Desk, after: int, clerk: User
) -> None:
    relief_id = applied(desk, after, clerk)
    for role in set(Role) - {Role.SUPERVISOR}:
        person = desk.user(role)
        with pytest.raises(Refused, match="审批"):
            granted(desk, person, relief_id)
        with pytest.raises(Refused, match="审批"):
            refused(desk, person, relief_id)
    for role in set(Role) - {Role.CLERK, Role.UNIT_CLERK}:
        with pytest.raises(Refused, match="经办"):
            applied(desk, after, desk.user(role))


@pytest.mark.parametrize(
    ("sum_", "is_fine"), [(0, False), (1, True), (500_000, True), (500_001, False)]
)
def test_what_is_granted_is_within_what_was_asked(
    desk: Desk, after: int, clerk: User, supervisor: User, sum_: int, is_fine: bool
) -> None:
    relief_id = applied(desk, after, clerk)
    if is_fine:
        assert desk.state_of(granted(desk, supervisor, relief_id, sum_)) == ClaimState.PROPOSED
    else:
        with pytest.raises(Refused, match=r"5000\.00"):
            granted(desk, supervisor, relief_id, sum_)


def test_the_committee_meets_after_the_application_and_not_in_the_future(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    relief_id = applied(desk, after, clerk)
    for day in (date(2026, 6, 14), date(2026, 6, 16)):
        with (
            pytest.raises(Refused, match="评审日期"),
            desk.office.sessions.unit_of_work() as session,
        ):
            row = session.get_one(Relief, relief_id)
            sitting = Sitting(day, "纪要")
            relief.grant(session, desk.office, supervisor, row, Fen(1), sitting)


def test_two_who_grant_at_once_make_one_claim(desk: Desk, after: int, clerk: User) -> None:
    relief_id = applied(desk, after, clerk)

    def is_recorded(person: User) -> bool:
        try:
            granted(desk, person, relief_id)
        except Refused:
            return False
        return True

    people = [desk.user(Role.SUPERVISOR) for _ in range(3)]
    assert sorted(at_once(*[partial(is_recorded, one) for one in people])) == [False, False, True]
    with desk.office.sessions.read_only() as session:
        assert len(session.scalars(select(Claim)).all()) == 2
    promises_hold(desk)


def test_what_was_granted_is_not_granted_again_or_withdrawn(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    relief_id = applied(desk, after, clerk)
    granted(desk, supervisor, relief_id)
    with pytest.raises(Refused, match="已有决定"):
        granted(desk, supervisor, relief_id)
    with pytest.raises(Refused, match="已有决定"):
        refused(desk, supervisor, relief_id)
    with pytest.raises(Refused), desk.office.sessions.unit_of_work() as session:
        relief.withdraw(session, desk.office, clerk, session.get_one(Relief, relief_id))


def test_a_returned_payment_is_paid_again_to_the_corrected_card(
    desk: Desk, person: Person, after: int, clerk: User, supervisor: User
) -> None:
    claim_id = granted(desk, supervisor, applied(desk, after, clerk))
    desk.approve_all()
    answered(desk, {person.card: "3031"})
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    desk.pay_again(clerk, claim_id, a_card_number())
    with desk.at(claim_id) as (_session, claim):
        assert claim.is_relief, "its card was compared with the papers filed with it"
    desk.approve_all()
    answered(desk)
    assert desk.payments(claim_id) == ["returned", "credited"]
    promises_hold(desk)


def test_who_keyed_the_payee_of_the_claim_does_not_approve_its_relief(
    desk: Desk, person: Person, supervisor: User
) -> None:
    """A clerk keys his own card on the claim, and is a supervisor when its relief comes."""
    insider, clerk = desk.user(Role.CLERK), desk.user(Role.CLERK)
    same = desk.user(Role.SUPERVISOR, of=insider)
    claim_id = desk.claim(person)
    desk.work()
    desk.correct(insider, claim_id, bank_card_number=a_card_number())
    with desk.at(claim_id) as (session, claim):
        for finding in [each for each in claim.findings if each.closed_at is None]:
            correction.answer(session, desk.office, clerk, claim, finding.id, "原件已核")
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    desk.confirm_payee(claim_id)
    desk.approve_all()
    answered(desk)
    granted(desk, supervisor, applied(desk, claim_id, clerk))
    [dropped] = desk.approve_all(same).dropped
    assert "本人经手过此案" in dropped.reason
    assert desk.approve_all().count == 1
    promises_hold(desk)
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text(AS_OWNER))
        session.execute(text("UPDATE approval SET approver_id = :id WHERE id = 2"), {"id": same.id})
    with desk.office.sessions.read_only() as session:
        broken = {each.code for each in check(session, desk.office) if each.violations}
    # He named the card that is paid to, besides.
    assert broken == {"maker_is_not_checker", "cards_are_confirmed_by_others"}


def test_relief_goes_to_the_card_last_paid_and_another_one_is_for_a_second_person_to_see(
    desk: Desk, person: Person, after: int, clerk: User, supervisor: User
) -> None:
    """A clerk keys his own card on a paid claim that he reopens, where it moves no money."""
    reopened(desk, after, clerk)
    mine = a_card_number()
    desk.correct(clerk, after, bank_card_number=mine)
    with desk.at(after) as (session, claim):
        for finding in [each for each in claim.findings if each.closed_at is None]:
            correction.answer(session, desk.office, clerk, claim, finding.id, "换卡")
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    desk.confirm_payee(after)
    desk.approve_all()
    assert desk.state_of(after) == ClaimState.PAID
    claim_id = granted(desk, supervisor, applied(desk, after, desk.user(Role.CLERK)))
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
        [row] = queue_as_shown(session, desk.office, supervisor).rows
        assert values_of(desk.office.keys, session.get_one(Claim, claim_id))[
            "bank_card_number"
        ] == (person.card)
    assert f"原案件到账之后{clerk.name}更改过收款信息；救助仍付给最后到账的卡" in said_of(item)
    [keyed] = [each for each in row.item.looks if each.code is Look.PAYEE_KEYED]
    assert clerk.name in keyed.sentence
    assert (keyed.before[-4:], keyed.after[-4:]) == (person.card[-4:], mine[-4:])
    desk.approve_all()
    answered(desk)
    with desk.office.sessions.read_only() as session:
        [payment] = session.get_one(Claim, claim_id).payments
        assert payee_of(desk.office.keys, payment).account == person.card
    promises_hold(desk)


def test_relief_that_was_sent_back_is_paid_to_nobody_else(
    desk: Desk, person: Person, after: int, clerk: User, supervisor: User
) -> None:
    claim_id = granted(desk, supervisor, applied(desk, after, clerk))
    sent_back(desk, claim_id)
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    for name, value in (("member_name", "李四"), ("id_number", person.id_number)):
        with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="不能更改收款人"):
            correction.correct_field(session, desk.office, clerk, claim, name, value)


def test_a_claim_sent_back_goes_to_the_committee_again(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    relief_id = applied(desk, after, clerk)
    claim_id = granted(desk, supervisor, relief_id)
    desk.approve_all()
    sent_back(desk, claim_id)
    assert the(desk, relief_id).state == ReliefState.APPLIED
    promises_hold(desk)
    with pytest.raises(Refused, match="重新决定"), desk.office.sessions.unit_of_work() as session:
        relief.withdraw(session, desk.office, clerk, session.get_one(Relief, relief_id))
    assert granted(desk, supervisor, relief_id, 200_000) == claim_id
    desk.approve_all()
    answered(desk)
    assert desk.payments(claim_id) == ["cancelled", "credited"]
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Claim, claim_id).payments[-1].amount == 200_000
    promises_hold(desk)


def test_a_grant_sent_back_may_end_in_a_denial_with_its_letter(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    relief_id = applied(desk, after, clerk)
    claim_id = granted(desk, supervisor, relief_id)
    sent_back(desk, claim_id)
    refused(desk, supervisor, relief_id)
    with pytest.raises(Refused, match="已有二次救助申请"):
        applied(desk, after, clerk)
    sent_back(desk, claim_id)
    refused(desk, supervisor, relief_id)
    desk.approve_all()
    assert desk.state_of(claim_id) == ClaimState.DENIED
    with desk.office.sessions.read_only() as session:
        letter = session.scalars(select(Letter).filter_by(claim_id=claim_id)).one()
        assert (letter.kind, letter.state) == ("denial_notice", "written")
    promises_hold(desk)
    assert the(desk, applied(desk, after, clerk)).state == ReliefState.APPLIED


def test_a_refusal_needs_a_reason_and_is_told_to_the_member_who_may_object(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    relief_id = applied(desk, after, clerk)
    with pytest.raises(Refused, match="原因"):
        refused(desk, supervisor, relief_id, " ")
    refused(desk, supervisor, relief_id)
    row = the(desk, relief_id)
    assert (row.state, row.met_on) == (ReliefState.REFUSED, TODAY)
    assert row.claim_id is not None
    # Another supervisor agrees; only then is it told.
    assert desk.approve_all(supervisor).dropped[0].reason == "本人经手过此案，须由他人审批"
    desk.approve_all()
    assert desk.state_of(row.claim_id) == ClaimState.DENIED
    assert "决定不予救助：不属于困难会员" in letter_words(desk, row.claim_id, "denial_notice")
    with desk.at(row.claim_id) as (session, claim):
        said = NewObjection(desk.office.today(), "member", "张三", "确属困难")
        objections.register(session, desk.office, clerk, claim, said)
    promises_hold(desk)
    assert the(desk, applied(desk, after, clerk)).state == ReliefState.APPLIED


def test_a_relief_claim_is_never_checked_as_if_it_had_papers(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    claim_id = granted(desk, supervisor, applied(desk, after, clerk))
    for is_back in (False, True):
        if is_back:
            sent_back(desk, claim_id)
        with pytest.raises(Refused, match="现在不"), desk.at(claim_id) as (session, claim):
            correction.recheck(session, desk.office, clerk, claim)
        with pytest.raises(Refused, match="评审会决定"), desk.at(claim_id) as (session, claim):
            told_events.establish(
                session, desk.office, clerk, claim, {"cause": "illness"}, reason="已核对材料"
            )
    with pytest.raises(Refused, match="收款信息"), desk.at(claim_id) as (session, claim):
        correction.correct_field(session, desk.office, clerk, claim, "admitted_on", "2026-03-02")
    with desk.office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id)
        scan = desk.scan(a_page("other", "会议纪要"))  # type: ignore[arg-type]
        uploads.upload(session, desk.office, clerk, [("minutes.jpg", scan)], claim)
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.REFERRED


def test_no_plan_is_replayed_over_relief_and_it_uses_up_no_limit(
    desk: Desk, person: Person, after: int, clerk: User, supervisor: User
) -> None:
    granted(desk, supervisor, applied(desk, after, clerk))
    with desk.office.sessions.read_only() as session:
        result = replay(session, plans.load("main-2020"))
    assert (result.judged, result.differences) == (1, ())
    second = desk.claim(person, admitted="2026-05-01", discharged="2026-05-11")
    desk.work()
    assert desk.decision(second).amount == 50_000


def reopened(desk: Desk, claim_id: int, by: User) -> None:
    with desk.at(claim_id) as (session, claim):
        revision.reopen(session, desk.office, by, claim, RevisionCause.MISTAKE, "家庭收入核算有误")
    desk.work()


def paid_out(desk: Desk, claim_id: int) -> list[tuple[int, str]]:
    with desk.office.sessions.read_only() as session:
        return [(p.amount, p.state) for p in session.get_one(Claim, claim_id).payments]


def asked_back(desk: Desk, claim_id: int) -> list[tuple[str, int]]:
    with desk.office.sessions.read_only() as session:
        rows = session.scalars(select(Recovery).filter_by(claim_id=claim_id).order_by(Recovery.id))
        return [(row.state, row.amount) for row in rows]


def test_relief_that_was_wrong_is_decided_again_and_only_the_difference_moves(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    relief_id = applied(desk, after, clerk)
    claim_id = granted(desk, supervisor, relief_id)
    desk.approve_all()
    answered(desk)
    # 3,000 were paid; 1,000 is right: 2,000 are asked back.
    reopened(desk, claim_id, clerk)
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    assert the(desk, relief_id).state == ReliefState.APPLIED
    promises_hold(desk)
    granted(desk, supervisor, relief_id, 100_000)
    promises_hold(desk)
    assert desk.approve_all(supervisor).dropped[0].reason == "本人经手过此案，须由他人审批"
    desk.approve_all()
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert asked_back(desk, claim_id) == [("open", 200_000)]
    words = letter_words(desk, claim_id, "recovery_notice")
    for said in ("¥3000.00", "¥1000.00", "贰仟元整", "家庭收入核算有误", "二次救助"):
        assert said in words, said
    promises_hold(desk)
    # 4,000 is right after all: nothing is asked back, 1,000 are paid.
    reopened(desk, claim_id, clerk)
    granted(desk, supervisor, relief_id, 400_000)
    desk.approve_all()
    assert asked_back(desk, claim_id) == [("called_off", 200_000)]
    answered(desk)
    assert paid_out(desk, claim_id) == [(300_000, "credited"), (100_000, "credited")]
    promises_hold(desk)
    # Nothing is right: all of it comes back.
    reopened(desk, claim_id, clerk)
    refused(desk, supervisor, relief_id)
    desk.approve_all()
    assert desk.state_of(claim_id) == ClaimState.DENIED
    assert asked_back(desk, claim_id)[1:] == [("open", 400_000)]
    promises_hold(desk)


def test_who_objects_to_relief_is_answered_and_the_committee_decides_again(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    relief_id = applied(desk, after, clerk)
    claim_id = granted(desk, supervisor, relief_id)
    first = desk.user(Role.SUPERVISOR)
    desk.approve_all(first)
    answered(desk)
    desk.clock.pass_(days=1)
    said = NewObjection(desk.office.today(), "member", "张三", "困难程度认定偏低")
    with desk.at(claim_id) as (session, claim):
        objection_id = objections.register(session, desk.office, clerk, claim, said).id
    for had_a_part in (supervisor, first):
        with pytest.raises(Refused, match="须由他人听取"):
            heard(desk, had_a_part, objection_id)
    heard(desk, desk.user(Role.SUPERVISOR), objection_id)
    with pytest.raises(Refused, match="须由他人记录"):
        granted(desk, supervisor, relief_id, 350_000)
    with pytest.raises(Refused, match="须由他人记录"):
        refused(desk, supervisor, relief_id)
    granted(desk, desk.user(Role.SUPERVISOR), relief_id, 350_000)
    assert desk.approve_all(first).count == 0
    desk.approve_all()
    answered(desk)
    assert paid_out(desk, claim_id) == [(300_000, "credited"), (50_000, "credited")]
    assert "异议成立" in letter_words(desk, claim_id, "objection_answer")
    assert "本次补付500.00元" in letter_words(desk, claim_id, "payment_notice")
    promises_hold(desk)


def heard(desk: Desk, by: User, objection_id: int) -> None:
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Objection, objection_id)
        objections.uphold(session, desk.office, by, row, "收入证明有新的材料")
    desk.work()


def test_relief_is_looked_at_again_where_the_claim_it_followed_was_decided_anew(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    other, applicant = desk.user(Role.SUPERVISOR), desk.user(Role.CLERK)
    relief_id = applied(desk, after, applicant)
    claim_id = granted(desk, supervisor, relief_id)
    desk.approve_all()
    answered(desk)
    # Nothing changes: nothing is to be looked at.
    reopened(desk, after, clerk)
    desk.approve_all()
    assert the(desk, relief_id).look_again_for is None
    with pytest.raises(Refused, match="没有待复看的决定"):
        kept(desk, supervisor, relief_id, "仍属困难")
    shortened(desk, clerk, after, "2026-03-10")
    assert the(desk, relief_id).look_again_for == desk.decision(after).id
    with pytest.raises(Refused, match="请写明维持救助决定的原因"):
        kept(desk, other, relief_id, " ")
    for maker in (supervisor, desk.user(Role.SUPERVISOR, of=applicant)):
        with pytest.raises(Refused, match="须由他人决定"):
            kept(desk, maker, relief_id, "差额很小，仍属困难")
    kept(desk, other, relief_id, "差额很小，仍属困难")
    assert the(desk, relief_id).look_again_for is None
    # The benefit is denied: relief has nothing to follow, and can only be refused now.
    shortened(desk, clerk, after, "2026-03-03")
    assert the(desk, relief_id).look_again_for == desk.decision(after).id
    with pytest.raises(Refused, match="没有给付，救助不能维持"):
        kept(desk, other, relief_id, "仍属困难")
    reopened(desk, claim_id, clerk)
    assert the(desk, relief_id).look_again_for is None
    with pytest.raises(Refused, match="到账之后"):
        granted(desk, supervisor, relief_id)
    refused(desk, supervisor, relief_id, "原案件不予给付")
    desk.approve_all()
    assert asked_back(desk, claim_id) == [("open", 300_000)]
    promises_hold(desk)


def test_relief_in_doubt_is_not_approved_before_it_was_looked_at_again(
    desk: Desk, after: int, clerk: User, supervisor: User
) -> None:
    relief_id = applied(desk, after, clerk)
    claim_id = granted(desk, supervisor, relief_id)
    reopened(desk, after, clerk)
    desk.correct(clerk, after, admitted_on="2026-03-02", discharged_on="2026-03-10")
    desk.approve_one(after)
    [dropped] = desk.approve_all().dropped
    assert "须先由评审会复看" in dropped.reason
    kept(desk, desk.user(Role.SUPERVISOR), relief_id, "差额很小，仍属困难")
    desk.approve_all()
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    promises_hold(desk)


def kept(desk: Desk, by: User, relief_id: int, reason: str) -> None:
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Relief, relief_id)
        relief_review.keep(session, desk.office, by, row, reason)


def shortened(desk: Desk, clerk: User, claim_id: int, discharged: str) -> None:
    reopened(desk, claim_id, clerk)
    desk.correct(clerk, claim_id, admitted_on="2026-03-02", discharged_on=discharged)
    desk.approve_all()
