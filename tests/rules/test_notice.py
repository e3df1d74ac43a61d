"""How letters cite the notice and quote it, and what they say where it is silent."""

import pytest

from rules.notice import articles, cite, clause, quote, unsaid


def test_an_article_is_cited_as_the_notice_counts_and_what_is_none_stays_as_it_is() -> None:
    assert (clause("4.1.1"), cite("4.1.1")) == ("四（一）1", "吉直工发〔2020〕1号 四（一）1")
    assert (clause("民法典"), cite("民法典")) == ("民法典", "民法典")


@pytest.mark.parametrize(
    ("number", "code", "begins"),
    [
        ("4.1.1", "STAY_LIMIT", "一个保障期内可以领取2次住院津贴"),
        ("4.1", "NOT_DISABLING", "职工会员可以按照计划的规定领取互助金"),
        ("2", "NOT_COVERED_ON_EVENT", "在本人自愿的前提下由本单位工会统一组织"),
    ],
)
def test_a_denial_quotes_the_sentence_for_its_reason_or_that_of_its_article(
    number: str, code: str, begins: str
) -> None:
    assert quote(number, code).startswith(begins)
    assert quote(number, code) in articles()[number].text


def test_an_article_quotes_its_whole_text_unless_it_says_less_and_what_is_none_nothing() -> None:
    whole = [each for each in articles().values() if each.quote is None]
    silent = [each for each in articles().values() if each.quote == ""]
    assert whole
    assert silent
    assert all(quote(each.number, "NO_SUCH_REASON") == each.text for each in whole)
    assert all(quote(each.number, "NO_SUCH_REASON") == "" for each in silent)
    assert quote("民法典", "CLAIM_TOO_LATE") == ""


def test_a_reason_that_the_notice_does_not_state_has_words_of_the_office() -> None:
    assert unsaid("CLAIM_TOO_LATE").startswith("通知没有写明申请期限")
    assert unsaid("STAY_TOO_SHORT") == ""
