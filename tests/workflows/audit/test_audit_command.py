"""The auditor's commands say what is found, and end so that a monitor notices."""

import re
from contextlib import nullcontext
from functools import partial

import pytest
from sqlalchemy import text
from typer.main import get_command

from console import audit_cli
from tests.conftest import AS_OWNER
from tests.desk import Desk
from workflows.audit.root_copies import copied
from workflows.audit.roots import sign_if_due


def ends_with(desk: Desk, *words: str) -> int:
    opening = partial(nullcontext, desk.office)
    command = get_command(audit_cli.commands)
    return int(command.main(["audit", *words], obj=opening, standalone_mode=False) or 0)


def test_the_auditor_verifies_with_the_key_and_the_file_that_he_keeps(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.claim(desk.member())
    sign_if_due(desk.office)
    assert ends_with(desk, "key") == 0
    _name, key = capsys.readouterr().out.split()
    own = desk.office.settings.data / "kept-by-the-auditor"
    own.write_text("".join(f"{line}\n" for line in copied(desk.office.settings.roots_file)))
    kept = ("--key", key, "--roots", str(own))
    assert ends_with(desk, "verify") == ends_with(desk, "verify", *kept) == 0
    with desk.office.sessions.engine.begin() as connection:
        connection.execute(text(AS_OWNER))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM audit_event WHERE position = 1"))
    assert ends_with(desk, "verify", *kept) == 1
    assert "少了1条" in re.sub(r"[\s│]", "", capsys.readouterr().out)
