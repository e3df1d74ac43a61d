"""Files made up at random end at most their own reader; `make fuzz` tries ten thousand."""

import json
import os
import subprocess
import sys

import pytest

from documents.packets.child_program import MISSES_CODE
from documents.packets.file_faults import FileFault
from settings import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FILES = int(os.environ.get("FILES", "500"))
SEED = os.environ.get("SEED", "1")
CRASHES = {"1", "SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGXCPU"}
"""Ends of the reader alone, which the program calls a damaged file or one that takes too long."""


def test_no_file_made_up_at_random_does_more_than_end_its_reader() -> None:
    fuzz = [sys.executable, "-m", "tests.documents.packets.fuzz_files", str(FILES), SEED]
    done = subprocess.run(fuzz, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    ends: dict[str, int] = json.loads(done.stdout)
    assert sum(ends.values()) == FILES
    assert str(MISSES_CODE) not in ends, "what a file needs is loaded before it is opened"
    assert ends.keys() <= {"answered", *FileFault, *CRASHES}
    assert ends["answered"] > FILES / 10, "many of them are opened in spite of it"
