"""Stopping under load: how long it takes, whether an acknowledged comment is lost, and whether a process stays behind.

Run from the root: python -m benchmarks.stops [how many times]
"""

from __future__ import annotations

import random
import re
import secrets
import signal
import sqlite3
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks._bench import filled, folder, report, site, table
from benchmarks.slow import KINDS, READERS, Reader, crowd
from tests.operations.test_durability import submit_to
from tests.processes import RunningSite, wait_for

TIMES = 100
WRITERS = 4
SLOW_EACH = 20
LONGEST_LOAD_SECONDS = 1.5


@dataclass
class Writer:
    """One who sends comment after comment; `acknowledged` are the marks of those that were taken."""

    site: RunningSite
    article: str
    token: str
    stop: threading.Event
    number: int
    acknowledged: list[str] = field(default_factory=list)

    def run(self) -> None:
        while not self.stop.is_set():
            mark = secrets.token_hex(8)
            if submit_to(self.site, self.article, self.token, random.randrange(1 << 16), mark):
                self.acknowledged.append(mark)


@dataclass
class Stop:
    """What one stop came to."""

    seconds: float
    code: int
    left: int  # processes that outlived the site
    acknowledged: list[str]


def stopped(running: RunningSite, addresses: list[str], article: str) -> Stop:
    """Stop a site in the middle of readers, writers and slow clients."""
    token = re.search(r'name="token"[^>]*value="([^"]+)"', running.read(article))
    assert token
    stop = threading.Event()
    writers = [Writer(running, article, token[1], stop, number) for number in range(WRITERS)]
    readers = [Reader(running, addresses, stop) for _ in range(READERS)]
    threads = [threading.Thread(target=one.run) for one in (*readers, *writers)]
    family = running.everybody
    for thread in threads:
        thread.start()
    with crowd(running, SLOW_EACH, KINDS):
        time.sleep(random.uniform(0, LONGEST_LOAD_SECONDS))
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        code = running.process.wait(60)
        seconds = time.monotonic() - began
        stop.set()
    for thread in threads:
        thread.join()
    wait_for(lambda: not any(map(alive, family)), 2)
    return Stop(seconds, code, sum(map(alive, family)), [mark for one in writers for mark in one.acknowledged])


def alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def lost(instance: Path, marks: list[str]) -> int:
    """How many acknowledged comments are not in the database."""
    with sqlite3.connect(instance / "blog.db") as database:
        rows = database.execute("SELECT body FROM comment_revisions WHERE body LIKE 'Is this%'").fetchall()
    return len(set(marks) - {body.rpartition(" ")[2] for (body,) in rows})


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    stops: list[Stop] = []
    with folder() as place:
        filled(place / "instance", posts=20, comments=200, pending=10)
        for _ in range(times):
            with site(place / "instance", BLOG_TRUSTED_PROXIES="1") as running:
                slug = running.read("/").partition('href="/posts/')[2].partition('"')[0]
                article = f"/posts/{slug}"
                stops.append(stopped(running, [article, "/healthz"], article))
        marks = [mark for one in stops for mark in one.acknowledged]
        gone = lost(place / "instance", marks)
    seconds = sorted(one.seconds for one in stops)
    report(
        "stops",
        "Stopping",
        [
            f"SIGTERM at a random moment while {READERS} readers read, {WRITERS} writers send comments and "
            f"{SLOW_EACH * len(KINDS)} slow clients hold connections.",
            "",
            *table(
                (
                    "stops",
                    "median s",
                    "95 % within s",
                    "longest s",
                    "exit codes",
                    "processes left",
                    "acknowledged",
                    "lost",
                ),
                [
                    (
                        times,
                        f"{statistics.median(seconds):.1f}",
                        f"{seconds[int(len(seconds) * 0.95)]:.1f}",
                        f"{seconds[-1]:.1f}",
                        ", ".join(map(str, sorted({one.code for one in stops}))),
                        sum(one.left for one in stops),
                        f"{len(marks):,}",
                        gone,
                    )
                ],
            ),
        ],
    )


if __name__ == "__main__":
    main()
