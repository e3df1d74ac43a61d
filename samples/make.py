"""Makes the sample packets, or with --seed any number of random ones to measure the reader with."""

import argparse
import sys
from pathlib import Path
from typing import get_args

from samples.catalogue import packets
from samples.fonts import NoChineseFontError
from samples.layout import LayoutSide
from samples.packet import SamplePacket
from samples.packet_files import write
from samples.random_packets import random_packet
from samples.truth import write_truth
from samples.unit import sample_unit, write_illness_roster, write_roster
from samples.wide_packets import wide_packet

HERE = Path(__file__).parent


def make_samples(out: Path) -> None:
    """The packets that come with the program, and the roster of the unit they are from."""
    for packet in packets():
        _make(packet, out)
    write_roster(sample_unit(), out / "roster.xlsx")
    write_illness_roster(sample_unit(), out / "roster-illness.xlsx")


def make_random(out: Path, seed: int, count: int) -> None:
    for number in range(count):
        _make(random_packet(seed, number), out)


def make_wide(out: Path, seed: int, count: int, side: LayoutSide) -> None:
    """Packets of layouts in files: those that reading rules may be written after, or the others."""
    for number in range(count):
        _make(wide_packet(seed, number, side), out)


def _make(packet: SamplePacket, out: Path) -> None:
    write(packet, out / "packets")
    write_truth(packet, out / "truth")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m samples.make", description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="folder for packets/ and truth/")
    parser.add_argument("--seed", type=int, help="draw random packets from this seed")
    parser.add_argument(
        "--layouts",
        choices=get_args(LayoutSide),
        help="draw them from the layouts in files; those to test are for measuring alone",
    )
    parser.add_argument("--count", type=int, default=20, help="how many random packets")
    options = parser.parse_args()
    try:
        if options.seed is None:
            make_samples(options.out)
        elif options.layouts:
            make_wide(options.out, options.seed, options.count, options.layouts)
        else:
            make_random(options.out, options.seed, options.count)
    except NoChineseFontError as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
