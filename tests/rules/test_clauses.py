"""The clauses a person may deny by: which ones a plan has, and the words and article of each."""

from datetime import date

import pytest

from rules.clauses import benefit_article, clauses
from rules.plans import load
from rules.verdict import Code
from tests.rules.test_owed import illness, injury, stay

FOR_ALL = {"NOT_A_MEMBER", "NOT_COVERED_ON_EVENT", "CAUSE_NOT_COVERED", "CLAIM_TOO_LATE"}
ILLNESS = {"ILLNESS_NOT_LISTED", "NOT_FIRST_DIAGNOSIS"}


@pytest.mark.parametrize(
    ("plan", "terms"),
    [
        ("main-2020", FOR_ALL | ILLNESS | {"HOSPITAL_LEVEL", "NOT_DISABLING"}),
        ("illness-2020", FOR_ALL | ILLNESS),
        ("accident-2022", FOR_ALL | {"NOT_DISABLING"}),
        ("medical-2022", FOR_ALL | {"NOT_DISABLING"}),
        ("medical-old", FOR_ALL),
    ],
)
def test_a_plan_is_denied_by_the_terms_of_what_it_pays_and_by_its_exclusions(
    plan: str, terms: set[str]
) -> None:
    exclusions = {each.code for each in load(plan).exclusions}
    assert set(clauses(load(plan))) == terms | exclusions


@pytest.mark.parametrize(
    ("plan", "articles"),
    [
        ("main-2020", ["4.1.1", "4.1.2", "4.1.3"]),
        ("medical-old", ["4.2", "4.2", "4.2"]),
    ],
)
def test_each_kind_of_event_has_the_article_that_grants_its_benefit(
    plan: str, articles: list[str]
) -> None:
    day = date(2026, 5, 1)
    events = stay(day), illness(day), injury(5)
    assert [benefit_article(load(plan), event) for event in events] == articles


@pytest.mark.parametrize(
    ("key", "code", "article", "words"),
    [
        ("NOT_A_MEMBER", Code.NOT_A_MEMBER, "2", "不符合参保条件"),
        ("HOSPITAL_LEVEL", Code.HOSPITAL_LEVEL, "4.1", "医院等级不够"),
        ("ILLNESS_NOT_LISTED", Code.ILLNESS_NOT_LISTED, "4.1", "不属于本计划的病种"),
        ("NOT_DISABLING", Code.NOT_DISABLING, "4.1.3", "未构成伤残"),
        ("self_harm", Code.EXCLUDED, "4.1.3", "属于除外情形：故意自伤"),
    ],
)
def test_a_clause_tells_its_reason_in_words_by_its_article(
    key: str, code: Code, article: str, words: str
) -> None:
    clause = clauses(load("main-2020"))[key]
    assert (clause.key, clause.code, clause.article, clause.words) == (key, code, article, words)
