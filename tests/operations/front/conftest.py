"""A front of one's own: the real event loop and sockets around the test's application, with short limits."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
import uvloop

from blog.operations.front.limits import Limits
from blog.operations.front.process import Site, listening

SHORT = Limits(
    header_bytes=4096,
    header_seconds=0.4,
    body_bytes=10_000,
    body_seconds=1.5,
    stall_seconds=0.4,
    answer_seconds=3,
    linger_seconds=0.4,
    finish_seconds=0.4,
    connections=50,
)
PATIENCE = 60  # seconds after which a test gives up, however slow the machine
# A busy machine may let a test stand for longer than the short times, which would send it away as a slow client.
UNHURRIED = replace(
    SHORT, header_seconds=PATIENCE, body_seconds=PATIENCE, stall_seconds=PATIENCE, answer_seconds=PATIENCE
)


@dataclass
class Said:
    """An answer as it came over the socket."""

    status: int
    headers: dict[str, str]
    body: bytes

    @classmethod
    def read(cls, file, method: str = "GET") -> Said | None:
        """The next answer; None where the connection ended instead."""
        first = file.readline()
        if not first:
            return None
        headers = {}
        while line := file.readline().strip():
            name, _, value = line.decode("latin-1").partition(": ")
            headers[name.lower()] = value
        status = int(first.split()[1])
        if status == 100:
            return cls(status, headers, b"")
        length = 0 if method == "HEAD" or status in (204, 304) else int(headers["content-length"])
        return cls(status, headers, file.read(length))


@dataclass
class Front:
    """Where the site listens, and clients for it."""

    port: int
    opened: list[socket.socket] = field(default_factory=list)
    stop: Callable[[], object] = lambda: None

    def connect(self) -> socket.socket:
        one = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.opened.append(one)
        return one

    def say(self, *parts: bytes, method: str = "GET") -> Said | None:
        """Send raw bytes on a new connection; the first answer."""
        one = self.connect()
        for part in parts:
            one.sendall(part)
        return Said.read(one.makefile("rb"), method)

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **told: str) -> Said:
        headers = {"host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in told.items()}}
        if body:
            headers["content-length"] = str(len(body))
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        said = self.say("\r\n".join(lines).encode() + b"\r\n\r\n" + body, method=method)
        assert said is not None
        return said


def ends(one: socket.socket) -> bool:
    """Whether the other side ends the connection; what it says before is thrown away."""
    try:
        while one.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def hidden(page: bytes) -> str:
    """The title of a page."""
    found = re.search(rb"<h1>(.*?)</h1>", page)
    return found[1].decode() if found else ""


@pytest.fixture
def limits() -> Limits:
    return UNHURRIED


@pytest.fixture
def front(app, limits) -> Iterator[Front]:
    """The test's application, served."""
    loop = uvloop.new_event_loop()
    listener = listening("127.0.0.1", 0)
    served = Front(listener.getsockname()[1])
    sites: list[Site] = []
    up = threading.Event()

    def run() -> None:
        asyncio.set_event_loop(loop)
        sites.append(Site(app, loop, limits))
        up.set()
        loop.run_until_complete(sites[0].serve(listener, drain_seconds=PATIENCE))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    up.wait(PATIENCE)
    served.stop = lambda: loop.call_soon_threadsafe(sites[0].stop)
    yield served
    for one in served.opened:
        one.close()
    served.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
