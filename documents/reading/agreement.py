"""Chooses among the values that several papers give for one field, and finds disagreements."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import NamedTuple

from documents.kinds import BILLS
from documents.reading.check_digit_repair import fails_check
from documents.reading.evidence import SOURCES, FieldValue, SourcePaper
from documents.reading.field_names import SHEET_SUMS, FieldName
from documents.reading.found_value import Value

WELL_READ = 0.8
"""A value with at least this confidence counts as read correctly."""
_LEGIBLE = 0.65
_CONTESTED = 0.7
_FAILED_CHECK = 0.6
_CEILING = 0.995
_ONE_WITNESS = 0.98
"""The highest confidence of a single page: two pages that agree outweigh it."""
_MISREAD = 2
"""Numbers that differ in no more characters are one number, one of them misread."""


@dataclass(frozen=True)
class Disagreement:
    """A field on which two papers, both well read, say different things."""

    name: FieldName
    values: tuple[FieldValue, ...]
    """One for each different value, the chosen one first."""


class Choice(NamedTuple):
    """What was chosen for one field, and what else the papers say of it."""

    value: FieldValue
    witnesses: tuple[FieldValue, ...]
    """All places that mean the same, the chosen one among them."""
    others: tuple[FieldValue, ...]
    """One for each different value, the likeliest first."""
    disagreement: Disagreement | None

    @property
    def is_said_twice(self) -> bool:
        """Whether more than one paper says it letter by letter: a short form bears out no name, and
        a page of a guessed kind nothing."""
        known = (value for value in self.witnesses if not value.is_guessed)
        return len(_papers_that_say(self.value, known)) > 1

    @property
    def is_guessed(self) -> bool:
        """Whether only pages of a guessed kind say it."""
        return all(value.is_guessed for value in self.witnesses)


_COMPARED = {
    FieldName.MEMBER_NAME,
    FieldName.ID_NUMBER,
    FieldName.BANK_CARD_NUMBER,
    FieldName.HOSPITAL_NAME,
    FieldName.ADMITTED_ON,
    FieldName.DISCHARGED_ON,
    FieldName.ACCIDENT_ON,
    *SHEET_SUMS,
}
"""What papers may say in one way only; sums are compared among bills alone."""


_PRINTED_ONCE = {
    *SHEET_SUMS,
    FieldName.ID_NUMBER,
    FieldName.BANK_CARD_NUMBER,
    FieldName.ADMITTED_ON,
    FieldName.DISCHARGED_ON,
    FieldName.DAYS_IN_HOSPITAL,
    FieldName.PATHOLOGY_ON,
    FieldName.ACCIDENT_ON,
}
"""What a paper says in one way: two values on a page are two things."""


def choose_value(name: FieldName, values: Sequence[FieldValue]) -> Choice:
    """The value to go by, with its witnesses and rivals; `values` must not be empty."""
    rank = _best_source if name is FieldName.DIAGNOSES else _strength
    groups = _groups(name, values)
    if len(groups) > 1:
        # Near ties go to the first value: the member's own telephone stands before the clerk's.
        order = {id(value): place for place, value in enumerate(values)}
        groups.sort(
            key=lambda group: (-round(rank(group), 2), min(order[id(value)] for value in group))
        )
        if name is FieldName.DIAGNOSES:
            _put_whole_list_first(groups)
    chosen = _spokesman(groups[0])
    witnesses = [value for value in groups[0] if value.letters == chosen.letters]
    goes_on = any(_goes_on(chosen, value) for value in groups[0])
    elsewhere = any(one.source != chosen.source for one in values)
    is_alone = elsewhere and len(_papers_that_say(chosen, witnesses)) == 1
    is_contested = goes_on or (name is FieldName.DIAGNOSES and is_alone)
    is_contested |= any(
        _is_rival_beside(chosen, witnesses, value) for g in groups[1:] for value in g
    )
    sure = min(_strength(witnesses), _CONTESTED if is_contested else _ceiling(chosen))
    others = tuple(map(_spokesman, groups[1:]))
    rivals = [
        other
        for other, group in zip(others, groups[1:], strict=True)
        if _contradicts(chosen, group)
    ]
    disagreement = None
    if name in _COMPARED and rivals and chosen.confidence >= WELL_READ:
        chosen = replace(chosen, confidence=min(sure, _CONTESTED))
        disagreement = Disagreement(name, (chosen, *rivals))
    else:
        chosen = replace(chosen, confidence=round(sure, 4))
    return Choice(chosen, tuple(groups[0]), others, disagreement)


def _put_whole_list_first(groups: list[list[FieldValue]]) -> None:
    """A list with all diagnoses of the first and more goes before it, if its paper is trusted as
    much: other papers often name the main one alone."""
    first = groups[0][0]
    own, trust = _texts(first), SOURCES[first.name][first.kind]
    for group in groups[1:]:
        best = group[0]
        is_legible = best.confidence >= _LEGIBLE and SOURCES[best.name][best.kind] >= trust
        if is_legible and own < _texts(best):
            groups.remove(group)
            groups.insert(0, group)
            return


def _texts(value: FieldValue) -> set[str]:
    return {one.text for one in value.diagnoses}


def agree(name: FieldName, one: Value, other: Value) -> bool:
    """Whether the two values of a field mean the same."""
    return _SAME.get(name, _equal)(str(one), str(other))


def _groups(name: FieldName, values: Sequence[FieldValue]) -> list[list[FieldValue]]:
    """The values that mean the same, by what the surest of them tells."""
    same = _SAME.get(name, _equal)
    groups: dict[str, list[FieldValue]] = {}
    for value in sorted(values, key=lambda value: value.confidence, reverse=True):
        told = value.told
        home = told if told in groups else next((g for g in groups if same(g, told)), told)
        groups.setdefault(home, []).append(value)
    return list(groups.values())


def _papers_that_say(told: FieldValue, group: Iterable[FieldValue]) -> set[SourcePaper]:
    return {value.source for value in group if value.letters == told.letters}


def _goes_on(chosen: FieldValue, value: FieldValue) -> bool:
    """Whether a clearly read hospital begins like the chosen one and goes on: its house (东院),
    which the others cut off or leave out."""
    if value.name is not FieldName.HOSPITAL_NAME or value.confidence < WELL_READ:
        return False
    return value.letters.startswith(chosen.letters) and value.letters != chosen.letters


def _is_rival_beside(
    chosen: FieldValue, witnesses: Sequence[FieldValue], value: FieldValue
) -> bool:
    """Whether the only page that says it prints another value as clearly: which of both is meant is
    for a person to say."""
    return (
        chosen.name in _PRINTED_ONCE
        and value.source == chosen.source
        and value.confidence >= WELL_READ
        and len(_papers_that_say(chosen, witnesses)) == 1
    )


def _strength(group: Sequence[FieldValue]) -> float:
    """The joint confidence of papers that agree; a paper counts once."""
    best: dict[SourcePaper, float] = {}
    for value in group:
        sure = min(value.confidence, _ONE_WITNESS)
        best[value.source] = max(best.get(value.source, 0.0), sure)
    return 1 - prod(1 - sure for sure in best.values())


def _best_source(group: Sequence[FieldValue]) -> float:
    """The highest confidence; for lists, which are complete on one paper and shorter on others."""
    return max(value.confidence for value in group)


def _spokesman(group: Sequence[FieldValue]) -> FieldValue:
    """The value as most pages print it, else as the best paper does, of those read well. Of a bank
    most papers leave the branch out."""
    if len(group) == 1:
        return group[0]
    counts = group[0].name is not FieldName.BANK_NAME
    return max(
        group,
        key=lambda value: (
            value.confidence >= _LEGIBLE,
            counts and len(_papers_that_say(value, group)),
            SOURCES[value.name][value.kind],
            value.confidence,
        ),
    )


def _contradicts(chosen: FieldValue, group: Sequence[FieldValue]) -> bool:
    """Whether some paper clearly gives the other value and was not just misread."""
    if chosen.name in SHEET_SUMS:
        group = [value for value in group if {value.kind, chosen.kind} <= BILLS]
    return any(
        max(value.confidence, value.clarity if _fails(value) else 0.0) >= WELL_READ
        and value.source != chosen.source
        and not _is_misread(chosen, value)
        for value in group
    )


def _is_misread(chosen: FieldValue, value: FieldValue) -> bool:
    """Whether a number fails its check, was unclear, and nearly equals the one that passes."""
    return _fails(value) and value.clarity < 0.9 and _differ(chosen, value) <= _MISREAD


def _differ(one: FieldValue, other: FieldValue) -> int:
    a, b = str(one.value), str(other.value)
    return abs(len(a) - len(b)) + sum(x != y for x, y in zip(a, b, strict=False))


def _fails(value: FieldValue) -> bool:
    return fails_check(value.name, value.value)


def _ceiling(chosen: FieldValue) -> float:
    return _FAILED_CHECK if _fails(chosen) else _CEILING


def _equal(one: str, other: str) -> bool:
    return one == other


def _same_name(one: str, other: str) -> bool:
    return one.replace("·", "") == other.replace("·", "")


def _same_organisation(one: str, other: str) -> bool:
    """A short form keeps the characters of the full name in order (吉大一院)."""
    short, full = sorted((_core(one), _core(other)), key=len)
    rest: Iterator[str] = iter(full)
    return all(char in rest for char in short)


def _core(name: str) -> str:
    return name.split("（")[0]


_SAME: dict[FieldName, Callable[[str, str], bool]] = {
    FieldName.MEMBER_NAME: _same_name,
    FieldName.HOSPITAL_NAME: _same_organisation,
    FieldName.UNIT_NAME: _same_organisation,
    FieldName.BANK_NAME: _same_organisation,
}
