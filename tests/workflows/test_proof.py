"""Each promise is broken on purpose once, and the proof names it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from banking import simulator
from documents.kinds import Kind
from documents.sealing import KeyRing, new_index_key, new_keys
from documents.store import Store
from models import (
    BankWord,
    Batch,
    Books,
    FeeReceipt,
    Payment,
    Recovery,
    ReplyCase,
    StatementLine,
)
from models.people import Role
from rules.money import Fen, yuan
from settings import Settings
from tests import as_shown
from tests.banking.statements import entry, statement_of
from tests.conftest import AS_OWNER, empty
from tests.desk import Desk, HandClock, a_card_number
from tests.heirs import a_death, an_heir, confirm, key, keyed
from tests.kept_files import store_folder
from tests.renewals import a_year
from tests.workflows.enrolment.rosters import OWN, Hall, Worker, workers
from workflows.books import by_hand, statements
from workflows.books.bank_places import bank_code, bank_places
from workflows.books.by_hand import ToldVoucher
from workflows.claims.acts import correction
from workflows.claims.objecting import objections
from workflows.claims.objecting.objections import NewObjection
from workflows.claims.paying import (
    bank_reply,
    bank_words,
    batches,
    payment_files,
    recovery,
    reply_cases,
    set_off,
    taken_out,
    written_to_fund,
)
from workflows.claims.paying.recovery import ReceivedSum
from workflows.engine.kept_where import STORE, blobs_of
from workflows.engine.office import Office
from workflows.engine.session import Bell, Sessions
from workflows.enrolment import paid_fees
from workflows.enrolment.roster_cards import cards_waiting, mark_of_card, refuse_card
from workflows.enrolment.rosters import let_pass, locked
from workflows.opening import opening
from workflows.proof import check, prove
from workflows.renewal.reminders import look

TAKEN_BACK = """doubted_by = 1, doubted_at = now(), reason = '误记', taken_back_by = 2,
    taken_back_at = now()"""
FORM = "ccb-list"
PAYER = "22001450100050000002"
RETURNED = "3031"


def an_office(sessions: Sessions, data: Path) -> Desk:
    """A desk for all tests of this file: what they break is rolled back."""
    keys = KeyRing.from_text(new_keys(), new_index_key())
    settings = Settings(
        data=data,
        quiet_seconds=0,
        folder_quiet_seconds=0,
        sample_share=0,
        payer_account=PAYER,
        unclaimed_years=0,
    )
    clock = HandClock()
    bells: list[Bell] = []
    here = Sessions.__new__(Sessions)
    here.engine, here.ringer = sessions.engine, bells.extend
    office = Office(settings, here, Store(blobs_of(settings, STORE), keys), keys, clock)
    return Desk(office, clock, bells).settle_in()


@pytest.fixture(scope="module")
def busy(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An office where everything has happened: claims paid, returned, denied, waiting, frozen."""
    empty(sessions)
    desk = an_office(sessions, tmp_path_factory.mktemp("office"))
    people = [desk.member(name) for name in ("赵甲", "钱乙")]
    for person in people:
        desk.claim(person)
    desk.claim(desk.member("孙丙"), discharged="2026-03-03")
    desk.claim(desk.member("李丁"), without=(Kind.BANK_CARD,))
    desk.claim(desk.member("周戊"), name_on_record="周戌")
    desk.work()
    desk.correct(desk.user(Role.CLERK), 5, member_name="周戊")
    desk.approve_all()
    answered(desk, desk.released(), {people[1].card: RETURNED})
    desk.claim(desk.member("吴己"))
    desk.work()
    desk.approve_all()
    desk.frozen(desk.user(Role.CASHIER))
    desk.claim(desk.member("郑庚"))
    desk.work()
    rosters(desk)
    desk.claim(desk.member("王辛"))
    waiting, desk.bells[:] = list(desk.bells), []
    a_year(desk, desk.office.today() + timedelta(days=60))
    look(desk.office)
    desk.work()
    a_death_paid(desk)
    revised(desk)
    taken_out_by_two(desk)
    given_up(desk)
    desk.change_card(desk.member("胡癸"), a_card_number())
    told_by_an_odd_line(desk)
    above_a_limit(desk)
    opened_by_two(desk)
    told_by_a_statement(desk)
    desk.bells[:] = waiting
    return desk


def above_a_limit(desk: Desk) -> None:
    """A claim of which a clerk keyed something and which two supervisors approved."""
    claim_id, office = desk.claim(desk.member("林一")), desk.office
    desk.work()
    desk.correct(desk.user(Role.CLERK), claim_id, member_name="林一")
    desk.office = replace(
        office, settings=office.settings.model_copy(update={"approval_limits": {500: 2}})
    )
    desk.approve_one(claim_id)
    desk.office = office


def opened_by_two(desk: Desk) -> None:
    """Books that two people have opened, and a fee of the bank that two people booked."""
    office, cashier, second = desk.office, desk.user(Role.CASHIER), desk.user(Role.SUPERVISOR)
    with office.sessions.unit_of_work() as session:
        sums = {bank_code(place): Fen(10**9) for place in bank_places(session)}
        opening.state_balances(session, office, cashier, sums)
        shown = opening.mark_of_opening(session.get_one(Books, 1))
        opening.open_books(session, office, second, shown)
    fee = ToldVoucher("bank_fee", "bank:main:1", office.today(), Fen(100), "回单8")
    with office.sessions.unit_of_work() as session:
        voucher = by_hand.propose_voucher(session, office, cashier, fee)
        by_hand.book_voucher(session, office, second, voucher.id)


