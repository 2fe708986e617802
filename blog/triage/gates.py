"""Patterns that are tried only on texts that hold the words which each of their matches must hold.

Triage has some 200 patterns of long lists of words, and nearly every text meets none of them. Python's `re` tries each
word of each list at each letter; looking for the words first costs a tenth. What must stand in a match is read off the
parsed pattern, so that no list is written twice. It is never more than a first look: a pattern of which nothing is
known is always tried, and the same matches are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants as operations  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_REPEATS = (operations.MAX_REPEAT, operations.MIN_REPEAT, operations.POSSESSIVE_REPEAT)
_TELLING_CHARS = 2  # single letters stand in every text


class Gated:
    """A compiled pattern, and sets of words: each match holds one of each set."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = re.compile(pattern, flags)
        self.groupindex = self.pattern.groupindex
        sets = [{folded(word) for word in words} for words in _needed(parser.parse(pattern, flags))]
        self.sets = tuple(tuple(words) for words in sets if min(map(len, words)) >= _TELLING_CHARS)

    def may_be_in(self, text: str) -> bool:
        """Whether the words stand in a `folded` text."""
        for words in self.sets:
            for word in words:
                if word in text:
                    break
            else:
                return False
        return True

    def search(self, text: str, known: str) -> re.Match[str] | None:
        """As of the pattern itself; `known` is the text `folded`, so that this is done once for many patterns."""
        return self.pattern.search(text) if self.may_be_in(known) else None

    def finditer(self, text: str, known: str) -> Iterable[re.Match[str]]:
        return self.pattern.finditer(text) if self.may_be_in(known) else ()


def folded(text: str) -> str:
    """`text` in small letters, so that what `re.IGNORECASE` takes for equal is equal."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


def _needed(parsed: Iterable[tuple[Any, Any]]) -> list[set[str]]:
    """Sets of words of which each match of a sequence holds one, the most telling first."""
    return sorted(_each_needed(parsed), key=lambda words: (-min(map(len, words)), len(words)))


def _each_needed(parsed: Iterable[tuple[Any, Any]]) -> Iterator[set[str]]:
    run = ""
    for operation, value in parsed:
        if operation is operations.LITERAL:
            run += chr(value)
        elif operation is not operations.AT:  # which has no width: the letters around it are neighbours
            if run:
                yield {run}
            run = ""
            if operation is operations.SUBPATTERN or (operation in _REPEATS and value[0]):
                yield from _needed(value[-1])
            elif operation is operations.BRANCH:
                branches = [_needed(branch) for branch in value[1]]
                if all(branches):
                    yield set().union(*(sets[0] for sets in branches))
    if run:
        yield {run}
