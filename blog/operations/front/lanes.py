"""Places for slow work: each kind has threads and a bounded queue of its own, so none can hold up another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import perf_counter

from blog.metering import meter
from blog.sessions import is_staff_path, takes_files

WATCHING = ("/metrics", "/readyz")
HASHING = ("/login", "/account/link", "/account/password")  # pages that check or set a password

# Threads, and requests that may wait for them, in each web process. More threads would not compute faster: Python runs
# one at a time. Those of pages wait for the database now and then, those of passwords for the machine's few places,
# those of media for a disk or a bucket.
SIZES = {
    "pages": (4, 256),
    "comments": (8, 64),
    "passwords": (2, 24),
    "media": (2, 128),
    "uploads": (1, 8),  # one picture is opened at a time
    "health": (1, 16),
    "watching": (1, 8),  # what asks the database how things stand
    "kept": (1, 32),  # gives back what a reader typed when there is no room for it
}

Job = Callable[[], None]


class Lane:
    """A few threads that work off a queue. `put` and `done` are called on the event loop alone."""

    def __init__(self, name: str, threads: int, waiting: int) -> None:
        self.name = name
        self.most = threads + waiting
        self.inside = 0
        self._jobs: SimpleQueue[tuple[float, Job]] = SimpleQueue()
        for number in range(threads):
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True).start()

    def put(self, job: Job) -> bool:
        """Have a thread do the job, which raises nothing; False when there is no room for it."""
        if self.inside >= self.most:
            return False
        self.inside += 1
        self._jobs.put((perf_counter(), job))
        return True

    def done(self) -> None:
        self.inside -= 1

    def _work(self) -> None:
        while True:
            since, job = self._jobs.get()
            meter.observe("lane_wait_seconds", perf_counter() - since, lane=self.name)
            job()


def lanes() -> dict[str, Lane]:
    """All lanes, at work. Call in the process that uses them: threads do not survive a fork."""
    return {name: Lane(name, *sizes) for name, sizes in SIZES.items()}


def lane_for(method: str, path: str) -> str:
    """Which lane a request belongs into. Nothing but time depends on this."""
    if path == "/healthz":
        return "health"
    if path in WATCHING:
        return "watching"
    if method in ("GET", "HEAD", "OPTIONS"):
        return "media" if path.startswith("/media/") else "pages"
    if takes_files(method, path):
        return "uploads"
    if any(path == one or path.startswith(one + "/") for one in HASHING):
        return "passwords"
    return "pages" if is_staff_path(path) and not path.startswith("/mail/") else "comments"
