"""The two shapes of a pattern over ideas, taken apart once. `emergency_rules` says how they are written."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple


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
