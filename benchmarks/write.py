"""Writing: comments acknowledged per second, each stored durably (`synchronous=FULL`) after the whole pipeline.

Run from the root: python -m benchmarks.write
"""

from __future__ import annotations

import http.client
import itertools
import re
import threading
import time
import urllib.parse
from contextlib import closing

from benchmarks._bench import cpu, filled, folder, report, site, table
from tests.processes import RunningSite

CLIENTS = (1, 8, 16, 32)
SECONDS = 3
ROUNDS = 3
WANTED = 450  # a second, with 16 clients
numbers = itertools.count(1)


def main() -> None:
    with folder() as place:
        filled(place / "instance", posts=10, comments=100, pending=10)
        best: dict[int, tuple[float, float]] = {}
        with site(place / "instance", BLOG_TRUSTED_PROXIES="1") as running:
            page = re.search(r'href="(/posts/[^"]+)"', running.read("/"))
            assert page
            token = re.search(r'name="token"[^>]*value="([^"]+)"', running.read(page[1]))
            assert token
            for _ in range(ROUNDS):
                for clients in CLIENTS:
                    run = send(running, page[1], token[1], clients)
                    best[clients] = max(best.get(clients, (0.0, 0.0)), run)
    rows = [(clients, f"{rate:,.0f}", f"{cost:.2f}") for clients, (rate, cost) in best.items()]
    lines = [
        f"Best of {ROUNDS} rounds of {SECONDS} s over HTTP, each comment from another address, cleaned, triaged and "
        "committed with `synchronous=FULL`; the clients are threads of one Python process on the same cores. "
        f"Wanted: {WANTED} a second with 16 clients.",
        "",
        *table(("clients", "acknowledged per second", "server CPU ms per comment"), rows),
    ]
    report("write", "Writing", lines)


def send(running: RunningSite, page: str, token: str, clients: int) -> tuple[float, float]:
    """Comments acknowledged per second, and CPU milliseconds of the server for each."""
    end = time.monotonic() + SECONDS
    counts = [0] * clients
    before = cpu(running.keeper)

    def work(index: int) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)) as connection:
            while time.monotonic() < end:
                number = next(numbers)
                body = urllib.parse.urlencode({
                    "name": f"Reader {number}", "email": "", "website": "", "token": token,
                    "body": f"Thank you, this helped. How *long* do I hold it?\n\nI asked {number} people already.",
                })  # fmt: skip
                headers = {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
                    "Sec-Fetch-Site": "same-origin",
                }
                connection.request("POST", page + "/comments", body, headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 303:
                    raise RuntimeError(f"a comment was answered with {answer.status}")
                counts[index] += 1

    threads = [threading.Thread(target=work, args=(index,)) for index in range(clients)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = sum(counts)
    return total / (time.monotonic() - began), (cpu(running.keeper) - before) / max(1, total) * 1000


if __name__ == "__main__":
    main()
