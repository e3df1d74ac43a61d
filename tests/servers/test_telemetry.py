"""What a collector and Sentry are told: steps, requests and errors by ids, nothing of persons."""

import gzip
import json
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pydantic import SecretStr

from rules.errors import Refused
from servers import telemetry
from settings import Settings
from workflows.engine.origin import Channel, Origin, coming_from

LOG = logging.getLogger("huzhu.steps")
NAME, NUMBER = "张三", "220102196803121527"


@contextmanager
def listening() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """A place that takes whatever is sent: its address, and the path and body of each."""
    taken: list[tuple[str, bytes]] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            zipped = self.headers.get("Content-Encoding") == "gzip"
            taken.append((self.path, gzip.decompress(body) if zipped else body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def watched(**given: object) -> Iterator[None]:
    """The program's own lines are passed on as these settings say; all are sent at the end."""
    ours = logging.getLogger("huzhu")
    before, level = list(ours.handlers), ours.level
    ours.setLevel(logging.INFO)
    telemetry.begin(Settings().model_copy(update=given), "worker")
    try:
        yield
    finally:
        for handler in [each for each in ours.handlers if each not in before]:
            ours.removeHandler(handler)
            handler.close()
        ours.setLevel(level)


def fail(member: str) -> None:
    raise ValueError(f"no card of {member} {NUMBER}")


def test_a_step_is_a_span_of_the_trace_of_its_correlation_id() -> None:
    with listening() as (place, taken):
        with watched(otlp_endpoint=f"http://{place}"), coming_from(Origin(Channel.TASK)):
            LOG.info("step=%s ids=%s ended=%s ms=%s", "read", [7, 8], "done", 120)
            LOG.info("step=%s ids=%s ended=%s ms=%s", "check", [7], NAME + NUMBER, 5)
            LOG.info("bell lost: step=%s", "read")
        [(path, body)] = taken
    assert path == "/v1/traces"
    sent = ExportTraceServiceRequest.FromString(body)
    spans = [span for each in sent.resource_spans[0].scope_spans for span in each.spans]
    assert [span.name for span in spans] == ["read", "check"]
    assert spans[0].end_time_unix_nano - spans[0].start_time_unix_nano == 120_000_000
    assert spans[0].trace_id == spans[1].trace_id
    told = {each.key: each.value.string_value for each in spans[0].attributes}
    assert (told["ids"], told["ended"]) == ("[7, 8]", "done")
    assert NAME.encode() not in body
    assert NUMBER.encode() not in body


def test_an_error_is_an_event_with_its_kind_and_place_and_without_its_message() -> None:
    with listening() as (place, taken):
        dsn = SecretStr(f"http://key@{place}/1")
        with watched(sentry_dsn=dsn), coming_from(Origin(Channel.TASK)) as where:
            LOG.warning("bell lost: step=%s", "read")
            try:
                fail(NAME)
            except ValueError:
                LOG.exception("failed step=%s person=%s", "check", 12)
        [(_path, body)] = taken
    event = json.loads(body.splitlines()[2])
    [told] = event["exception"]["values"]
    assert told["type"] == "ValueError"
    assert [each["function"] for each in told["stacktrace"]["frames"]][-1] == "fail"
    assert event["tags"] == {"correlation": where.correlation, "process": "worker"}
    assert event["extra"]["step"] == "check"
    for private in (NAME, NUMBER, NAME.encode("unicode_escape").decode(), "no card of"):
        assert private not in body.decode()


def test_a_place_that_does_not_answer_stops_nothing() -> None:
    with watched(sentry_dsn=SecretStr("http://key@127.0.0.1:1/1")):
        LOG.error("failed step=%s", "check")


def test_without_the_packages_a_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(Refused, match=r"watch\.txt"):
        telemetry.begin(
            Settings().model_copy(update={"sentry_dsn": SecretStr("http://k@x/1")}), "web"
        )
