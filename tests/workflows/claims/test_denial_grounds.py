"""What the letters say where a claim or a part of it is denied: the clause, and no doubt."""

from typing import Any

from models.people import Role
from tests.desk import Desk
from tests.workflows.claims.papers import letter_words
from tests.workflows.claims.test_adjudication import a_stay_and_an_illness
from workflows.claims import correction


def test_a_part_denied_while_a_question_is_open_tells_the_member_the_denial_alone(
    desk: Desk,
) -> None:
    claim_id = a_stay_and_an_illness(desk, desk.member(), "2026-01-20", "malignant_tumour")
    with desk.at(claim_id) as (session, claim):
        told = claim.events[1] | {"exclusion": "mental_illness"}
        correction.establish(session, desk.office, desk.user(Role.CLERK), claim, told, 1)
    desk.work()
    desk.approve_all()
    words = letter_words(desk, claim_id, "payment_notice")
    assert "观察期" in words
    assert "疑属" not in words


def test_a_denial_of_a_day_too_many_keeps_the_suspicion_to_itself(desk: Desk) -> None:
    """One day in hospital for childbirth: too short by itself."""
    stay: dict[str, Any] = {
        "admitted": "2026-03-02",
        "discharged": "2026-03-03",
        "diagnosis": "足月妊娠剖宫产",
    }
    claim_id = desk.claim(desk.member(), **stay)
    desk.work()
    desk.approve_all()
    words = letter_words(desk, claim_id, "denial_notice")
    assert "未超过 1 天" in words
    assert "疑属" not in words
    assert "请人工核定" not in words
