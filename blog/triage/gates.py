"""Patterns that are tried only on texts that hold what each of their matches must hold: certain words, and digits.

Triage has some 200 patterns of long lists of words, and nearly every text meets none of them. Python's `re` tries each
word of each list at each letter; looking for the words first costs a tenth. What must stand in a match is read off the
pattern, so that no list is written twice. It is never more than a first look: a pattern of which nothing is known is
always tried, and the same matches are found.

`opened` looks once for the words of all patterns together. What a part of a text between two blanks may open is kept:
most of them were in other texts before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from blog.triage.reading import STOP_WORDS

_COUNT = re.compile(r"\{(\d*)(?:,\d*)?\}")
_CODE = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})")
_INLINE_FLAGS = re.compile(r"\?[aiLmsux]*(?:-[imsx]+)?:|\?P<\w+>")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_NO_WIDTH = frozenset("bBAZ")
_SMALL = frozenset().union(*STOP_WORDS.values())
_DIGIT = re.compile(r"\d")

Words = set[str]  # a match holds one of them

_GRAM_CHARS = 3
_PART_MAX_CHARS = 40  # longer ones are not kept
_every: list[Gated] = []  # patterns, in the order in which they were written


class Way(NamedTuple):
    """What a match of one alternative of a pattern holds: a word of each set, the most telling first, and digits."""

    sets: tuple[tuple[str, ...], ...]
    digits: int  # at least

    def may_be_in(self, text: str, digits: int) -> bool:
        """Whether all of it stands in a `folded` text with so many digits."""
        if digits < self.digits:
            return False
        for words in self.sets:
            for word in words:
                if word in text:
                    break
            else:
                return False
        return True


class Gated:
    """A pattern, and the ways in which it may match.

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
    def ways(self) -> tuple[Way, ...]:
        return tuple(_told(needs) for needs in _Reader(self.written).alternatives())

    def names(self, group: str) -> bool:
        """Whether the pattern has a group of this name."""
        return f"(?P<{group}>" in self.written

    def may_be_in(self, text: str) -> bool:
        """Whether what one of its ways needs stands in a `folded` text."""
        digits = digits_in(text)
        return any(way.may_be_in(text, digits) for way in self.ways)

    def search(self, text: str, opened: Opened) -> re.Match[str] | None:
        """As of the pattern itself; `opened` is what the text, `folded`, has opened."""
        return self.pattern.search(text) if self in opened else None

    def finditer(self, text: str, opened: Opened) -> Iterable[re.Match[str]]:
        return self.pattern.finditer(text) if self in opened else ()


Opened = Set[Gated]


def digits_in(text: str) -> int:
    """How many there are, of any script."""
    return len(_DIGIT.findall(text))


def opened(text: str) -> Opened:
    """Every pattern there is that may be in a `folded` text."""
    return _index(len(_every)).opened(text)


def _told(needs: _Needs) -> Way:
    sets = [{folded(word) for word in words} for words in needs.sets]
    return Way(tuple(tuple(words) for words in sets if all(map(_is_telling, words))), needs.digits)


def _is_telling(word: str) -> bool:
    """Single letters and blanks stand in every text; a single sign does not."""
    return len(word) > 1 or not (word.isalnum() or word.isspace())


class _Index:
    """The most telling words of many patterns, and which of them may stand in a part of a text between two blanks."""

    def __init__(self, every: Sequence[Gated]) -> None:
        ways = [(gated, way) for gated in every for way in gated.ways]
        self.wordless = [(gated, way) for gated, way in ways if not way.sets]
        self.needed_by: dict[str, list[tuple[Gated, Way]]] = {}  # with what is needed beside the word
        for gated, way in ways:
            for word in way.sets[0] if way.sets else ():
                self.needed_by.setdefault(word, []).append((gated, Way(way.sets[1:], way.digits)))
        often = Counter(gram for word in self.needed_by for gram in _grams(_longest_part(word)))
        self.short: list[tuple[str, str]] = []  # parts with their words
        self.words: dict[str, list[tuple[str, str]]] = {}  # the same by their rarest three letters
        for word in self.needed_by:
            part = _longest_part(word)
            if len(part) < _GRAM_CHARS:
                self.short.append((part, word))
            else:
                self.words.setdefault(min(_grams(part), key=often.__getitem__), []).append((part, word))
        self.kept: Callable[[str], list[str]] = lru_cache(maxsize=4096)(self._likely)

    def opened(self, text: str) -> Opened:
        """The patterns of which one way has all that it needs in the text."""
        digits = digits_in(text)
        found = {gated for gated, way in self.wordless if way.digits <= digits}
        parts = set(text.split())
        likely = (self.kept(part) if len(part) <= _PART_MAX_CHARS else self._likely(part) for part in parts)
        for word in set(chain.from_iterable(likely)):
            if word in text:
                for gated, way in self.needed_by[word]:
                    if gated not in found and way.may_be_in(text, digits):
                        found.add(gated)
        return found

    def _likely(self, part: str) -> list[str]:
        """Words that may stand where this part does: their own longest part stands in it."""
        near = chain(self.short, *map(self.words.__getitem__, self.words.keys() & _grams(part)))
        return [word for inside, word in near if inside in part]


