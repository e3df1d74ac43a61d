"""A short run of the chaos, and two instants of it back from the backup; `make chaos` and
`make backup-chaos` make long ones."""

import subprocess
import sys

import pytest

from settings import ROOT


@pytest.mark.line
@pytest.mark.timeout(600)
def test_thirty_claims_end_where_they_should_while_everything_breaks() -> None:
    # A process of its own, since the broker's address is read once in a process.
    command = [sys.executable, "-m", "tests.faults.chaos", "--claims", "30", "--seed", "7"]
    command += ["--restores", "2"]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stderr
