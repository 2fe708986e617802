"""What this process counts and times while it works: plain numbers, for `/metrics`. Holds nothing that anybody wrote.

Labels are names of ours (routes, jobs, kinds of errors), never what was sent: each new one takes memory for good.
How processes put their numbers together, and how they are written down, stands in blog/operations/metrics/.
"""

from __future__ import annotations

import os
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds: upper ends of what is told apart

Name = tuple[str, tuple[tuple[str, str], ...]]  # a metric, and its labels in order


@dataclass
class Times:
    """How many took how long: `counts` has a place for each of STEPS and one for what took longer."""

    seconds: float = 0.0
    counts: list[int] = field(default_factory=lambda: [0] * (len(STEPS) + 1))

    def add(self, other: Times) -> None:
        self.seconds += other.seconds
        self.counts = [one + more for one, more in zip(self.counts, other.counts, strict=True)]


@dataclass
class Numbers:
    """Everything that was counted, and what is so just now."""

    counts: dict[Name, float] = field(default_factory=dict)
    times: dict[Name, Times] = field(default_factory=dict)
    levels: dict[Name, float] = field(default_factory=dict)

    def add(self, other: Numbers) -> None:
        """Put another process's to it."""
        for mine, theirs in ((self.counts, other.counts), (self.levels, other.levels)):
            for name, value in theirs.items():
                mine[name] = mine.get(name, 0) + value
        for name, times in other.times.items():
            self.times.setdefault(name, Times()).add(times)


class Meter:
    """The numbers of one process. A forked process begins with none."""

    def __init__(self) -> None:
        self._start_anew()
        os.register_at_fork(after_in_child=self._start_anew)

    def count(self, name: str, times: float = 1, **labels: str) -> None:
        """Something happened, or several times."""
        key = name, tuple(labels.items())
        with self._lock:
            self._numbers.counts[key] = self._numbers.counts.get(key, 0) + times

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Something took so long."""
        key = name, tuple(labels.items())
        with self._lock:
            times = self._numbers.times.setdefault(key, Times())
            times.seconds += seconds
            times.counts[bisect_left(STEPS, seconds)] += 1

    @contextmanager
    def timed(self, name: str, **labels: str) -> Iterator[None]:
        """Observe how long the block takes, also when it raises."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.observe(name, time.perf_counter() - began, **labels)

    def watch(self, levels: Callable[[], Iterable[tuple[str, float, dict[str, str]]]]) -> None:
        """Ask `levels` (name, number, labels) whenever the numbers are read. It must not wait for anything."""
        self._watched.append(levels)

    def add(self, before: Numbers) -> None:
        """Go on from what another process that has ended had counted."""
        with self._lock:
            self._numbers.add(Numbers(before.counts, before.times))

    def read(self) -> Numbers:
        """A copy of the numbers as they are now."""
        found = Numbers()
        with self._lock:
            found.add(self._numbers)
        for levels in self._watched:
            for name, number, labels in levels():
                found.levels[name, tuple(labels.items())] = number
        return found

    def _start_anew(self) -> None:
        self._lock = threading.Lock()
        self._numbers = Numbers()
        self._watched: list[Callable[[], Iterable[tuple[str, float, dict[str, str]]]]] = []


meter = Meter()
