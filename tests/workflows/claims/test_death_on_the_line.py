"""The sample of a death, from the scans in the drop folder to two payments and two letters."""

import json
from io import BytesIO

import docx
import pytest
from sqlalchemy import select

from documents.kinds import Kind
from models import Claim, Letter
from models.people import Role
from models.states import ClaimState
from samples.catalogue import packets
from samples.make import HERE
from tests.desk import Desk, Person
from tests.heirs import confirm, key, keyed, pages
from tests.sample_readings import SampleReadings
from tests.workflows.claims.acts.test_heirs import lines, open_reasons
from tests.workflows.test_proof import answered
from workflows.claims.events.event import events_of

pytestmark = pytest.mark.line
NAME = "17-death-two-heirs"


@pytest.mark.timeout(600)
def test_a_death_with_two_heirs_goes_from_its_scans_to_two_accounts(
    desk: Desk, sample_readings: SampleReadings
) -> None:
    [packet] = [each for each in packets() if each.name == NAME]
    member, theirs = packet.case.person, packet.case.heirs
    desk.member(on_roster=Person(member.name, member.id_number, member.card_number))
    desk.drop(NAME, {f.name: f.read_bytes() for f in (HERE / "packets" / NAME).iterdir()})
    sample_readings.lend(desk.office)
    desk.look()
    sample_readings.keep(desk.office)
    with desk.office.sessions.read_only() as session:
        claim = session.scalars(select(Claim)).one()
        claim_id, events = claim.id, events_of(desk.office, claim)
    kinds = json.loads((HERE / "truth" / f"{NAME}.json").read_text("utf-8"))["pages"]
    assert len(pages(desk, claim_id, Kind.JOINT_STATEMENT)) == 1
    assert len(pages(desk, claim_id, Kind.RELATIONSHIP_PROOF)) == 2
    assert len(kinds) == 13
    assert desk.open_findings(claim_id) == set()
    [how] = [each.pop("description") for each in events]
    assert "途中在路口不慎从自行车上摔下" in str(how)
    assert events == [
        {"kind": "accident", "happened_on": "2026-04-09", "outcome": "death"},
    ]
    assert open_reasons(desk, claim_id) == ["PAYEE_NOT_MEMBER"]

    proofs = pages(desk, claim_id, Kind.RELATIONSHIP_PROOF)
    told = [
        keyed(
            desk,
            claim_id,
            Person(heir.person.name, heir.person.id_number, heir.person.card_number),
            heir.share,
            relation=relation,
            bank_name=heir.person.bank_name,
            proof_page=proof,
        )
        for heir, relation, proof in zip(theirs, ("spouse", "child"), proofs, strict=True)
    ]
    clerk = key(desk, claim_id, *told)
    with desk.office.sessions.read_only() as session:
        assert [heir.unread for heir in session.get_one(Claim, claim_id).heirs] == [[], []]
    second = confirm(desk, claim_id)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    for maker in (clerk, second):
        assert Role.SUPERVISOR not in maker.roles
    desk.approve_all()
    batch_id = desk.released()
    assert lines(desk, batch_id) == [
        (heir.person.name, heir.person.card_number, amount)
        for heir, amount in zip(theirs, ("13333.33", "6666.67"), strict=True)
    ]
    answered(desk, batch_id, {})
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert member.card_number not in {card for _name, card, _amount in lines(desk, batch_id)}

    with desk.office.sessions.read_only() as session:
        query = select(Letter.sha256).filter_by(claim_id=claim_id, kind="heir_notice")
        files = session.scalars(query.order_by(Letter.id)).all()
    words = [docx.Document(BytesIO(desk.office.store.get(sha256 or ""))) for sha256 in files]
    greeted = [document.paragraphs[3].text for document in words]
    assert greeted == [f"{heir.person.name}：" for heir in theirs]
    assert all(f"惊悉{member.name}同志不幸离世" in d.paragraphs[4].text for d in words)
