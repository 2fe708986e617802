"""Moments as people type them, in the site's time zone, and which of them an article can have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self

from blog.clock import now

FIRST_YEAR = 1990  # before that there was no web; an earlier date is a slip, and each year between costs a look-up
DAYS_AHEAD = 3653  # ten years
ZONES_APART = timedelta(hours=14)  # the year begins so much earlier in the east

_TYPED = re.compile(
    r"(\d{4})-\d{2}-\d{2}(?:[T ]+(\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?) ?(Z|[+-]\d{2}:?\d{2})?)?\Z", re.I
)
_FORM = "must be a date such as 2026-05-04, or a moment such as 2026-05-04T09:30 or 2026-05-04T09:30:00Z"


def read_moment(text: str, zone: tzinfo) -> datetime:
    """What `text` says: a day begins at midnight in `zone`, and a time without an offset is one in `zone`.

    Raises ValueError with what is wrong with it: also a time that the clocks of `zone` skip or show twice.
    """
    typed = _TYPED.match(text.strip())
    if typed is None:
        raise ValueError(_FORM)
    try:
        moment = datetime.fromisoformat(re.sub(r"[T ]+", "T", text.strip().upper(), count=1).replace(" ", ""))
    except ValueError:
        raise ValueError(_FORM) from None
    if not FIRST_YEAR - 1 <= moment.year <= now().year + DAYS_AHEAD // 365 + 1:
        raise ValueError(_range())
    if moment.tzinfo is None:
        moment = _in_zone(moment, zone, is_day=typed[2] is None)
    if moment.astimezone(zone).year < FIRST_YEAR or not is_usual(moment):
        raise ValueError(_range())
    return moment.astimezone(UTC)


@dataclass(frozen=True)
class Typed:
    """A moment, and how the clocks here show it, as local time and zone, if it was typed so."""

    moment: datetime
    clocks: tuple[str, str] | None = None

    @classmethod
    def read(cls, text: str, zone: tzinfo) -> Self:
        """As `read_moment`. A time with an offset of its own is no time of the clocks here."""
        moment, typed = read_moment(text, zone), _TYPED.match(text.strip())
        if typed and typed[3]:
            return cls(moment)
        return cls(moment, (moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M"), str(zone)))


def is_usual(moment: datetime) -> bool:
    """Whether an article can have it: not before 1990, at most ten years ahead."""
    return datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) - ZONES_APART <= moment <= now() + timedelta(days=DAYS_AHEAD)


def _in_zone(moment: datetime, zone: tzinfo, is_day: bool) -> datetime:
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if is_day:  # the day begins when its first moment is there
        if first.astimezone(UTC).astimezone(zone).date() == moment.date():
            return first
        raise ValueError(f"is a day that was left out in {zone}")
    is_skipped = (first.utcoffset() or timedelta()) < (second.utcoffset() or timedelta())
    if is_skipped:
        raise ValueError(f"is a time that the clocks skip on that day in {zone}: choose an earlier or later one")
    example = first.isoformat(timespec="minutes")
    raise ValueError(f"is a time that comes twice on that day in {zone}: add the offset, such as {example}")


def _range() -> str:
    return f"must be between {FIRST_YEAR}-01-01 and {now() + timedelta(days=DAYS_AHEAD):%Y-%m-%d}, ten years ahead"
