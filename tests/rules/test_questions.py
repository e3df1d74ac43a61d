"""Every question a person is asked has an answer that leads to money and one that leads to none."""

import re
from pathlib import Path

import pytest

import rules
from rules.errors import BadInput
from rules.questions import Makes, answer_to, questions
from rules.verdict import Code

ASKED_IN_CODE = re.compile(r"\.refer\(\s*Code\.(\w+)")


def test_every_code_the_rules_refer_with_is_a_question() -> None:
    files = Path(rules.__file__).parent.glob("*.py")
    asked = {name for file in files for name in ASKED_IN_CODE.findall(file.read_text())}
    assert asked
    assert {Code(name) for name in asked} <= set(questions())


@pytest.mark.parametrize("code", questions())
def test_a_question_can_end_with_money_and_without(code: Code) -> None:
    makes = {answer.makes for answer in questions()[code].answers}
    assert Makes.DENY in makes
    assert makes & {Makes.CLEAR, Makes.FACTS, Makes.HEIRS}


@pytest.mark.parametrize("code", questions())
def test_an_answer_that_lets_money_through_needs_grounds(code: Code) -> None:
    for answer in questions()[code].answers:
        if answer.makes in (Makes.CLEAR, Makes.HEIRS):
            assert answer.needs
            assert answer.confirmed


@pytest.mark.parametrize("code", questions())
def test_a_denial_has_words_for_the_member_and_none_of_the_office_for_itself(code: Code) -> None:
    told = [answer.letter for answer in questions()[code].answers if answer.makes is Makes.DENY]
    assert all(told)
    assert not any("核定" in words and "人工" in words for words in told)


def test_an_answer_is_found_by_its_name() -> None:
    assert answer_to(Code.EXCLUSION_SUSPECTED, "excluded").code is Code.EXCLUDED


@pytest.mark.parametrize("code", [Code.EXCLUSION_SUSPECTED, Code.STAY_LIMIT])
def test_an_answer_the_question_does_not_have_is_refused_by_name(code: Code) -> None:
    with pytest.raises(BadInput, match="maybe"):
        answer_to(code, "maybe")
