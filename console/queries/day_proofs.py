"""The proof of a day, as supervisors, cashiers and auditors see it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from console import formatting
from language import _
from models import DayProof, User
from rules.money import Fen
from workflows.day_proof.day_proof import prove_day
from workflows.day_proof.stations import CHAINS
from workflows.engine.office import Office
from workflows.proof import Invariant

_WORDS = {station.code: station.word for chain in CHAINS for station in chain}


@dataclass(frozen=True)
class TotalRow:
    """What one station says in all; None where it does not say."""

    word: str
    count: int | None
    sum: Fen | None


@dataclass(frozen=True)
class DifferenceRow:
    """A difference as a sentence, and the page of what it is about."""

    words: str
    path: str


@dataclass(frozen=True)
class DayView:
    """The page of a day; `made_at` is None where nothing was kept yet and this is of now."""

    totals: Sequence[TotalRow]
    differences: Sequence[DifferenceRow]
    made_at: datetime | None
    signed_by: str
    signed_at: datetime | None
    note: str


def day_view(session: Session, office: Office, day: date) -> DayView:
    """What was kept of this day, or what its stations say now."""
    proof = session.get(DayProof, day)
    if proof is None:
        found = prove_day(session, office, day)
        totals: Sequence[Mapping[str, Any]] = [asdict(each) for each in found.totals]
        differences: Sequence[Mapping[str, Any]] = [asdict(each) for each in found.differences]
    else:
        totals, differences = proof.totals, proof.differences
    signer = session.get(User, proof.signed_by) if proof and proof.signed_by else None
    return DayView(
        totals=[TotalRow(_word(each["code"]), each["count"], each["amount"]) for each in totals],
        differences=[_difference(each, day) for each in differences],
        made_at=proof.made_at if proof else None,
        signed_by=signer.name if signer else "",
        signed_at=proof.signed_at if proof else None,
        note=(proof.note or "") if proof else "",
    )


def stations_of(session: Session, office: Office, day: date) -> Iterator[Invariant]:
    """Each station of the day with what it counts, and where the next one says otherwise."""
    found = prove_day(session, office, day)
    for total in found.totals:
        told = [asdict(each) for each in found.differences if each.station == total.code]
        differences = tuple(_difference(each, day).words for each in told)
        yield Invariant(total.code, _word(total.code), total.count or 0, differences)


def _difference(told: Mapping[str, Any], day: date) -> DifferenceRow:
    """Which two neighbours do not say the same of which claim, batch or account."""
    words = {
        "key": told["key"],
        "one": _word(told["station"]),
        "says": _said(told["count"], told["amount"]),
        "other": _word(told["next_station"]),
        "says_too": _said(told["next_count"], told["next_amount"]),
    }
    sentence = _("%(key)s：%(one)s %(says)s，%(other)s %(says_too)s") % words
    return DifferenceRow(sentence, _path(str(told["key"]), day))


def _word(code: str) -> str:
    return _(_WORDS[code])


def _path(key: str, day: date) -> str:
    if key.isdigit():
        return f"/books/{day:%Y-%m}"
    return f"/claims/{key}" if key.startswith("HZ") else f"/batches/{key}"


def _said(count: int | None, amount: int | None) -> str:
    counted = [] if count is None else [_("%(n)s 笔") % {"n": count}]
    summed = [] if amount is None else [_("%(sum)s 元") % {"sum": formatting.money(Fen(amount))}]
    return " ".join(counted + summed)
