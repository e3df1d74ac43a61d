"""What the log tells of a person lies under his own key; erased, it opens nowhere any more."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.queries.history import history
from documents.sealing import SealBroken
from models import AuditEvent, DetailKey
from models.people import Role
from tests.desk import Desk
from workflows.claims.acts import resting
from workflows.claims.approving import approval
from workflows.engine.detail_keys import DETAIL_KEY, Whose, erase_keys
from workflows.engine.history import broken_links
from workflows.engine.sealed_details import ERASED

REASON, NEW_NAME = "家属说诊断是肺结核", "欧阳清涟"


def corrected_and_sent_back(desk: Desk) -> int:
    """A claim whose name was read wrong, keyed, and which a supervisor sent back with a reason."""
    claim_id = desk.claim(desk.member(NEW_NAME), name_on_record="欧阳青莲")
    desk.work()
    desk.correct(desk.user(Role.CLERK), claim_id, member_name=NEW_NAME)
    desk.work()
    supervisor = desk.user(Role.SUPERVISOR)
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, supervisor, claim, REASON)
    return claim_id


def told_of(desk: Desk, claim_id: int) -> str:
    with desk.at(claim_id) as (session, claim):
        return " ".join(line.detail for line in history(session, claim))


def test_after_his_key_is_erased_nobody_reads_what_was_told_of_him_and_the_chain_still_verifies(
    desk: Desk,
) -> None:
    gone, kept = corrected_and_sent_back(desk), corrected_and_sent_back(desk)
    assert REASON in told_of(desk, gone)
    with desk.office.sessions.read_only() as session:
        as_stored = [json.dumps(each, ensure_ascii=False) for each in all_details(session)]
    assert not [each for each in as_stored if REASON in each or NEW_NAME in each]
    with desk.at(gone) as (session, claim):
        assert claim.member_id is not None
        assert erase_keys(session, [Whose("member", claim.member_id)], desk.clock()) == 1
    assert ERASED in told_of(desk, gone)
    assert REASON not in told_of(desk, gone)
    assert REASON in told_of(desk, kept)
    with desk.office.sessions.read_only() as session:
        assert list(broken_links(session)) == []
        [key] = session.scalars(select(DetailKey).where(DetailKey.erased_at.is_not(None)))
        assert key.key is None


def all_details(session: Session) -> list[dict[str, object]]:
    return list(session.scalars(select(AuditEvent.detail)))


def test_what_is_told_after_an_erasure_gets_a_key_of_its_own(desk: Desk) -> None:
    claim_id = corrected_and_sent_back(desk)
    with desk.at(claim_id) as (session, claim):
        erase_keys(session, [Whose("member", claim.member_id or 0)], desk.clock())
    with desk.at(claim_id) as (session, claim):
        resting.hold(
            session,
            desk.office,
            desk.user(Role.CLERK),
            claim,
            "等材料",
            desk.office.today() + timedelta(days=5),
        )
    told = told_of(desk, claim_id)
    assert "等材料" in told
    assert ERASED in told


def test_a_key_copied_to_the_row_of_another_member_does_not_open_there(desk: Desk) -> None:
    corrected_and_sent_back(desk)
    corrected_and_sent_back(desk)
    with desk.office.sessions.read_only() as session:
        one, other = session.scalars(select(DetailKey).order_by(DetailKey.id))
        with pytest.raises(SealBroken):
            DETAIL_KEY.open(desk.office.keys, one.key or b"", other.subject, other.subject_id)
