"""Two nodes behind nginx are restarted one after the other, while people read and write. Part of `make faults`."""

from __future__ import annotations

import http.client
import re
import secrets
import shutil
import ssl
import threading
import time
import urllib.parse
from dataclasses import dataclass, field

import psycopg
import pytest

from blog import create_app
from blog.database import db
from blog.pages.models import FloodMode
from tests.databases import SECRET_KEY, migrated
from tests.fronts import NAME, SITE, Proxy, nginx
from tests.make import Make
from tests.nodes import Database
from tests.processes import FLASK, RunningSite

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not shutil.which("nginx"), reason="needs nginx")]

READERS, WRITERS = 6, 4
LOAD_SECONDS = 3.0  # before, between and after the restarts; nginx looks again after two


def new_mark() -> str:
    """Letters alone: with digits some look like a telephone number, of which their writers would be warned."""
    return "".join(secrets.choice("abcdefghijkmnopqrstuvwxyz") for _ in range(16))


@dataclass
class Crowd:
    """People who come through the proxy, each answer noted; `stored` are the marks of comments that were taken."""

    proxy: Proxy
    token: str
    stop: threading.Event = field(default_factory=threading.Event)
    answers: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)

    def read(self) -> None:
        while not self.stop.is_set():
            connection = self._connect()
            for address in ("/posts/one", "/?page=1&x=" + secrets.token_hex(3), "/login"):
                self._ask(connection, "GET", address)
            connection.close()

    def write(self) -> None:
        while not self.stop.is_set():
            mark = new_mark()
            fields = {"name": "Ada", "email": "", "body": f"Is it {mark}?", "token": self.token, "website": ""}
            connection = self._connect()
            if self._ask(connection, "POST", "/posts/one/comments", urllib.parse.urlencode(fields)) == 303:
                self.stored.append(mark)
            connection.close()
            time.sleep(0.02)

    def _connect(self) -> http.client.HTTPSConnection:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(self.proxy.host, self.proxy.port, timeout=60, context=context)

    def _ask(self, connection: http.client.HTTPSConnection, method: str, address: str, body: str = "") -> int:
        headers = {"Host": NAME, "Sec-Fetch-Site": "same-origin"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body or None, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.refused.append(f"{method} {address}: {type(error).__name__}")
            return 0
        self.answers.append(answer.status)
        if answer.status not in (200, 303):
            self.refused.append(f"{method} {address}: {answer.status}")
        return answer.status


def test_nobody_notices(tmp_path):
    """Not one request is refused or broken off, and each comment that was taken is stored once."""
    database = Database()
    settings = {"BLOG_DATABASE_URL": database.url, "BLOG_SECRET_KEY": SECRET_KEY, "BLOG_LEAVE_SECONDS": "1", **SITE}
    nodes: list[RunningSite] = []
    try:
        migrated({"BLOG_INSTANCE_PATH": str(tmp_path / "making"), **settings})
        prepare(tmp_path, settings)
        nodes = [RunningSite(tmp_path / f"node{number}", (FLASK, "serve"), **settings) for number in range(2)]
        for node in nodes:
            node.wait_until_up(90)
        with nginx(tmp_path, [node.port for node in nodes]) as proxy:
            page = proxy.curl("/posts/one")
            found = re.search(r'name="token"[^>]*value="([^"]+)"', page)
            assert found
            crowd = Crowd(proxy, found[1])
            threads = [threading.Thread(target=one) for one in [crowd.read] * READERS + [crowd.write] * WRITERS]
            for thread in threads:
                thread.start()
            try:
                for node in nodes:
                    time.sleep(LOAD_SECONDS)
                    node.restart()
                time.sleep(LOAD_SECONDS)
            finally:
                crowd.stop.set()
                for thread in threads:
                    thread.join()
        with psycopg.connect(database.url) as connection:
            rows = connection.execute("SELECT body FROM comment_revisions WHERE body LIKE 'Is it %'").fetchall()
    finally:
        for node in nodes:
            node.kill()
        database.close()
    stored = [re.sub(r"\W+|Is it", "", body) for (body,) in rows]

    assert [] == crowd.refused[:10]
    assert len(stored) == len(set(stored))
    assert set(crowd.stored) <= set(stored)
    assert len(crowd.stored) > 20
    assert len(crowd.answers) > 200


def prepare(folder, settings):
    """An article on which much may be written from one address."""
    app = create_app({"BLOG_INSTANCE_PATH": str(folder / "making"), **settings})
    with app.app_context():
        make = Make(app)
        make.post("one")
        make.settings(comment_limit=100_000, flood_mode=FloodMode.OFF)
        db.engine.dispose()
