"""A dishonest clerk tries what one person's word could make of the register's cards and of heirs'
accounts: a person who saw both numbers stands between."""

from dataclasses import replace
from datetime import date

import pytest

from documents.kinds import Kind
from models.people import Role
from rules.errors import Refused
from tests.desk import (
    HOSPITAL,
    Desk,
    Person,
    a_card_number,
    an_id_number,
    handed_in,
    promises_hold,
)
from tests.heirs import a_death, an_heir, confirm, key, keyed
from tests.insider.test_payee_swaps import paid_to
from tests.workflows.enrolment.rosters import Hall, Worker
from workflows.claims.acts import correction, payee
from workflows.claims.acts.payee import payees_to_compare

UNCONFIRMED = {("PAYEE_UNCONFIRMED", "bank_card_number")}


def test_a_card_that_he_enrolled_the_member_with_waits_where_the_papers_show_another(
    desk: Desk,
) -> None:
    """The register's card is his, since the roster was: he keys what the register says."""
    mine, hall = a_card_number(), Hall.of(desk, headcount=1)
    worker = Worker("张三", an_id_number(), mine)
    hall.covered([worker], date(2026, 6, 16))
    desk.clock.pass_(days=60)
    member = Person(worker.name, worker.id_number, a_card_number())
    claim_id = handed_in(desk, member, admitted="2026-07-20", discharged="2026-07-30")
    assert desk.open_findings(claim_id) == {("ROSTER_DIFFERS", "bank_card_number")}
    desk.correct(hall.clerk, claim_id, bank_card_number=mine)
    assert desk.open_findings(claim_id) == UNCONFIRMED
    with pytest.raises(Refused, match="经手过"):
        desk.confirm_payee(claim_id, hall.clerk)
    with desk.at(claim_id) as (session, claim):
        found = payees_to_compare(session, desk.office, claim)
        assert found is not None
        assert found.on_papers == (member.card,), "the second person sees what the papers show"
    desk.approve_all()
    assert paid_to(desk, claim_id) == set()
    desk.confirm_payee(claim_id)
    assert desk.state_of(claim_id) == "proposed", "it was the member's card after all"
    desk.approve_all()
    promises_hold(desk)


def test_a_claim_that_he_keys_to_himself_waits_for_a_second_person(desk: Desk) -> None:
    """He is a member too: name, number and card are all the register's, and none the papers'."""
    himself, member = desk.member("王贪", "19800101"), desk.member()
    claim_id, insider = handed_in(desk, member), desk.user(Role.CLERK)
    told = {"id_number": himself.id_number, "member_name": himself.name}
    desk.correct(insider, claim_id, bank_card_number=himself.card, **told)
    assert desk.open_findings(claim_id) == UNCONFIRMED
    with desk.at(claim_id) as (session, claim):
        found = payees_to_compare(session, desk.office, claim)
        assert found is not None
        assert set(found.on_papers) == {member.id_number, member.card}
        with pytest.raises(Refused, match="经手过"):
            payee.confirm_payee(session, desk.office, insider, claim, found.mark)
    desk.approve_all()
    assert paid_to(desk, claim_id) == set()


def test_a_page_that_he_names_no_paper_still_shows_its_numbers(desk: Desk) -> None:
    himself, insider = desk.member("王贪", "19800101"), desk.user(Role.CLERK)
    claim_id = handed_in(desk, desk.member())
    with desk.at(claim_id) as (session, claim):
        pages = [page.id for document in claim.documents for page in document.pages]
        for page_id in pages:
            correction.name_kind(session, desk.office, insider, claim, page_id, Kind.OTHER)
    told = {"id_number": himself.id_number, "member_name": himself.name}
    told |= {"admitted_on": "2026-03-02", "discharged_on": "2026-03-14"}
    told |= {"hospital_name": HOSPITAL, "bank_name": "中国建设银行"}
    desk.correct(insider, claim_id, bank_card_number=himself.card, **told)
    with desk.at(claim_id) as (session, claim):
        for finding in [each for each in claim.findings if each.closed_at is None]:
            if correction.may_be_accepted(finding):
                correction.answer(session, desk.office, insider, claim, finding.id, "原件已核")
        correction.recheck(session, desk.office, insider, claim)
    desk.work()
    assert ("PAYEE_UNCONFIRMED", "bank_card_number") in desk.open_findings(claim_id)


def test_an_heirs_account_that_another_left_as_it_was_is_not_confirmed_by_who_keyed_it_first(
    desk: Desk,
) -> None:
    """Another clerk changes the share; the form left the masked number to stand."""
    heir, mine = an_heir(), a_card_number()
    claim_id = a_death(desk, desk.member(), heir)
    insider = key(desk, claim_id, keyed(desk, claim_id, replace(heir, card=mine), "100%"))
    with desk.at(claim_id) as (_session, claim):
        [before] = [each.id for each in claim.heirs]
    left = keyed(desk, claim_id, replace(heir, id_number="", card=""), "1/1", before=before)
    key(desk, claim_id, left)
    with pytest.raises(Refused, match="录入人以外"):
        confirm(desk, claim_id, insider)
    assert desk.payments(claim_id) == []
