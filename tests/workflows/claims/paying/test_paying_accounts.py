"""Which account pays: from its first day to its last, for its plans, kept by two people."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from banking.batch import Payer
from models import AuditEvent, Batch, PayingAccount, User
from models.people import Role
from rules.errors import Refused
from settings import SAMPLE_PAYER
from tests.conftest import AS_OWNER
from tests.desk import Desk, promises_hold
from tests.workflows.claims.judging.test_adjudication import a_stay_and_an_illness
from workflows.claims.paying import batches, paying_accounts, payment_files
from workflows.claims.paying.paying_accounts import NewAccount

FIRST = "22001450100050000002"
NEW = "22001450100050000099"


@pytest.fixture
def cashier(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


@pytest.fixture
def supervisor(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


def tomorrow(desk: Desk) -> date:
    return desk.office.today() + timedelta(days=1)


def propose(
    desk: Desk, person: User, first_on: date, account: str = NEW, family: str | None = None
) -> int:
    payer = Payer("互助保障专户", account, "中国农业银行长春分行", "103241000011")
    with desk.office.sessions.unit_of_work() as session:
        new = NewAccount(family, payer, first_on)
        paying_accounts.propose_account(session, desk.office, person, new)
        return session.scalars(select(PayingAccount.id).order_by(PayingAccount.id.desc())).all()[0]


def confirm(desk: Desk, person: User, account_id: int) -> None:
    with desk.office.sessions.unit_of_work() as session:
        account = session.get_one(PayingAccount, account_id)
        seen = account.version
        paying_accounts.confirm_account(session, desk.office, person, account, seen)


def get(desk: Desk, account_id: int) -> PayingAccount:
    with desk.office.sessions.read_only() as session:
        return session.get_one(PayingAccount, account_id)


def payable(desk: Desk) -> int:
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.approve_all()
    return claim_id


def under_two_plans(desk: Desk) -> int:
    """A claim that the main plan and the one for illness pay."""
    person = desk.member()
    desk.member(on_roster=person, plan="illness-2020")
    claim_id = a_stay_and_an_illness(desk, person, "2026-05-06", "malignant_tumour")
    desk.approve_all()
    return claim_id


def payer_of(desk: Desk, batch_id: int) -> str:
    with desk.office.sessions.read_only() as session:
        return session.get_one(Batch, batch_id).payer_account


def test_the_account_of_the_settings_is_the_first_one_and_no_other_afterwards(desk: Desk) -> None:
    changed = desk.office.settings.model_copy(update={"payer_account": NEW})
    desk.office = replace(desk.office, settings=changed)
    desk.settle_in()
    payable(desk)
    assert payer_of(desk, desk.frozen(desk.user(Role.CASHIER))) == FIRST
    promises_hold(desk)


def test_another_account_pays_from_its_first_day_once_a_second_person_confirms_it(
    desk: Desk, cashier: User, supervisor: User
) -> None:
    payable(desk)
    old_batch = desk.released()
    account_id = propose(desk, cashier, tomorrow(desk))
    payable(desk)
    assert payer_of(desk, desk.frozen(cashier)) == FIRST
    confirm(desk, supervisor, account_id)
    payable(desk)
    assert payer_of(desk, desk.frozen(cashier)) == FIRST, "its first day has not come"
    desk.clock.pass_(days=1)
    payable(desk)
    new_batch = desk.released()
    assert payer_of(desk, new_batch) == NEW
    assert get(desk, 1).last_on == get(desk, account_id).first_on - timedelta(days=1)
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, old_batch)
        assert payment_files.write_file(session, desk.office, cashier, batch)
    assert payer_of(desk, old_batch) == FIRST
    with desk.office.sessions.read_only() as session:
        events = session.execute(
            select(AuditEvent.subject_id, AuditEvent.verb, AuditEvent.actor_id)
            .where(AuditEvent.subject == "paying_account")
            .order_by(AuditEvent.subject_id, AuditEvent.seq)
        ).all()
    assert [tuple(each) for each in events] == [
        (1, "take_over", None),
        (1, "end", supervisor.id),
        (account_id, "propose", cashier.id),
        (account_id, "confirm", supervisor.id),
    ]
    promises_hold(desk)


def test_plans_with_an_account_of_their_own_make_a_batch_of_their_own(
    desk: Desk, cashier: User, supervisor: User
) -> None:
    account_id = propose(desk, cashier, tomorrow(desk), family="illness")
    confirm(desk, supervisor, account_id)
    desk.clock.pass_(days=1)
    claim_id = under_two_plans(desk)
    with desk.office.sessions.unit_of_work() as session:
        made = batches.freeze(session, desk.office, cashier)
        found = {batch.payer_account: batch.count for batch in made}
    assert set(found) == {FIRST, NEW}
    assert desk.payments(claim_id) == ["frozen"] * sum(found.values())
    promises_hold(desk)
    with desk.office.sessions.unit_of_work() as session:
        account = session.get_one(PayingAccount, account_id)
        paying_accounts.ask_end(session, desk.office, cashier, account, desk.office.today())
    with desk.office.sessions.unit_of_work() as session:
        account = session.get_one(PayingAccount, account_id)
        paying_accounts.agree_end(session, desk.office, supervisor, account, desk.office.today())
    desk.clock.pass_(days=1)
    under_two_plans(desk)
    assert payer_of(desk, desk.frozen(cashier)) == FIRST, "the general account pays again"
    promises_hold(desk)


def test_who_proposed_an_account_does_not_confirm_it(desk: Desk) -> None:
    proposer = desk.user(Role.CASHIER)
    account_id = propose(desk, proposer, tomorrow(desk))
    with pytest.raises(Refused, match="须由另一人办理"):
        confirm(desk, desk.user(Role.SUPERVISOR, of=proposer), account_id)
    for role in set(Role) - {Role.SUPERVISOR}:
        with pytest.raises(Refused, match="审批"):
            confirm(desk, desk.user(role), account_id)
    for role in set(Role) - {Role.CASHIER}:
        with pytest.raises(Refused, match="出纳"):
            propose(desk, desk.user(role), tomorrow(desk))
    with (
        pytest.raises(IntegrityError, match="confirmed_by_another"),
        desk.office.sessions.unit_of_work() as session,
    ):
        account = session.get_one(PayingAccount, account_id)
        account.confirmed_by, account.confirmed_at = proposer.id, desk.clock()
    with desk.office.sessions.unit_of_work() as session:
        account = session.get_one(PayingAccount, account_id)
        other, seen = desk.user(Role.SUPERVISOR), account.version
        with pytest.raises(Refused, match="显示之后已有变动"):
            paying_accounts.refuse_account(session, desk.office, other, account, seen - 1)
        paying_accounts.refuse_account(session, desk.office, other, account, seen)
    with pytest.raises(Refused, match="没有待确认的提议"):
        confirm(desk, desk.user(Role.SUPERVISOR), account_id)


def test_an_account_begins_on_no_day_on_which_another_has_paid(
    desk: Desk, cashier: User, supervisor: User
) -> None:
    today = desk.office.today()
    with pytest.raises(Refused, match="不能早于今天"):
        propose(desk, cashier, today - timedelta(days=1))
    with pytest.raises(Refused, match="最早从明天起"):
        propose(desk, cashier, today)
    late = propose(desk, cashier, tomorrow(desk))
    later = propose(desk, cashier, today + timedelta(days=9), account=FIRST)
    confirm(desk, supervisor, later)
    with pytest.raises(Refused, match="新账户不能更早"):
        confirm(desk, supervisor, late)
    instead = propose(desk, cashier, today + timedelta(days=9))
    confirm(desk, supervisor, instead)
    assert get(desk, later).last_on == today + timedelta(days=8), "it never pays"
    desk.clock.pass_(days=9)
    payable(desk)
    assert payer_of(desk, desk.frozen(cashier)) == NEW
    promises_hold(desk)


def test_plans_that_the_general_account_has_paid_today_get_an_account_of_their_own_tomorrow(
    desk: Desk, cashier: User, supervisor: User
) -> None:
    under_two_plans(desk)
    assert payer_of(desk, desk.frozen(cashier)) == FIRST
    with pytest.raises(Refused, match="最早从明天起"):
        propose(desk, cashier, desk.office.today(), family="illness")
    account_id = propose(desk, cashier, tomorrow(desk), family="illness")
    desk.clock.pass_(days=1)
    with pytest.raises(Refused, match="最早从明天起"):
        confirm(desk, supervisor, account_id)
    promises_hold(desk)


def test_an_account_ends_only_with_the_day_that_the_page_showed(
    desk: Desk, cashier: User, supervisor: User
) -> None:
    account_id = propose(desk, cashier, tomorrow(desk), family="illness")
    confirm(desk, supervisor, account_id)
    shown, later = tomorrow(desk), tomorrow(desk) + timedelta(days=30)
    with desk.office.sessions.unit_of_work() as session:
        account = session.get_one(PayingAccount, account_id)
        paying_accounts.ask_end(session, desk.office, cashier, account, shown)
        paying_accounts.ask_end(session, desk.office, cashier, account, later)
    with (
        pytest.raises(Refused, match="提请停用的日期在显示之后已有变动"),
        desk.office.sessions.unit_of_work() as session,
    ):
        account = session.get_one(PayingAccount, account_id)
        paying_accounts.agree_end(session, desk.office, supervisor, account, shown)
    assert get(desk, account_id).last_on is None
    with desk.office.sessions.unit_of_work() as session:
        account = session.get_one(PayingAccount, account_id)
        paying_accounts.agree_end(session, desk.office, supervisor, account, later)
    assert get(desk, account_id).last_on == later


def test_the_database_itself_refuses_two_accounts_on_one_day(desk: Desk) -> None:
    with (
        pytest.raises(IntegrityError, match="one_at_a_time"),
        desk.office.sessions.unit_of_work() as session,
    ):
        kept = {"name": "甲", "account": NEW, "bank": "乙", "version": 0}
        at = {"proposed_at": desk.clock(), "confirmed_at": desk.clock()}
        session.add(PayingAccount(first_on=tomorrow(desk), **kept, **at))


def test_only_the_account_of_some_plans_is_ended_without_another(
    desk: Desk, cashier: User, supervisor: User
) -> None:
    with (
        pytest.raises(Refused, match="只能由新账户接替"),
        desk.office.sessions.unit_of_work() as session,
    ):
        account = session.get_one(PayingAccount, 1)
        paying_accounts.ask_end(session, desk.office, cashier, account, desk.office.today())


def test_a_number_that_no_file_can_carry_is_refused_at_once(desk: Desk, cashier: User) -> None:
    with pytest.raises(Refused, match="账号应为 8 至 32 位数字"):
        propose(desk, cashier, tomorrow(desk), account="22-001")


def test_nothing_is_paid_from_the_sample_account_outside_the_demonstration(
    desk: Desk, cashier: User
) -> None:
    with pytest.raises(Refused, match="样例账户"):
        propose(desk, cashier, tomorrow(desk), account=SAMPLE_PAYER)
    payable(desk)
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text(AS_OWNER))
        session.delete(session.get_one(PayingAccount, 1))
    sample = desk.office.settings.model_copy(update={"payer_account": SAMPLE_PAYER})
    desk.office = replace(desk.office, settings=sample)
    desk.settle_in()
    with pytest.raises(Refused, match="没有付款账户"):
        desk.frozen(cashier)
    log_ins = desk.office.settings.sample_log_ins
    log_ins.parent.mkdir(parents=True, exist_ok=True)
    log_ins.touch()
    desk.settle_in()
    batch_id = desk.released()
    log_ins.unlink()
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        with pytest.raises(Refused, match="样例账户"):
            payment_files.write_file(session, desk.office, cashier, batch)
    payable(desk)
    with pytest.raises(Refused, match="样例账户"):
        desk.frozen(cashier)
