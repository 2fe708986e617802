"""What clients and what stands between them and the site may do: vanish, repeat, dawdle, rush."""

from __future__ import annotations

import http.client
import secrets
import socket
import threading
import time
import urllib.parse
from contextlib import closing
from pathlib import Path

from benchmarks.slow import KINDS, Reader, crowd
from tests.faults.harness import ARTICLE, FORM, Ledger, ask, expect, fault, served
from tests.processes import RunningSite

HOME = ["/", "/pain", "/muscles"]


@fault(
    "F19",
    "4 × 100 clients: bodies that never come, headers in drops, silence, answers nobody reads",
    "no read fails; 95 of 100 take less than a second",
)
def slow(place: Path) -> str:
    with served(place) as site:
        before, _ = _read_for(site, 6)
        with crowd(site, 100, KINDS):
            during, failed = _read_for(site, 10)
    expect(not failed, f"{failed} reads failed")
    took = [sorted(ms)[int(len(ms) * 0.95)] for ms in (before, during)]
    told = f"{len(during)} pages, none failed; 95 of 100 within {took[1]:.0f} ms, before {took[0]:.0f} ms"
    expect(took[1] < 1000, told)
    return told


def _read_for(site: RunningSite, seconds: float) -> tuple[list[float], int]:
    """How many milliseconds each answer to three readers took, once they are in memory, and how many failed."""
    for path in HOME:
        ask(site, path)
    stop = threading.Event()
    readers = [Reader(site, HOME, stop) for _ in range(3)]
    threads = [threading.Thread(target=one.run) for one in readers]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return [taken for one in readers for taken in one.taken], sum(one.failed for one in readers)


@fault("F20", "a client vanishes after sending its comment, 50 times, and sends it again", "each stored once")
def vanishes(place: Path) -> str:
    with served(place) as site:
        ledger = Ledger.of(site)
        for number in range(50):
            mark = secrets.token_hex(8)
            ledger.tried.add(mark)
            body = urllib.parse.urlencode(ledger.form(mark)).encode()
            head = (
                f"POST {ARTICLE}/comments HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
                f"X-Forwarded-For: 198.18.9.{number}\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            with closing(socket.create_connection(("127.0.0.1", site.port), timeout=10)) as client:
                client.sendall(head.encode() + body)
            said = ask(site, f"{ARTICLE}/comments", ledger.form(mark), sender=(9 << 8) + number)
            expect(said.status == 303, f"the second time it was answered {said.status}")
            ledger.acknowledged.add(mark)
        return ledger.check(place / "blog.db")


@fault("F21", "a proxy sends the same comment twice at once, 60 pairs", "60 rows; both answers lead to the same page")
def repeated(place: Path) -> str:
    with served(place) as site:
        ledger = Ledger.of(site)
        for number in range(60):
            mark = secrets.token_hex(8)
            ledger.tried.add(mark)
            ledger.acknowledged.add(mark)
            body = urllib.parse.urlencode(ledger.form(mark))
            places: list[str | None] = []
            barrier = threading.Barrier(2)

            def send(
                body: str = body,
                number: int = number,
                places: list[str | None] = places,
                barrier: threading.Barrier = barrier,
            ) -> None:
                headers = {
                    "Content-Type": FORM,
                    "Sec-Fetch-Site": "same-origin",
                    "X-Forwarded-For": f"198.18.7.{number}",
                }
                with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)) as connection:
                    connection.connect()
                    barrier.wait()
                    connection.request("POST", f"{ARTICLE}/comments", body, headers)
                    answer = connection.getresponse()
                    answer.read()
                    places.append(answer.headers["Location"])

            threads = [threading.Thread(target=send) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            expect(len(places) == 2 and len(set(places)) == 1 and places[0], f"answers led to {places}")
        return ledger.check(place / "blog.db")


@fault(
    "F40",
    "80 comments from one address at once, over 4 web processes; the limit is 5 in 10 minutes",
    "at most 5 taken, 429 for the others; the limit holds after a restart",
)
def throttled(place: Path) -> str:
    with served(place, "--workers", "4") as site:
        ledger = Ledger.of(site)
        statuses: list[int] = []
        barrier = threading.Barrier(80)

        def send() -> None:
            barrier.wait()
            statuses.append(ask(site, f"{ARTICLE}/comments", ledger.form(secrets.token_hex(8)), sender=1).status)

        threads = [threading.Thread(target=send) for _ in range(80)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        site.restart()
        later = ask(site, f"{ARTICLE}/comments", ledger.form(secrets.token_hex(8)), sender=1).status
    taken = statuses.count(303)
    expect(taken <= 5, f"{taken} taken")
    expect(set(statuses) <= {303, 429, 503}, f"answered {sorted(set(statuses))}")
    expect(later == 429, f"after a restart: {later}")
    return f"{taken} taken, {statuses.count(429)} × 429, {statuses.count(503)} × 503; after a restart 429"
