"""What a clerk goes through on one claim that is in question, in the order of its papers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from console.queries.one_claim import ClaimView, FindingRow
from console.queries.sheets import PageTab
from console.queries.shown_fields import FieldRow

_LAST = 10_000
"""After every page."""


@dataclass(frozen=True)
class DoubtStep:
    """One doubt: a field, the kind of a page, or something else that asks for a reason.

    `page` is the place of the page it is seen on, `doubts` every finding about it.
    """

    key: str
    doubts: tuple[FindingRow, ...]
    page: int | None
    field: FieldRow | None = None
    sheet: PageTab | None = None

    @property
    def finding(self) -> FindingRow:
        """The finding that a reason is given to."""
        return self.doubts[0]


def steps_of(claim: ClaimView) -> tuple[DoubtStep, ...]:
    """The doubts of the claim: the fields as they stand on the pages from top to bottom, then the
    kinds of pages, then the rest."""
    fields = {field.name: field for field in claim.fields}
    sheets = {sheet.place: sheet for sheet in claim.sheets}
    found: dict[str, list[FindingRow]] = {}
    for finding in claim.findings:
        found.setdefault(_about(finding, fields), []).append(finding)
    steps = _steps(found, fields, sheets)
    return tuple(sorted(steps, key=_place))


def _steps(
    found: dict[str, list[FindingRow]], fields: dict[str, FieldRow], sheets: dict[int, PageTab]
) -> Iterator[DoubtStep]:
    for key, doubts in found.items():
        first = doubts[0]
        field = fields.get(first.field)
        if field is not None:
            yield DoubtStep(key, tuple(doubts), field.at or _said_at(field.others), field)
        else:
            yield DoubtStep(key, tuple(doubts), first.page, sheet=sheets.get(first.page or 0))


def _about(finding: FindingRow, fields: dict[str, FieldRow]) -> str:
    if finding.field in fields:
        return finding.field
    return f"page-{finding.page}" if finding.page else f"finding-{finding.id}"


def _said_at(others: Iterable[object]) -> int | None:
    return next((at for each in others if (at := getattr(each, "at", None))), None)


def _place(step: DoubtStep) -> tuple[int, int, int]:
    group = 0 if step.field else 1 if step.sheet else 2
    top = step.field.box[1] if step.field and step.field.box else 0
    return group, step.page or _LAST, top