def told_by_a_statement(desk: Desk) -> None:
    """Lines of the bank's statement that are the fee of a roster, and a payment."""
    office, cashier = desk.office, desk.user(Role.CASHIER)
    with office.sessions.unit_of_work() as session:
        receipt = session.scalars(select(FeeReceipt).order_by(FeeReceipt.id)).first()
        assert receipt
        paid = session.scalars(select(Payment).filter_by(state="credited")).first()
        assert paid
        debit = entry(yuan(paid.amount), paid.reference, direction="DBIT")
        content = statement_of(PAYER, entry(yuan(receipt.amount), "会费"), debit)
        statements.load_statement(session, office, cashier, content)
        line = session.scalars(select(StatementLine).where(StatementLine.amount > 0)).one()
        paid_fees.tie_receipt(session, office, cashier, line, receipt)


def taken_out_by_two(desk: Desk) -> None:
    """Two payments are frozen, one of them is taken out, and the batch is discarded."""
    asker, other = desk.user(Role.CASHIER), desk.user(Role.CASHIER)
    claims = [desk.claim(desk.member(name)) for name in ("孔甲", "孔乙")]
    desk.work()
    for claim_id in claims:
        desk.approve_one(claim_id)
    batch_id = desk.frozen(asker)
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        reference = batch.payments[0].reference
        taken_out.ask_take_out(session, desk.office, asker, batch, reference, "会员来电")
        as_shown.agree_take_out(session, desk.office, other, batch, reference)
        session.flush()
        batches.discard(session, desk.office, other, batch)


def a_death_paid(desk: Desk) -> None:
    """One claim whose two heirs have been paid."""
    theirs = an_heir("冯一"), an_heir("冯二")
    claim_id = a_death(desk, desk.member("冯壬"), *theirs)
    key(desk, claim_id, *(keyed(desk, claim_id, heir, "1/2") for heir in theirs))
    confirm(desk, claim_id)
    desk.approve_one(claim_id)
    answered(desk, desk.released(), {})


def revised(desk: Desk) -> None:
    """A claim that was objected to, and is paid less by now: a part of it has come back."""
    clerk, hearer, cashier = (desk.user(r) for r in (Role.CLERK, Role.SUPERVISOR, Role.CASHIER))
    person = desk.member("冯壬")
    claim_id = desk.claim(person)
    desk.work()
    desk.approve_one(claim_id)
    answered(desk, desk.released(), {})
    with desk.at(claim_id) as (session, claim):
        said = NewObjection(desk.office.today(), "unit", "赵乙", "住院日期有误")
        row = objections.register(session, desk.office, clerk, claim, said)
        objections.uphold(session, desk.office, hearer, row, "以病案首页为准")
    desk.work()
    with desk.at(claim_id) as (session, claim):
        for name, value in (("admitted_on", "2026-03-02"), ("discharged_on", "2026-03-12")):
            correction.correct_field(session, desk.office, clerk, claim, name, value)
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    desk.approve_one(claim_id)
    with desk.office.sessions.unit_of_work() as session:
        receipt = ReceivedSum(desk.office.today(), Fen(4_000), "2026061500001")
        asked = session.get_one(Recovery, 1)
        recovery.book(session, desk.office, cashier, asked, receipt)
        session.flush()
        recovery.confirm(session, desk.office, hearer, asked.receipts[-1])
    later = desk.claim(person, admitted="2026-05-02", discharged="2026-05-14")
    desk.work()
    desk.approve_one(later)
    with desk.office.sessions.unit_of_work() as session:
        owed = session.get_one(Recovery, 1)
        payment = session.scalars(select(Payment).filter_by(claim_id=later)).one()
        decider = desk.user(Role.SUPERVISOR)
        set_off.set_off(session, desk.office, decider, owed, payment, Fen(1_000), "会员同意")
    desk.work()


def told_by_an_odd_line(desk: Desk) -> None:
    """A payment whose line in the reply had another name, matched by two."""
    claim_id, office, cashier = (
        desk.claim(desk.member("林二")),
        desk.office,
        desk.user(Role.CASHIER),
    )
    desk.work()
    desk.approve_one(claim_id)
    batch_id = desk.released()
    with office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        [paid] = batch.payments
        text_ = f"处理结果,账号,户名,金额,备注\n0000,1,林貳,{yuan(paid.amount)},{paid.reference}"
        bank_reply.load_reply(session, office, cashier, batch, text_.encode())
        [case] = session.scalars(select(ReplyCase))
        reply_cases.match_line(session, office, cashier, case, paid.reference, "异体字")
    with office.sessions.unit_of_work() as session:
        word, second = session.scalars(select(BankWord)).one(), desk.user(Role.SUPERVISOR)
        bank_words.agree_word(session, office, second, word, bank_words.mark_of_word(word))


