"""Numbers and spans of time in words."""

from __future__ import annotations

from datetime import datetime

from blog.clock import now


def age(at: datetime) -> str:
    """How long ago, in words: "3 hours"."""
    seconds = max(0, int((now() - at).total_seconds()))
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return count_of(seconds // size, unit)
    return count_of(seconds, "second")


def count_of(count: int, noun: str) -> str:
    """A number with its noun: "1 comment", "3 comments"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
