"""A line of the log is one JSON object, says whose it is, and holds nothing of a person."""

import ast
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from billiard.exceptions import WorkerLostError
from redis.exceptions import ConnectionError as RedisConnectionError

from rules.errors import BadInput
from servers.log_lines import LogLines, as_json, in_words
from tests.house.parsed import parsed
from tests.house.test_names import program_files
from workflows.engine.origin import Channel, Origin, coming_from, correlation

NAME, ILLNESS = "张三", "胃恶性肿瘤"
NUMBERS = ("220102196803121527", "6217 0000 1000 0042", "13812345678")
OURS = logging.getLogger("huzhu.steps")
A_LIBRARY = logging.getLogger("kombu.connection")


class Lines(logging.Handler):
    """What is written, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(LogLines(as_json, correlation))
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))

    def only(self) -> dict[str, Any]:
        [text] = self.texts
        line: dict[str, Any] = json.loads(text)
        return line


@pytest.fixture
def lines() -> Iterator[Lines]:
    found = Lines()
    for log in (OURS, A_LIBRARY):
        log.addHandler(found)
    yield found
    for log in (OURS, A_LIBRARY):
        log.removeHandler(found)


def test_the_values_of_a_statement_are_fields_and_the_words_around_them_a_text(
    lines: Lines,
) -> None:
    with coming_from(Origin(Channel.TASK)) as origin:
        OURS.warning("bell lost: step=%s ids=%s cause=%s", "read", [1, 220], "OSError")
    line = lines.only()
    assert (line["level"], line["log"], line["text"]) == ("WARNING", "huzhu.steps", "bell lost:")
    assert (line["step"], line["ids"], line["cause"]) == ("read", [1, 220], "OSError")
    assert line["correlation"] == origin.correlation
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["at"])


def test_on_a_terminal_the_same_is_one_sentence() -> None:
    record = OURS.makeRecord(OURS.name, 30, "", 0, "undone: step=%s ids=%s", ("read", [7]), None)
    said = LogLines(in_words, str).format(record)
    assert said.endswith(" huzhu.steps undone: step=read ids=[7]")


def planted() -> Iterator[BaseException]:
    for value in (NAME, ILLNESS, *NUMBERS):
        yield ValueError(value)
        yield BadInput(f"{NAME}的卡号{value}不对")
        yield FileNotFoundError(2, "No such file", f"/data/inbox/{value}.pdf")


@pytest.mark.parametrize("error", list(planted()))
def test_no_way_of_logging_an_exception_repeats_its_message(
    lines: Lines, error: BaseException
) -> None:
    try:
        raise error
    except type(error):
        A_LIBRARY.exception("Task %s raised: %r", "read", error)
        OURS.exception("cause=%s", error)
    A_LIBRARY.warning("Cannot read %s: %s", error, error)
    OURS.warning("ids=%s cause=%s", [13812345678, NAME], error)
    said = "\n".join(lines.texts)
    assert len(lines.texts) == 4
    assert [value for value in (NAME, ILLNESS, *NUMBERS) if value in said] == []
    assert type(error).__name__ in said
    assert "test_log_lines.py" in said


def of_celery(error: BaseException) -> None:
    """As its workers tell that a task failed."""
    template = "Task %(name)s[%(id)s] %(description)s: %(exc)s"
    told = {"name": "read", "id": "7f3c", "description": "raised unexpected", "exc": repr(error)}
    A_LIBRARY.error(template, told | {"args": f"({NUMBERS[0]},)"}, exc_info=error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (WorkerLostError("Worker exited prematurely: signal 9 (SIGKILL) Job: 3."), "signal 9"),
        (RedisConnectionError("Error 2 connecting to unix socket"), "unix socket"),
        (OSError(28, "No space left on device", f"/data/{NAME}.pdf"), "No space left on device"),
        (ValueError(f"{NAME} {NUMBERS[0]}"), ""),
    ],
    ids=["worker lost", "no broker", "no room", "of a person"],
)
def test_a_failed_task_is_told_with_its_name_its_number_and_what_may_be_said_of_the_cause(
    lines: Lines, error: Exception, words: str
) -> None:
    of_celery(error)
    line = lines.only()
    assert line["text"] == "Task read[7f3c] raised unexpected: …"
    assert line["error"] == type(error).__name__
    assert words in line.get("words", "")
    assert ("words" in line) == bool(words)
    assert [value for value in (NAME, *NUMBERS) if value in lines.texts[0]] == []


def templates() -> Iterator[tuple[str, str]]:
    """Each text that the program logs, with its file."""
    for path in program_files():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
                for given in node.args:
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        yield path.name, given.value


def test_each_value_that_the_program_logs_has_a_name() -> None:
    assert len(list(templates())) > 8
    nameless = re.compile(r"(?<!\w=)%")
    assert [each for each in templates() if nameless.search(each[1])] == []
    assert [each for each in templates() if not each[1].isascii()] == []