def given_up(desk: Desk) -> None:
    """A claim whose money nobody could be paid: it lies in the fund."""
    person = desk.member("陈子")
    claim_id = desk.claim(person)
    desk.work()
    desk.approve_one(claim_id)
    answered(desk, desk.released(), {person.card: RETURNED})
    desk.clock.pass_(days=1)
    with desk.at(claim_id) as (session, claim):
        proposer = desk.user(Role.SUPERVISOR)
        written_to_fund.propose(session, desk.office, proposer, claim, "会员失联")
    with desk.at(claim_id) as (session, claim):
        seen = written_to_fund.proposals(session, [claim_id])[claim_id].seq
        written_to_fund.agree(session, desk.office, desk.user(Role.SUPERVISOR), claim, seen)


def rosters(desk: Desk) -> None:
    """One roster covered, let pass although it is short, one that waits for its fee, and one whose
    card of a known member was refused."""
    hall = Hall.of(desk, headcount=3, unit="另一单位工会")
    people = workers(2)
    [number] = hall.hand_in(people)
    hall.accept(number)
    with desk.office.sessions.unit_of_work() as session:
        found = locked(session, number)
        let_pass(session, desk.office, hall.supervisor, found, "一人长期病假")
    desk.work()
    hall.pay(number, 2 * OWN)
    desk.work()
    hall.enrolled([Worker("待缴")])
    [other] = hall.hand_in([replace(people[0], card=a_card_number())], plan="illness-2020")
    hall.accept(other)
    desk.work()
    hall.pay(other, 3000)
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        found = locked(session, other)
        [(line, change)] = cards_waiting(session, found)
        mark = mark_of_card(desk.office.keys, line.member, change)
        refuse_card(session, desk.office, hall.supervisor, found, 2, mark, "本人否认")


def answered(desk: Desk, batch_id: int, results: dict[str, str]) -> None:
    with desk.office.sessions.unit_of_work() as session:
        file = payment_files.write_file(
            session, desk.office, desk.user(Role.CASHIER), session.get_one(Batch, batch_id)
        )
    reply = simulator.answer(file.content, FORM, results, (), desk.clock())
    cashier = desk.user(Role.CASHIER)
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        bank_reply.load_reply(session, desk.office, cashier, batch, reply)


@pytest.fixture
def hands_in(busy: Desk) -> Iterator[Session]:
    """A hand in the database that no guard stops, and that leaves no trace behind."""
    with busy.office.sessions.read_only() as session:
        session.execute(text(AS_OWNER))
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield session


def broken(session: Session, desk: Desk) -> dict[str, tuple[str, ...]]:
    session.flush()
    session.expire_all()
    found = check(session, desk.office)
    return {invariant.code: invariant.violations for invariant in found if invariant.violations}


def test_an_office_at_work_keeps_every_promise_and_each_is_about_something(busy: Desk) -> None:
    states = {busy.state_of(number) for number in range(1, 9)}
    assert states == {
        *("received", "incomplete", "proposed", "denied"),
        *("payable", "paid", "returned"),
    }
    with busy.office.sessions.read_only() as session:
        proved = list(prove(session, busy.office))
    assert [invariant for invariant in proved if invariant.violations] == []
    assert [invariant.code for invariant in proved if not invariant.checked] == []


def test_a_proof_changes_nothing(busy: Desk) -> None:
    with busy.office.sessions.read_only() as session:
        list(prove(session, busy.office))
        assert session.scalar(text("SHOW transaction_read_only")) == "on"
        assert session.scalar(text("SHOW transaction_isolation")) == "repeatable read"


def test_a_proof_never_mixes_what_was_seen_before_with_its_own_snapshot(busy: Desk) -> None:
    with busy.office.sessions.read_only() as session:
        session.scalar(text("SELECT count(*) FROM claim"))
        with pytest.raises(InternalError, match="before any query"):
            list(prove(session, busy.office))


DROP = "DROP INDEX uq_payment_one_live, uq_entitlement_one_live_right"

UNCHECKED = (
    "ALTER TABLE limit_counter DROP CONSTRAINT ck_limit_counter_times_within_limit",
    "ALTER TABLE batch DROP CONSTRAINT ck_batch_releaser_is_not_freezer",
    "ALTER TABLE batch DROP CONSTRAINT ck_batch_released_by_somebody",
    "ALTER TABLE payment DROP CONSTRAINT ck_payment_in_a_batch_from_frozen_on",
)

COPY_OF_A_PAYMENT = """INSERT INTO payment (reference, entitlement_id, decision_id, claim_id,
    batch_id, amount, payee, queued_at, state, attempts, fence, version, round)
    SELECT 'again', entitlement_id, decision_id, claim_id, batch_id, amount, payee, queued_at,
        state, 0, 0, 0, 0
    FROM payment WHERE state = 'credited' ORDER BY id LIMIT 1"""
COPY_OF_A_RIGHT = """INSERT INTO entitlement (member_id, plan, benefit, event_print, claim_id,
    decision_id, part, amount, past)
    SELECT member_id, plan, benefit, event_print, 2, -1, 1, amount, past
    FROM entitlement WHERE claim_id = 1"""

