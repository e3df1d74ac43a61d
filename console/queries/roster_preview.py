"""The preview of a roster, in the words of its screen; names are masked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session

from console import formatting
from documents.masks import mask_id
from documents.rosters.check import RosterFault
from documents.rosters.id_copies import COPY_RESULTS, CopyResult, IdCard, RowCopy
from documents.rosters.roster_file import RosterRow
from language import _
from models import Enrolment
from workflows.engine.office import Office
from workflows.enrolment.id_copies import CopyCheck, check_copies
from workflows.enrolment.last_year import Ageing, Leaver
from workflows.enrolment.participation import Participation
from workflows.enrolment.roster_preview import FeesDue, Preview, preview

T = TypeVar("T")

FAULTS = 200
_FEW = 30


@dataclass(frozen=True)
class SomeOfMany:
    """People who have something in common: what, how many they are, and the first of them."""

    word: str
    count: int
    who: tuple[str, ...]


@dataclass(frozen=True)
class DifferingCopy:
    """A row whose copy shows another name or number; what the copy shows is masked."""

    row: int
    name: str
    word: str
    on_copy: str
    reason: str


@dataclass(frozen=True)
class Copies:
    """The rows beside the ID copies: how many of each result, and the first that differ."""

    pages: int
    counts: tuple[tuple[str, int], ...]
    differing: tuple[DifferingCopy, ...]
    without: tuple[int, ...]


@dataclass(frozen=True)
class NamedFault:
    """A fault, with the name in its row; empty where the row has none."""

    name: str
    fault: RosterFault


@dataclass(frozen=True)
class RosterPreview:
    """The preview of a roster, for its screen."""

    rows: int
    sound: int
    left_out: int
    starts_on: date
    ends_on: date
    faults: tuple[NamedFault, ...]
    fault_count: int
    notes: tuple[str, ...]
    participation: Participation
    fees: FeesDue
    without_consent: int
    copies: Copies | None
    """None if no ID copies were handed in."""
    changes: tuple[SomeOfMany, ...]
    elsewhere: int
    """How many rows name a member of another unit; only the office is told."""
    twice: tuple[SomeOfMany, ...]
    """By the number of another roster that waits: who stands on it too."""


def look(session: Session, office: Office, enrolment: Enrolment) -> RosterPreview:
    """The preview with at most FAULTS faults, as many as people can read on a screen."""
    found = preview(session, office, enrolment)
    names = {row.row: formatting.name(row.name) for row in found.listed if row.name}
    return RosterPreview(
        rows=len(found.listed),
        sound=len(found.sound),
        left_out=found.left_out,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        faults=tuple(NamedFault(names.get(x.row, ""), x) for x in found.faults[:FAULTS]),
        fault_count=len(found.faults),
        notes=found.notes,
        participation=found.participation,
        fees=found.fees,
        without_consent=found.without_consent,
        copies=_copies(check_copies(session, office, enrolment, found.sound)),
        changes=tuple(change for change in _changes(found) if change.count),
        elsewhere=len(found.elsewhere),
        twice=tuple(_some(each.number, each.rows, _row) for each in found.twice),
    )


def _copies(check: CopyCheck | None) -> Copies | None:
    if check is None:
        return None
    without = [each.row.row for each in check.rows if each.result is CopyResult.MISSING]
    return Copies(
        pages=check.pages,
        counts=tuple((_(word), check.count(result)) for result, word in COPY_RESULTS.items()),
        differing=tuple(_differing(check, each) for each in check.differing[:FAULTS]),
        without=tuple(without[:FAULTS]),
    )


def _differing(check: CopyCheck, each: RowCopy) -> DifferingCopy:
    card = each.card or IdCard("", "")
    is_name = each.result is CopyResult.NAME_DIFFERS
    shown = formatting.name(card.name) if is_name else mask_id(card.number)
    return DifferingCopy(
        row=each.row.row,
        name=formatting.name(each.row.name),
        word=_(COPY_RESULTS[each.result]),
        on_copy=shown or _("未读出"),
        reason=check.reason(each) or "",
    )


def _changes(found: Preview) -> Sequence[SomeOfMany]:
    than = found.comparison
    return (
        _some(_("新增"), than.joined, _row),
        _some(_("不再参保"), than.left, _gone),
        _some(_("换了银行卡"), than.changed_card, _row),
        _some(_("证件号码变了"), than.changed_id, lambda each: _row(each.row)),
        _some(_("期内到龄"), than.ageing, _old),
    )


def _some(word: str, all_of_them: Sequence[T], say: Callable[[T], str]) -> SomeOfMany:
    return SomeOfMany(word, len(all_of_them), tuple(map(say, all_of_them[:_FEW])))


def _row(row: RosterRow) -> str:
    return _("第 %(row)s 行 %(name)s") % {"row": row.row, "name": formatting.name(row.name)}


def _gone(leaver: Leaver) -> str:
    name = formatting.name(leaver.name)
    if leaver.left_on is None:
        return name
    return _("%(name)s（%(day)s 离开）") % {"name": name, "day": leaver.left_on}


def _old(each: Ageing) -> str:
    return _("%(who)s，期末 %(age)s 岁") % {"who": _row(each.row), "age": each.age}
