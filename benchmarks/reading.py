"""Measures the reader on any folder of packets whose truth is known; fails below its targets.

python -m samples.make --seed 7 --count 40 --out /tmp/packets
python -m benchmarks.reading /tmp/packets --keep /tmp/kept --beside-tesseract
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import reading_engines as engines
from benchmarks.reading_kept import Bench, PacketRead
from benchmarks.reading_outcomes import (
    SURE_FROM,
    FieldOutcome,
    PageOutcome,
    alone,
    fields,
    pages,
    share,
)

LEVELS = ("clean", "scan", "phone")
TARGETS = {"clean": 0.995, "scan": 0.98, "phone": 0.95}
"""The least share of fields that are exact, for each difficulty."""
EVERYWHERE = ("id_number", "bank_card_number", "admitted_on", "discharged_on")
TARGET_EVERYWHERE, TARGET_KINDS, MOST_CONFIDENTLY_WRONG = 0.995, 0.99, 0.001


@dataclass(frozen=True)
class Measured:
    """All that one engine read, compared with the truth."""

    engine: str
    fields: Sequence[FieldOutcome]
    alone: Sequence[FieldOutcome]
    """Those of each page by itself."""
    pages: Sequence[PageOutcome]
    seconds: Sequence[float]
    peak: int

    def of(self, difficulty: str) -> list[FieldOutcome]:
        """The fields of packets of this difficulty."""
        return [one for one in self.fields if one.difficulty == difficulty]


def measure(engine: str, packets: Sequence[PacketRead]) -> Measured:
    """Extract the fields of all packets and compare them."""
    return Measured(
        engine,
        [one for packet in packets for one in fields(packet)],
        [one for packet in packets for one in alone(packet)],
        [one for packet in packets for one in pages(packet)],
        [each for packet in packets for each in packet.seconds],
        max((packet.peak for packet in packets), default=0),
    )


def shortfalls(found: Measured) -> list[str]:
    """The targets that were not reached, each with the figure that was."""
    missed = []
    for level in LEVELS:
        own = found.of(level)
        strict = [one for one in own if one.name in EVERYWHERE]
        for what, least, outcomes in (
            ("all fields", TARGETS[level], own),
            ("ID, card and dates", TARGET_EVERYWHERE, strict),
        ):
            exact = share(outcomes, "exact")
            if outcomes and exact < least:
                missed.append(f"{level}: {exact:.2%} of {what} exact, not {least:.1%}")
    wrong = share(found.fields, "confidently wrong")
    if wrong >= MOST_CONFIDENTLY_WRONG:
        missed.append(f"{wrong:.2%} confidently wrong, not under {MOST_CONFIDENTLY_WRONG:.1%}")
    kinds = _kinds(found.pages)
    return missed + ([f"{kinds:.2%} of kinds right"] if kinds < TARGET_KINDS else [])


def show(found: Measured, console: Console) -> None:
    """The tables of one engine: fields by difficulty, kinds, processor seconds."""
    for level in LEVELS:
        if own := found.of(level):
            console.print(_table(f"{found.engine}, {level}", own))
    for level in LEVELS:
        if seen := [page for page in found.pages if page.difficulty == level]:
            console.print(f"{level}: {_kinds(seen):.2%} of the kinds of {len(seen)} pages right")
    if found.alone:
        console.print(_table(f"{found.engine}, each page by itself", found.alone))
    seconds = sorted(found.seconds)
    if seconds:
        mean, most = sum(seconds) / len(seconds), seconds[int(0.95 * len(seconds))]
        console.print(f"{mean:.2f} s of processor a page, 95 of 100 pages under {most:.2f} s")
        console.print(f"{found.peak} MiB of memory at most")


def show_faults(found: Measured, console: Console) -> None:
    """Each field and page that is not right, one a line."""
    for one in (*found.fields, *found.alone):
        if one.verdict != "exact":
            told = f"{one.packet} {one.difficulty} {one.name} {one.verdict} {one.confidence}:"
            console.out(f"{told} {one.read!r}, not {one.wanted!r}", highlight=False)
    for page in found.pages:
        for what, (wanted, got) in (("kind", page.kinds), ("rotation", page.rotations)):
            if wanted != got:
                console.out(f"{page.place} {what}: {got}, not {wanted}", highlight=False)


def _table(title: str, outcomes: Sequence[FieldOutcome]) -> Table:
    heads = "field", "exact", "of", "missing", "wrong", "confidently wrong", "exact but unsure"
    table = Table(*heads, title=title)
    for name in [*sorted({one.name for one in outcomes}), "all"]:
        own = [one for one in outcomes if name in (one.name, "all")]
        unsure = sum(one.verdict == "exact" and not one.is_sure for one in own)
        table.add_row(
            name,
            f"{share(own, 'exact'):.2%}",
            str(len(own)),
            *(
                str(sum(one.verdict == verdict for one in own) or "")
                for verdict in ("missing", "wrong", "confidently wrong")
            ),
            str(unsure or ""),
        )
    return table


def _kinds(outcomes: Sequence[PageOutcome]) -> float:
    return sum(page.kind_is_right for page in outcomes) / max(len(outcomes), 1)


def main() -> int:
    """Read all packets, print the tables; 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path, help="folder with packets/ and truth/")
    parser.add_argument("--keep", type=Path, help="folder for readings; those in it are used again")
    parser.add_argument("--faults", action="store_true", help="list each field that is not right")
    parser.add_argument(
        "--beside-tesseract", action="store_true", help="also read with Tesseract chi_sim"
    )
    options = parser.parse_args()
    console = Console(width=120)
    packets = list(Bench("ours", engines.ours, options.keep).read(options.root))
    found = measure("ours", packets)
    show(found, console)
    console.print(f"sure means a confidence of {SURE_FROM} or more")
    if options.faults:
        show_faults(found, console)
    if options.beside_tesseract:
        _show_tesseract(options.root, options.keep, console)
    missed = shortfalls(found)
    for each in missed:
        console.print(f"below target: {each}")
    return 1 if missed else 0


def _show_tesseract(root: Path, keep: Path | None, console: Console) -> None:
    if not engines.tesseract_is_here():
        console.print("Tesseract with chi_sim is not installed")
        return
    bench = Bench("tesseract", engines.tesseract, keep)
    show(measure("tesseract", list(bench.read(root))), console)


if __name__ == "__main__":
    sys.exit(main())
