"""Numbers and spans of time in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from blog.clock import now

UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))  # seconds, the largest first


def count_of(count: int, noun: str) -> str:
    """A number with its noun: "1 comment", "3 comments"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def age(at: datetime) -> str:
    """How long ago, in words: "3 hours"."""
    seconds = max(0, int((now() - at).total_seconds()))
    size, unit = next(((size, unit) for size, unit in UNITS if seconds >= size), (1, "second"))
    return count_of(seconds // size, unit)


def duration(time: timedelta) -> str:
    """A length of time in words, with one decimal where it matters: "3.5 hours"."""
    seconds = max(0.0, time.total_seconds())
    for size, unit in UNITS:
        if seconds >= size:
            count = round(seconds / size, 1)
            text = f"{count:.0f}" if count >= 10 or count == int(count) else f"{count}"
            return f"{text} {unit}{'' if text == '1' else 's'}"
    return "less than a minute"
