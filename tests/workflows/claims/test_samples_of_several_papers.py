"""Samples that one packet does not tell alone: from their scans to the money they come to."""

import pytest
from sqlalchemy import select

from models import Claim, Letter
from models.people import Role
from models.states import ClaimState
from rules.verdict import Code
from samples.catalogue import packets
from samples.make import HERE
from samples.packet import SamplePacket
from tests.desk import Desk, Person
from tests.sample_readings import SampleReadings
from tests.workflows.claims.acts.test_answers import agree, answer
from tests.workflows.claims.objecting.test_objections import (
    answered,
    corrected_stay,
    objected,
    sums_paid,
    upheld,
)
from tests.workflows.claims.test_illness import name_it

pytestmark = [pytest.mark.line, pytest.mark.timeout(600)]
SAMPLES = {packet.name: packet for packet in packets()}


def on_roster(desk: Desk, name: str) -> Person:
    told = SAMPLES[name].case.person
    return desk.member(on_roster=Person(told.name, told.id_number, told.card_number))


def handed_in(desk: Desk, readings: SampleReadings, name: str, as_name: str = "") -> int:
    """The newest claim, once this packet was dropped and read."""
    packet = SAMPLES[name]
    path = HERE / "packets" / packet.file_name
    files = {each.name: each.read_bytes() for each in path.iterdir()} if path.is_dir() else {}
    desk.drop(as_name or packet.file_name, files or path.read_bytes())
    readings.lend(desk.office)
    desk.look()
    readings.keep(desk.office)
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(Claim.id).order_by(Claim.id.desc()).limit(1)).one()


def fen(packet: SamplePacket) -> int:
    return int(packet.expected.amount.replace(".", ""))


def refers_for(desk: Desk, claim_id: int, code: Code) -> None:
    assert desk.open_findings(claim_id) == set()
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    assert code in [reason.code for reason in desk.decision(claim_id).reasons]


def test_a_tumour_is_paid_by_the_main_plan_and_by_two_shares_of_another(
    desk: Desk, sample_readings: SampleReadings
) -> None:
    desk.clock.pass_(days=30)
    member = on_roster(desk, "23-two-plans")
    desk.member(on_roster=member, plan="illness-2020", shares=2)
    claim_id = handed_in(desk, sample_readings, "23-two-plans")
    refers_for(desk, claim_id, Code.ILLNESS_TO_NAME)
    told = SAMPLES["23-two-plans"].expected.told
    name_it(desk, desk.user(Role.CLERK), claim_id, **told)
    parts = [(part.plan, part.amount) for part in desk.decision(claim_id).parts]
    assert parts == [("main-2020", 1_000_000), ("illness-2020", 2_000_000)]
    assert desk.decision(claim_id).amount == fen(SAMPLES["23-two-plans"])
    desk.approve_all()
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID


def test_a_stay_handed_in_as_two_packets_is_paid_for_ninety_days(
    desk: Desk, sample_readings: SampleReadings
) -> None:
    on_roster(desk, "24-two-hospitals-first")
    first = handed_in(desk, sample_readings, "24-two-hospitals-first")
    assert desk.state_of(first) == ClaimState.PROPOSED
    assert desk.decision(first).amount == fen(SAMPLES["24-two-hospitals-first"])
    second = handed_in(desk, sample_readings, "25-two-hospitals-second")
    refers_for(desk, second, Code.DUPLICATE_EVENT)
    answer(desk, desk.user(Role.CLERK), second, Code.DUPLICATE_EVENT, "together", "当日转院")
    agree(desk, desk.user(Role.CLERK), second)
    assert desk.decision(second).amount == fen(SAMPLES["25-two-hospitals-second"])
    desk.approve_all()
    answered(desk)
    paid = [amount for each in (first, second) for _, amount, _ in sums_paid(desk, each)]
    assert sum(paid) == 90 * 5_000


def test_an_objection_with_a_corrected_record_is_answered_and_topped_up(
    desk: Desk, sample_readings: SampleReadings
) -> None:
    on_roster(desk, "02-clean-invoice")
    claim_id = handed_in(desk, sample_readings, "02-clean-invoice")
    desk.approve_all()
    answered(desk)
    upheld(desk, desk.user(Role.SUPERVISOR), objected(desk, desk.user(Role.CLERK), claim_id))
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    assert handed_in(desk, sample_readings, "26-objection", f"{number} 出院记录.tif") == claim_id
    assert desk.open_findings(claim_id) == {("DISAGREEMENT", "discharged_on")}
    stay = SAMPLES["26-objection"].case.stay
    days = stay.discharged_on.isoformat(), stay.admitted_on.isoformat()
    corrected_stay(desk, desk.user(Role.CLERK), claim_id, *days)
    assert desk.decision(claim_id).amount == fen(SAMPLES["26-objection"])
    desk.approve_all()
    answered(desk)
    assert [amount for _, amount, _ in sums_paid(desk, claim_id)] == [35_000, 25_000]
    with desk.office.sessions.read_only() as session:
        kinds = session.scalars(select(Letter.kind).filter_by(claim_id=claim_id)).all()
    assert "objection_answer" in kinds
