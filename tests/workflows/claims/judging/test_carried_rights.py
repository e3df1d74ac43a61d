"""What becomes of money that was paid when a revision grants something else."""

from typing import Any

from models import User
from models.people import Role
from models.states import RecoveryState
from tests.desk import Desk, promises_hold
from tests.workflows.claims.letter_words import letter_words
from tests.workflows.claims.objecting.test_objections import (
    answered,
    recoveries,
    reopened,
    sums_paid,
)
from tests.workflows.claims.test_illness import CERTIFICATE, ECG, INFARCTION, TROPONIN
from workflows.claims.acts import correction, told_events

ILLNESS = {
    "kind": "critical_illness",
    "illness": "acute_myocardial_infarction",
    "diagnosed_on": "2026-04-20",
    "first_diagnosis": True,
}


def close_findings(desk: Desk, clerk: User, claim_id: int) -> None:
    with desk.at(claim_id) as (session, claim):
        for finding in [each for each in claim.findings if not each.closed_at]:
            correction.answer(session, desk.office, clerk, claim, finding.id, "不申请")
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()


def test_a_stay_that_turns_into_an_illness_is_asked_back_and_the_illness_is_paid_whole(
    desk: Desk,
) -> None:
    clerk = desk.user(Role.CLERK)
    stay: dict[str, Any] = {
        "admitted": "2026-04-20",
        "discharged": "2026-05-02",
        "diagnosis": INFARCTION,
    }
    claim_id = desk.claim(desk.member(), more=(CERTIFICATE, ECG, TROPONIN), **stay)
    desk.work()
    close_findings(desk, clerk, claim_id)
    desk.approve_all()
    answered(desk)
    desk.clock.pass_(days=1)
    reopened(desk, clerk, claim_id, "应为重大疾病")
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, ILLNESS, 0, reason="已核对材料")
    desk.work()
    close_findings(desk, clerk, claim_id)  # the stay that the papers still show is not asked for
    promises_hold(desk)
    desk.approve_all()
    answered(desk)
    assert [amount for _round, amount, _state in sums_paid(desk, claim_id)] == [60_000, 1_000_000]
    assert [row[1:] for row in recoveries(desk, claim_id)] == [(RecoveryState.OPEN, 60_000, 0)]
    words = letter_words(desk, claim_id, "recovery_notice")
    assert "住院" in words
    assert "¥600.00" in words
    assert "10000" not in words
    promises_hold(desk)
