"""What stands in the log, what never does, and what happens when nobody reads it."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog.operations import logs

TOKEN = "sK3bq-Zt0_x9PvLmN4yRw7QeUaJd1HcG5fTiO2nBVXk"


class Pipe:
    """A pipe as log target, and what was written into it."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        self.handler = logs.start(self.writer)

    def lines(self) -> list[dict[str, object]]:
        self.handler.flush_within(2)
        try:
            return [json.loads(line) for line in os.read(self.reader, 1 << 20).splitlines()]
        except BlockingIOError:
            return []


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    root = logging.getLogger()
    level = root.level
    pipe = Pipe()
    yield pipe
    root.removeHandler(pipe.handler)
    root.setLevel(level)
    os.close(pipe.reader)
    pipe.handler.flush_within(1)
    os.close(pipe.writer)


def test_tells_what_went_wrong_by_its_rule(pipe: Pipe, client: FlaskClient):
    """A failed request is one line with method, rule, status, time and id; the path is not in it."""
    client.get(f"/account/link/{TOKEN}")
    line = pipe.lines()[-1]

    assert ("request", "GET", "/account/link/<token>") == (line["event"], line["method"], line["route"])
    assert line["status"] in (404, 410)
    assert {"ms", "request", "timestamp", "level"} <= line.keys()
    assert TOKEN not in json.dumps(line)


def test_is_silent_about_reading(pipe: Pipe, client: FlaskClient):
    """Pages that are read without trouble cost no line."""
    client.get("/healthz")

    assert [] == pipe.lines()


@pytest.mark.parametrize(
    ("secret", "instead"),
    [
        ("somebody@example.org", "[e-mail]"),
        ("198.51.100.23", "[address]"),
        ("2001:db8:1:2:3:4:5:6", "[address]"),
        ("2001:db8::8a2e:370:7334", "[address]"),
        (TOKEN, "[token]"),
    ],
)
def test_hides_secrets_wherever_they_stand(pipe: Pipe, secret: str, instead: str):
    """Also in what a library says, in fields, and in a traceback."""
    try:
        raise ValueError(f"no such thing: {secret}")
    except ValueError:
        logging.getLogger("elsewhere").exception("about %s", secret, extra={"detail": f"<{secret}>"})
    (line,) = pipe.lines()

    assert secret not in json.dumps(line)
    assert f"about {instead}" == line["event"]
    assert f"<{instead}>" == line["detail"]
    assert "ValueError: no such thing" in str(line["exception"])


def test_drops_lines_instead_of_waiting(pipe: Pipe):
    """With a full pipe, logging goes on; what was lost is counted when somebody reads again."""
    log = logging.getLogger("elsewhere")
    for number in range(5000):  # if a line waited for a reader, this would never end
        log.warning("line %d %s", number, "x" * 100)

    told: list[dict[str, object]] = []
    end = time.monotonic() + 30
    while time.monotonic() < end and not any(line["event"] == "log lines dropped" for line in told):
        log.warning("again")
        told += whole_lines(pipe)
        time.sleep(0.02)
    dropped = next(line for line in told if line["event"] == "log lines dropped")
    assert 0 < int(str(dropped["lines"])) < 5100


def whole_lines(pipe: Pipe) -> list[dict[str, object]]:
    try:
        text = os.read(pipe.reader, 1 << 20)
    except BlockingIOError:
        return []
    found = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue  # the half of a line
    return found


def test_works_in_a_forked_process(pipe: Pipe):
    """A child has its own queue and thread; what the parent had queued is not told twice."""
    logging.getLogger("elsewhere").warning("parent")
    pid = os.fork()
    if pid == 0:
        logging.getLogger("elsewhere").warning("child")
        logs.flush()
        os._exit(0)
    os.waitpid(pid, 0)

    assert ["child", "parent"] == sorted(str(line["event"]) for line in pipe.lines())


def test_traces_stay_out_of_the_answer(app: Flask, pipe: Pipe):
    """An error nobody thought of is told to us with its trace, and to the visitor without."""

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("a detail")

    response = app.test_client().get("/broken")

    assert 500 == response.status_code
    assert "a detail" not in response.text
    assert any("RuntimeError: a detail" in str(line.get("exception")) for line in pipe.lines())
