"""The site's own lists of words, and the places that triage marks. Pure functions: no Flask, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from blog.triage import Span
from blog.triage.reading import read

PLACES_MAX = 10  # marked for one list in one text


@dataclass(frozen=True)
class MarkedPart:
    """A part of a text, marked or not."""

    words: str
    marked: bool


def listed(text: str, entries: Sequence[str]) -> list[Span]:
    """Where entries of a list stand in `text`: whole words in any spelling of case and accents; "word*" begins one."""
    if not entries:
        return []
    known = _known(tuple(entries))
    reading = read(text)
    words = [token.word for token in reading.tokens]
    spans: list[Span] = []
    at = 0
    while at < len(words) and len(spans) < PLACES_MAX:
        length = max((len(entry) for entry in known.get(words[at][:1], ()) if _stands(entry, words, at)), default=0)
        if length:
            spans.append(reading.span(at, at + length - 1))
        at += length or 1
    return spans


def pieces(text: str, spans: Sequence[Span]) -> list[MarkedPart]:
    """The whole of `text` in order, cut at `spans`."""
    cut: list[MarkedPart] = []
    at = 0
    for span in sorted(spans):
        if span.start < at:
            continue
        cut += [MarkedPart(text[at : span.start], False), MarkedPart(text[span.start : span.end], True)]
        at = span.end
    return [piece for piece in (*cut, MarkedPart(text[at:], False)) if piece.words]


def _stands(entry: tuple[str, ...], words: list[str], at: int) -> bool:
    return at + len(entry) <= len(words) and all(
        words[at + n].startswith(word[:-1]) if word.endswith("*") else words[at + n] == word
        for n, word in enumerate(entry)
    )


@lru_cache(maxsize=16)
def _known(entries: tuple[str, ...]) -> dict[str, list[tuple[str, ...]]]:
    """Entries as plain words, by their first letter."""
    known: dict[str, list[tuple[str, ...]]] = {}
    for entry in entries:
        words = [token.word + ("*" if entry[token.end : token.end + 1] == "*" else "") for token in read(entry).tokens]
        if words and words[0] != "*":
            known.setdefault(words[0][0], []).append(tuple(words))
    return known