@lru_cache(maxsize=1)
def _index(count: int) -> _Index:
    """Over the first `count` patterns: made when a text first asks, and anew when there are more."""
    return _Index(_every[:count])


def _longest_part(word: str) -> str:
    return max(word.split(), key=len, default="")


def _grams(part: str) -> set[str]:
    return {part[at : at + _GRAM_CHARS] for at in range(len(part) - _GRAM_CHARS + 1)}


def folded(text: str) -> str:
    """`text` in small letters, so that what `re.IGNORECASE` takes for equal is equal."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


class _Needs(NamedTuple):
    """As a `Way`, while it is read."""

    sets: list[Words]
    digits: int


_NOTHING = _Needs([], 0)


def _commonness(words: Words) -> tuple[int, int, int]:
    """Least for the set that fewest texts have a word of."""
    parts = [word.strip() for word in words]
    return sum(len(part) < _GRAM_CHARS or part in _SMALL for part in parts), -min(map(len, parts)), len(words)


def _of_all(ways: Sequence[_Needs]) -> _Needs:
    """What each of them needs: the only one all of it, several one word of what is most telling for each."""
    if len(ways) == 1:
        return ways[0]
    sets = [set().union(*(way.sets[0] for way in ways))] if all(way.sets for way in ways) else []
    return _Needs(sets, min(way.digits for way in ways))


class _Reader:
    """Reads a valid pattern once, from left to right, for what none of its matches can do without."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> list[_Needs]:
        """Up to the end of the pattern or of the group: what each way needs."""
        ways = self._sequence()
        while self._takes("|"):
            ways += self._sequence()
        return ways

    def _sequence(self) -> list[_Needs]:
        """What the items in a row need together, the most telling first. A group alone has the ways it has."""
        sets: list[Words] = []
        run = ""
        digits = 0
        groups: list[list[_Needs]] = []
        is_alone = True
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            letter, ways = self._item()
            least = self._least()
            if letter is not None and least is None:
                run += letter  # an empty one has no width: the letters around it are neighbours
                continue
            if run:
                sets.append({run})
                run = ""
            if letter is not None:
                ways = [_Needs([{letter}] if letter else [], 0)]
            is_alone = is_alone and least is None
            groups.append(ways)
            if least != 0:
                needs = _of_all(ways)
                sets += needs.sets
                digits += needs.digits * (1 if least is None else least)
        if run:
            sets.append({run})
        if len(groups) == 1 and is_alone and sets == _of_all(groups[0]).sets:
            return groups[0]
        return [_Needs(sorted(sets, key=_commonness), digits)]

    def _item(self) -> tuple[str | None, list[_Needs]]:
        """The next letter, or None with the ways of a group. A place without width is the empty letter."""
        sign = self._next()
        if sign == "(":
            return None, self._group()
        if sign == "[":
            signs = self._class()
            return None, [_Needs([signs], 0) if signs else _NOTHING]
        if sign == "\\":
            if self._takes("d"):
                return None, [_Needs([], 1)]
            return self._escaped(), [_NOTHING]
        if sign in "^$":
            return "", [_NOTHING]
        return (None if sign == "." else sign), [_NOTHING]

    def _group(self) -> list[_Needs]:
        """The ways of a group; looking ahead or behind needs nothing, and neither does what stood before."""
        counts = True
        if inline := _INLINE_FLAGS.match(self.pattern, self.at):
            self.at = inline.end()
        elif self.pattern[self.at] == "?":
            counts = False
            self.at += 1
            while self._next() not in "=!>":  # also of (?<= and (?<!
                pass
        ways = self.alternatives()
        self.at += 1  # the bracket that ends it
        return ways if counts else [_NOTHING]

    def _class(self) -> Words:
        """The signs of a set, none if it is no plain list; its first may be the bracket that elsewhere ends it."""
        is_plain = not self._takes("^")
        signs = {"]"} if self._takes("]") else set()
        while (sign := self._next()) != "]":
            if sign == "\\":
                self.at += 1
            is_plain = is_plain and sign not in "\\-"
            signs.add(sign)
        return signs if is_plain else set()

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
