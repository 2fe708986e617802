"""A text as ideas: where they stand, and where patterns over them match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from blog.triage import emergency_rules
from blog.triage.emergency_lexicon import LISTS, Entry, starts_in
from blog.triage.emergency_patterns import Index, Pattern, Step
from blog.triage.reading import Reading

MATCHES_PER_RULE = 4
_DIGITS = re.compile(r"\d{1,3}([.,]\d)?c?\Z")
_GRAMMAR = Index(emergency_rules.GRAMMAR)
_JOINING = frozenset(
    {"and", "but", "or", "nor", "und", "aber", "oder", "sondern", "y", "e", "pero", "ni", "o", "et", "mais", "ou"}
)
_SAYS_NOTHING = frozenset({"END", "VERBAL", "HAVE", "ME", "MY"})  # grammar that nearly every text has


class Found(NamedTuple):
    """An idea from one word to another."""

    first: int
    last: int
    places: tuple[int, ...]  # the words that carry it


class Scene:
    """A text with the ideas in it; `unmeant` says of each word why it is not meant as happening now, if it is not."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.tokens = reading.tokens
        likely = tuple(language for language in reading.languages if language in LISTS)
        self.starts_of = starts_in(likely or tuple(LISTS))
        self.ideas: dict[str, list[Found]] = {}
        self._look_up()
        self._hide()
        self.segments = self._segments()
        self.ranges = self._ranges()
        self.unmeant: list[str] = [""] * len(self.tokens)
        self.lived: dict[tuple[Sequence[str], str], list[Found]] = {}
        self.even_if = ""
        self.derive(_GRAMMAR)

    def _look_up(self) -> None:
        tokens, add = self.tokens, self._add
        for at, (token, following) in enumerate(zip_longest(tokens, tokens[1:])):
            starts = self.starts_of(token.word)
            if starts:
                alone = Found(at, at, (at,))
                for _, idea in starts.get("", ()):
                    add(idea, alone)
                if following:
                    self._look_up_longer(at, starts.get(following.word, ()))
            if token.word[0].isdecimal() and _DIGITS.match(token.word):
                self._look_up_number(at)
            if following is None or following.sentence != token.sentence or following.sign or following.word == "and":
                add("END", Found(at, at, (at,)))

    def _look_up_longer(self, at: int, entries: Iterable[Entry]) -> None:
        tokens = self.tokens
        for rest, idea in entries:
            last = at + len(rest)
            if (
                last < len(tokens)
                and tokens[last].sentence == tokens[at].sentence
                and all(tokens[at + n].word == word for n, word in enumerate(rest, 1))
            ):
                self._add(idea, Found(at, last, tuple(range(at, last + 1))))

    def _look_up_number(self, at: int) -> None:
        tokens = self.tokens
        value = float(tokens[at].word.rstrip("c").replace(",", "."))
        if 37.9 <= value <= 42 or 100.3 <= value <= 106:
            self._add("HIGHNUMBER", Found(at, at, (at,)))
        self._add("NUMBER", Found(at, at, (at,)))
        if 4 <= value <= 42 and at and at + 1 < len(tokens) and tokens[at + 1].word in ("weeks", "wks", "week"):
            after = tokens[at + 2].word if at + 2 < len(tokens) else ""
            before = tokens[at - 1].word
            if after in ("pregnant", "along", "gone") or before in ("im", "am", "at"):
                self._add("PREGNANT", Found(at, at + 1, (at, at + 1)))

    def _add(self, idea: str, found: Found) -> None:
        if idea in self.ideas:
            self.ideas[idea].append(found)
        else:
            self.ideas[idea] = [found]

    def _hide(self) -> None:
        for hider, hidden in emergency_rules.HIDES.items():
            places = set(chain.from_iterable(found.places for found in self.ideas.get(hider, ())))
            if places:
                for idea in hidden:
                    kept = [f for f in self.ideas.get(idea, ()) if not places.intersection(f.places)]
                    self.ideas[idea] = kept

    def places(self, *ideas: str) -> set[int]:
        return set(chain.from_iterable(found.places for idea in ideas for found in self.ideas.get(idea, ())))

    def firsts(self, *ideas: str) -> set[int]:
        return {found.first for idea in ideas for found in self.ideas.get(idea, ())}

    def _segments(self) -> list[int]:
        """A number for each word, one for each part of a sentence between commas and joining words."""
        numbers, number = [], 0
        for at, token in enumerate(self.tokens):
            new_sentence = at and token.sentence != self.tokens[at - 1].sentence
            if at and (new_sentence or token.sign or token.word in _JOINING):
                number += 1
            numbers.append(number)
        return numbers

    def _ranges(self) -> list[range]:
        """For each word the part of the sentence that it belongs to."""
        ranges: list[range] = []
        start = 0
        for at in range(1, len(self.segments) + 1):
            if at == len(self.segments) or self.segments[at] != self.segments[start]:
                ranges += [range(start, at)] * (at - start)
                start = at
        return ranges

    def segment(self, at: int) -> range:
        return self.ranges[at]

    def mark(self, places: Iterable[int], reason: str) -> None:
        for at in places:
            self.unmeant[at] = self.unmeant[at] or reason

    def derive(self, index: Index[str]) -> None:
        opened = index.opened(self.ideas)
        for idea, patterns in index.patterns.items():
            if idea not in opened:
                continue
            joined = {
                Found(min(places), max(places), places) for pattern in patterns for places in self.matches(pattern)
            }
            if joined:
                self.ideas[idea] = sorted({*self.ideas.get(idea, ()), *joined})
                self.lived.clear()
                opened |= index.opened([idea])  # what comes after may be made of it

    def meant(self, found: Found) -> bool:
        return not any(self.unmeant[at] and self.unmeant[at] != self.even_if for at in found.places)

    def told(self) -> list[str]:
        """The names of all ideas, for the classifier: `@CHEST`, or `@!CHEST` where it is nowhere meant as happening."""
        names = []
        for idea, places in self.ideas.items():
            if places and idea not in _SAYS_NOTHING and not idea.islower():
                is_meant = any(not any(map(self.unmeant.__getitem__, place.places)) for place in places)
                names.append(f"@{idea}" if is_meant else f"@!{idea}")
        return names or ["@nothing"]

    def live(self, ideas: Sequence[str]) -> list[Found]:
        known = self.lived.get((ideas, self.even_if))
        if known is None:
            known = sorted(f for idea in ideas for f in self.ideas.get(idea, ()) if self.meant(f))
            self.lived[ideas, self.even_if] = known
        return known

    def matches(self, pattern: Pattern) -> list[tuple[int, ...]]:
        """The places of the words that fit, at most MATCHES_PER_RULE times."""
        known = self.ideas.keys()
        for ideas in pattern.needed:
            if known.isdisjoint(ideas):  # nearly always: nothing of it stands in the text
                return []
        each = []
        for part in pattern.parts:
            found = self._in_order(part)
            if not found:
                return []
            each.append(found)
        if len(each) == 1:
            return [found.places for found in each[0][:MATCHES_PER_RULE]]
        return self._together(each, pattern.window)

    def _in_order(self, steps: Sequence[Step]) -> list[Found]:
        chains = self.live(steps[0].ideas)
        for step in steps[1:]:
            if not chains:
                return []
            by_first: dict[int, list[Found]] = {}
            for follower in self.live(step.ideas):
                by_first.setdefault(follower.first, []).append(follower)
            longer: dict[int, Found] = {}
            for start in chains:
                for at in range(start.last + 1, start.last + 2 + step.gap):
                    for follower in by_first.get(at, ()):
                        if self.tokens[at].sentence == self.tokens[start.last].sentence:
                            longer.setdefault(
                                follower.last, Found(start.first, follower.last, start.places + follower.places)
                            )
                # "NOPOINT ..0 ANYMORE ..0 END": the last word itself may be the end
                if step.ideas[0] == "END" and any(f.last == start.last for f in by_first.get(start.last, ())):
                    longer.setdefault(start.last, start)
            chains = sorted(longer.values())
        return chains

    def _together(self, each: list[list[Found]], window: int) -> list[tuple[int, ...]]:
        """Sliding window: one of each kind, as near as they come."""
        events = sorted((found.first, kind, found) for kind, all_found in enumerate(each) for found in all_found)
        latest: dict[int, Found] = {}
        result: list[tuple[int, ...]] = []
        for _, kind, found in events:
            latest[kind] = found
            if len(latest) < len(each):
                continue
            first = min(f.first for f in latest.values())
            last = max(f.last for f in latest.values())
            same = window or self.tokens[first].sentence == self.tokens[last].sentence
            if same and (not window or last - first < window):
                result.append(tuple(sorted(set(chain.from_iterable(f.places for f in latest.values())))))
                if len(result) >= MATCHES_PER_RULE:
                    break
                latest = {}
        return result
