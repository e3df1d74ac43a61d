"""What the file of an e-receipt says is told to the clerk, and a changed one goes to a person."""

from random import Random

import pytest

from console.queries.one_claim import claim_view
from documents.kinds import Kind
from models import Claim
from models.people import Role
from models.states import ClaimState
from samples.ofd import altered, ofd
from samples.papers import PAPERS
from samples.random_packets import random_packet
from tests.desk import Desk
from workflows.claims.packets import uploads

pytestmark = pytest.mark.usefixtures("chinese_font")


def test_a_receipt_that_was_changed_after_it_was_signed_is_a_question(desk: Desk) -> None:
    case = random_packet(6, 1).case
    true = ofd(PAPERS["invoice"](case, Random(6)), {"PayingPartyName": case.person.name})
    forged = altered(true, "Doc_0/Pages/Page_0/Content.xml", b"0.00", b"9.00")
    clerk = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        uploads.upload(session, desk.office, clerk, [("票据.ofd", forged)])
    desk.work()
    with desk.office.sessions.read_only() as session:
        claim = session.query(Claim).one()
        [sheet] = claim_view(session, desk.office, clerk, claim).sheets
    assert sheet.kind == Kind.INVOICE
    assert sheet.notes == ("电子票据签名后被改动",)
    assert ("SIGNATURE_BROKEN", str(sheet.id)) in desk.open_findings(claim.id)
    assert claim.state in (ClaimState.INCOMPLETE, ClaimState.IN_QUESTION)
