"""What a person answered, judged again by the rules; and what later claims know of a payment."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast

import pytest

from rules.accidents import may_be_one
from rules.facts import (
    AccidentEvent,
    AccidentOutcome,
    Event,
    Facts,
    Paid,
    PaidAccident,
    PaidIllness,
    PaidStay,
)
from rules.facts.case import paid_from_json, paid_to_json
from rules.facts.claim import AnsweredOf, ClaimFacts, PaidUnder
from rules.money import Fen
from rules.owed import JudgedPart, facts_under, judge_claim, paid_by
from rules.plans import load
from rules.verdict import Code, Outcome, ReasonKind
from tests.rules.test_owed import HOSPITAL, START, claim, cover, illness, injury, stay

SUSPECTED = replace(stay(date(2026, 4, 1)), exclusion="childbirth", exclusion_words="剖宫产")
NOWHERE = replace(HOSPITAL, name="无名医院", level=None, city=None, rank=None)


def judged(event: Event, **answers: str) -> JudgedPart:
    """The one part of a claim for this event, with these answers by question."""
    given = tuple(AnsweredOf(Code(code), answer, event=0) for code, answer in answers.items())
    [part] = judge_claim(replace(claim(event), answers=given))
    return part


def test_a_question_without_an_answer_waits_for_a_person_in_its_own_words() -> None:
    verdict = judged(SUSPECTED).verdict
    assert verdict.outcome is Outcome.REFER
    [reason] = verdict.reasons
    assert (reason.code, reason.kind) == (Code.EXCLUSION_SUSPECTED, ReasonKind.REFER)
    assert "剖宫产" in reason.text


def test_an_answer_that_clears_pays_and_stays_as_a_note_with_the_words_of_both() -> None:
    asked = judged(SUSPECTED).verdict.reasons[0]
    verdict = judged(SUSPECTED, EXCLUSION_SUSPECTED="not_excluded").verdict
    assert (verdict.outcome, verdict.amount) == (Outcome.PAY, 50_000)
    [note] = [each for each in verdict.reasons if each.code is Code.EXCLUSION_SUSPECTED]
    assert (note.kind, note.article) == (ReasonKind.NOTE, asked.article)
    assert note.text == f"{asked.text}；经核定：不属于除外情形"


def test_an_answer_that_denies_is_the_only_reason_by_the_clause_of_its_exclusion() -> None:
    verdict = judged(SUSPECTED, EXCLUSION_SUSPECTED="excluded").verdict
    assert (verdict.outcome, verdict.amount) == (Outcome.DENY, 0)
    [denial] = verdict.reasons
    assert (denial.code, denial.kind, denial.article, denial.text) == (
        Code.EXCLUDED,
        ReasonKind.DENY,
        "4.1.1",
        "属于除外情形：生育",
    )


def test_one_answer_to_a_question_that_is_asked_twice_is_one_reason() -> None:
    before = tuple(
        PaidUnder("main-2025", PaidStay(date(2026, 3, day), 10, Fen(50_000))) for day in (28, 30)
    )
    again = replace(
        claim(stay(date(2026, 4, 1)), covers=(cover("main-2025"),)),
        history=before,
        answers=(AnsweredOf(Code.DUPLICATE_EVENT, "same", event=0),),
    )
    [part] = judge_claim(again)
    assert [reason.code for reason in part.verdict.reasons] == [Code.DUPLICATE_EVENT]


def test_an_answer_to_another_question_or_about_another_event_clears_nothing() -> None:
    assert judged(SUSPECTED, HOSPITAL_UNKNOWN="below").verdict.outcome is Outcome.REFER
    other = AnsweredOf(Code.EXCLUSION_SUSPECTED, "not_excluded", event=1)
    both = replace(claim(SUSPECTED, illness(date(2026, 6, 1))), answers=(other,))
    assert judge_claim(both)[0].verdict.outcome is Outcome.REFER


def test_the_level_that_a_person_knows_to_be_too_low_denies() -> None:
    unknown = replace(stay(date(2026, 4, 1)), hospital=NOWHERE)
    verdict = judged(unknown, HOSPITAL_UNKNOWN="below").verdict
    assert [reason.code for reason in verdict.reasons] == [Code.HOSPITAL_LEVEL]


def kept(event: Event, plan: str = "main-2020", facts: ClaimFacts | None = None) -> list[Paid]:
    """What later claims know of the payment for this event."""
    asked = facts or claim(event, covers=(cover(plan),))
    [part] = judge_claim(asked)
    return list(paid_by(part.facts, part.verdict))


@pytest.mark.parametrize(
    ("plan", "days", "yuan", "benefit"),
    [("main-2020", 10, 500, "hospital_allowance"), ("medical-2022", 0, 2_100, "medical_expense")],
)
def test_of_a_stay_later_claims_know_days_sum_and_last_day(
    plan: str, days: int, yuan: int, benefit: str
) -> None:
    event = stay(date(2026, 4, 1), fund_paid=20_000_00)
    [paid] = kept(event, plan)
    assert isinstance(paid, PaidStay)
    assert (paid.admitted_on, paid.discharged_on) == (date(2026, 4, 1), date(2026, 4, 11))
    assert (paid.amount, paid.benefit, paid.continues) == (yuan * 100, benefit, False)
    assert plan != "main-2020" or paid.paid_days == days


def test_of_several_illnesses_paid_at_once_later_claims_know_each() -> None:
    event = illness(date(2026, 6, 1), "stroke", "paralysis")
    assert kept(event) == [
        PaidIllness(each, date(2026, 6, 1), Fen(1_000_000)) for each in ("stroke", "paralysis")
    ]


def test_of_an_accident_later_claims_know_outcome_place_and_what_happened() -> None:
    event = replace(injury(5), place="人民大街", description="滑倒")
    assert kept(event) == [
        PaidAccident(
            date(2026, 5, 1),
            AccidentOutcome.DISABILITY,
            Fen(1_200_000),
            place="人民大街",
            description="滑倒",
        )
    ]


def test_each_plan_is_told_its_own_covers_payments_answers_and_the_city_of_the_day() -> None:
    earlier = cover("main-2020", start=date(2025, 1, 1), end=date(2025, 12, 31))
    elsewhere = replace(cover("main-2020"), city="四平市", handed_in_on=date(2026, 2, 1))
    before = PaidUnder("main-2025", PaidStay(date(2025, 3, 1), 10, Fen(50_000)))
    beside = PaidUnder("accident-2022", PaidStay(date(2025, 3, 1), 10, Fen(50_000)))
    asked = replace(
        claim(SUSPECTED, covers=(earlier, elsewhere, cover("accident-2022", shares=2))),
        unit_city="长春市",
        history=(before, beside),
        answers=(AnsweredOf(Code.EXCLUSION_SUSPECTED, "excluded", event=0),),
    )
    facts: Facts = facts_under(load("main-2020"), asked, 0, asked.events[0])
    assert (facts.plan, facts.unit_city) == ("main-2020", "四平市")
    assert [(each.start, each.handed_in_on) for each in facts.coverages] == [
        (date(2025, 1, 1), None),
        (START, date(2026, 2, 1)),
    ]
    assert facts.history == (before.paid,)
    assert [(each.question, each.answer) for each in facts.answers] == [
        (Code.EXCLUSION_SUSPECTED, "excluded")
    ]
    assert facts_under(load("accident-2022"), asked, 0, asked.events[0]).coverages[0].shares == 2


def test_without_cover_on_the_day_the_city_is_that_of_the_unit_now() -> None:
    late = AccidentEvent(date(2027, 5, 1), AccidentOutcome.DISABILITY, (5,))
    asked = replace(claim(late), unit_city="吉林市")
    assert facts_under(load("main-2020"), asked, 0, asked.events[0]).unit_city == "吉林市"


def test_what_later_claims_know_is_written_and_read_again_without_what_was_not_said() -> None:
    paid = (
        PaidStay(date(2025, 9, 2), 10, Fen(50_000), discharged_on=date(2025, 9, 12)),
        PaidIllness("stroke", date(2025, 10, 1), Fen(1_000_000)),
    )
    written = paid_to_json(paid)
    assert paid_from_json(written) == paid
    assert written[1] == {
        "illness": "stroke",
        "diagnosed_on": "2025-10-01",
        "amount": "10000.00",
        "benefit": "critical_illness",
    }
    assert "continues" not in cast("dict[str, object]", written[0])
    [accident] = paid_to_json(
        (PaidAccident(date(2025, 9, 2), AccidentOutcome.BURN, Fen(100), description="烫伤"),)
    )
    assert accident == {
        "happened_on": "2025-09-02",
        "outcome": "burn",
        "amount": "1.00",
        "benefit": "accident",
        "description": "烫伤",
    }


def test_a_denial_tells_the_reason_that_the_person_gave_as_one_sentence() -> None:
    said = AnsweredOf(Code.EXCLUSION_SUSPECTED, "excluded", "足月剖宫产。", event=0)
    asked = replace(claim(SUSPECTED), answers=(said,))
    bare = judged(SUSPECTED, EXCLUSION_SUSPECTED="excluded").verdict.reasons[0].text
    [part] = judge_claim(asked)
    assert part.verdict.reasons[0].text == f"{bare}。核定理由：足月剖宫产"


def test_an_illness_that_is_none_of_the_list_is_denied_by_what_the_papers_say() -> None:
    event = replace(illness(date(2026, 6, 1), "痛风", "高血压"), first_diagnosis=None, to_name=True)
    [denial] = judged(event, ILLNESS_TO_NAME="none").verdict.reasons
    assert (denial.code, denial.text) == (
        Code.ILLNESS_NOT_LISTED,
        "诊断不属于本计划所列的病种：痛风、高血压",
    )


@pytest.mark.parametrize(
    ("days", "place", "asked"),
    [
        (0, "甲", True),
        (30, "甲", True),
        (31, "甲", False),
        (31, "人民大街, 路口", True),
        (-30, "甲", True),
    ],
)
def test_a_payment_may_be_for_this_accident_by_its_day_a_near_day_or_its_place(
    days: int, place: str, asked: bool
) -> None:
    event = replace(injury(5), place="人民大街路口")
    on = event.happened_on + timedelta(days)
    paid = PaidAccident(on, AccidentOutcome.DISABILITY, Fen(1), place=place)
    assert may_be_one(event, paid) is asked


def test_whether_a_diagnosis_is_the_first_is_asked_with_the_reason_of_who_doubts_it() -> None:
    doubted = replace(illness(date(2026, 6, 1)), first_doubted=True, ground="2019 年已住院治疗。")
    verdict = judged(doubted).verdict
    assert verdict.outcome is Outcome.REFER
    [reason] = verdict.reasons
    assert (reason.code, reason.article) == (Code.FIRST_DIAGNOSIS, "4.1.2")
    assert reason.text == "经办认为不是首次确诊。核定理由：2019 年已住院治疗"
    known = replace(doubted, first_doubted=False, first_diagnosis=False, ground=None)
    [reason] = judged(known).verdict.reasons
    assert (reason.code, reason.text) == (Code.NOT_FIRST_DIAGNOSIS, "不是首次确诊")


def test_an_accident_near_another_is_known_by_the_day_of_the_first() -> None:
    first, second = injury(5, on=date(2026, 5, 1)), injury(5, on=date(2026, 5, 11))
    [part] = judge_claim(claim(first))
    [known] = paid_by(part.facts, part.verdict)
    assert isinstance(known, PaidAccident)
    assert known.same_as is None
    later = replace(claim(second), history=(PaidUnder("main-2020", known),))
    same = replace(later, answers=(AnsweredOf(Code.ACCIDENT_NEAR, "same", event=0),))
    [part] = judge_claim(same)
    [known_later] = paid_by(part.facts, part.verdict)
    assert isinstance(known_later, PaidAccident)
    assert known_later.same_as == date(2026, 5, 1)
