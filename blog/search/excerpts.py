"""The place of a text where what was asked for stands, with the words marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from blog.search.words import fold_in_place, stem

EXCERPT_CHARS = 220
LEAD_CHARS = 60  # before the first word that was found
PLACES_MAX = 200  # in one text that are looked at

_WORD = re.compile(r"[^\W_]+")
_SPACES = re.compile(r"\s+")
_PARTS = re.compile(r"(?<![.!?:…])\n\n+")  # a heading or a point of a list, and what follows it


class Piece(NamedTuple):
    """A part of a text, marked or not."""

    text: str
    is_marked: bool


def marked(text: str, stems: Collection[str]) -> list[Piece]:
    """All of `text` in pieces: words with one of these stems are marked."""
    pieces: list[Piece] = []
    at = 0
    for start, end in _places(text, stems):
        pieces += [Piece(text[at:start], False), Piece(text[start:end], True)]
        at = end
    pieces.append(Piece(text[at:], False))
    return [piece for piece in pieces if piece.text]


def excerpt(text: str, stems: Collection[str]) -> list[Piece]:
    """The part of `text` that holds most of these stems, on one line, marked; none where it holds none."""
    places = _places(text, stems)
    if not places:
        return []
    folded = fold_in_place(text)
    best, most = 0, (0, 0)
    for number, (start, _) in enumerate(places):
        inside = [stem(folded[a:b]) for a, b in places[number:] if b <= start + EXCERPT_CHARS - LEAD_CHARS]
        told = len(set(inside)), len(inside)
        if told > most:
            best, most = start, told
    first = max(0, best - LEAD_CHARS)
    if first:
        first = text.find(" ", first, best) + 1 or best
    last = min(len(text), first + EXCERPT_CHARS)
    if last < len(text):
        last = max(text.rfind(" ", first, last), best + 1)
    window = _SPACES.sub(" ", _PARTS.sub(" · ", text[first:last])).strip(" ,;:–—-")
    return marked(("…" if first else "") + window + ("…" if last < len(text) else ""), stems)


def _places(text: str, stems: Collection[str]) -> list[tuple[int, int]]:
    """Where words with one of these stems begin and end. What begins like none of them is not looked at."""
    if not stems:
        return []
    folded = fold_in_place(text)
    begins = "|".join(re.escape(start[: max(2, len(start) - 2)]) for start in stems)
    places = []
    for match in re.finditer(rf"(?<![^\W_])(?:{begins})[^\W_]*", folded):
        if stem(match[0]) in stems:
            places.append(match.span())
            if len(places) == PLACES_MAX:
                break
    return places
