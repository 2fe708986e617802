"""Writing: comments acknowledged per second, each stored durably (`synchronous=FULL`) after the whole pipeline.

Run from the root: python -m benchmarks.write
"""

from __future__ import annotations

import cProfile
import logging
import os
import pstats
import random
import re
import selectors
import socket
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path
from typing import Self

from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks._bench import cpu, filled, folder, report, site, table
from blog import create_app
from tests.processes import RunningSite

CLIENTS = (1, 8, 16, 32)
SECONDS = 3
ROUNDS = 3
WANTED = 450  # a second, with 16 clients
MOST = 1000  # a second; so many requests are made before the clock starts
PIECE_BYTES = 64 * 1024
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
    with folder() as place:
        filled(place / "instance", posts=10, comments=100, pending=10)
        best: dict[int, tuple[float, ...]] = {}
        with site(place / "instance", BLOG_TRUSTED_PROXIES="1") as running:
            page = re.search(r'href="(/posts/[^"]+)"', running.read("/"))
            assert page
            token = re.search(r'name="token"[^>]*value="([^"]+)"', running.read(page[1]))
            assert token
            comments = requests(page[1], token[1])
            for _ in range(ROUNDS):
                for clients in CLIENTS:
                    run = send(running, comments, clients)
                    best[clients] = max(best.get(clients, (0.0,)), run)
        where = shares(place / "instance", list(islice(comments, PROFILED)))
    rows = [(clients, f"{run[0]:,.0f}", *(f"{cost:.2f}" for cost in run[1:])) for clients, run in best.items()]
    most = max(rate for rate, *_ in best.values())
    lines = [
        f"Best of {ROUNDS} rounds of {SECONDS} s over HTTP, each comment other words from another address, cleaned, "
        "triaged and committed with `synchronous=FULL`; the clients are connections of one Python process on the same "
        f"cores, which checks that every answer is a 303. Wanted: {WANTED} a second with 16 clients.",
        "",
        *table(("clients", "acknowledged per second", "server CPU ms per comment", "client CPU ms"), rows),
        "",
        "Where the time of one comment goes, by the profiler, which counts short functions for more than they take: "
        + ", ".join(f"{name} {share:.0%}" for name, share in where)
        + ".",
    ]
    if most < WANTED:
        left = (os.cpu_count() or 1) / WANTED * 1000
        lines += [
            "",
            f"{WANTED} a second leave {left:.1f} ms of all cores for a comment, with the client. The server takes "
            f"{best[16][1]:.1f} ms, nearly all of it in Python's interpreter; the disk is waited for in between. No "
            "single step stands out: what is left is their number. More cores help, up to the time a comment holds "
            "the write lock.",
        ]
    report("write", "Writing", lines)


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


def send(running: RunningSite, comments: Iterator[bytes], clients: int) -> tuple[float, float, float]:
    """Comments acknowledged per second, and CPU milliseconds of the server and of this process for each."""
    ready = list(islice(comments, SECONDS * MOST))  # on the same cores: what can be done before is done before
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        readers = [stack.enter_context(Reader(running.port)) for _ in range(clients)]
        for reader in readers:
            selector.register(reader.socket, selectors.EVENT_READ, reader)
        before, own, began = cpu(running.keeper), time.process_time(), time.monotonic()
        total, waiting, end = 0, clients, began + SECONDS
        for reader in readers:
            reader.send(ready.pop())
        while waiting:
            for key, _ in selector.select():
                if not key.data.is_acknowledged():
                    continue
                total += 1
                if time.monotonic() < end:
                    key.data.send(ready.pop())
                else:
                    waiting -= 1
        rate = total / (time.monotonic() - began)
        return rate, (cpu(running.keeper) - before) / total * 1000, (time.process_time() - own) / total * 1000


class Reader:
    """One connection, kept open, with at most one comment on its way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.received = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *why: object) -> None:
        self.socket.close()

    def send(self, comment: bytes) -> None:
        self.received = b""
        self.socket.sendall(comment)

    def is_acknowledged(self) -> bool:
        """Whether the whole answer is here. Raises RuntimeError unless it is a 303."""
        self.received += self.socket.recv(PIECE_BYTES)
        head, ended, body = self.received.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 303 ") or (ended and not length):
            raise RuntimeError(f"a comment was answered with {head[:200]!r}")
        return bool(ended and length and len(body) == int(length[1]))


if __name__ == "__main__":
    main()
