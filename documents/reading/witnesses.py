"""Which facts decide money, and which of them only one paper and no check bears out.

A page whose kind is a guess bears out nothing.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from documents.kinds import Kind
from documents.reading.agreement import Choice
from documents.reading.check_digit_repair import fails_check
from documents.reading.evidence import FieldValue
from documents.reading.field_names import FieldName
from documents.reading.stay_length import days_between, is_counted
from documents.reading.stay_parts import StayPart
from rules import hospitals
from rules.money import fen

OF_ONE_WITNESS = 0.8
"""The highest confidence of a fact that decides money and that only one paper bears out."""


CLERK = "clerk"


class WitnessCheck(StrEnum):
    """What stands in for a second paper; witnesses.toml says what each means."""

    CHECK_DIGIT = "check_digit"
    COUNTED_DAYS = "counted_days"
    REGISTER = "register"
    PARTS = "parts"
    ADMISSION = "admission"
    NEXT_STAY = "next_stay"
    EACH_STAY = "each_stay"
    ANOTHER_LIST = "another_list"
    ROSTER = "roster"


@dataclass(frozen=True)
class MoneyFact:
    """A fact that decides money: what is paid by it, which checks bear it out, and who looks at it
    where none does."""

    decides: frozenset[str]
    checks: tuple[WitnessCheck, ...]
    seen_by: str = CLERK


def _load() -> dict[FieldName, MoneyFact]:
    path = Path(__file__).with_suffix(".toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {FieldName(name): _fact(**table) for name, table in tables.items()}


def _fact(decides: Sequence[str], checks: Sequence[str], seen_by: str = CLERK) -> MoneyFact:
    return MoneyFact(frozenset(decides), tuple(map(WitnessCheck, checks)), seen_by)


MONEY_FACTS = _load()


@dataclass(frozen=True)
class ReadPapers:
    """All that was read of a claim's papers, as the checks look at it."""

    fields: Mapping[FieldName, FieldValue]
    choices: Mapping[FieldName, Choice]
    candidates: Sequence[FieldValue]
    parts: Sequence[StayPart]


def lone_facts(papers: ReadPapers) -> frozenset[FieldName]:
    """The facts that one paper says and no check bears out; the roster is not asked here."""
    return frozenset(
        name
        for name, fact in MONEY_FACTS.items()
        if name in papers.fields and not _is_borne_out(name, fact, papers)
    )


def _is_borne_out(name: FieldName, fact: MoneyFact, papers: ReadPapers) -> bool:
    # A row of a settlement file is no reading: nothing in it can be misread.
    if papers.fields[name].kind is Kind.INSURANCE_RECORD:
        return True
    choice = papers.choices.get(name)
    if choice and choice.is_said_twice:
        return True
    if choice and choice.is_guessed:
        return False
    return any(_CHECKS[check](name, papers) for check in fact.checks if check in _CHECKS)


def _check_digit(name: FieldName, papers: ReadPapers) -> bool:
    return not fails_check(name, papers.fields[name].value)


def _counted_days(_name: FieldName, papers: ReadPapers) -> bool:
    return is_counted(papers.fields)


def _register(name: FieldName, papers: ReadPapers) -> bool:
    """A hospital that a sentence mentions may be that of another stay, registered or not."""
    told = papers.fields[name]
    same = (each for each in papers.choices[name].witnesses if each.letters == told.letters)
    return any(map(_is_registered, same))


def _is_registered(hospital: FieldValue) -> bool:
    return not hospital.in_passing and hospitals.shipped().has(str(hospital.value))


def _parts(_name: FieldName, papers: ReadPapers) -> bool:
    names = FieldName.FUND_PAID, FieldName.OWN_SHARE, FieldName.MEDICAL_EXPENSE_TOTAL
    sums = [fen(str(papers.fields[name].value)) for name in names if name in papers.fields]
    return len(sums) == len(names) and sums[0] + sums[1] == sums[2]


def _admission(name: FieldName, papers: ReadPapers) -> bool:
    admitted = papers.fields.get(FieldName.ADMITTED_ON)
    return admitted is not None and days_between(papers.fields[name], admitted) in (0, 1)


def _next_stay(name: FieldName, papers: ReadPapers) -> bool:
    return any(part.admitted.value == papers.fields[name].value for part in papers.parts[1:])


def _each_stay(_name: FieldName, papers: ReadPapers) -> bool:
    return all(_is_borne_out_stay(part, papers) for part in papers.parts[1:])


def _is_borne_out_stay(part: StayPart, papers: ReadPapers) -> bool:
    days = [
        value.value
        for value in papers.candidates
        if value.name is FieldName.DAYS_IN_HOSPITAL and value.source == part.admitted.source
    ]
    fits_days = days_between(part.admitted, part.discharged) in days
    return all(
        fits_days or _is_said_elsewhere(day, papers) for day in (part.admitted, part.discharged)
    ) and (_is_registered(part.hospital) or _is_said_elsewhere(part.hospital, papers))


def _is_said_elsewhere(told: FieldValue, papers: ReadPapers) -> bool:
    """Whether another paper has the same; a day of leaving may be the next day of coming."""
    return any(
        value.value == told.value and value.source != told.source for value in papers.candidates
    )


def _another_list(name: FieldName, papers: ReadPapers) -> bool:
    told = papers.fields[name]
    own = _texts(told)
    lists = (
        _texts(value)
        for value in papers.candidates
        if value.name is name and value.source != told.source
    )
    return any(other <= own or own <= other for other in lists)


def _texts(value: FieldValue) -> frozenset[str]:
    return frozenset(one.text for one in value.diagnoses)


_CHECKS: dict[WitnessCheck, Callable[[FieldName, ReadPapers], bool]] = {
    WitnessCheck.CHECK_DIGIT: _check_digit,
    WitnessCheck.COUNTED_DAYS: _counted_days,
    WitnessCheck.REGISTER: _register,
    WitnessCheck.PARTS: _parts,
    WitnessCheck.ADMISSION: _admission,
    WitnessCheck.NEXT_STAY: _next_stay,
    WitnessCheck.EACH_STAY: _each_stay,
    WitnessCheck.ANOTHER_LIST: _another_list,
}
