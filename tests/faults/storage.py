"""The disk and the database's file: full, failing, read-only, away, damaged, locked; processes that die on the way."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from tests.faults.harness import ARTICLE, Ledger, Said, ask, expect, fault, flask, no_trace_in, served, traced
from tests.processes import is_gone, wait_for

UNREAD = "/posts/psoas-trigger-points"


@fault("F01", "kill -9 of all processes while 8 clients write, 8 rounds", "0 lost, 0 twice; ready again by itself")
def killed(place: Path) -> str:
    told, slowest = "", 0.0
    with served(place) as site:
        ledger = Ledger.of(site)
        for number in range(8):
            with ledger.many(8):
                time.sleep(random.uniform(0.3, 1.5))
                if number % 2:
                    site.kill()
                else:
                    site.web_workers[0].kill()
            if number % 2:
                began = time.monotonic()
                site.start()
                site.wait_until_up(60)
                slowest = max(slowest, time.monotonic() - began)
            expect(wait_for(lambda: site.status("/readyz") == 200, 20), "not ready after a kill")
        told = ledger.check(place / "blog.db")
    return f"{told}; started again in {slowest:.1f} s at most"


@fault("F02", "SIGKILL of a web process exactly at its Nth fdatasync, N = 1…10", "sound each time; 0 lost, 0 twice")
def killed_in_commit(place: Path) -> str:
    with served(place, "--workers", "1") as site:
        ledger = Ledger.of(site)
        for number in range(1, 11):
            (worker,) = site.web_workers
            with traced(worker.pid, "fdatasync", f"signal=SIGKILL:when={number}"), ledger.many(3):
                expect(wait_for(partial(is_gone, worker), 20), "it did not die")
            expect(wait_for(lambda: site.status("/readyz") == 200, 20), "not ready after a kill")
        return f"10 of 10; {ledger.check(place / 'blog.db')}"


@fault(
    "F04",
    "disk full (a file system of 40 MB in memory)",
    "pages 200; a comment 503 with its text; works after room is made, without a restart",
)
def full(place: Path) -> str:
    with mounted(place, "size=40m"), served(place) as site:
        ledger = Ledger.of(site)
        ledger.write()
        filler = place / "filler"
        subprocess.run(("dd", "if=/dev/zero", f"of={filler}", "bs=4k"), capture_output=True, check=False)
        answers = [ledger.write() for _ in range(12)]
        _refused_with_text(answers)
        pages = [ask(site, path).status for path in (ARTICLE, UNREAD, "/", "/feed.atom")]
        ready = site.status("/readyz")
        filler.unlink()
        expect(set(pages) == {200}, f"pages answered {pages}")
        expect(wait_for(lambda: ledger.write().status == 303, 20), "no comment taken after room was made")
        refused = sum(one.status == 503 for one in answers)
        told = f"{refused} of 12 refused with 503, text kept; /readyz {ready}; pages {pages}"
        return f"{told}; {ledger.check(place / 'blog.db')}"


@fault(
    "F05", "ENOSPC at the Nth pwrite64 of a web process, 10 places", "not acknowledged, rolled back; the next one works"
)
def no_space_once(place: Path) -> str:
    return _once(place, "pwrite64", "ENOSPC", (1, 2, 3, 4, 5, 7, 9, 12, 16, 20))


@fault("F06", "EIO at the Nth fdatasync of a web process, 6 places", "not acknowledged; the next one works")
def sync_fails(place: Path) -> str:
    return _once(place, "fdatasync", "EIO", (1, 2, 3, 4, 5, 6))


def _once(place: Path, call: str, error: str, places: tuple[int, ...]) -> str:
    refused = 0
    with served(place, "--workers", "1") as site:
        ledger = Ledger.of(site)
        for number in places:
            with traced(site.web_workers[0].pid, call, f"error={error}:when={number}"):
                answers = [ledger.write() for _ in range(8)]
            for said in answers:
                no_trace_in(said)
            wrong = [said.status for said in answers if said.status not in (303, 503)]
            expect(not wrong, f"answered {wrong}")
            refused += sum(said.status == 503 for said in answers)
            expect(ledger.write().status == 303, f"the next one was not taken after {error} at {number}")
        told = ledger.check(place / "blog.db")
    return f"{refused} refused with 503; {told}"


@fault(
    "F07",
    "another program holds the write lock for 1 s and for 8 s",
    "1 s: taken; 8 s: 503 with the text after 5 s; pages meanwhile under 0.3 s",
)
def locked(place: Path) -> str:
    with served(place) as site:
        ledger = Ledger.of(site)
        ask(site, ARTICLE)
        short = _while_locked(place, 1, ledger.write)
        pages: list[float] = []

        def both() -> Said:
            reading = threading.Thread(target=lambda: pages.extend(ask(site, ARTICLE).seconds for _ in range(100)))
            reading.start()
            said = ledger.write()
            reading.join()
            return said

        long = _while_locked(place, 8, both)
        expect(short.status == 303, f"after 1 s: {short.status}")
        _refused_with_text([long])
        slowest = sorted(pages)[94]
        expect(slowest < 0.3, f"pages took {slowest:.2f} s")
        told = f"1 s: 303 after {short.seconds:.1f} s; 8 s: 503 after {long.seconds:.1f} s"
        return f"{told}; pages {slowest * 1000:.0f} ms (95 of 100); {ledger.check(place / 'blog.db')}"


def _while_locked(place: Path, seconds: float, do: object) -> Said:
    with closing(sqlite3.connect(place / "blog.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(seconds, lambda: other.execute("ROLLBACK"))
        timer.start()
        said: Said = do()  # type: ignore[operator]
        timer.join()
    return said


@fault(
    "F09",
    "the instance folder becomes read-only while the site runs, and before it starts",
    "pages 200; comments taken and kept, or 503; no start, one line that names the folder",
)
def read_only(place: Path) -> str:
    with mounted(place, "size=60m"):
        with served(place) as site:
            ledger = Ledger.of(site)
            kept = ask(site, ARTICLE).status
            with _bound_read_only(place):
                page, comment = ask(site, ARTICLE), ledger.write()
            no_trace_in(comment)
            expect(kept == page.status == 200, f"the page answered {page.status}")
            expect(comment.status in (303, 503), f"the comment was answered {comment.status}")
        with _bound_read_only(place):
            began = time.monotonic()
            done = flask(place, "serve", "--port", str(site.port))
            seconds = time.monotonic() - began
        told = done.stderr.strip()
        expect(done.returncode and str(place) in told and "Traceback" not in told, told[-300:])
        told = f"a page {page.status}, a comment {comment.status}: what is open already can still be written"
        return f"{told}; {ledger.check(place / 'blog.db')}; start refused after {seconds:.1f} s"


@contextmanager
def _bound_read_only(place: Path) -> Iterator[None]:
    subprocess.run(("mount", "--bind", str(place), str(place)), check=True)
    subprocess.run(("mount", "-o", "remount,ro,bind", str(place)), check=True)
    try:
        yield
    finally:
        subprocess.run(("umount", "-l", str(place)), check=True)


@fault(
    "F10",
    "blog.db is moved away while the site runs, and comes back",
    "comments 503 with their text, no empty database in its place; works again without a restart",
)
def moved(place: Path) -> str:
    with served(place) as site:
        ledger = Ledger.of(site)
        ledger.write()
        file = place / "blog.db"
        file.rename(place / "away")
        said = [ledger.write(10) for _ in range(6)]
        page, is_made, ready = ask(site, ARTICLE).status, file.exists(), site.status("/readyz")
        (place / "away").rename(file)
        _refused_with_text(said)
        expect(not is_made, "an empty database was made in its place")
        expect(wait_for(lambda: ledger.write().status == 303, 20), "no comment taken after it came back")
        refused = sum(one.status == 503 for one in said)
        told = f"{refused} of 6 refused with 503, text kept; /readyz {ready}; a page {page}"
        return f"{told}; {ledger.check(file)}"


def _refused_with_text(answers: list[Said]) -> None:
    """Each was taken, or given back with what was typed."""
    for said in answers:
        no_trace_in(said)
        expect(said.status in (303, 503), f"answered {said.status}")
        expect(said.status == 303 or "Is this safe?" in said.text, "the text did not come back")
    expect(any(said.status == 503 for said in answers), "nothing was refused: the fault did not bite")


@contextmanager
def mounted(place: Path, options: str) -> Iterator[None]:
    """A file system of its own, in memory."""
    place.mkdir(exist_ok=True)
    subprocess.run(("mount", "-t", "tmpfs", "-o", f"{options},mode=700", "tmpfs", str(place)), check=True)
    try:
        yield
    finally:
        subprocess.run(("umount", "-l", str(place)), check=True)
