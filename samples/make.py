"""Makes the sample packets, or with --seed any number of random ones to measure the reader with."""

import argparse
import sys
from pathlib import Path
from random import Random

from samples.catalogue import packets
from samples.fonts import NoChineseFontError
from samples.packet import write
from samples.truth import write_truth
from samples.unit import sample_unit, write_roster

HERE = Path(__file__).parent


def make_samples(out: Path) -> None:
    for packet in packets():
        write(packet, out / "packets", Random(packet.name))
        write_truth(packet, out / "truth")
    write_roster(sample_unit(), out / "roster.xlsx")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args()
    try:
        make_samples(options.out)
    except NoChineseFontError as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
