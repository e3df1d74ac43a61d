"""Measures how many papers that are handed in again are found, and how many others are flagged.

Papers are drawn with their packets, and beside each packet the next stay of the same person in the
same hospital. Every paper is then turned, scanned again, photographed, cropped or compressed anew,
and read by the real reader. Ends with 1 below the targets.

python -m benchmarks.reused_papers --packets 20
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from itertools import combinations
from random import Random

from PIL import Image

from documents.kinds import Kind
from documents.reading import read_page
from documents.reading.page_marks import (
    OF_A_PERSON,
    Likeness,
    PageMarks,
    likeness,
    marks_of,
    searched_by,
)
from samples import photo
from samples.case import ILLNESSES, made_up_stay
from samples.packet import SamplePacket
from samples.packet_files import pages_of
from samples.random_packets import random_packet

FOUND, FALSE = 0.99, 0.01
ONCE_IN_A_LIFE = {"death_certificate", "household_cancellation", "relationship_proof"}
"""Papers of which a person has no second one with other values."""


@dataclass(frozen=True)
class ReadPaper:
    """One paper as it was read."""

    person: int
    packet: str
    place: int
    kind: str
    marks: PageMarks
    searched: frozenset[str]


def turned(page: Image.Image, rng: Random) -> Image.Image:
    return page.rotate(rng.choice((90, 180, 270)), expand=True)


def skewed(page: Image.Image, rng: Random) -> Image.Image:
    degrees = rng.choice((-1, 1)) * rng.uniform(1, 3)
    ground = (250, 250, 250)
    return page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)


def scanned_again(page: Image.Image, rng: Random) -> Image.Image:
    small = page.convert("L").resize((page.width * 4 // 5, page.height * 4 // 5))
    return photo.scanned(small, rng)


def photographed(page: Image.Image, rng: Random) -> Image.Image:
    return photo.photographed(page, rng, photo.Shot(0.4, 0.4, max(page.size)))


def cropped(page: Image.Image, rng: Random) -> Image.Image:
    left, top, right, low = (rng.choice((0, rng.uniform(0, 0.05))) for _ in range(4))
    wide, high = page.size
    return page.crop(
        (int(wide * left), int(high * top), int(wide * (1 - right)), int(high * (1 - low)))
    )


def compressed(page: Image.Image, rng: Random) -> Image.Image:
    out = BytesIO()
    page.save(out, "JPEG", quality=rng.randrange(18, 30))
    return Image.open(out).convert("RGB")


CHANGES: dict[str, Callable[[Image.Image, Random], Image.Image]] = {
    each.__name__: each
    for each in (turned, skewed, scanned_again, photographed, cropped, compressed)
}


def packets_of(seed: int, count: int) -> Iterator[tuple[int, SamplePacket]]:
    """Each packet with the number of its person, and the next stay of that person."""
    for number in range(count):
        packet = random_packet(seed, number)
        yield number, packet
        rng, stay = Random(f"{seed} {number} next"), packet.case.stay
        later = stay.discharged_on + timedelta(rng.randrange(20, 90))
        after = made_up_stay(
            rng, packet.case.person, stay.hospital, later, rng.randrange(2, 20), ILLNESSES
        )
        case = replace(packet.case, stay=after, applied_on=after.discharged_on + timedelta(5))
        yield number, replace(packet, name=f"{packet.name}-next", case=case, printed_wrong={})


def read(person: int, packet: SamplePacket, place: int, page: Image.Image) -> ReadPaper:
    seen = read_page(page.convert("RGB"))
    marks, kind = marks_of(seen), packet.papers[place].kind
    return ReadPaper(person, packet.name, place, kind, marks, frozenset(searched_by(seen, marks)))


def is_found(one: ReadPaper, other: ReadPaper) -> bool:
    """Whether the search meets the other page, and takes the two for one."""
    same = likeness(one.marks, other.marks) is Likeness.SAME_PAGE
    return same and bool(one.searched & other.searched)


def measured(seed: int, count: int) -> tuple[Counter[str], Counter[str], list[ReadPaper]]:
    """How many of each change were made and found; the papers as they came first."""
    made: Counter[str] = Counter()
    found: Counter[str] = Counter()
    papers = []
    for person, packet in packets_of(seed, count):
        rng = Random(packet.name)
        for place, page in enumerate(pages_of(packet)):
            kind = packet.papers[place].kind
            if kind in (OF_A_PERSON | {Kind.OTHER}):
                continue
            first = read(person, packet, place, page)
            papers.append(first)
            for name in rng.sample(sorted(CHANGES), 2) if "next" not in packet.name else ():
                again = read(person, packet, place, CHANGES[name](page.convert("RGB"), rng))
                made[name] += 1
                found[name] += is_found(again, first)
    return made, found, papers


def false_alarms(papers: list[ReadPaper]) -> set[tuple[str, int]]:
    """The papers that are taken for one of another packet."""
    return {
        (paper.packet, paper.place)
        for one, other in combinations(papers, 2)
        if one.packet != other.packet and is_found(one, other)
        if one.person != other.person or one.kind not in ONCE_IN_A_LIFE
        for paper in (one, other)
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--packets", type=int, default=20)
    options = parser.parse_args()
    made, found, papers = measured(options.seed, options.packets)
    for name in sorted(made):
        sys.stdout.write(f"{name:14} found {found[name]} of {made[name]}\n")
    wrong = false_alarms(papers)
    for packet, place in sorted(wrong):
        sys.stdout.write(f"false alarm: {packet} page {place + 1}\n")
    share, alarms = found.total() / made.total(), len(wrong) / len(papers)
    sys.stdout.write(f"found {share:.2%}, false alarms {alarms:.2%} of {len(papers)} papers\n")
    return int(share < FOUND or alarms >= FALSE)


if __name__ == "__main__":
    sys.exit(main())
