"""Every queue is served by one kind of worker, also a queue that a new step names."""

from collections import Counter

import pytest
import yaml

from rules.errors import BadInput
from servers.processes import CHILDREN
from settings import ROOT
from workers.queues import served
from workers.schedule import BEAT_QUEUE
from workflows.pipeline import QUEUES, STEPS


def composed() -> list[list[str]]:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return [service["command"] for service in services.values() if "command" in service]


def served_by(command: list[str], every: list[str]) -> list[str]:
    """The queues of this command line; none if it starts no worker."""
    word, *rest = command
    options = dict(zip(rest[::2], rest[1::2], strict=True)) if word == "worker" else {}
    asked = options.get("--queues", ""), options.get("--all-but", "")
    return served(*asked, every) if word == "worker" else []


@pytest.mark.parametrize("commands", [list(CHILDREN.values()), composed()], ids=["up", "compose"])
def test_each_queue_is_served_by_one_kind_of_worker_also_one_that_is_new(
    commands: list[list[str]],
) -> None:
    every = [*QUEUES, BEAT_QUEUE, "of_a_new_step"]
    counts = Counter(name for command in commands for name in served_by(command, every))
    assert counts == Counter(every)


def test_a_worker_serves_every_queue_of_the_pipeline_unless_it_is_told_otherwise() -> None:
    assert set(served()) == {step.queue for step in STEPS} | {BEAT_QUEUE}
    assert served("mail,reading") == ["mail", "reading"]
    assert "mail" not in served(all_but="mail")


@pytest.mark.parametrize("asked", [("male", ""), ("", "male"), ("mail,male", "")])
def test_a_queue_that_does_not_exist_is_named(asked: tuple[str, str]) -> None:
    with pytest.raises(BadInput, match="male"):
        served(*asked)
