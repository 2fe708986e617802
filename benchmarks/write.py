"""Writing: comments acknowledged per second, each stored durably (`synchronous=FULL`) after the whole pipeline.

Run from the root: python -m benchmarks.write
"""

from __future__ import annotations

import cProfile
import logging
import pstats
import random
import re
import selectors
import socket
import statistics
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple, Self

import psutil
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks._bench import cpu, filled, folder, report, site, table
from benchmarks._peers import for_isso, isso
from blog import create_app
from tests.databases import SECRET_KEY
from tests.nodes import Database
from tests.processes import RunningSite

CLIENTS = (1, 8, 16, 32)
SECONDS = 3
ROUNDS = 3
MEASURED = 16  # clients, against the peer
WANTED = 1.2  # times what the peer acknowledges
WANTED_POSTGRES = 0.7  # of what is acknowledged on SQLite
SITE, POSTGRES, PEER = "the site", "the site on PostgreSQL", "Isso"
MOST = 1000  # a second; so many requests are made before the clock starts
PIECE_BYTES = 64 * 1024
CLOSES = b"\r\nConnection: close\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
WHERE = ("neck", "calf", "lower back", "jaw", "right hip", "left shoulder", "forearm", "knee", "shin", "foot", "elbow")
WHEN = (
    "in the evening",
    "after a long walk",
    "at my desk",
    "when I wake up",
    "on the stairs",
    "after driving",
    "since last winter",
    "when it is cold",
    "after swimming",
    "during the night",
    "while cooking",
)
DONE = (
    "a ball against the wall",
    "heat",
    "a slow stretch",
    "short breaks",
    "a firmer pillow",
    "a rolled towel",
    "two minutes of walking",
    "a warm bath",
    "less coffee",
    "swimming twice a week",
    "breathing out",
)
ASKED = ("How *long* do I hold it?", "Is that normal?", "Should it be sore?", "Twice a day, or less?", "Thank you!")
PROFILED, WARM_UP = 220, 20
PARTS = {
    "SQLite and the disk": ("sqlite3",),
    "SQLAlchemy": ("sqlalchemy",),
    "triage": ("blog/triage",),
    "Markdown and the two sanitisers": ("markdown_it", "bleach", "nh3", "blog/text/"),
    "Flask, Werkzeug and WTForms": ("flask", "werkzeug", "wtforms"),
}
numbers = count(1)


def main() -> None:
    with folder() as place, closing(Database()) as database:
        on_postgres = {"BLOG_DATABASE_URL": database.url, "BLOG_SECRET_KEY": SECRET_KEY}
        filled(place / "instance", posts=10, comments=100, pending=10)
        filled(place / "second", posts=10, comments=100, pending=10, **on_postgres)
        runs: dict[tuple[str, int], list[Run]] = {}
        with (
            site(place / "instance", BLOG_TRUSTED_PROXIES="1") as first,
            site(place / "second", BLOG_TRUSTED_PROXIES="1", **on_postgres) as second,
            isso(place) as (port, process),
        ):
            ours = Server(first.port, (first.keeper,), 303)
            other = Server(second.port, (second.keeper, database.process), 303)
            peer = Server(port, (process,), 202, may_fail=True)
            comments, others = requests(*form_of(first)), requests(*form_of(second))
            for _ in range(ROUNDS):
                for clients in CLIENTS:
                    runs.setdefault((SITE, clients), []).append(send(ours, comments, clients))
                runs.setdefault((POSTGRES, MEASURED), []).append(send(other, others, MEASURED))
                runs.setdefault((PEER, MEASURED), []).append(send(peer, map(for_isso, comments), MEASURED))
        where = shares(place / "instance", list(islice(comments, PROFILED)))
    rows = [(*name, f"{best.rate:,.0f}", f"{best.server:.2f}", f"{best.client:.2f}") for name, best in bests(runs)]
    at_once = {who: statistics.median(run.rate for run in runs[who, MEASURED]) for who in (SITE, POSTGRES, PEER)}
    lines = [
        f"Best of {ROUNDS} rounds of {SECONDS} s over HTTP, each comment other words from another address, cleaned, "
        "triaged and committed with `synchronous=FULL`; the clients are connections of one Python process on the same "
        "cores, which checks that every answer says that the comment is stored. The same site on PostgreSQL, whose own "
        "CPU time is counted with it, and Isso, under gunicorn with as many workers and moderation on, take turns with "
        "the site and get such comments too; Isso's guard is off.",
        "",
        *table(("", "clients", "acknowledged per second", "server CPU ms per comment", "client CPU ms"), rows),
        "",
        f"With {MEASURED} clients, medians: the site against Isso {at_once[SITE] / at_once[PEER]:.2f} (wanted: "
        f"{WANTED}), on PostgreSQL against SQLite {at_once[POSTGRES] / at_once[SITE]:.2f} (wanted: {WANTED_POSTGRES}).",
        "",
        "Where the time of one comment goes, by the profiler, which counts short functions for more than they take: "
        + ", ".join(f"{name} {share:.0%}" for name, share in where)
        + ".",
    ]
    report("write", "Writing", lines)


