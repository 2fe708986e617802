"""What stands in the log, what never does, and what happens when nobody reads it."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog.clients import KnownClients
from blog.network import Clients
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


class TestSlowRequests:
    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"BLOG_SLOW_MS": "1"}

    def test_are_told_also_when_all_went_well(self, pipe: Pipe, client: FlaskClient):
        """A page that is read without trouble has a line when it took its time."""
        client.get("/sitemap.xml")

        assert [("slow request", "/sitemap.xml", 200)] == [
            (line["event"], line["route"], line["status"]) for line in pipe.lines()
        ]


class TestNames:
    """The name of a request."""

    def test_is_the_same_in_the_log_on_the_page_and_in_the_answer(self, pipe: Pipe, app: Flask, client: FlaskClient):
        app.add_url_rule("/broken", view_func=lambda: 1 / 0)
        answer = client.get("/broken")
        name = answer.headers["X-Request-ID"]

        assert re.fullmatch("[0-9a-f]{12}", name)
        assert f"<code>{name}</code>" in answer.text
        assert {name} == {line["request"] for line in pipe.lines()}

    def test_differs_from_one_request_to_the_next(self, client: FlaskClient):
        assert client.get("/nowhere").headers["X-Request-ID"] != client.get("/nowhere").headers["X-Request-ID"]

    def test_is_not_on_a_page_that_everybody_gets(self, client: FlaskClient):
        """It would be that of whoever asked first."""
        assert [None, None] == [client.get("/").headers.get("X-Request-ID") for _ in range(2)]

    @pytest.mark.parametrize("name", ["0123456789abcdef0123456789abcdef", "0b1e2c3d-0000-4000-8000-000000000001"])
    def test_is_given_by_a_proxy_of_ours(self, behind: FlaskClient, name: str):
        """What nginx or Caddy call it, so that their log and ours can be read together."""
        assert name == behind.get("/nowhere", headers={"X-Request-ID": name}).headers["X-Request-ID"]

    @pytest.mark.parametrize("name", ["", "short", "x" * 32, "0123456789abcdef <b>", "0" * 65])
    def test_is_ours_where_the_one_given_should_not_stand_in_a_log(self, behind: FlaskClient, name: str):
        assert name != behind.get("/nowhere", headers={"X-Request-ID": name}).headers["X-Request-ID"]

    def test_is_never_given_by_a_client(self, client: FlaskClient):
        """Without a proxy, whoever asks could take somebody else's."""
        assert "0" * 12 != client.get("/nowhere", headers={"X-Request-ID": "0" * 12}).headers["X-Request-ID"]

    @pytest.fixture
    def behind(self, app: Flask) -> FlaskClient:
        """A client of the same site behind one proxy."""
        app.wsgi_app = KnownClients(app, Clients(1, app.config["BLOG_SITE_URL"]))  # type: ignore[method-assign]
        return app.test_client()


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
