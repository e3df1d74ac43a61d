"""From inside the process that opens files no key, file, process or network is reached."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from documents.packets import media_types
from documents.packets.confined_child import as_file, ask
from documents.packets.file_limits import Limits
from documents.packets.isolation import ENVIRONMENT, isolation, start, why_not_isolated
from documents.packets.pages import render
from documents.packets.shut_in import Isolation
from rules.errors import Transient
from settings import ROOT
from tests.documents.conftest import pdf

# Each try prints its name only if it worked.
BEGIN = """
import os, resource, socket, sys
from documents.packets.shut_in import Isolation
level, secret, parent, port = sys.argv[1:]
"""
# The next lines are those of the process that opens files, or of the one that reads letters.
OPENS = """
from documents.packets.file_limits import Limits
from documents.packets.shut_in import shut_in
shut_in(Isolation(level), Limits())
"""
READS = """
from documents.reading import ocr, scan
from documents.packets.isolation import code_folders
from documents.packets.shut_in import begin_with_threads, end_with_threads
assert level == "bubblewrap" or len(os.listdir("/proc/self/task")) == 1
begin_with_threads(Isolation(level), code_folders())
ocr.warm_up()
end_with_threads(Isolation(level))
"""
TRIES = """
def shown(path):
    with open(path, "rb") as file: return file.read()
def wrote(path):
    with open(path, "wb") as file: file.write(b"x")
tries = {
    "reads the secrets": lambda: shown(secret),
    "reads the parent's environment": lambda: shown(f"/proc/{parent}/environ"),
    "reads its own environment's file": lambda: shown("/proc/self/environ"),
    "reads accounts": lambda: shown("/etc/passwd"),
    "lists the root folder": lambda: os.listdir("/"),
    "writes where the secrets lie": lambda: wrote(secret + ".new"),
    "writes into the temporary folder": lambda: wrote(os.path.dirname(secret) + "/from-a-parser"),
    "opens the secrets to all": lambda: os.chmod(secret, 0o666),
    "touches the secrets": lambda: os.utime(secret),
    "becomes two": lambda: os.fork() or os._exit(0),
    "reads the program": lambda: shown(sys.executable),
    "connects": lambda: socket.socket().connect(("127.0.0.1", int(port))),
    "opens a local socket": lambda: socket.socket(socket.AF_UNIX),
    "signals its parent": lambda: os.kill(int(parent), 0),
    "starts a program": lambda: os.posix_spawn("/usr/bin/true", ["true"], {}),
    "becomes root": lambda: os.setuid(0),
    "lifts its limits": lambda: resource.setrlimit(7, (9999, 9999)),
}
for name, act in tries.items():
    try:
        act()
    except (OSError, ValueError):
        continue
    if name != "becomes root" or os.geteuid() == 0:
        print(name, flush=True)
"""


def came_through(level: Isolation, secret: Path, port: int, begins: str = OPENS) -> set[str]:
    """The tries that worked in a process kept apart in this way."""
    words = [level.value, str(secret), str(os.getpid()), str(port)]
    command = [*start(level), sys.executable, "-E", "-s", "-c", BEGIN + begins + TRIES, *words]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines())


def available(level: Isolation) -> Isolation:
    try:
        return isolation(level.value)
    except Transient as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize("level", [Isolation.BUBBLEWRAP, Isolation.LANDLOCK])
def test_from_inside_nothing_outside_can_be_reached(level: Isolation, tmp_path: Path) -> None:
    secret = tmp_path / "secrets.json"
    secret.write_text("{}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert came_through(available(level), secret, server.getsockname()[1]) == set()


def test_the_process_that_reads_letters_reaches_nothing_but_its_own_code(tmp_path: Path) -> None:
    secret = tmp_path / "secrets.json"
    secret.write_text("{}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        worked = came_through(available(Isolation.LANDLOCK), secret, port, READS)
    assert worked <= {"reads the program"}


def test_without_isolation_the_same_tries_work_and_operators_are_told(tmp_path: Path) -> None:
    secret = tmp_path / "secrets.json"
    secret.write_text("{}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        worked = came_through(Isolation.NONE, secret, server.getsockname()[1])
    assert {"reads the secrets", "connects", "signals its parent"} <= worked
    assert why_not_isolated("none").endswith("HUZHU_PARSER_ISOLATION 设为 none")


def test_the_strongest_that_works_is_chosen() -> None:
    chosen = isolation(Limits().isolation)
    stronger = list(Isolation)[: list(Isolation).index(chosen)]
    for level in stronger:
        with pytest.raises(Transient):
            isolation(level.value)


CHINESE = (
    b"/F1 << /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /GBK-EUC-H "
    b"/DescendantFonts [ << /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /CIDSystemInfo "
    b"<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >> ] >>"
)


@pytest.mark.parametrize("level", [Isolation.BUBBLEWRAP, Isolation.LANDLOCK])
def test_a_font_that_a_file_only_names_is_still_found(level: Isolation) -> None:
    latin = b"/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    paper = pdf(body="BT /F1 36 Tf 72 700 Td <D6D0B9FA> Tj ET").replace(latin, CHINESE)

    def drawn(by: Isolation) -> bytes:
        limits = Limits(isolation=by.value)
        return render(paper, media_types.PDF, 1, limits, dpi=72).image.tobytes()

    assert drawn(available(level)) == drawn(Isolation.NONE)


def test_no_thread_runs_before_the_process_is_shut_in() -> None:
    """Landlock binds the thread that asks for it and those that it starts."""
    load = "import os; from documents.packets.child_program import ALSO, READERS, load; "
    count = (
        "[load(verb, kind) for kind in [*READERS, 'image/png'] for verb in [*ALSO, '']]; "
        "print(len(os.listdir('/proc/self/task')))"
    )
    done = subprocess.run(
        [sys.executable, "-E", "-s", "-c", load + count],
        capture_output=True, text=True, env=ENVIRONMENT, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.strip() == "1", done.stderr


def test_code_that_is_missing_is_no_fault_of_the_file() -> None:
    """The question asks for a reader that was not loaded for this kind of file."""
    with pytest.raises(Transient), as_file(pdf()) as file:
        question = {"media_type": media_types.ZIP}
        with ask("list", file, Limits(isolation=available(Isolation.LANDLOCK)), **question):
            pass