RENEWED = """
    INSERT INTO cover_year (unit_id, plan, starts_on, ends_on, city)
        SELECT unit_id, plan, ends_on + 1, ends_on + 365, city FROM cover_year
        WHERE id = (SELECT cover_year_id FROM renewal);
    INSERT INTO coverage (member_id, cover_year_id, plan, family, shares, starts_on, ends_on)
        SELECT c.member_id, l.id, c.plan, c.family, c.shares, l.starts_on, l.ends_on
        FROM coverage c, cover_year l WHERE c.cover_year_id = (SELECT cover_year_id FROM renewal)
            AND l.id = (SELECT max(id) FROM cover_year);
    INSERT INTO enrolment (number, unit_id, plan, kind, sha256, rows, rows_done, eligible,
            member_part, fee_due, subsidy_due, handed_in_by, handed_in_at, cover_year_id, state,
            attempts, fence, version)
        SELECT 'CB', unit_id, plan, 'renewal', '0', 1, 1, 1, 0, 0, 0, 1, now(), id, 'covered',
            0, 0, 1 FROM cover_year WHERE id = (SELECT max(id) FROM cover_year);
    INSERT INTO audit_event (subject, subject_id, seq, at, verb, detail, hash)
        SELECT 'enrolment', (SELECT max(id) FROM enrolment), 1, at - interval '2 hours', 'accept',
            '{}', '' FROM audit_event WHERE subject = 'renewal' AND verb = 'post'"""
OLDER = """INSERT INTO renewal
    (unit_id, cover_year_id, rung, due_on, state, attempts, fence, version)
    SELECT unit_id, cover_year_id, rung - 1, due_on - 1, 'held', 0, 0, 0 FROM renewal"""

TOP_UP = COPY_OF_A_PAYMENT.replace("0, 0, 0, 0", "0, 0, 0, 1")

CONFIRMED_BY_THE_APPROVER = """INSERT INTO member_card
    (ref, member_id, name_print, card, card_print, asked_at, confirmed_by, confirmed_at)
    SELECT gen_random_uuid(), c.member_id, '', '', p.card_print, a.approved_at, a.approver_id,
        a.approved_at
    FROM payment p JOIN claim c ON c.id = p.claim_id
    JOIN approval_item i ON i.decision_id = p.decision_id JOIN approval a ON a.id = i.approval_id
    ORDER BY p.id LIMIT 1"""

