"""How much processor time and memory a payment file of each format takes, written and read back.

`python -m benchmarks.bank_files 100000` writes a batch of so many payments in every format, and one
of half as many, each in a process of its own.
"""

import re
import resource
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from banking import formats
from banking.batch import Payer, PaymentBatch, PaymentLine
from rules.money import Fen

MOST_SECONDS, MOST_MEGABYTES = 10, 300
"""For 100,000 payments: of processor, child processes included, and of this program's memory."""

USUAL = 100_000


class Cost(NamedTuple):
    """What one file took; `seconds` of processor, `megabytes` of memory at the most."""

    seconds: float
    megabytes: float


def a_batch(payments: int) -> PaymentBatch:
    """So many payments to made-up accounts; every payee, account and reference is another."""
    payer = Payer("某某工会委员会", "6227000000000012347", "中国建设银行某支行", "105241000012")
    lines = (
        PaymentLine(
            f"HZ2026-{row:08d}",
            f"张{chr(0x4E00 + row % 5000)}{chr(0x4E00 + row // 5000)}",
            f"6217{row:015d}",
            "中国农业银行长春某支行" if row % 3 else "",
            "103241000018" if row % 3 else None,
            Fen(10000 + row),
            "职工互助金",
        )
        for row in range(payments)
    )
    return PaymentBatch(
        "PC1", datetime(2026, 12, 1, tzinfo=UTC), date(2026, 12, 1), payer, tuple(lines)
    )


def cost_of(code: str, payments: int) -> Cost:
    """What a file of this format costs, measured in a process of its own."""
    asked = [sys.executable, "-m", "benchmarks.bank_files", str(payments), code]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    return Cost(float(said[0]), float(said[1]))


def _measured(code: str, payments: int) -> Cost:
    batch = a_batch(payments)
    before = _seconds()
    formats.write(code, batch)
    # The figure of getrusage begins with what the program had that started this one.
    [kilobytes] = re.findall(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text("ascii"))
    return Cost(_seconds() - before, int(kilobytes) / 1024)


def _seconds() -> float:
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, kinds))


def main(payments: int) -> None:
    for code in formats.available():
        whole, half = cost_of(code, payments), cost_of(code, payments // 2)
        print(
            f"{code:16} {payments:7} payments {whole.seconds:5.1f} s {whole.megabytes:4.0f} MB,"
            f" half of them {half.seconds:5.1f} s {half.megabytes:4.0f} MB"
        )


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:2]] or [USUAL]
    if len(sys.argv) > 2:
        print(*_measured(sys.argv[2], given[0]))
    else:
        main(given[0])
