"""Mutants of the code that moves money, a sample drawn by seed: python -m tests.mutation.

`make mutants` has every mutant of rules/ run; here one mutant meets a real database, so a sample
must do. The tests run once as they are, which says what each test reaches and how long it takes.
Then each mutant lives in a fork of that process, with the same servers, and meets the tests of its
area that reach its function. `mutants/sample.jsonl` remembers outcomes, so a run can be resumed.
"""

import argparse
import gc
import json
import os
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import pytest
from _pytest.runner import runtestprotocol
from sqlalchemy import Engine

import tests.rules.conftest  # noqa: F401  (names the profile of Hypothesis that is used below)
from tests.mutants import ROOT, WISHES, Mutant, all_mutants, sample

FOLDER = ROOT / "mutants"
RECORD, CLEAN = FOLDER / "sample.jsonl", FOLDER / "clean.json"
_Cached = type(cache(len))
KILLED, SURVIVED, UNREACHED, LATE = "killed", "survived", "unreached", "out of time"


@dataclass
class Clean:
    """What a test did when there was no fault: the functions it reached, and how long it took."""

    reached: list[str]
    seconds: float


@dataclass
class Round:
    """A run of pytest that meets each mutant with the tests that reach it; also its plugin."""

    mutants: Sequence[Mutant]
    functions: dict[int, str]
    clean: dict[pytest.Item, Clean] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.run_clean(session.items)
        for at, mutant in enumerate(self.mutants, 1):
            began = time.monotonic()
            tests = self.tests_of(mutant)
            outcome = self.outcome(mutant, tests) if tests else UNREACHED
            note = {"key": mutant.key, "outcome": outcome, "file": mutant.file}
            note |= {"function": mutant.function, "diff": mutant.diff()}
            with RECORD.open("a") as record:
                record.write(json.dumps(note, ensure_ascii=False) + "\n")
            took = f"{time.monotonic() - began:.1f} s of {len(tests)} tests"
            where = f"{mutant.key} {mutant.file} {mutant.function}"
            print(f"{at}/{len(self.mutants)} {outcome} {where} {took}", flush=True)
        return True

    def run_clean(self, items: Sequence[pytest.Item]) -> None:
        """Run every test as it is, unless that is on record and its file has not changed."""
        known = json.loads(CLEAN.read_text()) if CLEAN.exists() else {}
        try:
            for item in items:
                name = f"{item.nodeid} {sha256(item.path.read_bytes()).hexdigest()[:16]}"
                if name not in known:
                    known[name] = asdict(self.reach(item))
                self.clean[item] = Clean(**known[name])
        finally:
            CLEAN.write_text(json.dumps(known, ensure_ascii=False))
        # A fork must not speak through a connection of this process.
        for engine in [found for found in gc.get_objects() if isinstance(found, Engine)]:
            engine.dispose()

    def reach(self, item: pytest.Item) -> Clean:
        """Run the test, noting the functions it calls."""
        found = set[str]()

        def note(frame: FrameType, event: str, _: object) -> None:
            if event == "call" and (name := self.functions.get(id(frame.f_code))):
                found.add(name)

        _forget()
        began = time.monotonic()
        threading.setprofile(note)
        sys.setprofile(note)
        try:
            failed = _fails(item)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
        if failed:
            raise pytest.UsageError(f"without any fault there fails {item.nodeid}")
        return Clean(sorted(found), time.monotonic() - began)

    def tests_of(self, mutant: Mutant) -> list[pytest.Item]:
        """The tests of its area that reach it: those of its own file first, then the quick ones."""
        own = f"test_{Path(mutant.file).stem}"
        found = [
            item
            for item, clean in self.clean.items()
            if mutant.place in clean.reached and item.nodeid.startswith(mutant.tests)
        ]
        return sorted(found, key=lambda item: (item.path.stem != own, self.clean[item].seconds))

    def outcome(self, mutant: Mutant, tests: Sequence[pytest.Item]) -> str:
        """What comes of the mutant in a process of its own; late is eight times as long."""
        code = mutant.code()
        child = os.fork()
        if child == 0:
            os.setsid()
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(int(20 + 8 * sum(self.clean[test].seconds for test in tests)))
            mutant.original().__code__ = code
            _forget()
            os._exit(any(_fails(test) for test in tests))
        _, status = os.waitpid(child, 0)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
            return LATE
        return SURVIVED if status == 0 else KILLED


def _fails(item: pytest.Item) -> bool:
    # Told that the session goes on, pytest ends all but what the session shares: the servers.
    reports = runtestprotocol(item, log=False, nextitem=item.session)  # type: ignore[arg-type]
    return any(report.failed for report in reports)


def _forget() -> None:
    """Let what is cached be worked out anew, with the fault in it."""
    for found in gc.get_objects():
        if isinstance(found, _Cached) and found.__module__.startswith(("workflows", "banking")):
            found.cache_clear()


def outcomes() -> dict[str, dict[str, str]]:
    """What is on record, by the mutant's key; a later line takes the place of an earlier one."""
    if not RECORD.exists():
        return {}
    return {note["key"]: note for note in map(json.loads, RECORD.read_text().splitlines())}


def told(mutants: Sequence[Mutant]) -> float:
    """Print survivors, and how many of each file were killed or late; per cent of all that were.

    A late one hangs, or the machine was busy: `--again` on a quiet machine tells.
    """
    known = outcomes()
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant in mutants:
        outcome = known[mutant.key]["outcome"]
        table[mutant.file][outcome] += 1
        if outcome not in (KILLED, LATE):
            print(f"\n{outcome} {mutant.key} {mutant.file} {mutant.function}\n{mutant.diff()}")
    print(f"\n{'':45}{'mutants':>10}{'killed':>10}{'late':>10}{'survived':>10}")
    total = Counter[str]()
    for file, counts in [*table.items(), ("", total)]:
        total.update(counts if file else {})
        made, killed, late = counts.total(), counts[KILLED], counts[LATE]
        print(f"{file or 'all':45}{made:>10}{killed:>10}{late:>10}{made - killed - late:>10}")
    return 100 * (total[KILLED] + total[LATE]) / total.total()


def main() -> int:
    """Run what is not on record yet; 1 if fewer were killed than are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=WISHES["mutants"])
    parser.add_argument(
        "--only", default="", help="those of the sample whose file begins like this"
    )
    parser.add_argument("--again", action="store_true", help="run again what was not killed")
    wishes = parser.parse_args()
    by_file = all_mutants()
    drawn = [each for each in sample(by_file, wishes.size) if each.file.startswith(wishes.only)]
    done = {KILLED} if wishes.again else {KILLED, SURVIVED, UNREACHED, LATE}
    finished = {key for key, note in outcomes().items() if note["outcome"] in done}
    waiting = [mutant for mutant in drawn if mutant.key not in finished]
    if waiting:
        FOLDER.mkdir(exist_ok=True)
        tests = sorted({test for mutant in waiting for test in mutant.tests})
        options = ["-q", "-p", "no:cacheprovider", "--hypothesis-profile=mutation"]
        functions = {id(m.original().__code__): m.place for found in by_file for m in found}
        with TemporaryDirectory(prefix="huzhu-mutants-") as folder:
            options.append(f"--basetemp={folder}/tests")
            if pytest.main([*options, *tests], plugins=[Round(waiting, functions)]):
                return 2
    percent = told(drawn)
    print(f"{percent:.1f} % killed; {WISHES['least_killed']} % is asked for")
    return int(percent < WISHES["least_killed"])


if __name__ == "__main__":
    sys.exit(main())
