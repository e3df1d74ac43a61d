"""Finds the labels of labels.toml in a line of text: where a value begins and where it ends."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import NamedTuple

from documents.plain_text import HAN, NAME_DOTS
from documents.reading.field_names import FieldName

_STOPS = "stops"
_LEAST_FUZZY = 4
_MISREAD = 0.75
"""How far a label counts if one character was another: 入会时间 is a word of its own too."""
_SCRIPTS = ("大写", "小写")
_SPELT = re.compile("[元圆角分整正][ (]*$")
_APART = ("  ", ",", ";", "。", "(", "其中:", "其中: ")
_APART_FROM_A_VALUE = (*_APART, " ")
# After a label: a remark in brackets, then a colon or nothing.
_REMARK = r"(?:\s*\((?!大写|小写)[^():]{1,8}\))?"
# Forms print a name right behind these, at the beginning of a line: 患者姓名古丽娜尔·买买提.
_GLUED_TO_A_NAME = ("姓名", "患者姓名", "病人姓名", "会员姓名", "职工姓名")
_NAME_ALONE = re.compile(rf"[{HAN}]{{2,4}}?(?:\s?[{NAME_DOTS}]\s?[{HAN}]{{1,10}}){{0,2}}(?=\s|$)")
_GLUED_TO_A_UNIT = ("工作单位及地址", "工作单位", "单位名称", "所在单位")
_UNIT = re.compile("公司|工会|学校|学院|医院|[局厅厂]")
_GLUED = ("姓名", "性别", "民族", "出生", "住址", "公民身份号码", "签发机关", "有效期限")


class Mark(NamedTuple):
    """A label in a line: `start` to `end` is the label, the value begins at `end`."""

    start: int
    end: int
    label: str
    field: FieldName | None
    """None for labels of what is not one of our fields."""
    weight: float


_TABLES = tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))
_PREFIXES = tuple(_TABLES.pop("prefixes"))
_WORDS = _PREFIXES + tuple(_TABLES.pop("of_others"))
_LAST_OF_WORDS = frozenset(word[-1] for word in _WORDS)
_WORDS_BEFORE = re.compile(rf"(?:^|(?<=[^{HAN}]))(?:{'|'.join(_WORDS)})+$")
"""Words glued before a label, which belong to it and not to the value before."""
ACCUMULATED: tuple[str, ...] = tuple(_TABLES.pop("accumulated"))
OTHER_PEOPLE = frozenset(_TABLES.pop("other_people"))
OF_THIS_STAY: tuple[str, ...] = tuple(_TABLES.pop("of_this_stay"))
WHOLE_COLUMNS: tuple[str, ...] = tuple(_TABLES.pop("whole_columns"))
PART_COLUMNS: tuple[str, ...] = tuple(_TABLES.pop("part_columns"))
PART_HEADINGS: tuple[str, ...] = tuple(_TABLES.pop("part_headings"))
NOT_FINAL: tuple[str, ...] = tuple(_TABLES.pop("not_final"))
WORDS_OF_THE_STAY: tuple[str, ...] = tuple(_TABLES.pop("words_of_the_stay"))
PARTS_OF_OWN_SHARE = {
    part: frozenset(labels) for part, labels in _TABLES.pop("parts_of_own_share").items()
}


def _load() -> dict[str, tuple[FieldName | None, float]]:
    tables = dict(_TABLES)
    known: dict[str, tuple[FieldName | None, float]] = dict.fromkeys(
        (*tables.pop(_STOPS)["words"], *chain(*PARTS_OF_OWN_SHARE.values())), (None, 0.0)
    )
    for field, labels in tables.items():
        known |= {label: (FieldName(field), float(weight)) for label, weight in labels.items()}
    return {label.replace(" ", ""): meaning for label, meaning in known.items()}


def _any_of(labels: Iterable[str]) -> str:
    """A pattern for the longest of the labels, with spaces or without.

    Grouped by first and second character, because a flat list would be tried one by one.
    """
    rests: dict[str, list[str]] = {}
    for label in labels:
        rests.setdefault(label[0], []).append(label[1:])
    return "|".join(re.escape(first) + _followed_by(rest) for first, rest in rests.items())


def _followed_by(rests: list[str]) -> str:
    longer = _any_of(filter(None, rests))
    return rf"(?:\s*(?:{longer})){'?' * ('' in rests)}" if longer else ""


_KNOWN = _load()
_BEGINNINGS = {label[:length] for label in _KNOWN for length in range(1, len(label))}
_LONG = sorted((label for label in _KNOWN if len(label) >= _LEAST_FUZZY), key=len)
_OF_LENGTH = {length: list(labels) for length, labels in groupby(_LONG, key=len)}
_FIRST = "".join(sorted({label[0] for label in _KNOWN}))
_LABEL = re.compile(
    # Few characters begin a label: without this test every label is tried at every character.
    rf"(?=[(\[{re.escape(_FIRST)}])"
    r"(?P<open>\((?=大写\)|小写\))|\[\s*)?"
    f"(?P<label>{_any_of(_KNOWN)})"
    rf"(?(open)[^\S\n]*[)\]])(?P<remark>{_REMARK})(?P<colon>\s*[:;])?"
)
_HEAD = re.compile(r"\s*(?P<label>[^\s:()]{4,8})\s*:")


def find_marks(text: str, glued: bool = False) -> tuple[Mark, ...]:
    """All labels of a plain text, from left to right; `glued` as on an ID card (姓名张三)."""
    marks: list[Mark] = []
    for match in _labels_in(text):
        if _counts(match, text, marks, glued):
            marks.append(_mark(match, text, marks))
    return tuple(marks or _misread(text))


def _labels_in(text: str) -> Iterator[re.Match[str]]:
    """The labels, but none that begins with the end of a word before a blank: 市中心医院 等级."""
    at = 0
    while match := _LABEL.search(text, at):
        first = match["label"].split()[0]
        is_end_of_word = first != match["label"] and re.search(f"[{HAN}]$", text[: match.start()])
        if is_end_of_word:
            at = match.start("label") + len(first)
        else:
            at = match.end()
            yield match


def _counts(match: re.Match[str], text: str, marks: Sequence[Mark], glued: bool) -> bool:
    """A label is followed by a colon, or stands apart from what is around it."""
    if match["colon"] or match["open"]:
        return True
    if glued and _name(match) in _GLUED:
        return True
    before = text[: match.start()]
    if (
        not before.strip()
        and _name(match) in _GLUED_TO_A_NAME
        and _NAME_ALONE.match(text, match.end())
    ):
        return True
    after = text[match.end() :]
    if not before.strip() and _name(match) in _GLUED_TO_A_UNIT and _UNIT.search(after):
        return True
    apart = _APART_FROM_A_VALUE if marks or len(_name(match)) >= _LEAST_FUZZY else _APART
    if not (before.endswith(apart) or not before.strip()):
        return False
    return not after.strip() or after[0] in " ¥" or after[0].isdigit()


def _mark(match: re.Match[str], text: str, marks: Sequence[Mark]) -> Mark:
    label = _name(match)
    field, weight = _KNOWN[label]
    value = text[marks[-1].end if marks else 0 : match.start()]
    if label in _SCRIPTS:
        if marks and _SPELT.search(value):
            field, weight = marks[-1].field, marks[-1].weight
        elif before := _whose_script(value):
            field, weight = _KNOWN.get(before, (None, 0.0))
    elif _belongs_to_longer(value, bool(marks)):
        field, weight = None, 0.0
    return Mark(_start(match, text), match.end(), label, field, weight)


def _start(match: re.Match[str], text: str) -> int:
    """Where the label begins with the words glued before it, which are no part of another value."""
    start = match.start()
    if not start or text[start - 1] not in _LAST_OF_WORDS:
        return start
    word = _WORDS_BEFORE.search(text, 0, start)
    return word.start() if word else start


def _whose_script(before: str) -> str:
    """The label right before figures or capitals (价税合计); empty where none stands there."""
    tail = re.search(rf"[{HAN}]+\s*$", before)
    return "" if tail is None or tail[0].endswith(_PREFIXES) else tail[0].rstrip()


def _belongs_to_longer(before: str, follows: bool) -> bool:
    """Whether the characters right before make it another label (护士长姓名) we do not know.

    After a label they are its value, unless that value is already closed by a space.
    """
    tail = re.search(rf"(?:[{HAN}]|[A-Z]{{2,}})+$", before)
    if tail is None or tail[0].endswith(_PREFIXES):
        return False
    return not follows or bool(before[: tail.start()].strip())


def _misread(text: str) -> Iterator[Mark]:
    """A first word before a colon that is one character off a long label, the likeliest of them."""
    head = _HEAD.match(text)
    if head is None:
        return
    near = [
        label for label in _OF_LENGTH.get(len(head["label"]), ()) if _one_off(label, head["label"])
    ]
    if near:
        label = max(near, key=lambda label: _KNOWN[label][1])
        field, weight = _KNOWN[label]
        yield Mark(head.start("label"), head.end(), label, field, weight * _MISREAD)


def _one_off(label: str, word: str) -> bool:
    return sum(a != b for a, b in zip(label, word, strict=True)) == 1


def labels_of(field: FieldName) -> list[str]:
    """All labels that ask for this field."""
    return [label for label, (asked, _) in _KNOWN.items() if asked is field]


def is_label(text: str) -> bool:
    """Whether the text, spaces aside, is a label and nothing else."""
    return "".join(text.split()) in _KNOWN


def begins_label(text: str) -> bool:
    """Whether the text is the beginning of a label and not the whole of it."""
    return text in _BEGINNINGS


def _name(match: re.Match[str]) -> str:
    return "".join(match["label"].split())
