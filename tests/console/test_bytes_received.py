"""What is sent to the console's socket is counted in bytes; no header makes it take in more."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from console.connections import MOST_CONNECTIONS, TimedConnection
from console.upload_limits import BodiesHeld, SentBody
from servers.port import free_port

CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
FLOOD = 120 * 1024 * 1024
# What is read on and thrown away, and what two kernels hold of a connection.
AT_MOST = 24 * 1024 * 1024
FORM = "content-type: application/x-www-form-urlencoded"
FILES = "content-type: multipart/form-data; boundary=b"


@pytest.fixture
def port(app: FastAPI) -> Iterator[int]:
    """Where the console listens."""
    with listening(app, TimedConnection) as found:
        yield found


class HastyConnection(TimedConnection):
    """One that waits for nothing, and of which few wait at a time."""

    head_seconds = body_seconds = 0.2
    most_waiting = 20


@pytest.fixture
def hasty(app: FastAPI) -> Iterator[int]:
    """Where a console listens that waits for nobody."""
    with listening(app, HastyConnection) as found:
        yield found


@contextmanager
def listening(app: FastAPI, kind: type[TimedConnection]) -> Iterator[int]:
    found = free_port("127.0.0.1")
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=found,
        log_level="critical",
        http=kind,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield found
    server.should_exit = True
    thread.join()


def say(
    port: int, line: str, *headers: str, body: bytes = b"", more: bytes = b""
) -> tuple[str, int]:
    """Send a request to the socket, then `more` until 120 MB or the server's end; what was
    answered, and how many bytes were sent."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall("\r\n".join([line, "host: x", *headers, "", ""]).encode() + body)
        sent, answer = 0, b""
        with suppress(OSError):
            while more and sent < FLOOD:
                client.sendall(more)
                sent += len(more)
        with suppress(OSError):
            while part := client.recv(65536):
                answer += part
        return answer.decode(), sent


@pytest.mark.parametrize("type_", [FORM, FILES])
@pytest.mark.parametrize(
    "line",
    [
        "POST /login HTTP/1.1",
        "POST /packets HTTP/1.1",
        "POST /static/forms.js HTTP/1.1",
        "PUT /no-such-page HTTP/1.1",
        "GET /login HTTP/1.1",
    ],
)
def test_two_lengths_that_contradict_each_other_are_refused_before_120_mb_are_read(
    port: int, line: str, type_: str
) -> None:
    answer, sent = say(
        port, line, type_, "content-length: 12", "transfer-encoding: chunked", more=CHUNK
    )
    assert answer.startswith("HTTP/1.1 400")
    assert "请求对自身长度的说明互相矛盾" in answer
    assert sent < AT_MOST


@pytest.mark.parametrize("path", ["/login", "/packets", "/no-such-page"])
def test_without_a_length_120_mb_are_refused_with_a_sentence(port: int, path: str) -> None:
    line = f"POST {path} HTTP/1.1"
    answer, sent = say(port, line, FILES, "transfer-encoding: chunked", more=CHUNK)
    assert answer.startswith("HTTP/1.1 413")
    assert "提交的内容太大" in answer
    assert sent < AT_MOST


def test_an_announced_length_of_120_mb_is_refused_and_not_read(port: int) -> None:
    length = f"content-length: {FLOOD}"
    answer, sent = say(port, "POST /packets HTTP/1.1", FILES, length, more=CHUNK)
    assert answer.startswith("HTTP/1.1 413")
    assert sent < AT_MOST


def test_more_than_the_announced_length_is_not_taken_in(port: int) -> None:
    answer, sent = say(port, "POST /login HTTP/1.1", FORM, "content-length: 100", more=CHUNK)
    assert "HTTP/1.1 413" not in answer
    assert sent < AT_MOST


@pytest.mark.parametrize(
    "headers",
    [
        ["content-length: 5", "content-length: 6"],
        ["content-length: -5"],
        ["content-length: 5x"],
        ["content-length: " + "9" * 5000],
        ["transfer-encoding: gzip, chunked"],
    ],
)
def test_a_length_that_is_none_is_refused(port: int, headers: list[str]) -> None:
    answer, _sent = say(port, "POST /login HTTP/1.1", FORM, *headers, body=b"hello")
    assert answer.split()[1] in ("400", "501")


