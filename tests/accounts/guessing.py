"""A process that guesses: INSTANCE EMAIL THREADS EACH; writes how often each status came."""

from __future__ import annotations

import collections
import sys
import threading
from pathlib import Path

from .conftest import Factory, make_app


def main(instance: str, email: str, threads: int, each: int) -> None:
    factory = Factory(make_app(Path(instance)))
    barrier = threading.Barrier(threads)
    statuses: collections.Counter[int] = collections.Counter()

    def guess(number: int) -> None:
        visitor = factory.visitor()
        visitor.get("/login")
        barrier.wait()
        for turn in range(each):
            statuses[visitor.log_in(email, f"wrong guess {number} {turn}").status_code] += 1

    running = [threading.Thread(target=guess, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    sys.stdout.write(" ".join(f"{status}={count}" for status, count in sorted(statuses.items())))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
