"""Every entry of beat's schedule is a task of this program."""

import json
import os
import subprocess
import sys

import pytest

from settings import ROOT

SAID = """
import json, sys
import servers.commands
from workers.broker import app as beat
loaded = [name for name in sys.modules if "." not in name]
ticks = beat.conf.beat_schedule
queues = {name: tick.get("options", {}).get("queue", "beat") for name, tick in ticks.items()}
known = [beat.amqp.router.expand_destination(name) for name in queues.values()]
from workers.app import app
said = app.conf.beat_schedule.items()
told = {name: [e["task"] in app.tasks, repr(e["schedule"])] for name, e in said}
print(json.dumps([loaded, told, queues]))
"""

pytestmark = pytest.mark.line


def test_beat_loads_no_office_and_says_what_is_due_and_proves_the_office_every_night() -> None:
    # A process of its own, since the broker's address is read once in a process.
    told = {**os.environ, "HUZHU_IMAP_HOST": "mail.example", "HUZHU_DROP_FOLDER_OF": "north"}
    said = subprocess.run(
        [sys.executable, "-c", SAID], cwd=ROOT, env=told, capture_output=True, text=True, check=True
    )
    loaded, entries, queues = json.loads(said.stdout)
    assert (queues["look"], queues["mailbox"], queues["sweep"]) == ("folder-north", "mail", "beat")
    assert not {"workflows", "models", "sqlalchemy"} & set(loaded)
    assert entries.keys() == {"look", "sweep", "root", "remind", "night", "mailbox"}
    assert all(is_ours for is_ours, _schedule in entries.values())
    assert "30 18 * * *" in entries["night"][1]
