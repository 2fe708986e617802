"""The two shapes of a pattern over ideas, taken apart once. `emergency_rules` says how they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

_COMMON = 30  # a word alone stands in as many texts as an idea that stands in so many patterns
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
        written = {name: list(map(compiled, of_one)) for name, of_one in patterns.items()}
        every = chain.from_iterable(written.values())
        often = Counter(idea for pattern in every for ideas in pattern.needed for idea in ideas)

        def commonness(ideas: tuple[str, ...]) -> int:
            return sum(often[idea] + _COMMON * idea.islower() for idea in ideas)

        self.patterns: dict[Name, list[Pattern]] = {  # what fewest texts have is asked for first
            name: [pattern._replace(needed=tuple(sorted(pattern.needed, key=commonness))) for pattern in of_one]
            for name, of_one in written.items()
        }
        self._opened_by: dict[str, set[Name]] = {}
        for name, of_one in self.patterns.items():
            for idea in chain.from_iterable(pattern.needed[0] for pattern in of_one):
                self._opened_by.setdefault(idea, set()).add(name)

    def opened(self, ideas: Iterable[str]) -> set[Name]:
        """The names, a few of many, of which a pattern may match where these ideas are."""
        return set().union(*filter(None, map(self._opened_by.get, ideas)))
