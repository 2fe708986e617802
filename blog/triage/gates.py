"""Patterns that are tried only on texts that hold the words which each of their matches must hold.

Triage has some 200 patterns of long lists of words, and nearly every text meets none of them. Python's `re` tries each
word of each list at each letter; looking for the words first costs a tenth. What must stand in a match is read off the
pattern, so that no list is written twice. It is never more than a first look: a pattern of which nothing is known is
always tried, and the same matches are found.

`opened` looks once for the words of all patterns together: by the three letters of each that are rarest among them, so
that a text is asked only for words of which it holds a part.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from functools import cached_property, lru_cache
from itertools import chain

_TELLING_CHARS = 2  # single letters stand in every text
_COUNT = re.compile(r"\{(\d*)(?:,\d*)?\}")
_CODE = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})")
_INLINE_FLAGS = re.compile(r"\?[aiLmsux]*(?:-[imsx]+)?:|\?P<\w+>")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_NO_WIDTH = frozenset("bBAZ")

Words = set[str]  # a match holds one of them

_PART_CHARS = 3
_every: list[Gated] = []  # patterns, in the order in which they were written


class Gated:
    """A pattern, and sets of words: each match holds one of each set.

    Compiled when a text first holds the words: most never are, and a site would start a tenth later with all of them.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.written = pattern
        self.flags = flags
        _every.append(self)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.written, self.flags)

    @cached_property
    def sets(self) -> tuple[tuple[str, ...], ...]:
        sets = [{folded(word) for word in words} for words in _Reader(self.written).alternatives()]
        return tuple(tuple(words) for words in sets if min(map(len, words)) >= _TELLING_CHARS)

    def names(self, group: str) -> bool:
        """Whether the pattern has a group of this name."""
        return f"(?P<{group}>" in self.written

    def may_be_in(self, text: str) -> bool:
        """Whether the words stand in a `folded` text."""
        for words in self.sets:
            for word in words:
                if word in text:
                    break
            else:
                return False
        return True

    def search(self, text: str, opened: Opened) -> re.Match[str] | None:
        """As of the pattern itself; `opened` is what the text, `folded`, has opened."""
        return self.pattern.search(text) if self in opened else None

    def finditer(self, text: str, opened: Opened) -> Iterable[re.Match[str]]:
        return self.pattern.finditer(text) if self in opened else ()


Opened = Set[Gated]


def opened(text: str) -> Opened:
    """Every pattern there is that may be in a `folded` text."""
    return _index(len(_every)).opened(text)


class _Index:
    """The most telling words of many patterns, each found by one of its parts."""

    def __init__(self, every: Sequence[Gated]) -> None:
        self.always = frozenset(gated for gated in every if not gated.sets)
        self.needed_by: dict[str, list[Gated]] = {}
        for gated in every:
            for word in gated.sets[0] if gated.sets else ():
                self.needed_by.setdefault(word, []).append(gated)
        often = Counter(part for word in self.needed_by for part in _parts(word))
        self.short: list[str] = []
        self.words: dict[str, list[str]] = {}  # by their rarest part
        for word in self.needed_by:
            if len(word) < _PART_CHARS:
                self.short.append(word)
            else:
                self.words.setdefault(min(_parts(word), key=often.__getitem__), []).append(word)

    def opened(self, text: str) -> Opened:
        """The patterns of which each set has a word in the text."""
        likely = chain(self.short, *map(self.words.__getitem__, self.words.keys() & _parts(text)))
        told = {gated for word in likely if word in text for gated in self.needed_by[word]}
        return self.always.union(gated for gated in told if gated.may_be_in(text))


@lru_cache(maxsize=1)
def _index(count: int) -> _Index:
    """Over the first `count` patterns: made when a text first asks, and anew when there are more."""
    return _Index(_every[:count])


def _parts(text: str) -> set[str]:
    return {text[at : at + _PART_CHARS] for at in range(len(text) - _PART_CHARS + 1)}


def folded(text: str) -> str:
    """`text` in small letters, so that what `re.IGNORECASE` takes for equal is equal."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


class _Reader:
    """Reads a valid pattern once, from left to right, for the words that none of its matches can do without."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> list[Words]:
        """Up to the end of the pattern or of the group: what each way needs, or else one of what every way needs."""
        ways = [self._sequence()]
        while self._takes("|"):
            ways.append(self._sequence())
        if len(ways) == 1:
            return ways[0]
        return [set().union(*(way[0] for way in ways))] if all(ways) else []

    def _sequence(self) -> list[Words]:
        """What one way needs, the most telling first."""
        needs: list[Words] = []
        run = ""
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            letter, needed = self._item()
            least = self._least()
            if letter is not None and least is None:
                run += letter  # an empty one has no width: the letters around it are neighbours
                continue
            if run:
                needs.append({run})
                run = ""
            if least != 0:
                needs += needed if letter is None else [{letter}] if letter else []
        if run:
            needs.append({run})
        return sorted(needs, key=lambda words: (-min(map(len, words)), len(words)))

    def _item(self) -> tuple[str | None, list[Words]]:
        """The next letter, or None with what a group needs. A place without width is the empty letter."""
        sign = self._next()
        if sign == "(":
            return None, self._group()
        if sign == "[":
            self._class()
            return None, []
        if sign == "\\":
            return self._escaped(), []
        if sign in "^$":
            return "", []
        return (None if sign == "." else sign), []

    def _group(self) -> list[Words]:
        """What a group needs; looking ahead or behind needs nothing, and neither does what stood before."""
        counts = True
        if inline := _INLINE_FLAGS.match(self.pattern, self.at):
            self.at = inline.end()
        elif self.pattern[self.at] == "?":
            counts = False
            self.at += 1
            while self._next() not in "=!>":  # also of (?<= and (?<!
                pass
        needed = self.alternatives()
        self.at += 1  # the bracket that ends it
        return needed if counts else []

    def _class(self) -> None:
        """Past a set of letters, whose first sign may be the bracket that elsewhere ends it."""
        self._takes("^")
        self._takes("]")
        while (sign := self._next()) != "]":
            if sign == "\\":
                self.at += 1

    def _escaped(self) -> str | None:
        if code := _CODE.match(self.pattern, self.at):
            self.at = code.end()
            return chr(int(code[1] or code[2], 16))
        sign = self._next()
        if sign in _NO_WIDTH:
            return ""
        return _CONTROLS.get(sign) if sign.isalnum() else sign

    def _least(self) -> int | None:
        """How often the item before must stand there at least; None when nothing is said: once."""
        if self.at >= len(self.pattern):
            return None
        least: int | None = None
        if count := _COUNT.match(self.pattern, self.at):
            self.at = count.end()
            least = int(count[1] or 0)
        elif self.pattern[self.at] in "?*+":
            least = int(self._next() == "+")
        if least is not None:
            self._takes("?") or self._takes("+")
        return least

    def _next(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]

    def _takes(self, sign: str) -> bool:
        taken = self.pattern[self.at : self.at + 1] == sign
        self.at += taken
        return taken