BREAKS = [
    ("one_live_payment", COPY_OF_A_PAYMENT, "案件 HZ.* 有 2 笔有效付款"),
    ("one_right_an_event", COPY_OF_A_RIGHT, "同一事件有 2 项有效权利"),
    ("counters_are_sums", "UPDATE limit_counter SET amount = amount - 1 WHERE id = 1", "599.99"),
    ("counters_are_sums", "UPDATE limit_counter SET times = 0 WHERE id = 1", "计为 0 次"),
    ("counters_are_sums", "DELETE FROM reservation WHERE id = 1", "占用合计 0 次"),
    ("limits_hold", "UPDATE limit_counter SET times = times_limit + 1 WHERE id = 1", "超出限额"),
    ("reservations_follow_rights", "UPDATE entitlement SET released_at = now()", "不一致"),
    (
        "rights_follow_decisions",
        "UPDATE decision_part SET amount = 1 WHERE outcome = 'pay'",
        "0.01",
    ),
    ("decisions_are_their_parts", "UPDATE decision SET amount = 1 WHERE claim_id = 1", "0.01"),
    (
        "decisions_are_their_parts",
        "UPDATE decision_part SET outcome = 'refer', amount = 0",
        "各部分",
    ),
    ("parts_that_pay_are_rights", "UPDATE entitlement SET part = 2", "第 1 部分"),
    ("rights_follow_decisions", "UPDATE decision SET superseded_at = now()", "失效"),
    ("claims_hold_their_rights", "UPDATE claim SET state = 'referred' WHERE id = 1", "转人工"),
    ("claims_hold_their_rights", "UPDATE claim SET state = 'denied' WHERE id = 1", "不予给付"),
    ("claims_have_their_payments", "UPDATE claim SET state = 'payable' WHERE id = 1", "已到账"),
    ("claims_have_their_payments", "UPDATE claim SET state = 'paid' WHERE id = 2", "-$"),
    ("payments_follow_rights", "UPDATE payment SET amount = 70000 WHERE id = 1", "700.00 元"),
    ("payments_follow_rights", TOP_UP, "、again 共 1200.00 元，其权利为 600.00 元"),
    ("rights_have_their_money", "UPDATE payment SET amount = 1 WHERE id = 1", "合计 0.01 元"),
    (
        "benefits_are_not_swapped",
        "UPDATE entitlement SET benefit = 'accident' WHERE id = 1",
        "归在另一项待遇",
    ),
    ("the_dead_are_not_paid", "UPDATE payment SET heir_id = NULL", "仍付给本人"),
    (
        "the_dead_are_not_paid",
        f"""UPDATE payment SET heir_id = NULL;
            UPDATE known_death SET {TAKEN_BACK},
                paid_until = (SELECT array_agg(id) FROM payment)""",  # noqa: S608
        "仍付给本人",
    ),
    (
        "the_dead_are_not_paid",
        """INSERT INTO known_death (member_id, known_at, source, paid_before)
           SELECT member_id, now() + interval '9 hours', 'unit', '{}' FROM claim WHERE id = 1""",
        "付款 HZ.* 在会员身故已知之后仍付给本人",
    ),
    (
        "clean_payees_are_seen",
        """INSERT INTO audit_event (subject, subject_id, seq, at, verb, detail, hash) VALUES
           ('claim', 1, 0, now(), 'correct',
            '{"field": "bank_card_number", "changed": true}', '')""",
        "案件 HZ.* 无异常批准，其收款信息却经人改动",
    ),
    ("payees_are_confirmed", "UPDATE member SET card_print = '0'", "没有经人确认"),
    ("payees_are_confirmed", "UPDATE payment SET card_print = '0' WHERE id = 1", "没有经人确认"),
    ("payees_are_confirmed", "UPDATE heir SET confirmed_at = NULL, confirmed_by = NULL", "付款"),
    ("cards_are_confirmed_by_others", CONFIRMED_BY_THE_APPROVER, "由审批人 user.* 提出或确认"),
    ("deaths_are_known", "DELETE FROM known_death", "却未记为身故"),
    (
        "deaths_are_known",
        f"UPDATE known_death SET {TAKEN_BACK}, paid_until = '{{}}'",  # noqa: S608
        "案件 HZ",
    ),
    (
        "deaths_are_known",
        """DELETE FROM known_death; UPDATE page SET kind = 'other';
           UPDATE decision_part SET of_death = false""",
        "案件 HZ",
    ),
    (
        "deaths_are_known",
        """DELETE FROM known_death; UPDATE page SET kind = 'other';
           UPDATE claim SET tells_death = false""",
        "案件 HZ",
    ),
    (
        "deaths_are_known",
        """UPDATE member SET left_on = '2026-06-01' WHERE id = 1;
           INSERT INTO audit_event (subject, subject_id, seq, at, verb, detail, hash)
           VALUES ('member', 1, 99, now(), 'leave', '{"why": "died"}', '')""",
        "案件 - .*会员 1 ",
    ),
    ("heirs_are_confirmed", "UPDATE heir SET confirmed_at = NULL, confirmed_by = NULL", "未经确认"),
    ("heirs_are_confirmed", "UPDATE heir SET claim_id = 1", "不属于本案"),
    ("heirs_share_the_whole", "UPDATE heir SET share_of = 3 WHERE id = 1", "合计为 83.33%"),
    (
        "rights_have_their_money",
        "UPDATE recovery SET amount = amount + 1",
        "付款合计 600.00 元，已追回 50.00 元，待追回 50.01 元",
    ),
    (
        "rights_have_their_money",
        "UPDATE unclaimed_sum SET revived_at = now(), revived_by = 1",
        "权利为 600.00 元，付款合计 0.00 元",
    ),
    ("bank_words_by_two", "UPDATE app_user SET staff_number = 'one'", "不是由两人凭银行的答复"),
    ("bank_words_by_two", "UPDATE bank_word SET outcome = 'returned'", "不是由两人凭银行的答复"),
    ("odd_lines_are_answered", "UPDATE reply_case SET outcome = 'returned'", "没有按规定办理"),
    (
        "bank_words_by_two",
        "UPDATE reply_file SET loaded_by = w.dealt_by FROM bank_word w",
        "两人凭",
    ),
    (
        "words_wait_at_the_bank",
        "UPDATE bank_word SET agreed = NULL, dealt_by = NULL, dealt_at = NULL",
        "仍有银行答复",
    ),
    ("odd_lines_are_answered", "UPDATE reply_case SET amount = 1", "匹配的付款不同"),
    ("odd_lines_are_answered", "UPDATE reply_case SET answer = 'left'", "没有按规定办理"),
    ("fund_is_written_by_two", "UPDATE unclaimed_sum SET proposed_by = 1", "两人转入基金"),
    ("fund_is_written_by_two", "UPDATE app_user SET staff_number = 'one'", "两人转入基金"),
    ("fund_is_written_by_two", "UPDATE claim SET state = 'returned'", "案件状态不符"),
    ("fund_is_written_by_two", "UPDATE unclaimed_sum SET claim_id = 1", "600.00 元不是由两人"),
    (
        "recoveries_are_sums",
        "UPDATE recovery_receipt SET confirmed_by = NULL, confirmed_at = NULL",
        "记为 50.00 元，入账合计 10.00 元",
    ),
    ("recoveries_are_sums", "DELETE FROM recovery_receipt", "记为 50.00 元，入账合计 0.00 元"),
    (
        "set_offs_are_receipts",
        "UPDATE recovery_receipt SET amount = amount + 1 WHERE kind = 'set_off'",
        "抵扣 10.00 元，追回入账 10.01 元",
    ),
    (
        "payees_give_back_their_own",
        "UPDATE recovery SET heir_id = (SELECT min(id) FROM heir) WHERE id = 1",
        "付给本人的只有 0.00 元",
    ),
    (
        "heirs_keep_their_shares",
        "UPDATE heir SET share = share * 9, share_of = share_of * 10 WHERE id = 1",
        "一位继承人得到 10000.00 元，多于其份额 0.45",
    ),
    ("heirs_keep_their_shares", "UPDATE heir SET withdrawn_at = now() WHERE id = 2", "份额 0"),
    (
        "objections_are_decided_by_others",
        "UPDATE approval SET approver_id = (SELECT approver_id FROM approval WHERE id = 1)",
        "都由 user",
    ),
    (
        "objections_are_heard_by_others",
        """UPDATE objection o SET heard_by = (SELECT approver_id FROM approval a
           JOIN approval_item i ON i.approval_id = a.id AND i.decision_id = o.decision_id)""",
        "由参与过原决定的 user",
    ),
    (
        "objections_and_recoveries_are_told",
        "DELETE FROM letter WHERE kind = 'recovery_notice'",
        "ZH2026000001 没有通知书",
    ),
    ("payments_are_approved", "DELETE FROM approval_item WHERE claim_id = 1", "没有审批"),
    ("outcomes_are_approved", "DELETE FROM approval_item WHERE claim_id = 3", "不予给付"),
    ("approved_sums", "UPDATE approval SET sum = sum + 1", "审批记为"),
    ("approved_sums", "UPDATE approval_item SET amount = amount + 1", "审批记为"),
    ("approved_sums", "DELETE FROM approval_item", "0 笔 0.00 元"),
    (
        "maker_is_not_checker",
        """UPDATE approval
           SET approver_id = (SELECT DISTINCT user_id FROM maker WHERE claim_id = 5)""",
        "由经手人 user",
    ),
    (
        "maker_is_not_checker",
        """UPDATE packet SET sent_by = (SELECT approver_id FROM approval WHERE id = 1)
           WHERE claim_id = 1""",
        "由经手人 user",
    ),
    (
        "posts_exclude_each_other",
        """UPDATE app_user SET staff_number = 'one' WHERE 'supervisor' = ANY(roles)
            OR 'clerk' = ANY(roles)""",
        "工号 one 的账户 user.* 和 user.* 的岗位不能由一人兼任",
    ),
    (
        "posts_exclude_each_other",
        """UPDATE app_user SET roles = '{clerk,supervisor}'
            WHERE id = (SELECT min(id) FROM app_user WHERE 'clerk' = ANY(roles))""",
        "岗位不能由一人兼任",
    ),
    (
        "approved_as_often_as_asked",
        "UPDATE approval_item SET asked = 3 WHERE nth = 2",
        "须由 3 人审批，只有 2 人",
    ),
    (
        "approved_as_often_as_asked",
        "UPDATE app_user SET staff_number = 'one'",
        "须由 2 人审批，只有 1 人",
    ),
    (
        "maker_is_not_checker",
        """UPDATE approval SET approver_id = (SELECT min(m.user_id) FROM maker m
            JOIN approval_item i ON i.claim_id = m.claim_id WHERE i.nth = 2)
           WHERE id = (SELECT max(approval_id) FROM approval_item WHERE nth = 1 AND asked = 2)""",
        "由经手人 user",
    ),
    ("maker_is_not_checker", "UPDATE app_user SET staff_number = 'one'", "由经手人 user"),
    (
        "payers_did_not_approve",
        "UPDATE batch SET frozen_by = (SELECT approver_id FROM approval WHERE id = 1)",
        "由审批人 user",
    ),
    ("payers_did_not_approve", "UPDATE app_user SET staff_number = 'one'", "由审批人 user"),
    ("released_by_another", "UPDATE app_user SET staff_number = 'one'", "由组批人放行"),
    ("objections_are_heard_by_others", "UPDATE app_user SET staff_number = 'one'", "听取"),
    ("batch_sums", "UPDATE payment SET batch_id = NULL WHERE id = 1", "批次 B"),
    ("batch_sums", "UPDATE batch SET sum = sum + 100", "记为"),
    ("payments_follow_batches", "UPDATE payment SET state = 'frozen' WHERE id = 1", "已组批"),
    ("payments_follow_batches", "UPDATE payment SET batch_id = NULL WHERE id = 1", "批次 -"),
    (
        "payments_follow_batches",
        "UPDATE batch SET state = 'discarded', released_at = NULL WHERE id = 1",
        "已到账",
    ),
    ("released_by_another", "UPDATE batch SET released_by = frozen_by WHERE id = 1", "放行"),
    ("letters_are_asked_for", "DELETE FROM letter WHERE claim_id = 4", "待补件"),
    ("letters_are_asked_for", "DELETE FROM letter WHERE claim_id = 1", "已到账"),
    ("packets_belong", "UPDATE packet SET claim_id = NULL WHERE id = 1", "第 1 份"),
    ("packets_belong", "DELETE FROM document WHERE claim_id = 1", "第 1 份"),
    ("reminders_say_who_got_them", "UPDATE renewal SET written_at = NULL", "缺少文件"),
    ("reminders_say_who_got_them", "UPDATE renewal SET state = 'sent'", "缺少文件"),
    ("no_reminder_after_renewal", RENEWED, "续保之后又收到"),
    ("one_reminder_at_a_time", OLDER, "已被后一次取代"),
    ("rosters_are_gone_through", "UPDATE enrolment SET rows_done = 1 WHERE id = 1", "处理 1 行"),
    ("rosters_are_gone_through", "UPDATE enrolment SET rows_done = 0 WHERE id = 2", "录入 1 人"),
    ("fees_are_sums", "UPDATE enrolment SET fee_due = fee_due + 1 WHERE id = 2", "80.01 元"),
    ("fees_are_sums", "UPDATE enrolment_line SET struck_at = now()", "合计 0.00 元"),
    ("cover_is_paid_for", "DELETE FROM fee_receipt", "已参保.*实收 0.00 元"),
    (
        "cover_is_paid_for",
        "UPDATE fee_receipt SET enrolment_id = 2 WHERE enrolment_id = 1",
        "待缴费.*实收 160.00 元",
    ),
    ("refunds_hold", "UPDATE fee_receipt SET amount = -1, kind = 'refund'", "-0.01 元"),
    ("lines_are_covered", "DELETE FROM coverage WHERE plan = 'main-2025'", "第 2 行没有"),
    ("lines_are_covered", "UPDATE coverage SET shares = 2", "第 3 行没有"),
    ("cover_has_a_roster", "DELETE FROM enrolment_line", "没有来历"),
    ("cover_has_a_roster", "DELETE FROM audit_event WHERE verb = 'take_over'", "没有来历"),
    (
        "shortfalls_are_let_pass",
        """UPDATE audit_event SET actor_id = (SELECT handed_in_by FROM enrolment WHERE id = 1)
           WHERE verb = 'let_pass'""",
        "由经手人",
    ),
    (
        "roster_cards_are_confirmed",
        """INSERT INTO roster_change (enrolment_id, member_id, comes_back, card, card_print,
               card_decided_by, card_decided_at)
           SELECT e.id, l.member_id, false, '', '', e.handed_in_by, now()
           FROM enrolment e JOIN enrolment_line l ON l.enrolment_id = e.id LIMIT 1""",
        "由经手人 .* 确认换卡",
    ),
    (
        "accounts_by_two",
        "UPDATE paying_account SET account = '6222000000000000'",
        "没有由两人办理，或与所提不同",
    ),
    ("accounts_by_two", "UPDATE paying_account SET family = 'women'", "与所提不同"),
    ("accounts_by_two", "UPDATE paying_account SET bank = bank || 'x'", "与所提不同"),
    ("accounts_by_two", "UPDATE paying_account SET name = name || 'x'", "与所提不同"),
    ("accounts_by_two", "UPDATE paying_account SET cnaps = '103241000011'", "与所提不同"),
    ("accounts_by_two", "UPDATE paying_account SET first_on = first_on - 1", "与所提不同"),
    (
        "accounts_by_two",
        """UPDATE audit_event SET verb = 'propose', actor_id = 1
            WHERE subject = 'paying_account' AND verb = 'take_over'""",
        "没有由两人办理",
    ),
    (
        "batches_have_their_account",
        "UPDATE batch SET payer_account = '6222000000000000' WHERE id = 1",
        "不是组批当日该计划的账户",
    ),
    (
        "batches_have_their_account",
        "UPDATE paying_account SET first_on = first_on + 400",
        "不是组批当日该计划的账户",
    ),
    (
        "batches_have_their_account",
        "UPDATE paying_account SET family = 'women'",
        "不是组批当日该计划的账户",
    ),
    (
        "taken_out_by_two",
        """UPDATE audit_event SET verb = 'agree_take_out'
            WHERE subject = 'batch' AND verb = 'release'""",
        "不是由两人抽出的",
    ),
    (
        "discarded_by_two",
        "UPDATE batch SET state = 'discarded' WHERE id = 1",
        "没有两人办理",
    ),
    (
        "files_have_their_events",
        "DELETE FROM audit_event WHERE subject = 'batch' AND verb = 'make_file'",
        "没有生成记录",
    ),
    ("files_have_their_events", "DELETE FROM payment_file WHERE batch_id = 1", "没有生成记录"),
    (
        "files_have_their_events",
        """UPDATE audit_event SET seq = 99
           WHERE subject = 'batch' AND subject_id = 1 AND verb = 'release'""",
        "在放行之前生成",
    ),
    (
        "one_file_a_reference",
        """UPDATE payment_file SET sha256 = (SELECT sha256 FROM payment_file WHERE batch_id = 1)
           WHERE batch_id = (SELECT max(batch_id) FROM payment_file)""",
        "HZ.* 在批次 .* 和 .* 的文件中",
    ),
    ("vouchers_balance", "UPDATE posting SET amount = amount + 1 WHERE line = 1", "借贷不等"),
    ("vouchers_balance", "DELETE FROM posting WHERE voucher_id = 1", "第 1 号凭证借贷不等"),
    ("vouchers_are_numbered", "DELETE FROM voucher WHERE id = 2", "实有"),
    ("balances_are_sums", "UPDATE ledger_account SET balance = balance + 1", "科目 bank:main:1 "),
    ("balances_are_sums", "DELETE FROM posting WHERE voucher_id = 1", "科目 payable:main "),
    (
        "books_follow_rights",
        "DELETE FROM posting WHERE entitlement_id = 1 AND line = 2",
        "账上应付 -600.00 元，应为 0.00 元",
    ),
    (
        "books_follow_payments",
        "DELETE FROM posting WHERE voucher_id = (SELECT id FROM voucher WHERE cause = 'recovered')",
        "账上银行收付",
    ),
    (
        "balances_are_named",
        "UPDATE posting SET entitlement_id = NULL WHERE entitlement_id = 1 AND line = 2",
        "没有写明是谁的",
    ),
    (
        "reserved_is_in_batches",
        "UPDATE ledger_account SET reserved = reserved + 1 WHERE kind = 'bank'",
        "已占用",
    ),
    (
        "books_are_opened_by_two",
        """UPDATE audit_event e SET actor_id = a.actor_id FROM audit_event a
           WHERE e.verb = 'open_books' AND a.verb = 'state_balances'""",
        "没有另一人提请",
    ),
    (
        "books_are_opened_by_two",
        """INSERT INTO audit_event (subject, subject_id, seq, at, verb, actor_id, detail, hash)
           SELECT subject, 1, 9999, at, 'reopen_month', actor_id, '{"month": "2026-05"}', ''
           FROM audit_event WHERE verb = 'open_books'""",
        "没有另一人提请",
    ),
    ("vouchers_by_hand_by_two", "UPDATE manual_voucher SET amount = amount + 1", "金额被改动"),
    (
        "vouchers_by_hand_by_two",
        "UPDATE manual_voucher SET decided_by = (SELECT min(id) FROM app_user)",
        "不是由两人填制和复核",
    ),
    ("statement_lines_are_booked_once", "UPDATE statement_line SET amount = 1", "与其不符"),
    (
        "statement_lines_are_booked_once",
        "UPDATE statement_line SET voucher_id = (SELECT id FROM manual_voucher)",
        "与其不符",
    ),
    (
        "statement_lines_are_the_money_of_payments",
        "UPDATE statement_line SET amount = amount - 1",
        "与其付款不符",
    ),
    (
        "statement_lines_are_the_money_of_payments",
        "UPDATE statement_payment SET is_back = true",
        "与其付款不符",
    ),
    ("books_follow_fees", "DELETE FROM voucher WHERE cause = 'cover_began'", "应为"),
    ("books_follow_fees", "DELETE FROM voucher WHERE cause = 'fee_moved'", "应为"),
    ("same_bytes", "UPDATE payment SET reference = 'x' WHERE id = 1", "重做"),
    ("same_bytes", "UPDATE payment_file SET sha256 = repeat('0', 64)", "重做"),
    ("same_bytes", "UPDATE payment SET payee = payee || '1'::bytea WHERE id = 1", "重做"),
    ("whole_papers", "UPDATE document SET sha256 = repeat('0', 64) WHERE id = 1", "缺失"),
    ("whole_chains", "UPDATE audit_event SET verb = 'x' WHERE seq = 2", "记录被改动"),
    ("whole_chains", "DELETE FROM audit_event WHERE subject = 'claim' AND seq = 2", "案件 1"),
    ("whole_histories", "DELETE FROM claim WHERE id = 1", "案件 1 "),
    ("whole_histories", "UPDATE claim SET version = version + 1 WHERE id = 1", "案件 1 "),
    ("whole_histories", "UPDATE member SET chain = NULL WHERE id = 1", "会员 1 "),
    (
        "whole_histories",
        """DELETE FROM audit_event WHERE subject = 'claim' AND subject_id = 1
           AND seq = (SELECT version FROM claim WHERE id = 1)""",
        "案件 1 ",
    ),
    ("known_moves", "UPDATE claim SET state = 'paid' WHERE id = 7", "案件 7 "),
    ("known_moves", "DELETE FROM audit_event WHERE subject = 'batch'", "批次 1 "),
    ("known_moves", "DELETE FROM audit_event WHERE subject = 'objection'", "异议 1 "),
    ("known_moves", "DELETE FROM audit_event WHERE subject = 'recovery'", "追回 1 "),
    (
        "known_moves",
        "DELETE FROM audit_event WHERE subject = 'claim' AND verb = 'find_complete'",
        "案件 1 ",
    ),
    ("known_moves", "UPDATE audit_event SET verb = 'deny' WHERE verb = 'approve'", "案件 1 "),
    ("all_due", "UPDATE claim SET state = 'read', due_at = NULL WHERE id = 7", "案件 7"),
    ("all_due", "UPDATE claim SET due_at = now() WHERE id = 7", "案件 7"),
    ("all_due", "UPDATE claim SET state = 'read', parked_at = now() WHERE id = 7", "案件 7"),
]


