"""Reads from a roster's words how long a worker is engaged and whether he is in service."""

import re
from datetime import date, timedelta

_TEMPORARY = ("临时", "季节", "短期")
_CHINESE = {word: at for at, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_UNDER_A_YEAR = re.compile(r"(不足|不满|未满|不到|少于|低于|未超过|不超过)[1一]年|[1一]年以[下内]")
_OVER_A_YEAR = re.compile(r"(超过|多于|大于|超)了?[1一]年|[1一]年(以上|多)")
_TERM = re.compile(r"(^|(聘|用工|合同|入职|到岗|在岗|工作|任职|服务|临时|期限)\D{0,8}?)$")
_COUNT = r"(\d{1,3}(?:\.\d)?|[一二两三四五六七八九]|十[一二]?)"
_SPAN = re.compile(
    rf"(?<![\d.一二三四五六七八九十])(?:(半)年|{_COUNT}年(半)?(?:[零又]?{_COUNT}个月)?|{_COUNT}个月)"
)
_DAYS_MORE = re.compile(r"[零又加]?(?:\d{1,3}|[一二两三四五六七八九十]{1,3})[天日]")
_DAY = r"(20\d{2})[年.\-/](\d{1,2})(?:[月.\-/](?:(\d{1,2})日?)?)?"
_FROM_TO = re.compile(rf"{_DAY}\s*起?\s*(?:至|到|—+|-+|~)\s*{_DAY}")
_GONE = re.compile(r"退休|离休|离退|返聘")
_LEFT = re.compile(
    r"离职|离岗|离任|辞职|辞退|解聘|解除|终止|开除|除名|调离|调出|调走|已退(?![伍役])|退职|死亡|去世|病故|亡故|身故"
    r"|(?:不再?|非|未|没有?|曾|原)在(?:职|编|册|聘)"
)
_LEFT_WORDS = frozenset({"否", "无", "N", "NO", "×", "X"})
_IN_SERVICE = re.compile(
    r"(?<![不再未非没有曾原])在(?:职|岗|编|册|聘|任)"
    r"|正式|正常|合同|聘用|聘任|临时|季节|短期|编外|编内|事业编|公务员|工勤|派遣"
    r"|借调|抽调|外派|挂职|进修|试用|病假|病休|产假|休假|内退|退居?二线|待岗"
)
_IN_SERVICE_WORDS = frozenset({"是", "Y", "YES", "√"})
# Of no unit. What a column of fees says, 个人缴费, is another matter.
_ALONE = re.compile(
    r"自由职业|灵活就业|无(?:工作)?单位|个体(?:户|工商户|经营)|个人(?:名义|申请|参保)|社会人员|无业|待业|失业"
)
_ALONE_WORDS = frozenset({"个人", "个体", "无", "没有", "无单位", "无工作单位"})
_NOT_YET = re.compile(r"未|非|将|拟|待|快要|预计|临近|延迟|延后|延退|计划|准备|明年|年底|不是|没有")
_WHEN = re.compile(r"(?<!\d)((?:19|20)\d{2})[年.\-/]?(\d{1,2})?")


def is_temporary(employment: str) -> bool:
    """Whether the word for the kind of staff means temporary (临时) staff."""
    return any(word in employment for word in _TEMPORARY)


def months_said(text: str) -> int | None:
    """The months of engagement in a remark such as 聘用8个月; None if it is not clear."""
    if _UNDER_A_YEAR.search(text):
        return 11
    if _OVER_A_YEAR.search(text):
        return 13
    for match in _FROM_TO.finditer(text):
        if _TERM.search(text[: match.start()]):
            return _months_between(*match.groups())
    for match in _SPAN.finditer(text):
        if _TERM.search(text[: match.start()]):
            # A month that has only begun counts whole: a year and a day is over a year.
            return _whole_months(*match.groups()) + bool(_DAYS_MORE.match(text, match.end()))
    return None


def _whole_months(
    half: str | None, years: str | None, and_half: str | None, more: str | None, months: str | None
) -> int:
    if half:
        return 6
    of_years = round(12 * _number(years) + 6 * bool(and_half))
    return of_years + round(_number(more) + _number(months))


def _months_between(*written: str | None) -> int | None:
    """The months of a term with a first and a last day, both inclusive; None if no such days."""
    year, month, day, to_year, to_month, to_day = (int(each or 0) for each in written)
    try:
        since = date(year, month, day or 1)
        if to_day:
            until = date(to_year, to_month, to_day) + timedelta(days=1)
        else:
            until = date(to_year + to_month // 12, to_month % 12 + 1, 1)
    except ValueError:
        return None
    return months_begun(since, until)


def term_of(text: str) -> int:
    """The months in a cell that holds only a term; a bare number means months."""
    text = text.removesuffix(".0")
    months = int(text) if text.isdigit() else months_said(text)
    if months is None:
        raise ValueError
    return months


def months_begun(since: date, until: date) -> int:
    """The months from one day to another, one that has only begun counted whole.

    A year to the day is 12 months, a year and a day 13: only that is over a year.
    """
    months = (until.year - since.year) * 12 + until.month - since.month
    return months + (until.day > since.day)


def says_retired(text: str, on: date) -> bool:
    """Whether the words say a worker has retired by this day: 退休返聘 has, 即将退休 has not."""
    if _GONE.search(text) is None:
        return False
    return any(_is_over(_GONE, clause, on) for clause in _clauses(text))


def says_left(text: str, on: date) -> bool:
    """Whether the words say a worker has left the unit by this day: 离职 has, 即将离职 has not."""
    if text.upper() in _LEFT_WORDS:
        return True
    return any(_is_over(_LEFT, clause, on) for clause in _clauses(text))


def names_no_unit(text: str) -> bool:
    """Whether a cell for the unit's name says that the person has none."""
    bare = text.removesuffix("者").removesuffix("人员")
    return text in _ALONE_WORDS or _ALONE.fullmatch(bare) is not None


def says_individual(text: str) -> bool:
    """Whether the words say that somebody joins by himself or works for no unit."""
    return _ALONE.search(text) is not None


def says_in_service(text: str) -> bool:
    """Whether the words for a worker's state are known to mean in service; empty ones do."""
    is_known = not text or text.upper() in _IN_SERVICE_WORDS or _IN_SERVICE.search(text)
    # Who has not retired yet is in service.
    return bool(is_known or _GONE.search(text))


def _clauses(text: str) -> list[str]:
    return re.split(r"[，。；,;、\s]", text)


def _is_over(word: re.Pattern[str], clause: str, on: date) -> bool:
    found = word.search(clause)
    if found is None or _NOT_YET.search(clause[: found.start()]):
        return False
    when = _WHEN.search(clause)
    if when is None:
        return True
    year, month = int(when[1]), int(when[2] or 12)
    return (year, month) < (on.year, on.month)


def _number(word: str | None) -> float:
    if word is None:
        return 0
    return float(word) if word[0].isdigit() else sum(_CHINESE[letter] for letter in word)
