"""The scheme's cases, written by article in cases/*.toml, judged as `huzhu assess` judges them."""

import copy
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from rules.assessing import assess
from rules.facts.case import from_json
from rules.judging import judge
from rules.notice import articles
from rules.plans import choose
from rules.verdict import Code, Outcome, ReasonKind

FOLDER = Path(__file__).parent / "cases"


def _cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in file["case"]:
            found.append(pytest.param(file["base"], case, id=f"{path.stem}: {case['name']}"))
    return found


def _changed(base: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The base case with each dotted key set, "-" taking a key away."""
    whole = copy.deepcopy(base)
    for path, value in given.items():
        *above, last = path.split(".")
        place = whole
        for key in above:
            place = place[key]
        if value == "-":
            del place[last]
        else:
            place[last] = value
    return whole


@pytest.mark.parametrize(("base", "case"), _cases())
def test_the_case_is_decided_as_the_office_decides_it(
    base: dict[str, Any], case: dict[str, Any]
) -> None:
    verdict = json.loads(assess(json.dumps(_changed(base, case.get("given", {})))))
    assert verdict["decision"] == case["decision"], verdict
    assert verdict["amount"] == case.get("amount", "0.00")
    assert [reason["code"] for reason in verdict["reasons"]] == case.get("codes", [])
    cited = [each["article"] for each in (*verdict["lines"], *verdict["reasons"])]
    assert set(cited) <= set(articles())
    if "lines" in case or case["decision"] != "pay":
        assert [line["text"] for line in verdict["lines"]] == case.get("lines", [])
    if "reasons" in case:
        assert [reason["text"] for reason in verdict["reasons"]] == case["reasons"]
    if "articles" in case:
        assert [reason["article"] for reason in verdict["reasons"]] == case["articles"]
    if "line_articles" in case:
        assert [line["article"] for line in verdict["lines"]] == case["line_articles"]
    if "period" in case:
        assert list((verdict["period"] or {}).values()) == case["period"]


@pytest.mark.parametrize(("base", "case"), _cases())
def test_a_reason_refuses_refers_or_notes_as_the_decision_says(
    base: dict[str, Any], case: dict[str, Any]
) -> None:
    facts = from_json(_changed(base, case.get("given", {})))
    verdict = judge(facts, choose(facts.plan, facts.event.on))
    kinds = [reason.kind for reason in verdict.reasons]
    match verdict.outcome:
        case Outcome.PAY:
            assert set(kinds) <= {ReasonKind.NOTE}
        case Outcome.REFER:
            assert set(kinds) == {ReasonKind.REFER}
        case Outcome.DENY:
            assert kinds[0] is ReasonKind.DENY
            assert set(kinds) <= set(ReasonKind)
            assert ReasonKind.NOTE not in kinds or Code.UNCONFIRMED_RULE in case["codes"]


def test_a_verdict_is_printed_for_people_to_read() -> None:
    base, case = _cases()[0].values
    printed = assess(json.dumps(_changed(base, case.get("given", {}))))
    assert printed.splitlines()[:2] == ["{", f'  "decision": "{case["decision"]}",']
