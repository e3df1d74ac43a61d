"""Every entry of beat's schedule is a task of this program."""

import json
import subprocess
import sys

import pytest

from settings import ROOT

SAID = """
import json
from workers.app import app
said = app.conf.beat_schedule.items()
print(json.dumps({name: [e["task"] in app.tasks, repr(e["schedule"])] for name, e in said}))
"""

pytestmark = pytest.mark.line


def test_beat_says_what_is_due_and_the_office_is_proved_every_night() -> None:
    # A process of its own, since the broker's address is read once in a process.
    said = subprocess.run(
        [sys.executable, "-c", SAID], cwd=ROOT, capture_output=True, text=True, check=True
    )
    entries = json.loads(said.stdout)
    assert entries.keys() == {"look", "sweep", "remind", "night"}
    assert all(is_ours for is_ours, _schedule in entries.values())
    assert "30 18 * * *" in entries["night"][1]
