"""Clients who stall: readers' times before, while hundreds of each kind hold connections, and afterwards.

Run from the root: python -m benchmarks.slow [how many of each kind]
"""

from __future__ import annotations

import contextlib
import http.client
import resource
import selectors
import socket
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks._bench import filled, folder, report, site, table
from tests.processes import RunningSite

EACH = 500
READERS = 4
SECONDS = 12
PAUSE_SECONDS = 0.01  # of a reader, between two pages
LEFT_SECONDS = 60  # for the last of them to be sent away

HOST = b"Host: 127.0.0.1\r\n"
KINDS = {  # what each sends at once, and then every second
    "a body that never comes": (
        b"POST /posts/x/comments HTTP/1.1\r\n" + HOST + b"Content-Length: 5000\r\n\r\nname=",
        b"",
    ),
    "a header in drops": (b"GET / HTTP/1.1\r\n" + HOST, b"X: y\r\n"),
    "nothing": (b"", b""),
    "answers nobody reads": (24 * (b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"), b""),
}


@dataclass
class Reader:
    """One who reads page after page on one connection."""

    site: RunningSite
    addresses: list[str]
    stop: threading.Event
    taken: list[float] = field(default_factory=list)
    failed: int = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        while not self.stop.is_set():
            for address in self.addresses:
                began = time.perf_counter()
                try:
                    connection.request("GET", address)
                    answer = connection.getresponse()
                    answer.read()
                    self.failed += answer.status != 200
                except (OSError, http.client.HTTPException):
                    self.failed += 1
                    connection.close()
                self.taken.append((time.perf_counter() - began) * 1000)
                time.sleep(PAUSE_SECONDS)
        connection.close()


class Crowd:
    """Many slow connections, in one thread."""

    def __init__(self, port: int, each: int, kinds: dict[str, tuple[bytes, bytes]]) -> None:
        self.stop = threading.Event()
        self._drops: list[tuple[socket.socket, bytes]] = []
        self._chooser = selectors.DefaultSelector()
        self.opened = 0
        for begin, drop in kinds.values():
            for _ in range(each):
                one = socket.socket()
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                one.settimeout(30)
                one.connect(("127.0.0.1", port))
                one.sendall(begin)
                one.setblocking(False)
                self._drops.append((one, drop))
                self.opened += 1
        self._thread = threading.Thread(target=self._drip)
        self._thread.start()

    def _drip(self) -> None:
        while not self.stop.wait(1):
            for one, drop in self._drops:
                if drop:
                    with contextlib.suppress(OSError):
                        one.send(drop)

    def end(self) -> None:
        self.stop.set()
        self._thread.join()
        for one, _ in self._drops:
            one.close()


def read(running: RunningSite, addresses: list[str], seconds: float) -> tuple[list[float], int]:
    """The milliseconds of each page while some people read, and how many failed."""
    stop = threading.Event()
    readers = [Reader(running, addresses, stop) for _ in range(READERS)]
    threads = [threading.Thread(target=reader.run) for reader in readers]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return sorted(one for reader in readers for one in reader.taken), sum(reader.failed for reader in readers)


def held(running: RunningSite) -> int:
    """Connections that the web processes hold."""
    return sum(
        known.status == "ESTABLISHED" for worker in running.web_workers for known in worker.net_connections("inet")
    )


def row(name: str, found: tuple[list[float], int], holds: int, left: str) -> tuple[str, ...]:
    taken, failed = found
    p95 = taken[int(len(taken) * 0.95)]
    return (name, f"{statistics.median(taken):.1f}", f"{p95:.1f}", f"{len(taken):,}", str(failed), str(holds), left)


def sent_away(running: RunningSite, began: float) -> str:
    """After how long the last of the slow was let go."""
    while held(running):
        if time.monotonic() - began > LEFT_SECONDS:
            return f"{held(running)} left after {LEFT_SECONDS}"
        time.sleep(0.2)
    return f"{time.monotonic() - began:.0f}"


@contextmanager
def crowd(running: RunningSite, each: int, kinds: dict[str, tuple[bytes, bytes]]) -> Iterator[Crowd]:
    made = Crowd(running.port, each, kinds)
    try:
        yield made
    finally:
        made.end()


def main() -> None:
    each = int(sys.argv[1]) if len(sys.argv) > 1 else EACH
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    rows = []
    with folder() as place:
        filled(place / "instance", posts=20, comments=200, pending=10)
        with site(place / "instance") as running:
            page = running.read("/")
            slug = page.partition('href="/posts/')[2].partition('"')[0]
            made = [f"/posts/{slug}", "/healthz", "/login"]
            rows.append(row("before", read(running, made, SECONDS), held(running), ""))
            for name, kind in [*((one, {one: KINDS[one]}) for one in KINDS), ("all of them", KINDS)]:
                with crowd(running, each, kind) as slow:
                    began, holds = time.monotonic(), held(running)
                    found = read(running, made, SECONDS)
                    rows.append(row(f"{slow.opened:,} with {name}", found, holds, sent_away(running, began)))
            rows.append(row("afterwards", read(running, made, SECONDS), held(running), ""))
    report(
        "slow",
        "Slow clients",
        [
            f"{READERS} readers in turn ask for an article (from memory), `/healthz` and `/login` (made each time), "
            f"{SECONDS} s long, while so many slow clients hold connections, from the same machine.",
            "",
            *table(
                ("", "median ms", "95 % within ms", "answers", "failed", "held at first", "the last sent away after s"),
                rows,
            ),
        ],
    )


if __name__ == "__main__":
    main()
