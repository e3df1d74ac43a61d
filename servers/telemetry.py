"""Passes lines of the log on to OpenTelemetry and Sentry, where the office names such a place.

Nothing is asked of the libraries' own look into the program: a span is made of a line that says how
long something took, an event of one that tells an error. So what they are told is what the log
says, which is ids, names of steps, and kinds and places of errors.
"""

import hashlib
import logging
import time
import traceback
from typing import Any

from language import _
from rules.errors import Refused
from servers.log_lines import LogLine, LogLines, as_json
from settings import Settings

_OURS = logging.getLogger("huzhu")
_HEAD = ("at", "level", "log", "text", "correlation", "frames")
"""Of a line, what has a place of its own in a span or an event."""


def begin(ready: Settings, process: str) -> None:
    """Let this process, and those forked from it, pass on its own lines; Refused where a package
    is lacking that this needs."""
    try:
        if ready.otlp_endpoint:
            _OURS.addHandler(Spans(ready.otlp_endpoint, process))
        if dsn := ready.sentry_dsn.get_secret_value():
            _OURS.addHandler(Events(dsn, process))
    except ImportError as error:
        words = {"file": "requirements/watch.txt"}
        raise Refused(
            _("要用 OpenTelemetry 或 Sentry，须先安装 %(file)s 里的软件包") % words
        ) from error


class _PassedOn(logging.Handler):
    """A handler that is given each line as its fields."""

    def __init__(self) -> None:
        # Loaded late: beat, which has none of these, loads nothing of the office.
        from workflows.engine.origin import correlation

        super().__init__()
        self._lines = LogLines(as_json, correlation)

    def emit(self, record: logging.LogRecord) -> None:
        """Pass the line on; a place that does not answer harms nothing here."""
        try:
            self.pass_on(self._lines.fields(record), record)
        except Exception:  # noqa: BLE001 - the work goes on, and the line stands in the log
            self.handleError(record)

    def pass_on(self, line: LogLine, record: logging.LogRecord) -> None:
        """Make of the line what the other place takes."""
        raise NotImplementedError


class Spans(_PassedOn):
    """Sends a span for each step and each request, all of one correlation id as one trace."""

    def __init__(self, endpoint: str, process: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        super().__init__()
        of = Resource({"service.name": "huzhu", "service.instance.id": process})
        self._provider = TracerProvider(resource=of, shutdown_on_exit=True)
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("huzhu")

    def pass_on(self, line: LogLine, record: logging.LogRecord) -> None:
        """A line with `ms` becomes a span that ends now."""
        if "ms" not in line:
            return
        end = time.time_ns()
        span = self._tracer.start_span(
            line.get("step") or f"{line.get('method')} {line.get('route')}",
            context=_trace_of(line.get("correlation", "")),
            start_time=end - line["ms"] * 1_000_000,
            attributes=_rest(line),
        )
        span.end(end)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
        super().close()


def _trace_of(joined: str) -> Any:
    """The trace to which everything of this correlation id belongs, whichever process says it."""
    from opentelemetry.trace import (
        NonRecordingSpan,
        SpanContext,
        TraceFlags,
        set_span_in_context,
    )

    made = hashlib.sha256(joined.encode()).digest()
    trace, span = int.from_bytes(made[:16]), int.from_bytes(made[16:24])
    sampled = TraceFlags(TraceFlags.SAMPLED)
    return set_span_in_context(NonRecordingSpan(SpanContext(trace, span, True, sampled)))


class Events(_PassedOn):
    """Sends an event for each line that tells an error."""

    def __init__(self, dsn: str, process: str) -> None:
        import sentry_sdk

        super().__init__()
        self.setLevel(logging.ERROR)
        self._process = process
        self._client = sentry_sdk.Client(
            dsn=dsn,
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            send_client_reports=False,
            include_local_variables=False,
            max_breadcrumbs=0,
            server_name=process,
        )

    def pass_on(self, line: LogLine, record: logging.LogRecord) -> None:
        """The line as an event, its error without the message."""
        event: dict[str, Any] = {
            "level": line["level"].lower(),
            "logger": line["log"],
            "message": line.get("text", ""),
            "tags": {"correlation": line.get("correlation", ""), "process": self._process},
            "extra": _rest(line),
        }
        if record.exc_info and record.exc_info[0]:
            found = traceback.extract_tb(record.exc_info[2])
            frames = [
                {"filename": each.filename, "function": each.name, "lineno": each.lineno}
                for each in found
            ]
            told = {"type": line["error"], "stacktrace": {"frames": frames}}
            event["exception"] = {"values": [told]}
        self._client.capture_event(event)  # type: ignore[arg-type]

    def close(self) -> None:
        """Send what is left."""
        self._client.close()
        super().close()


def _rest(line: LogLine) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in line.items()
        if name not in _HEAD
    }
