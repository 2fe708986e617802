"""The two shapes of a pattern over ideas, taken apart once. `emergency_rules` says how they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

Name = TypeVar("Name", str, int)


class Step(NamedTuple):
    gap: int
    ideas: tuple[str, ...]


class Pattern(NamedTuple):
    parts: tuple[tuple[Step, ...], ...]  # each in order; together in any order
    window: int  # words; 0: one sentence
    needed: tuple[tuple[str, ...], ...]  # one of each must be there


@cache
def compiled(pattern: str) -> Pattern:
    window = 0
    if "@" in pattern:
        pattern, _, reach = pattern.partition("@")
        window = int(reach) if reach.strip().isdigit() else 0
    parts = []
    for part in pattern.split("&"):
        gap, steps = 0, []
        for word in part.split():
            if word.startswith(".."):
                gap = int(word[2:])
            else:
                steps.append(Step(gap, tuple(word.split("|"))))
                gap = 0
        parts.append(tuple(steps))
    return Pattern(tuple(parts), window, tuple(step.ideas for part in parts for step in part))


class Index(Generic[Name]):
    """Patterns by name, and by ideas: which names are worth a try where an idea stands in a text."""

    def __init__(self, patterns: Mapping[Name, Iterable[str]]) -> None:
        self.patterns: dict[Name, list[Pattern]] = {
            name: [compiled(pattern) for pattern in of_one] for name, of_one in patterns.items()
        }
        needed = [ideas for pattern in chain.from_iterable(self.patterns.values()) for ideas in pattern.needed]
        often = Counter(chain.from_iterable(needed))
        self._opened_by: dict[str, set[Name]] = {}
        for name, of_one in self.patterns.items():
            for pattern in of_one:
                for idea in min(pattern.needed, key=lambda ideas: sum(map(often.__getitem__, ideas))):
                    self._opened_by.setdefault(idea, set()).add(name)

    def opened(self, ideas: Iterable[str]) -> set[Name]:
        """The names, a few of many, of which a pattern may match where these ideas are."""
        return set().union(*filter(None, map(self._opened_by.get, ideas)))
