"""Every article of the notice is cited by a rule, or the notice's file says who answers it."""

import ast
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import rules
from rules.notice import articles, cite, clause, quote
from rules.plans import available, table
from rules.verdict import Code

CODE = Path(rules.__file__).parent
FILES = {
    "1": "职工互助保障活动是由工会组织倡导",
    "2": "年龄在16至60周岁",
    "4.1.1": "最低100元，最高9000元",
    "4.1.2": "一次性领取10000元互助金",
    "4.1.3": "最高可以领取伤残互助金40000元",
    "5": "每个职工补助30元",
    "6.3": "互助金将直接发放到会员提供的银行卡中",
    "7.2": "身份证复印件信息完全一致",
}


def cited() -> set[str]:
    """The articles that plan files and code name."""
    return {row.article for plan in available() for row in table(plan)} | set(_in_code())


def _in_code() -> Iterator[str]:
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and value in articles():
                yield value


def test_every_article_is_cited_by_a_rule_or_answered_otherwise() -> None:
    unanswered = {
        number
        for number, article in articles().items()
        if article.answered == "rules" and number not in cited()
    }
    assert unanswered == set()


def test_what_is_done_elsewhere_or_by_hand_says_how() -> None:
    others = [each for each in articles().values() if each.answered != "rules"]
    assert others
    assert all(each.how for each in others)


def test_no_rule_cites_an_article_the_notice_has_not() -> None:
    assert {row.article for plan in available() for row in table(plan)} <= set(articles())


@pytest.mark.parametrize(("number", "words"), FILES.items())
def test_an_article_is_quoted_in_the_words_of_the_notice(number: str, words: str) -> None:
    assert words in articles()[number].text


def test_a_letter_cites_the_article_as_the_notice_numbers_it() -> None:
    assert clause("4.1.1") == "四（一）1"
    cited = {number: cite(number).removeprefix("吉直工发〔2020〕1号") for number in articles()}
    assert cited["4.1.1"] == "第四条第（一）款第1项"
    assert (cited["2"], cited["4.2"]) == ("第二条", "第四条第（二）款")
    assert (cited["6.3"], cited["7.2"]) == ("第六条第（3）项", "第七条第2项")
    assert (clause("9.9"), cite("9.9"), clause("")) == ("9.9", "9.9", "")


def test_a_denial_quotes_the_sentence_its_reason_rests_on() -> None:
    assert quote("4.1.1", "STAY_LIMIT") == "一个保障期内可以领取2次住院津贴"
    assert "二级（含二级）以上医疗机构" in quote("4.1", "HOSPITAL_LEVEL")
    assert quote("4.1.3", "NOT_DISABLING") == articles()["4.1.3"].text
    assert quote("6", "CLAIM_TOO_LATE") == quote("9.9", "EXCLUDED") == ""
    assert {code for article in articles().values() for code in article.quotes} <= set(Code)


def test_the_articles_come_in_the_order_of_the_notice() -> None:
    numbers = [tuple(map(int, number.split("."))) for number in articles()]
    assert numbers == sorted(numbers)
    assert len(numbers) == 17


def test_every_figure_of_every_plan_stands_beside_an_article() -> None:
    def walk(part: object) -> Iterator[object]:
        if isinstance(part, tuple):
            for each in part:
                yield from walk(each)
        elif is_dataclass(part):
            yield part
            for field in fields(part):
                yield from walk(getattr(part, field.name))

    for plan in available():
        figures = [each for each in walk(plan) if hasattr(each, "value")]
        assert figures
        assert all(getattr(each, "article", None) in articles() for each in figures)
