"""One engine for all steps: repeats, failures, leases and the sweep, on real PostgreSQL."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEvent, Claim, StepRun
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused, Transient
from tests.conftest import AS_OWNER
from tests.desk import STEP_BY_NAME, Desk
from workflows import failures
from workflows.engine.history import broken_links
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.run import Ended, run
from workflows.engine.steps import Lease, LeasePassed, Quick, Retry, Slow
from workflows.pipeline import STEPS
from workflows.sweep import sweep


def quick(do: Callable[[Session, Any, Office], None], **more: Any) -> Quick[Claim]:
    def do_each(session: Session, claims: Sequence[Any], office: Office) -> None:
        for claim in claims:
            do(session, claim, office)

    return Quick("read", Claim, ClaimState.RECEIVED, "reading", do=do_each, **more)


def slow(work: Callable[[Any, Office, Lease[Claim]], Any], **more: Any) -> Slow[Claim, Any, Any]:
    return Slow(
        "read",
        Claim,
        ClaimState.RECEIVED,
        "reading",
        gather=lambda session, claim, office: claim.id,
        work=work,
        record=lambda session, claim, result, office: advance(session, claim, "read", office),
        **more,
    )


def move_on(session: Session, claim: Claim, office: Office) -> None:
    advance(session, claim, "read", office)


def fail_with(error: Exception) -> Callable[[Session, Any, Office], None]:
    def do(session: Session, claim: Claim, office: Office) -> None:
        raise error

    return do


@pytest.fixture
def claim_id(desk: Desk) -> int:
    found = desk.claim(desk.member())
    desk.bells.clear()
    return found


def get(desk: Desk, claim_id: int) -> Claim:
    with desk.office.sessions.read_only() as session:
        return session.get_one(Claim, claim_id)


def runs(desk: Desk) -> list[tuple[str, int, str]]:
    with desk.office.sessions.read_only() as session:
        return [
            (r.step, r.attempt, r.outcome)
            for r in session.scalars(select(StepRun).order_by(StepRun.id))
        ]


def test_a_step_moves_its_row_and_rings_the_next_bell(desk: Desk, claim_id: int) -> None:
    assert run(desk.office, quick(move_on), claim_id) is Ended.DONE
    assert get(desk, claim_id).state == ClaimState.READ
    assert [(bell.state, bell.id) for bell in desk.bells] == [("read", claim_id)]
    assert runs(desk) == [("read", 1, "done")]


def test_the_same_message_twice_does_the_work_once(desk: Desk, claim_id: int) -> None:
    assert run(desk.office, quick(move_on), claim_id) is Ended.DONE
    assert run(desk.office, quick(move_on), claim_id) is Ended.GONE
    assert runs(desk) == [("read", 1, "done")]


@pytest.mark.parametrize("forged", [0, -1, 10**12])
def test_a_message_for_a_row_that_is_not_there_does_nothing(
    desk: Desk, claim_id: int, forged: int
) -> None:
    assert run(desk.office, quick(move_on), forged) is Ended.GONE
    assert runs(desk) == []


def test_a_passing_fault_is_tried_again_only_after_its_back_off(desk: Desk, claim_id: int) -> None:
    assert run(desk.office, quick(fail_with(Transient("磁盘满"))), claim_id) is Ended.RETRY
    assert run(desk.office, quick(move_on), claim_id) is Ended.GONE
    desk.clock.pass_(seconds=3)
    assert run(desk.office, quick(move_on), claim_id) is Ended.DONE
    assert runs(desk) == [("read", 1, "retry"), ("read", 2, "done")]


def test_a_bug_parks_the_claim_at_once_and_a_person_sends_it_on(desk: Desk, claim_id: int) -> None:
    assert run(desk.office, quick(fail_with(KeyError("secret"))), claim_id) is Ended.FAILED
    assert run(desk.office, quick(move_on), claim_id) is Ended.GONE
    clerk = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        [failure] = failures.failures(session)
        assert (failure.step, failure.count) == ("read", 1)
        assert "secret" not in failure.cause
        failures.retry(session, desk.office, clerk, "claim", claim_id)
    assert run(desk.office, quick(move_on), claim_id) is Ended.DONE


def test_a_run_on_record_says_when_it_began_and_ended_and_what_failed(
    desk: Desk, claim_id: int
) -> None:
    def fail_late(session: Session, claim: Claim, office: Office) -> None:
        desk.clock.pass_(seconds=5)
        raise Transient("磁盘满")

    began = desk.clock()
    run(desk.office, quick(fail_late), claim_id)
    with desk.office.sessions.read_only() as session:
        found = session.scalars(select(StepRun)).one()
        assert (found.machine, found.subject_id) == ("claim", claim_id)
        assert (found.started_at, found.ended_at) == (began, began + timedelta(seconds=5))
        assert (found.outcome, found.cause) == ("retry", "磁盘满")


def test_the_log_tells_the_row_the_kind_and_the_place_of_a_failure_and_no_value(
    desk: Desk, claim_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    run(desk.office, quick(fail_with(KeyError("secret"))), claim_id)
    [line] = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert line.startswith(f"step=read id={claim_id} cause=KeyError @ test_run.py:")
    assert ", in do" in line
    assert "secret" not in line


def test_the_log_has_a_line_for_each_run(
    desk: Desk, claim_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "huzhu.steps")
    run(desk.office, quick(move_on), claim_id)
    [line] = caplog.messages
    assert re.fullmatch(rf"step=read ids=\[{claim_id}\] ended=done ms=\d+", line)


def test_a_parked_row_tells_in_its_history_what_parked_it(desk: Desk, claim_id: int) -> None:
    run(desk.office, quick(fail_with(Refused("不能"))), claim_id)
    with desk.office.sessions.read_only() as session:
        [event] = session.scalars(select(AuditEvent).filter_by(verb="park", subject="claim"))
        assert (event.subject_id, event.at) == (claim_id, desk.clock())
        assert event.detail == {"step": "read", "cause": "不能"}


def test_a_row_that_somebody_holds_is_left_to_him_at_once(desk: Desk, claim_id: int) -> None:
    with desk.at(claim_id):
        assert run(desk.office, quick(move_on), claim_id) is Ended.GONE


def test_slow_work_has_the_job_the_office_and_a_lease(desk: Desk, claim_id: int) -> None:
    def work(job: int, office: Office, lease: Lease[Claim]) -> None:
        assert (job, office, lease.subject_id) == (claim_id, desk.office, claim_id)

    assert run(desk.office, slow(work), claim_id) is Ended.DONE


def test_a_fault_that_does_not_pass_wears_out(desk: Desk, claim_id: int) -> None:
    step = quick(fail_with(Transient("还是满")), retry=Retry(attempts=3))
    ended = []
    for _ in range(4):
        ended.append(run(desk.office, step, claim_id))
        desk.clock.pass_(hours=1)
    assert ended == [Ended.RETRY, Ended.RETRY, Ended.FAILED, Ended.GONE]


def test_what_a_failing_step_wrote_is_not_kept(desk: Desk, claim_id: int) -> None:
    def half(session: Session, claim: Claim, office: Office) -> None:
        claim.benefit = "accident"
        session.flush()
        raise Transient("later")

    run(desk.office, quick(half), claim_id)
    assert get(desk, claim_id).benefit == "hospital_allowance"


def test_a_step_that_leaves_its_row_where_it_was_is_a_bug(desk: Desk, claim_id: int) -> None:
    assert run(desk.office, quick(lambda *_: None), claim_id) is Ended.FAILED


def test_a_slow_step_whose_lease_was_taken_over_records_nothing(desk: Desk, claim_id: int) -> None:
    def overtaken(job: object, office: Office, lease: Lease[Claim]) -> None:
        desk.clock.pass_(seconds=1000)
        assert run(desk.office, slow(lambda *_: None), claim_id) is Ended.DONE
        with pytest.raises(LeasePassed):
            lease.extend()

    assert run(desk.office, slow(overtaken), claim_id) is Ended.GONE
    assert runs(desk) == [("read", 2, "done")]


def test_slow_work_on_many_rows_is_shared_out(desk: Desk, claim_id: int) -> None:
    others = [desk.claim(desk.member()) for _ in range(2)]
    desk.bells.clear()
    assert run(desk.office, slow(lambda *_: None), claim_id, *others) is Ended.DONE
    states = {each: desk.state_of(each) for each in (claim_id, *others)}
    assert states == {claim_id: "read"} | dict.fromkeys(others, "received")
    assert [(bell.id, bell.alone) for bell in desk.bells if bell.state == "received"] == [
        (other, True) for other in others
    ]


def test_steps_in_one_transaction_are_undone_together_and_then_each_row_answers_for_itself(
    desk: Desk, claim_id: int
) -> None:
    bad = desk.claim(desk.member())
    desk.bells.clear()

    def find_complete(session: Session, claims: Sequence[Claim], office: Office) -> None:
        for claim in claims:
            if claim.id == bad:
                raise KeyError("bad")
            advance(session, claim, "find_complete", office)

    check = Quick("check", Claim, ClaimState.READ, "claims", do=find_complete)
    read = quick(move_on, then=check)

    assert run(desk.office, read, claim_id, bad) is Ended.DONE
    assert runs(desk) == [("read", 1, "done")] * 2
    assert [(bell.state, bell.id) for bell in desk.bells] == [("read", claim_id), ("read", bad)]

    assert run(desk.office, check, claim_id, bad) is Ended.FAILED
    assert desk.state_of(claim_id) == ClaimState.COMPLETE
    assert get(desk, bad).parked_step == "check"


def test_of_steps_in_one_transaction_only_what_comes_after_the_last_is_rung_for(
    desk: Desk, claim_id: int
) -> None:
    run(desk.office, STEP_BY_NAME["read"], claim_id)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert runs(desk) == [(name, 1, "done") for name in ("read", "check", "adjudicate")]
    assert desk.bells == []


def test_no_other_worker_starts_while_a_lease_holds(desk: Desk, claim_id: int) -> None:
    def during(job: object, office: Office, lease: Lease[Claim]) -> None:
        assert run(desk.office, slow(lambda *_: None), claim_id) is Ended.GONE

    assert run(desk.office, slow(during), claim_id) is Ended.DONE


def test_the_sweep_rings_only_for_a_row_whose_bell_was_lost(desk: Desk, claim_id: int) -> None:
    assert sweep(desk.office) == 0
    desk.clock.pass_(seconds=desk.office.settings.grace_seconds + 1)
    assert sweep(desk.office) == 1
    assert sweep(desk.office) == 0
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_row_that_always_kills_its_worker_ends_on_the_failed_list(
    desk: Desk, claim_id: int
) -> None:
    for _ in range(20):
        desk.clock.pass_(hours=1)
        sweep(desk.office)
    with desk.office.sessions.read_only() as session:
        [failure] = failures.failures(session)
        assert failure.ids == (claim_id,)
    assert sweep(desk.office) == 0


def test_a_move_the_table_does_not_know_is_refused(desk: Desk, claim_id: int) -> None:
    with pytest.raises(Refused), desk.office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id)
        advance(session, claim, "approve", desk.office)


def test_every_event_is_in_the_chain_and_a_forged_one_breaks_it(desk: Desk, claim_id: int) -> None:
    desk.clock.pass_(minutes=1)
    sweep(desk.office)
    desk.work()
    with desk.office.sessions.read_only() as session:
        assert list(broken_links(session)) == []
        claim = session.get_one(Claim, claim_id)
        events = session.scalars(
            select(AuditEvent).filter_by(subject="claim", subject_id=claim_id)
        ).all()
        assert sorted(event.seq for event in events) == list(range(1, claim.version + 1))
        session.connection().exec_driver_sql(AS_OWNER)
        session.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
        session.connection().exec_driver_sql("UPDATE audit_event SET verb = 'x' WHERE seq = 2")
        session.expire_all()
        assert list(broken_links(session))


@given(attempt=st.integers(1, 200))
def test_a_back_off_is_never_longer_than_its_longest(attempt: int) -> None:
    retry = Retry(first=timedelta(seconds=2), longest=timedelta(minutes=10))
    assert timedelta(seconds=1) <= retry.delay(attempt) <= timedelta(minutes=10)


def test_every_step_leaves_a_state_its_machine_calls_automatic() -> None:
    from workflows.engine.moves import MACHINE_OF

    for step in STEPS:
        assert step.source in MACHINE_OF[step.row].automatic
    sources = {(MACHINE_OF[s.row].name, str(s.source)) for s in STEPS}
    for row, machine in MACHINE_OF.items():
        assert row
        assert {(machine.name, str(state)) for state in machine.automatic} <= sources
