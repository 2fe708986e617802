"""The settings that are lists: an entry is added, changed, removed and moved by itself.

An entry is called by a mark made from what it says, so that a page from before somebody else's change does nothing to
another entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from blog.errors import Refused
from blog.pages.models import RECORDS, Record, Site

MOST = {"navigation": 7}  # what fits beside a name and a search box
MOST_ELSEWHERE = 40
MARK_CHARS = 12


@dataclass(frozen=True)
class Entry:
    """One entry of a list."""

    mark: str
    record: Record


def entries(name: str) -> list[Entry]:
    """The list as it is."""
    return [Entry(_mark(record), record) for record in getattr(Site.current(), name)]


def find(name: str, mark: str) -> Entry | None:
    """The entry with this mark, if it is still there."""
    return next((entry for entry in entries(name) if entry.mark == mark), None)


def is_full(name: str) -> bool:
    """Whether nothing more can be added."""
    return len(getattr(Site.current(), name)) >= MOST.get(name, MOST_ELSEWHERE)


def add(name: str, values: Mapping[str, Any], by_id: int) -> Entry:
    """Put an entry at the end. Raises Refused when the list is full or says it already."""
    if is_full(name):
        raise Refused("This list is full. Please remove an entry first.")
    return _put(name, entries(name), len(entries(name)), values, by_id)


def change(name: str, mark: str, values: Mapping[str, Any], by_id: int) -> Entry:
    """Let the entry say something else, in its place. Raises Refused when it is gone."""
    at, others = _taken(name, mark)
    return _put(name, others, at, values, by_id)


def remove(name: str, mark: str, by_id: int) -> None:
    """Take the entry off the list. Raises Refused when it is gone."""
    _store(name, _taken(name, mark)[1], by_id)


def move(name: str, mark: str, by: int, by_id: int) -> None:
    """Put the entry `by` places further on; -1 is one up. Raises Refused when it is gone."""
    now = entries(name)
    at, others = _taken(name, mark)
    others.insert(max(0, at + by), now[at])
    _store(name, others, by_id)


def _taken(name: str, mark: str) -> tuple[int, list[Entry]]:
    """Where the entry stands, and the list without it."""
    now = entries(name)
    at = next((at for at, entry in enumerate(now) if entry.mark == mark), None)
    if at is None:
        raise Refused("Somebody has changed or removed this entry meanwhile. Please look at the list again.")
    return at, now[:at] + now[at + 1 :]


def _put(name: str, others: list[Entry], at: int, values: Mapping[str, Any], by_id: int) -> Entry:
    record = RECORDS[name](**values)
    if record in [entry.record for entry in others]:
        raise Refused("The list has exactly this entry already.")
    changed = _store(name, [*others[:at], Entry(_mark(record), record), *others[at:]], by_id)
    return changed[at]


def _store(name: str, now: list[Entry], by_id: int) -> list[Entry]:
    Site.change({name: [asdict(entry.record) for entry in now]}, by_id=by_id)
    return entries(name)


def _mark(record: Record) -> str:
    return hashlib.sha256(json.dumps(asdict(record)).encode()).hexdigest()[:MARK_CHARS]
