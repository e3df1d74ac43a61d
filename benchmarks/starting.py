"""Measures the processor time of commands that need neither the office nor the reader.

A command is given several times, and its quickest run counts: what others do on the machine is no
part of it. The compiled modules must be there, as after a first run. Ends with 1 above the limit.

python -m benchmarks.starting
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from settings import ROOT

SECONDS = 0.4
RUNS = 7
CASE = {
    "plan": "main-2020",
    "received_on": "2026-04-20",
    "member": {"birth_date": "1985-03-17", "sex": "F"},
    "unit_city": "长春市",
    "coverages": [{"start": "2025-07-01", "end": "2026-06-30"}],
    "history": [],
    "event": {
        "kind": "hospital_stay",
        "cause": "illness",
        "admitted_on": "2026-03-02",
        "discharged_on": "2026-03-14",
        "hospital": {"name": "吉林大学第一医院", "city": "长春市", "level": 3},
    },
}


def processor_seconds(*command: str) -> float:
    """The least that a run of the command took, with the processes that it started."""
    return min(_one_run(command) for _ in range(RUNS))


def _one_run(command: tuple[str, ...]) -> float:
    # Where the environment forbids compiled modules, each start would compile all of them.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    child = subprocess.Popen(
        [sys.executable, "-m", "huzhu", *command], cwd=ROOT, env=env, stdout=subprocess.DEVNULL
    )
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"huzhu {' '.join(command)} ended with {child.returncode}")
    return used.ru_utime + used.ru_stime


def main() -> int:
    with TemporaryDirectory() as folder:
        case = Path(folder) / "case.json"
        case.write_text(json.dumps(CASE), "utf-8")
        roster = ("samples/roster.xlsx", "--plan", "main-2020", "--start", "2026-01-01")
        found = {
            "--version": processor_seconds("--version"),
            "assess": processor_seconds("assess", str(case)),
            "roster check": processor_seconds("roster", "check", *roster),
        }
    for name, seconds in found.items():
        sys.stdout.write(f"{name:14}{seconds:6.2f} s, limit {SECONDS} s\n")
    return int(max(found.values()) > SECONDS)


if __name__ == "__main__":
    sys.exit(main())