def test_what_follows_a_refused_body_is_not_taken_for_a_request(port: int) -> None:
    answer, _sent = say(
        port,
        "POST /login HTTP/1.1",
        FORM,
        "content-length: 5",
        "transfer-encoding: chunked",
        body=b"0\r\n\r\nGET /login HTTP/1.1\r\nhost: x\r\n\r\n",
    )
    assert answer.count("HTTP/1.1 ") == 1
    assert answer.startswith("HTTP/1.1 400")


def test_the_console_goes_on_answering_after_a_flood(port: int) -> None:
    say(port, "POST /login HTTP/1.1", FORM, "transfer-encoding: chunked", more=CHUNK)
    answer, _sent = say(port, "GET /login HTTP/1.1", "connection: close")
    assert answer.startswith("HTTP/1.1 200")


@pytest.mark.parametrize("type_", [FORM, FILES])
def test_who_is_not_logged_in_brings_no_more_than_a_small_form(port: int, type_: str) -> None:
    """A thousand strangers who send two million bytes and pause would fill the memory."""
    length = "content-length: 2000000"
    answer, _sent = say(port, "POST /login HTTP/1.1", type_, length, body=b"x" * 2_000_000)
    assert answer.startswith("HTTP/1.1 413")
    assert "未登录时不能上传" in answer


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HT",
        b"GET /login HTTP/1.1\r\nhost: x\r\n\r\nGET / HT",
        b"POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc",
    ],
    ids=["nothing", "half a head", "half a second head", "half a body"],
)
def test_a_connection_that_does_not_go_on_is_cut_off(hasty: int, begun: bytes) -> None:
    with socket.create_connection(("127.0.0.1", hasty)) as client:
        client.sendall(begun)
        with suppress(ConnectionResetError):
            while client.recv(65536):
                pass


HALF_A_BODY = b"POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc"


@pytest.mark.parametrize("begun", [b"GET / HT", HALF_A_BODY], ids=["heads", "bodies"])
def test_connections_that_do_not_go_on_keep_nobody_out(
    hasty: int, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(HastyConnection, "head_seconds", 3600)
    monkeypatch.setattr(HastyConnection, "body_seconds", 3600)
    with ExitStack() as opened:
        waiting = [
            opened.enter_context(socket.create_connection(("127.0.0.1", hasty)))
            for _each in range(3 * HastyConnection.most_waiting)
        ]
        for client in waiting:
            with suppress(OSError):
                client.sendall(begun)
        answer, _sent = say(hasty, "GET /login HTTP/1.1", "connection: close")
    assert answer.startswith("HTTP/1.1 200")


def test_one_person_and_all_together_hold_so_many_bytes_at_a_time() -> None:
    held, largest = BodiesHeld(0), 2 * 1024 * 1024

    def body(sender: int, length: int) -> SentBody:
        headers = [(b"content-length", str(length).encode())]
        return SentBody(Request({"type": "http", "headers": headers}), no_more, largest, sender)

    with held.hold(body(1, largest)):
        for sender in (2, 3):
            with pytest.raises(HTTPException, match="请等前面的传完"), held.hold(body(1, 20_000)):
                pass
            with held.hold(body(sender, largest - 1)):
                pass
        with (
            held.hold(body(2, largest)),
            held.hold(body(3, largest)),
            pytest.raises(HTTPException, match="请等前面的传完"),
            held.hold(body(4, 20_000)),
        ):
            pass
    with held.hold(body(1, largest)):
        pass


async def no_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


FILE = b'--b\r\ncontent-disposition: form-data; name="files"; filename="scan.png"\r\n\r\n'


def endless(asked: list[int]) -> Receive:
    """A server that hands over the parts of a file without end, whatever was announced."""

    async def receive() -> Message:
        part = b"x" * 65536 if asked else FILE
        asked.append(len(part))
        return {"type": "http.request", "body": part, "more_body": sum(asked) < FLOOD}

    return receive


@pytest.mark.parametrize("path", ["/login", "/packets", "/claims/find"])
def test_bytes_count_even_where_the_server_lets_through_more_than_was_announced(
    app: FastAPI, path: str
) -> None:
    asked: list[int] = []
    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    headers = [line.encode().split(b": ") for line in (FILES, "content-length: 100")]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(name, value) for name, value in headers],
    }
    asyncio.run(app(scope, endless(asked), send))
    assert answers[0]["status"] == 413
    assert (b"connection", b"close") in answers[0]["headers"]
    assert "提交的内容太大" in b"".join(each.get("body", b"") for each in answers).decode()
    assert sum(asked) < AT_MOST
