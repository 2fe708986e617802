"""One line per event on standard error: JSON, or plain text on a terminal. Never an address, a token or an e-mail.

Writing never holds up a request: lines wait in a short queue, and are dropped and counted when nobody takes them.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import re
import threading
import time

import structlog
from flask import Flask, Response, g, has_request_context, request
from structlog.typing import EventDict, WrappedLogger

from blog import request_id
from blog.metering import meter

STANDARD_ERROR = 2
QUEUE_LINES = 1000  # about a second of a busy day's errors
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE"})
NOISY = ("huey", "alembic", "sqlalchemy", "werkzeug", "asyncio")

log = logging.getLogger("blog.requests")

_SECRETS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "[address]"),
    (re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}(?![\w:])"), "[address]"),
    # A key in URL-safe characters: long, with small and capital letters and digits, which no name of ours has.
    (re.compile(r"(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)(?<![\w-])[\w-]{22,}"), "[token]"),
)


class Lines(logging.Handler):
    """Hands each line to a thread that writes it. A full queue drops the line; the number dropped is told later.

    A forked process starts with an empty queue and a thread of its own.
    """

    def __init__(self, target: int) -> None:
        super().__init__()
        self.target = target
        self._queue: queue.Queue[bytes]
        self._thread: threading.Thread | None
        self._dropped: int
        self._start_anew()
        os.register_at_fork(after_in_child=self._start_anew)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:
            line = '{"level": "error", "event": "a log line could not be written"}'
        try:
            self._queue.put_nowait(line.encode("utf-8", "replace") + b"\n")
        except queue.Full:
            self._dropped += 1
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._write, args=(self._queue,), name="log", daemon=True)
            self._thread.start()

    def flush_within(self, seconds: float) -> None:
        """Wait for the lines still queued; give up after `seconds`, since nobody may be reading."""
        deadline = time.monotonic() + seconds
        while self._queue.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.01)

    def _start_anew(self) -> None:
        self._queue = queue.Queue(QUEUE_LINES)
        self._thread = None
        self._dropped = 0

    def _write(self, lines: queue.Queue[bytes]) -> None:
        while True:
            line = lines.get()
            dropped, self._dropped = self._dropped, 0
            if dropped:
                line = b'{"level": "warning", "event": "log lines dropped", "lines": %d}\n' % dropped + line
            with contextlib.suppress(OSError):  # nobody listens any more; there is no one to tell
                while line:
                    line = line[os.write(self.target, line) :]
            lines.task_done()


def init_app(app: Flask) -> None:
    """Log this process's events, and one line per request."""
    if not any(isinstance(handler, Lines) for handler in logging.getLogger().handlers):
        start(STANDARD_ERROR)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    slow_ms: int = app.config["BLOG_SLOW_MS"]

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.began if "began" in g else None
        _measure(response.status_code, seconds)
        _log_request(response.status_code, seconds, slow_ms)
        return response


def start(target: int) -> Lines:
    """Send what any library logs in this process to the file descriptor `target`."""
    handler = Lines(target)
    terminal = os.isatty(target)
    shared = (
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _drop_copies,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request,
    )
    ending = (
        (structlog.processors.format_exc_info, hide_secrets, structlog.dev.ConsoleRenderer(colors=True))
        if terminal
        else (structlog.processors.format_exc_info, hide_secrets, structlog.processors.JSONRenderer(default=str))
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=(structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending),
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no line names them
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # its warnings quote rows
    return handler


def flush(seconds: float = 1.0) -> None:
    """Before this process ends: let the last lines out."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, Lines):
            handler.flush_within(seconds)


def hide_secrets(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """The last wall: whatever a library or a traceback says, addresses, tokens and e-mails stay out."""
    for key, value in event.items():
        if isinstance(value, str) and key not in ("timestamp", "level", "logger"):
            for pattern, instead in _SECRETS:
                value = pattern.sub(instead, value)
            event[key] = value
    return event


def _drop_copies(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Another handler's formatter leaves its text on the record, where it looks like a field of ours."""
    event.pop("message", None)
    event.pop("asctime", None)
    return event


def _add_request(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """What was asked when this happened. The rule, never the path: paths hold secrets."""
    if has_request_context():
        event["request"] = request_id.current()
        event["method"] = request.method
        event["route"] = request.url_rule.rule if request.url_rule else None
    return event


def _measure(status: int, seconds: float | None) -> None:
    """For /metrics. An address without a route, and a method that we do not know, could be anything: they are one."""
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in METHODS else "other"
    meter.count("requests", route=route, method=method, status=str(status), source="application")
    if seconds is not None:
        meter.observe("request_seconds", seconds, route=route)


def _log_request(status: int, seconds: float | None, slow_ms: int) -> None:
    """Reads are told at DEBUG only; what changes something, goes wrong or is slow is told by default."""
    milliseconds = None if seconds is None else round(seconds * 1000, 1)
    if slow_ms and milliseconds is not None and milliseconds >= slow_ms:
        log.warning("slow request", extra={"status": status, "ms": milliseconds})
    if status >= 500:
        level = logging.ERROR
    elif status >= 400 or request.method not in ("GET", "HEAD", "OPTIONS"):
        level = logging.INFO
    else:
        level = logging.DEBUG
    if log.isEnabledFor(level):
        log.log(level, "request", extra={"status": status, "ms": milliseconds})
