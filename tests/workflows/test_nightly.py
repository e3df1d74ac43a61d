"""Once a night the promises are proved, and the log keeps the counts."""

import logging
import os
from datetime import timedelta

import pytest

from banking.results import BankOutcome
from models import Batch
from models.people import Role
from models.states import ClaimState
from tests.desk import Desk
from tests.kept_files import scan_at, store_folder
from workflows import nightly
from workflows.claims.acts import told_events
from workflows.claims.paying import batch_content, paid_again
from workflows.claims.paying.bank_answers import BankAnswer, take_answer
from workflows.proof import check


def test_the_log_has_counts_and_never_what_is_wrong(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.claim(desk.member())
    desk.work()
    caplog.set_level(logging.INFO, "huzhu.proof")
    assert nightly.prove_all(desk.office) == 0
    assert "promise=whole_papers checked=5 broken=0" in caplog.text
    caplog.clear()
    for scan in store_folder(desk.office.settings).rglob("*"):
        if scan.is_file():
            scan.unlink()
    assert nightly.prove_all(desk.office) == 1
    [bad] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert bad.getMessage() == "promise=whole_papers checked=5 broken=5"
    assert "影像" not in caplog.text


def test_what_a_crashed_writer_left_is_gone_after_the_night(desk: Desk) -> None:
    folder = scan_at(desk.office.settings, desk.office.store.put(b"scan")).parent
    rest = folder / ".new-crashed"
    rest.write_bytes(b"half a scan")
    long_ago = (desk.clock() - timedelta(hours=2)).timestamp()
    os.utime(rest, (long_ago, long_ago))
    assert nightly.tidy(desk.office) == 1
    assert not rest.exists()
    assert nightly.prove_all(desk.office) == 0


def test_who_keys_after_his_approval_broke_nothing(desk: Desk) -> None:
    supervisor = desk.user(Role.SUPERVISOR)
    as_clerk = desk.user(Role.CLERK, of=supervisor)
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.approve_all(supervisor)
    batch_id, cashier = desk.released(), desk.user(Role.CASHIER)
    came_back = BankAnswer(BankOutcome.RETURNED, "R01", "账号与户名不符")
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        for payment in batch_content.lock_batch(session, batch):
            take_answer(session, desk.office, cashier, payment, came_back)
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, as_clerk, claim, "已与会员核实")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    with desk.office.sessions.read_only() as session:
        assert [found.code for found in check(session, desk.office) if found.violations] == []


def test_a_proposal_whose_event_is_told_anew_gives_its_right_back(desk: Desk) -> None:
    claim_id, clerk = desk.claim(desk.member()), desk.user(Role.CLERK)
    desk.work()
    with desk.at(claim_id) as (session, claim):
        told_events.establish(
            session, desk.office, clerk, claim, {"hospital": {"level": 3}}, reason="已核对材料"
        )
    assert desk.state_of(claim_id) == ClaimState.READ
    with desk.office.sessions.read_only() as session:
        assert [found.code for found in check(session, desk.office) if found.violations] == []
