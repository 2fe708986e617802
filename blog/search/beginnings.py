"""Texts found by the first letters of any of their words. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from blog.search.words import plain_words

LOOKED_AT = 400  # words that begin with some letters; with more of them, any few will do

What = TypeVar("What")


class Place(NamedTuple):
    """How well a text fits, the best being the lowest: typed from its start, of a likelier kind, short."""

    is_inside: bool
    order: int
    words: int


class Beginnings(Generic[What]):
    """What texts stand for, by the letters from each of their words on."""

    def __init__(self, texts: Iterable[tuple[str, int, What]]) -> None:
        """`texts`: what may be typed, how far behind others of the same fit it stands, and what it stands for."""
        beginnings: list[tuple[str, Place, What]] = []
        for text, order, what in texts:
            words = plain_words(text)
            beginnings += [(" ".join(words[at:]), Place(at > 0, order, len(words)), what) for at in range(len(words))]
        beginnings.sort(key=lambda beginning: beginning[:2])
        self._letters = [letters for letters, _, _ in beginnings]
        self._found = [(place, what) for _, place, what in beginnings]

    def of(self, letters: str) -> list[tuple[Place, What]]:
        """What begins with these letters, which are folded and have single spaces, with its place among others."""
        first = last = bisect_left(self._letters, letters)
        while last < min(len(self._letters), first + LOOKED_AT) and self._letters[last].startswith(letters):
            last += 1
        return self._found[first:last]
