"""The numbers of several processes put together, whichever of them is asked, and kept over restarts.

Each process takes a place, `metrics/<n>.json` in the instance folder, and writes its numbers there once a second. Who
dies leaves them to the next one on that place, so what was counted never falls; at most a second of a killed process's
counting is lost. A place is taken by a lock that the system frees, so there are never more files than processes.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flask import Flask

from blog.metering import STEPS, Meter, Name, Numbers, Times, meter

WRITE_SECONDS = 1.0
FOLDER = "metrics"
FORM = [1, *STEPS]  # of the files; what was written in another one is not read


class Place:
    """One process's place, taken until the process ends or `leave` is called."""

    def __init__(self, folder: Path, own: Meter) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        for number in itertools.count():
            descriptor = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                continue
            self._lock = descriptor
            self._path = folder / f"{number}.json"
            break
        self._meter = own
        self._writing = threading.Lock()
        own.add(_read(self._path))

    def write(self) -> None:
        """Tell the others. A full disk costs the numbers of a while, and nothing else."""
        draft = self._path.with_suffix(".part")
        with self._writing, suppress(OSError):
            draft.touch(mode=0o600)
            draft.write_text(_written(self._meter.read()))
            draft.replace(self._path)

    def leave(self) -> None:
        self.write()
        os.close(self._lock)


@contextmanager
def shared(app: Flask) -> Iterator[None]:
    """Meanwhile this process's numbers are where the others find them."""
    try:
        place = Place(app.config["BLOG_INSTANCE_PATH"] / FOLDER, meter)
    except OSError:  # the site can do without
        yield
        return
    app.extensions["metrics_place"] = place
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(WRITE_SECONDS):
            place.write()

    thread = threading.Thread(target=write, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        place.leave()


def gathered(app: Flask) -> Numbers:
    """The numbers of all processes of this machine."""
    place: Place | None = app.extensions.get("metrics_place")
    if place is None:  # not served by processes of ours: one process knows all there is
        return meter.read()
    place.write()
    found = Numbers()
    for path in sorted((app.config["BLOG_INSTANCE_PATH"] / FOLDER).glob("*.json")):
        numbers = _read(path)
        if not _is_taken(path.with_suffix(".lock")):
            numbers.levels.clear()  # of somebody who is no more
        found.add(numbers)
    return found


def _is_taken(lock: Path) -> bool:
    """Whether the process on this place lives."""
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _written(numbers: Numbers) -> str:
    return json.dumps(
        {
            "form": FORM,
            "counts": [[*name, value] for name, value in numbers.counts.items()],
            "times": [[*name, times.seconds, times.counts] for name, times in numbers.times.items()],
            "levels": [[*name, value] for name, value in numbers.levels.items()],
        }
    )


def _read(path: Path) -> Numbers:
    """What was written there; nothing if that is nothing, or half a file after a power cut."""
    try:
        said = json.loads(path.read_text())
        if said["form"] != FORM:
            return Numbers()
        return Numbers(
            {_name(name, labels): value for name, labels, value in said["counts"]},
            {_name(name, labels): Times(seconds, counts) for name, labels, seconds, counts in said["times"]},
            {_name(name, labels): value for name, labels, value in said["levels"]},
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Numbers()


def _name(name: str, labels: list[list[str]]) -> Name:
    return name, tuple((key, value) for key, value in labels)