def test_who_left_for_good_after_he_was_said_to_have_died_is_not_reported(
    hands_in: Session, busy: Desk
) -> None:
    told = """INSERT INTO audit_event (subject, subject_id, seq, at, verb, detail, hash) VALUES
        ('member', 1, 98, now(), 'leave', '{"why": "died"}', ''),
        ('member', 1, 99, now(), 'leave', '{"why": "retired"}', '');
        UPDATE member SET left_on = '2026-06-01' WHERE id = 1"""
    for statement in (DROP, *UNCHECKED, told):
        hands_in.execute(text(statement))
    assert "deaths_are_known" not in broken(hands_in, busy)


@pytest.mark.parametrize(
    ("code", "deed", "words"), BREAKS, ids=[f"{at}-{code}" for at, (code, *_) in enumerate(BREAKS)]
)
def test_a_broken_promise_is_told_in_words(
    hands_in: Session, busy: Desk, code: str, deed: str, words: str
) -> None:
    for statement in (DROP, *UNCHECKED, deed):
        hands_in.execute(text(statement))
    told = broken(hands_in, busy)
    assert any(re.search(words, sentence) for sentence in told[code]), told


def test_every_promise_is_broken_once(busy: Desk) -> None:
    with busy.office.sessions.read_only() as session:
        codes = {invariant.code for invariant in check(session, busy.office)}
    assert codes == {code for code, *_ in BREAKS}


def test_a_scan_that_rotted_on_the_disk_is_told(busy: Desk) -> None:
    scan = next(path for path in store_folder(busy.office.settings).rglob("*") if path.is_file())
    sound = scan.read_bytes()
    scan.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    with busy.office.sessions.read_only() as session:
        told = broken(session, busy)
    scan.write_bytes(sound)
    assert told == {"whole_papers": (f"影像 {scan.name} 缺失或已损坏",)}
