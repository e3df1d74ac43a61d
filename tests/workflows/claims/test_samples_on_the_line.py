"""Samples that are more than a stay, from their scans to the money or the question they end in."""

import pytest
from sqlalchemy import select

from models import Claim
from models.people import Role
from models.states import ClaimState
from rules.verdict import Code
from samples.catalogue import packets
from samples.make import HERE
from samples.packet import SamplePacket
from tests.desk import Desk, Person
from tests.sample_readings import SampleReadings
from tests.workflows.claims.acts.test_answers import answer
from tests.workflows.claims.letter_words import letter_words
from tests.workflows.claims.test_illness import name_it

pytestmark = pytest.mark.line
WALKED = {
    "18-heart-attack",
    "19-burn",
    "20-transfer",
    "21-childbirth",
    "22-drunk-driving",
}


def handed_in(desk: Desk, packet: SamplePacket, sample_readings: SampleReadings) -> int:
    """The claim of this packet, as its scans were read, on the day the office would have it."""
    desk.clock.pass_(days=180)
    member = packet.case.person
    desk.member(on_roster=Person(member.name, member.id_number, member.card_number))
    path = HERE / "packets" / packet.file_name
    files = {each.name: each.read_bytes() for each in path.iterdir()} if path.is_dir() else {}
    desk.drop(packet.file_name, files or path.read_bytes())
    sample_readings.lend(desk.office)
    desk.look()
    sample_readings.keep(desk.office)
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(Claim.id)).one()


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "packet", [each for each in packets() if each.name in WALKED], ids=lambda each: each.name
)
def test_a_sample_ends_where_its_truth_says(
    desk: Desk, packet: SamplePacket, sample_readings: SampleReadings
) -> None:
    claim_id, expected = handed_in(desk, packet, sample_readings), packet.expected
    assert desk.open_findings(claim_id) == set()
    decision = desk.decision(claim_id)
    assert decision.outcome == expected.outcome
    if expected.outcome == "pay":
        assert desk.state_of(claim_id) == ClaimState.PROPOSED
    else:
        assert expected.reason in [reason.code for reason in decision.reasons]
    if expected.reason == Code.ILLNESS_TO_NAME:
        name_it(desk, desk.user(Role.CLERK), claim_id, **expected.told)
    if expected.answer == "excluded":
        answer(desk, desk.user(Role.CLERK), claim_id, Code(expected.reason), "excluded")
        desk.approve_all()
        assert desk.state_of(claim_id) == ClaimState.DENIED
        words = letter_words(desk, claim_id, "denial_notice")
        assert "属于除外情形" in words
        assert "吉直工发〔2020〕1号 四（一）" in words
    if expected.amount:
        assert desk.decision(claim_id).amount == int(expected.amount.replace(".", ""))