def form_of(running: RunningSite) -> tuple[str, str]:
    """The address of an article of a site, and the token of its form."""
    page = re.search(r'href="(/posts/[^"]+)"', running.read("/"))
    assert page
    token = re.search(r'name="token"[^>]*value="([^"]+)"', running.read(page[1]))
    assert token
    return page[1], token[1]


def bests(runs: dict[tuple[str, int], list[Run]]) -> list[tuple[tuple[str, int], Run]]:
    return [(name, max(of_one)) for name, of_one in runs.items()]


def requests(page: str, token: str) -> Iterator[bytes]:
    """Comments without end, ready to be sent: each with a number, words and an address of its own."""
    chance = random.Random(1)
    for number in numbers:
        where, when, done, asked = (chance.choice(words) for words in (WHERE, WHEN, DONE, ASKED))
        second, third = chance.choice(WHERE), chance.choice(DONE)
        text = (
            f"My {where} hurts {when}, and {done} helped me more than {third}. My {second} is much better too. {asked}"
            f"\n\nI asked {number} people already."
        )
        form = {"name": f"Reader {number}", "email": "", "website": "", "token": token}
        body = urllib.parse.urlencode({**form, "body": text}).encode()
        head = (
            f"POST {page}/comments HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
            f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


def shares(instance: Path, comments: list[bytes]) -> list[tuple[str, float]]:
    """What takes which part of the time in storing comments, the largest first; all in this process."""
    app = create_app({"BLOG_INSTANCE_PATH": instance, "BLOG_TRUSTED_PROXIES": 1})
    logging.disable()
    environs = []
    for comment in comments:
        head, _, body = comment.decode().partition("\r\n\r\n")
        request, *lines = head.split("\r\n")
        headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        builder = EnvironBuilder(request.split()[1], method="POST", data=body, headers=headers)
        environs.append(builder.get_environ())
    profile = cProfile.Profile()
    for number, environ in enumerate(environs):
        if number == WARM_UP:
            profile.enable()
        _, status, _ = run_wsgi_app(app, environ, buffered=True)
        if not status.startswith("303"):
            raise RuntimeError(f"a comment was answered with {status}")
    profile.disable()
    taken: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if file != "~" or "sqlite3" in name:
            taken[part(file + name)] += own
        else:  # built in: whoever calls it takes the time
            for (caller, _, caller_name), (_, _, spent, _) in callers.items():
                taken[part(caller + caller_name)] += spent
    return [(name, own / taken.total()) for name, own in taken.most_common()]


def part(place: str) -> str:
    """The part of the work that a function belongs to."""
    return next((name for name, words in PARTS.items() if any(word in place for word in words)), "everything else")


def send(server: Server, comments: Iterator[bytes], clients: int) -> Run:
    """Let so many clients send comments as fast as they are acknowledged."""
    ready = list(islice(comments, SECONDS * MOST))  # on the same cores: what can be done before is done before
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        readers = [stack.enter_context(Reader(server, selector)) for _ in range(clients)]
        before, own, began = server.cpu(), time.process_time(), time.monotonic()
        total, waiting, end = 0, clients, began + SECONDS
        for reader in readers:
            reader.send(ready.pop())
        while waiting:
            for key, _ in selector.select():
                is_stored = key.data.is_acknowledged()
                if is_stored is None:
                    continue
                total += is_stored
                if time.monotonic() < end:
                    key.data.send(ready.pop())
                else:
                    waiting -= 1
        rate = total / (time.monotonic() - began)
        spent = server.cpu() - before, time.process_time() - own
        return Run(rate, *(1000 * seconds / total for seconds in spent))


class Run(NamedTuple):
    """Comments acknowledged per second, and CPU milliseconds of the server and of this process for each."""

    rate: float
    server: float
    client: float


@dataclass(frozen=True)
class Server:
    """What takes comments: where it listens, its processes, and the status with which it says that one is stored."""

    port: int
    processes: Sequence[psutil.Process]  # with all below them
    stored: int
    may_fail: bool = False  # a peer that answers 500 is no reason to end: that comment does not count

    def cpu(self) -> float:
        """CPU seconds so far."""
        return sum(map(cpu, self.processes))


class Reader:
    """One connection, kept open where the server does, with at most one comment on its way."""

    def __init__(self, server: Server, selector: selectors.BaseSelector) -> None:
        self.server = server
        self.selector = selector
        self.received = b""
        self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *why: object) -> None:
        self.socket.close()

    def send(self, comment: bytes) -> None:
        if CLOSES in self.received:
            self.selector.unregister(self.socket)
            self.socket.close()
            self._connect()
        self.received = b""
        self.socket.sendall(comment)

    def is_acknowledged(self) -> bool | None:
        """Whether it is stored; None until the whole answer is here. Raises RuntimeError for another answer."""
        self.received += self.socket.recv(PIECE_BYTES)
        head, ended, body = self.received.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        is_stored = head.startswith(b"HTTP/1.1 %d " % self.server.stored)
        has_failed = self.server.may_fail and head.startswith(b"HTTP/1.1 500 ")
        if not (is_stored or has_failed) or (ended and not length):
            raise RuntimeError(f"a comment was answered with {head[:200]!r}")
        return is_stored if ended and length and len(body) == int(length[1]) else None

    def _connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
        self.selector.register(self.socket, selectors.EVENT_READ, self)


if __name__ == "__main__":
    main()
