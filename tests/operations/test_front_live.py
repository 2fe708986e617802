"""The running site among clients who stall: others are answered, they are sent away, and it stops when told."""

from __future__ import annotations

import contextlib
import itertools
import re
import signal
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.processes import FLASK, RunningSite, is_gone, wait_for

pytestmark = pytest.mark.slow

ARTICLE = "/posts/gluteus-maximus-trigger-points"
MANY = 64
PATIENCE = 90  # seconds, for the slowest machine
GET = f"GET {ARTICLE} HTTP/1.1\r\nHost: localhost\r\n".encode()
FORM = "Content-Type: application/x-www-form-urlencoded"
POST = f"POST {ARTICLE}/comments HTTP/1.1\r\nHost: localhost\r\n{FORM}\r\n".encode()


class Clients:
    """Many connections that behave alike, held open from one thread."""

    def __init__(self, site: RunningSite, begin: bytes, drop: bytes = b"", buffer: int = 0) -> None:
        self.site = site
        self.drop = drop
        self.stop = threading.Event()
        self.sockets = [self._open(buffer) for _ in range(MANY)]
        for one in self.sockets:
            one.sendall(begin)
        self.thread = threading.Thread(target=self._drip)
        self.thread.start()

    def _open(self, buffer: int) -> socket.socket:
        one = socket.socket()
        if buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        one.settimeout(PATIENCE)
        one.connect(("127.0.0.1", self.site.port))
        return one

    def _drip(self) -> None:
        while self.drop and not self.stop.wait(0.5):
            for one in self.sockets:
                with contextlib.suppress(OSError):
                    one.sendall(self.drop)

    def held(self) -> int:
        """How many of these connections the site still holds."""
        ours = set()
        for one in self.sockets:
            with contextlib.suppress(OSError):
                ours.add(one.getsockname()[1])
        found = 0
        for worker in self.site.web_workers:
            with contextlib.suppress(psutil.Error):
                found += sum(
                    bool(known.raddr) and known.raddr.port in ours and known.status == psutil.CONN_ESTABLISHED
                    for known in worker.net_connections("inet")
                )
        return found

    def close(self) -> None:
        self.stop.set()
        self.thread.join()
        for one in self.sockets:
            one.close()


KINDS: dict[str, Callable[[RunningSite], Clients]] = {
    "bodies that never come": lambda site: Clients(site, POST + b"Content-Length: 5000\r\n\r\nname="),
    "bodies of GETs that never come": lambda site: Clients(
        site, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
    ),
    "chunks in drops": lambda site: Clients(site, POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "headers in drops": lambda site: Clients(site, GET, b"X: y\r\n"),
    "nothing at all": lambda site: Clients(site, b""),
    "answers nobody reads": lambda site: Clients(site, 24 * (GET + b"\r\n"), buffer=4096),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    folder = tmp_path_factory.mktemp("front") / "site"
    site = RunningSite(folder, (FLASK, "serve", "--sample"), FLASK_APP="tests.operations.slow_site")
    yield site.wait_until_up()
    site.kill()


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[RunningSite]:
    """One that the test may stop."""
    site = RunningSite(tmp_path / "site", (FLASK, "serve", "--sample"), FLASK_APP="tests.operations.slow_site")
    yield site.wait_until_up()
    site.kill()


@pytest.mark.parametrize("kind", KINDS)
def test_others_are_answered_and_the_slow_are_sent_away(site: RunningSite, kind: str):
    """
    64 clients at once behave badly: health, a page and a page that must be made are answered, and none stays for ever.
    """
    clients = KINDS[kind](site)
    try:
        answers = [site.status(path, timeout=PATIENCE) for path in 5 * ("/healthz", ARTICLE, "/login")]
        gone = wait_for(lambda: clients.held() == 0, PATIENCE)
    finally:
        clients.close()

    assert (15 * [200], True) == (answers, gone)


def test_all_of_them_together_stop_nobody(site: RunningSite):
    """Six times 64."""
    crowd = [make(site) for make in KINDS.values()]
    try:
        answers = [site.status(path, timeout=PATIENCE) for path in 5 * ("/healthz", ARTICLE, "/login")]
    finally:
        for clients in crowd:
            clients.close()

    assert 15 * [200] == answers


def test_log_ins_wait_for_each_other_and_readers_for_none(site: RunningSite):
    """
    While 24 passwords are being checked, pages are made for readers: the first of them before the last log-in ends.
    """
    page = site.read("/login")
    cookie_jar = urllib.request.HTTPCookieProcessor()
    opener = urllib.request.build_opener(cookie_jar)
    page = opener.open(site.url + "/login", timeout=PATIENCE).read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    cookies = "; ".join(f"{one.name}={one.value}" for one in cookie_jar.cookiejar)
    codes: list[int] = []

    def log_in(number: int) -> None:
        fields = {"email": f"nobody{number}@example.org", "password": "not this one", "csrf_token": token[1]}
        request = urllib.request.Request(
            site.url + "/login",
            urllib.parse.urlencode(fields).encode(),
            {"Cookie": cookies, "Referer": site.url + "/login"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                codes.append(answer.status)
        except urllib.error.HTTPError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=log_in, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    made = [site.status(f"/search?q=pain{number}", timeout=PATIENCE) for number in range(5)]
    running = sum(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join()

    assert running
    assert {200, 404} >= set(made)
    assert {422, 429, 503} >= set(codes)
    assert 24 == len(codes)


class Load:
    """Readers as fast as answers come, slow clients of all kinds, and one request that runs."""

    def __init__(self, site: RunningSite, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.stop = threading.Event()
        self.slow: list[int] = []
        self.threads = [threading.Thread(target=self._read, args=(number,)) for number in range(4)]
        self.threads.append(threading.Thread(target=self._wait))
        for thread in self.threads:
            thread.start()
        self.crowd = [make(site) for make in KINDS.values()]
        assert wait_for((folder / "in").exists)

    def _read(self, number: int) -> None:
        for turn in itertools.count():
            if self.stop.is_set():
                return
            self.site.status((ARTICLE, "/", "/login", f"/nowhere-{number}-{turn}")[turn % 4])

    def _wait(self) -> None:
        self.slow.append(self.site.status(f"/held?folder={self.folder}", timeout=240))

    def end(self) -> None:
        self.stop.set()
        for clients in self.crowd:
            clients.close()
        for thread in self.threads:
            thread.join()


def test_stops_among_them(own_site: RunningSite, tmp_path: Path):
    """Told to stop, it lets the running request finish, waits for none of the slow, and leaves no process."""
    everybody = own_site.everybody
    load = Load(own_site, tmp_path)
    own_site.process.send_signal(signal.SIGTERM)
    (tmp_path / "go").touch()
    try:
        code = own_site.process.wait(120)  # it would wait for 240 seconds: nobody was waited for until they were over
    finally:
        load.end()

    assert ([200], 0) == (load.slow, code)
    assert all(is_gone(process) for process in everybody)


def test_leaves_no_orphans_among_them(own_site: RunningSite, tmp_path: Path):
    """The process that watches is killed outright: all others end."""
    everybody = own_site.everybody
    load = Load(own_site, tmp_path)
    own_site.process.kill()
    own_site.process.wait()
    (tmp_path / "go").touch()
    try:
        gone = wait_for(lambda: all(is_gone(process) for process in everybody))
    finally:
        load.end()

    assert gone
