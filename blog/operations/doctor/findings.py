"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad it is; also the exit code of `flask doctor`."""

    GOOD = 0
    CARE = 1  # works, and should be seen to
    BAD = 2  # something is broken or will be soon

    @property
    def word(self) -> str:
        return {Level.GOOD: "ok", Level.CARE: "care", Level.BAD: "bad"}[self]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    level: Level
    what: str
    to_do: str = ""  # nothing where all is well


def good(name: str, what: str) -> Finding:
    return Finding(name, Level.GOOD, what)


def care(name: str, what: str, to_do: str) -> Finding:
    return Finding(name, Level.CARE, what, to_do)


def bad(name: str, what: str, to_do: str) -> Finding:
    return Finding(name, Level.BAD, what, to_do)
