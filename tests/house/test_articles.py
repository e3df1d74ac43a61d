"""Every article of the notice is cited by a rule, or the notice's file says who answers it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

import pytest

import rules
from rules.notice import articles, cite, clause, quote, unsaid
from rules.plans import available, table
from rules.verdict import Code
from tests.house.parsed import parsed

CODE = Path(rules.__file__).parent
TESTS = Path(__file__).parents[1]
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


# Sentences that announce, praise or ask, and move neither cover nor money.
FOR_PEOPLE = {
    ("1", "职工互助保障活动是由工会组织倡导"),
    ("3", "经充分调研论证"),
    ("4", "经前期调研"),
    ("4.1", "在职职工住院津贴综合互助保障计划（津贴+意外+重疾）"),
    ("4.1", "保障范围是"),
    ("4.1", "重大疾病"),
    ("4.1", "遭受意外伤害"),
    ("4.1", "保障待遇是"),
    ("5", "按照《吉林省基层工会经费收支管理办法》"),
    ("6.1", "宣传发动阶段"),
    ("6.2", "参保阶段"),
    ("6.3", "组织运行阶段"),
    ("7.1", "高度重视"),
    ("7.2", "认真负责"),
    ("7.3", "积极推进"),
    ("7.3", "省直机关工会将集中推进"),
}


# Promises of one sentence that are kept apart from each other: each has a walk of its own.
SEVERAL = {
    ("2", "年龄在16至60周岁"),
    ("2", "在本人自愿的前提下"),
    ("2", "聘用期超过一年的临时职工"),
    ("2", "不接受个人申请参加"),
    ("2", "200人以上的参保率要求达到80% 以上"),
    ("4.1", "会费标准是每人每年110元"),
    ("4.1", "期满续交，每人限参一份"),
    ("4.1", "意外事故导致身故"),
    ("4.1", "残疾"),
    ("4.1", "烧伤"),
    ("5", "对主选项目省直机关工会每个职工补助30元"),
    ("5", "剩余80元"),
    ("6.3", "由各单位工会统一将申请材料报送"),
    ("6.3", "互助金将直接发放到会员提供的银行卡中"),
}
# What begins a walk: papers, a roster, a button; and what ends it: money, cover that was paid for,
# a letter, a file or a refusal. Rows of the program's own tables are no end.
STARTS = {"claim", "a_death", "hand_in", "enrolled", "covered", "post"}
ENDS = {"Payment", "payments", "Letter", "periods", "Refused", "status_code", "content", "written"}


@dataclass(frozen=True)
class Walk:
    """A test that bears the mark `notice`, and every name it and the functions it calls use."""

    test: str
    article: str
    words: str
    names: frozenset[str]


def _walks() -> Iterator[Walk]:
    for path in TESTS.rglob("test_*.py"):
        if "mark.notice" not in path.read_text("utf-8"):
            continue  # every run collects this file, and to parse all of them takes a second
        tree = parsed(path)
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for node in functions.values():
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("notice"):
                    number, words = (ast.literal_eval(each) for each in mark.args)
                    yield Walk(node.name, number, words, frozenset(_names(node, functions)))


def _names(test: ast.FunctionDef, functions: dict[str, ast.FunctionDef]) -> set[str]:
    """The names that a test uses, and those of the functions and fixtures of its file it needs."""
    found, to_read = set[str](), [test]
    while to_read:
        node = to_read.pop()
        new = {each.arg for each in node.args.args}
        for each in (inner for line in node.body for inner in ast.walk(line)):
            new |= {each.id} if isinstance(each, ast.Name) else set()
            new |= {each.attr} if isinstance(each, ast.Attribute) else set()
        to_read += [functions[name] for name in new - found if name in functions]
        found |= new
    return found


WALKS = list(_walks())
WALKED = {(walk.article, walk.words) for walk in WALKS}


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: f"{walk.test} {walk.words}")
def test_a_walk_leads_from_papers_roster_or_button_to_money_letter_or_refusal(walk: Walk) -> None:
    assert "desk" in walk.names
    assert walk.names & STARTS
    assert walk.names & ENDS


def sentences() -> list[tuple[str, str]]:
    """Every sentence of the notice with its article's number."""
    return [
        (number, sentence)
        for number, article in articles().items()
        for sentence in re.split("[。；]", article.text)
        if sentence
    ]


def cited() -> set[str]:
    """The articles that plan files and code name."""
    return {row.article for plan in available() for row in table(plan)} | set(_in_code())


def _in_code() -> Iterator[str]:
    for path in CODE.rglob("*.py"):
        for node in ast.walk(parsed(path)):
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


@pytest.mark.parametrize(("number", "sentence"), sentences())
def test_every_sentence_is_walked_to_money_or_a_letter_or_is_for_people(
    number: str, sentence: str
) -> None:
    """One home: the test that starts at papers, roster or button names the sentence it walks."""
    tested = [words for article, words in WALKED if article == number and words in sentence]
    said = [
        words for article, words in FOR_PEOPLE if article == number and sentence.startswith(words)
    ]
    assert bool(tested) != bool(said), sentence


def test_each_promise_of_a_sentence_that_makes_several_is_walked() -> None:
    assert WALKED >= SEVERAL


def test_what_tests_walk_and_what_is_for_people_stands_in_the_notice() -> None:
    for number, words in (*WALKED, *FOR_PEOPLE):
        assert words in articles()[number].text, words


def test_no_rule_cites_an_article_the_notice_has_not() -> None:
    assert {row.article for plan in available() for row in table(plan)} <= set(articles())


@pytest.mark.parametrize(("number", "words"), FILES.items())
def test_an_article_is_quoted_in_the_words_of_the_notice(number: str, words: str) -> None:
    assert words in articles()[number].text


def test_a_letter_cites_the_article_as_the_notice_numbers_it() -> None:
    assert clause("4.1.1") == "四（一）1"
    assert cite("4.1.1") == "吉直工发〔2020〕1号 四（一）1"
    assert (cite("2"), cite("4.2")) == ("吉直工发〔2020〕1号 二", "吉直工发〔2020〕1号 四（二）")
    assert (clause("9.9"), cite("9.9"), clause("")) == ("9.9", "9.9", "")


def test_a_denial_quotes_the_sentence_its_reason_rests_on() -> None:
    assert quote("4.1.1", "STAY_LIMIT") == "一个保障期内可以领取2次住院津贴"
    assert "二级（含二级）以上医疗机构" in quote("4.1", "HOSPITAL_LEVEL")
    assert quote("4.1.3", "NOT_DISABLING") == articles()["4.1.3"].text
    assert "统一将申请材料报送" in quote("6.3", "CLAIM_TOO_LATE")
    assert quote("6.3", "PAYEE_NOT_MEMBER") == "互助金将直接发放到会员提供的银行卡中"
    assert "因病住院治疗" in quote("4.1.1", "EXCLUDED")
    assert quote("9.9", "EXCLUDED") == ""
    assert {code for article in articles().values() for code in article.quotes} <= set(Code)


def test_a_letter_says_openly_what_the_notice_leaves_unsaid() -> None:
    for code in ("CLAIM_TOO_LATE", "PAYEE_NOT_MEMBER", "EXCLUDED"):
        assert Code(code)
        assert "通知没有" in unsaid(code)
    assert unsaid("STAY_LIMIT") == ""


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
