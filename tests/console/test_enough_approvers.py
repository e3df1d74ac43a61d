"""An office with fewer supervisors than its limits ask for is told so, by page and doctor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from typer.testing import CliRunner

from models.people import Role
from servers import doctor
from settings import Settings
from tests.desk import Desk

At = Callable[..., Any]
ONE_OF_TWO = "超过 20000 元的案件须由 2 人审批，现在能审批的只有 1 人"


@pytest.fixture
def examined(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """What `huzhu doctor` says, at the servers of this test."""

    @contextmanager
    def ready() -> Iterator[Settings]:
        yield desk.office.settings

    monkeypatch.setattr(doctor, "prepared", ready)
    return lambda: CliRunner().invoke(doctor.commands, []).output


def test_a_single_supervisor_reads_on_his_page_that_a_limit_asks_for_two(
    desk: Desk, at_desk: At
) -> None:
    screen = at_desk(Role.SUPERVISOR)
    assert ONE_OF_TWO in screen.get("/approvals").text
    desk.user(Role.SUPERVISOR)
    assert "现在能审批的只有" not in screen.get("/approvals").text


def test_doctor_counts_the_persons_who_can_approve(desk: Desk, examined: Callable[[], str]) -> None:
    first = desk.user(Role.SUPERVISOR)
    assert f"! 审批人:{ONE_OF_TWO}" in examined()
    desk.user(Role.SUPERVISOR, of=first)
    assert f"! 审批人:{ONE_OF_TWO}" in examined()
    desk.user(Role.SUPERVISOR)
    assert "✓ 审批人:人数符合审批限额" in examined()
