"""Pieces of pages: what was made for one page and may stand in the next, kept as a page is and by the same proof.

A page that is made anew because one thing on it changed need not make all the rest again. The slots were copied before
the snapshot that the piece was read from, the page that made it shows all keys of what is in it, and the next page is
given it only if its own copy of the slots says that none of them has changed. A change after that copy drops the page,
as it drops every page made while it happened.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from blog.clock import now
from blog.pagecache.notes import being_made
from blog.pagecache.slots import slot_of, values_at

PIECES_KEPT = 128  # in each process; an article without its comments has 40 to 90 kB


@dataclass(frozen=True)
class Piece:
    """What was made, what it shows, and until when it says so."""

    value: Any
    keys: frozenset[str]
    places: tuple[int, ...]
    values: tuple[int, ...]  # of the slots of its keys
    made_at: datetime
    until: datetime

    def holds(self, slots: memoryview) -> bool:
        """Whether a page may show it that is made now, and copied the slots before it read anything."""
        return values_at(slots, self.places) == self.values and self.made_at <= now() < self.until


class Pieces:
    """Those that were used last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pieces: OrderedDict[str, Piece] = OrderedDict()

    def __len__(self) -> int:
        return len(self._pieces)

    def get(self, name: str) -> Piece | None:
        with self._lock:
            piece = self._pieces.get(name)
            if piece is not None:
                self._pieces.move_to_end(name)
            return piece

    def put(self, name: str, piece: Piece) -> None:
        with self._lock:
            self._pieces[name] = piece
            self._pieces.move_to_end(name)
            if len(self._pieces) > PIECES_KEPT:
                self._pieces.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._pieces.clear()


def kept_piece(name: str) -> Any:
    """What `keep_piece` kept under this name, if it is proven to be as it was; the page being made now shows it, too.

    None without that proof, and outside of a page.
    """
    notes = being_made()
    if notes is None or notes.copied is None or not notes.is_proven:
        return None
    piece: Piece | None = current_app.extensions["pagecache"].pieces.get(name)
    if piece is None or not piece.holds(notes.copied):
        return None
    notes.keys |= piece.keys
    notes.until = min(notes.until, piece.until)
    return piece.value


def keep_piece(name: str, value: Any, without: str) -> None:
    """Keep a plain value that nobody changes for the pages to come.

    It shows what the page being made has noted until now, and nothing of what the key `without` alone names. It is not
    kept without proof, nor when the page was read from two snapshots, as no page is.
    """
    notes = being_made()
    if notes is None or notes.copied is None or not notes.is_proven or notes.snapshots > 1:
        return
    keys = frozenset(notes.keys - {without})
    places = tuple(sorted({slot_of(key) for key in keys}))
    piece = Piece(value, keys, places, values_at(notes.copied, places), now(), notes.until)
    current_app.extensions["pagecache"].pieces.put(name, piece)
