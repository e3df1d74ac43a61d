"""The scheme's cases, written by article in cases/*.toml, judged as `huzhu assess` judges them."""

import copy
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import rules
from rules.notice import articles

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
    verdict = json.loads(rules.assess(json.dumps(_changed(base, case.get("given", {})))))
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
