"""Tells what a bank's result code or word means for a payment, and what the office does next."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from language import _


class BankOutcome(StrEnum):
    CREDITED = "credited"
    RETURNED = "returned"
    UNKNOWN = "unknown"  # stays sent: an unclear answer is no reason to pay again


@dataclass(frozen=True)
class BankResult:
    """One meaning of a result."""

    code: str  # empty: the bank gave no code that we know
    outcome: BankOutcome
    words: str  # plain Chinese: what happened
    advice: str  # what the office does next; empty: nothing
    member: str  # what the member is asked to bring; empty: nothing


@dataclass(frozen=True)
class _Table:
    """results.toml, with every spelling already joined to its meaning."""

    codes: Mapping[str, BankResult]
    texts: Mapping[str, BankResult]
    failures: tuple[str, ...]
    reasons: Mapping[str, BankResult]
    unclear: BankResult


# A code may stand alone or beside words: 3031, [3031]户名不符, 失败-3031.
_CODE = re.compile(r"(\D*)([0-9]{4})(?![0-9])(.*)", re.DOTALL)
_BETWEEN = " :：-—,，;；.。()（）[]【】"


def known_results() -> Mapping[str, BankResult]:
    """Every code of the table, for the manual and the screens."""
    return _table().codes


def advice_on(code: str, words: str) -> str:
    """What the office does next upon an answer that was kept; empty where there was none."""
    if result := _table().codes.get(code):
        return result.advice
    return understand(words).advice if words else ""


def understand(text: str) -> BankResult:
    """The meaning of the text in the bank's result column; anything uncertain is unknown."""
    text = text.strip()
    if not text:
        return _unknown(_("银行未写处理结果"))
    if match := _CODE.fullmatch(text):
        before, code, after = (part.strip(_BETWEEN) for part in match.groups())
        return _coded(code, [word for word in (before, after) if word], text)
    return _worded(text)


def understand_line(results: Sequence[str], reason: str) -> BankResult:
    """The same where the bank writes several columns; all that is written must agree.

    So 失败 beside a reason that we do not know is unknown, as it is in one column.
    """
    written = [text for text in (*results, reason) if text.strip()]
    meanings = [understand(text) for text in written]
    if not meanings:
        return understand("")
    if len({meaning.outcome for meaning in meanings}) == 1:
        # The last one tells most: the reason, and that only where it has a code.
        return next((each for each in reversed(meanings) if each.code), meanings[0])
    return _unknown(_("银行所写不一致：%(text)s") % {"text": " ".join(written)})


def _coded(code: str, words: list[str], text: str) -> BankResult:
    result = _table().codes.get(code)
    if result is None:
        return _unknown(text)
    # Not "returned unless the words say credited": what stands beside a code may be 处理中, and the
    # code a card's tail or a sum. Paid again for a wrong "returned" the money is gone twice.
    is_sure = result.outcome is not BankOutcome.UNKNOWN
    if is_sure and any(_worded(word).outcome is not result.outcome for word in words):
        return _unknown(_("结果码与文字不一致：%(text)s") % {"text": text})
    return result


def _worded(text: str) -> BankResult:
    table = _table()
    if result := table.texts.get(text) or table.reasons.get(text):
        return result
    for word in filter(text.startswith, table.failures):
        if result := table.reasons.get(text.removeprefix(word).strip(_BETWEEN)):
            return result
    return _unknown(text)


def _unknown(words: str) -> BankResult:
    return replace(_table().unclear, words=words)


@cache
def _table() -> _Table:
    raw = tomllib.loads(Path(__file__).with_name("results.toml").read_text("utf-8"))
    kinds = {kind: _meaning(**entry) for kind, entry in raw["kinds"].items()}
    codes = {
        code: replace(kinds[entry["kind"]], code=code, words=entry["words"])
        for code, entry in raw["codes"].items()
    }
    failures = tuple(raw["failures"]["words"])
    failed = replace(kinds["failed"], words=raw["failures"]["means"])
    return _Table(
        codes=codes,
        texts=_spelled(raw["texts"], codes) | dict.fromkeys(failures, failed),
        failures=failures,
        reasons=_of_the_table(codes) | _spelled(raw["reasons"], codes),
        unclear=kinds["unclear"],
    )


def _meaning(outcome: str, advice: str, member: str) -> BankResult:
    return BankResult("", BankOutcome(outcome), "", advice, member)


def _of_the_table(codes: Mapping[str, BankResult]) -> dict[str, BankResult]:
    """By our own words, the codes that say why a payment came back."""
    return {r.words: r for r in codes.values() if r.outcome is BankOutcome.RETURNED}


def _spelled(
    words: Mapping[str, list[str]], codes: Mapping[str, BankResult]
) -> dict[str, BankResult]:
    return {text: codes[code] for code, spellings in words.items() for text in spellings}
