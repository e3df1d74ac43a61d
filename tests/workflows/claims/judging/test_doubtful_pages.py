"""A page that a claim cannot do without, and whose kind the reader guessed, is looked at first."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import User
from models.people import Role
from models.states import ClaimState
from tests.desk import HOSPITAL, Desk, a_page
from tests.workflows.claims.judging.test_two_witnesses import of_form_without_days
from tests.workflows.claims.test_illness import CERTIFICATE, ECG, TROPONIN, heart_attack
from workflows.claims.acts import correction

OPERATION = a_page(Kind.OPERATION_RECORD, HOSPITAL, "手术记录", "手术名称:冠状动脉造影术")


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def guessed(page: PageReading) -> PageReading:
    return replace(page, kind_confidence=0.6)


def guessing(kind: Kind) -> Callable[[PageReading], PageReading]:
    """The papers, with this kind of them no more than a guess."""
    return lambda page: guessed(page) if page.kind is kind else page


def handed_in(desk: Desk, kind: Kind, *more: PageReading) -> int:
    claim_id = desk.claim(desk.member(), guessing(kind), more=more)
    desk.work()
    return claim_id


def name_page(desk: Desk, clerk: User, claim_id: int, kind: Kind) -> None:
    """A clerk says what the page that is asked about is."""
    [page_id] = {subject for code, subject in desk.open_findings(claim_id) if code == "KIND_UNSURE"}
    with desk.at(claim_id) as (session, claim):
        correction.name_kind(session, desk.office, clerk, claim, int(page_id), kind)
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()


def codes(desk: Desk, claim_id: int) -> list[str]:
    return sorted(code for code, _ in desk.open_findings(claim_id))


def test_a_guessed_record_is_asked_about_and_then_paid_by(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, Kind.DISCHARGE_RECORD)
    assert codes(desk, claim_id) == ["KIND_UNSURE"]
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION
    name_page(desk, clerk, claim_id, Kind.DISCHARGE_RECORD)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert desk.decision(claim_id).amount == 60_000


@pytest.mark.parametrize("proof", [OPERATION, ECG], ids=["operation", "one-of-two-tests"])
def test_a_guessed_proof_of_an_illness_that_is_none_is_asked_for_again(
    desk: Desk, clerk: User, proof: PageReading
) -> None:
    beside = [TROPONIN] if proof is ECG else []
    claim_id = heart_attack(desk, CERTIFICATE, guessed(proof), *beside)
    assert codes(desk, claim_id) == ["KIND_UNSURE"]
    name_page(desk, clerk, claim_id, Kind.OTHER)
    assert desk.open_findings(claim_id) == {("MISSING_PAPER", "heart_test")}
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE


def test_a_guess_that_nothing_rests_on_holds_nobody_up(desk: Desk) -> None:
    form = guessed(a_page(Kind.APPLICATION_FORM, "互助金申请表"))
    beside_a_sure_one = handed_in(desk, Kind.SETTLEMENT_SHEET, form)
    not_needed = handed_in(
        desk, Kind.SETTLEMENT_SHEET, a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单")
    )
    assert codes(desk, beside_a_sure_one) == codes(desk, not_needed) == []


def test_a_fact_that_a_guessed_page_bears_out_is_paid_by_once_its_kind_is_named(
    desk: Desk, clerk: User
) -> None:
    days = a_page(Kind.INVOICE, "门诊收费票据", "住院日期:2026-03-02至2026-03-14")
    claim_id = desk.claim(desk.member(), of_form_without_days, more=[guessed(days)])
    desk.work()
    assert codes(desk, claim_id) == ["KIND_UNSURE"]
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION
    name_page(desk, clerk, claim_id, Kind.INVOICE)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_fact_of_a_guessed_page_that_is_none_of_the_claim_has_one_witness(
    desk: Desk, clerk: User
) -> None:
    days = a_page(Kind.INVOICE, "门诊收费票据", "住院日期:2026-03-02至2026-03-14")
    claim_id = desk.claim(desk.member(), of_form_without_days, more=[guessed(days)])
    desk.work()
    name_page(desk, clerk, claim_id, Kind.ACCIDENT_STATEMENT)
    assert "ONE_WITNESS" in codes(desk, claim_id)
