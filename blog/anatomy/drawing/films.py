"""Films of a stretch: from its start to its end and back, in five seconds, drawn and without a film file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from blog.anatomy.drawing.palette import CARD_WIDTH, card
from blog.anatomy.drawing.posefile import Pose
from blog.anatomy.drawing.stretches import COARSE, MARGIN, Scale, Scene, fitting, union

STEPS = 6  # positions from the first to the last
HELD, STEP = 20, 5  # hundredths of the film: how long each end is held, how long a position between is seen
SECONDS = 5


def film(pose: Pose) -> str:
    """The card that moves by itself, for as long as it is shown. Raises ValueError for a pose without a start."""
    scenes, at, tall = _scenes(pose)
    shown = [*range(STEPS), *range(STEPS - 2, 0, -1)]  # and so on from the first
    rules, begin = [".f{visibility:hidden}"], 0
    times: dict[int, list[tuple[int, int]]] = {}
    for position in shown:
        end = begin + (HELD if position == 0 else HELD + 2 * STEP if position == STEPS - 1 else STEP)
        times.setdefault(position, []).append((begin, end))
        begin = end
    for position, spans in times.items():
        said = "".join(
            f"{100 * a / begin:.1f}%{{visibility:visible}}{100 * b / begin:.1f}%{{visibility:hidden}}" for a, b in spans
        )
        rules.append(
            f"@keyframes f{position}{{{said}}}.f{position}{{animation:f{position} {SECONDS}s step-end infinite}}"
        )
    frames = "".join(
        f'<g class="f f{i}">{scene.drawn(at, f"m{i}-", pale=i < STEPS - 1)}</g>' for i, scene in enumerate(scenes)
    )
    return card(pose.title, pose.words, f"<style>{''.join(rules)}</style>{frames}", tall)


def still(pose: Pose, at_end: bool) -> str:
    """The card of its first or last position, in the same frame."""
    scenes, at, tall = _scenes(pose)
    return card(pose.title, pose.words, scenes[-1 if at_end else 0].drawn(at, "m", pale=not at_end), tall)


def _scenes(pose: Pose) -> tuple[list[Scene], Scale, float]:
    """All positions, and how they are put on a card that holds each of them."""
    if pose.start is None:
        raise ValueError(f"{pose.name} has no start to move from")
    coarse = replace(pose, eye=replace(pose.eye, corners=COARSE))
    scenes = [Scene(coarse, _between(pose.start, pose.end, i / (STEPS - 1))) for i in range(STEPS)]
    left, top, right, bottom = union(scene.box for scene in scenes)
    size = fitting(right - left, bottom - top)
    tall = (bottom - top) * size + 2 * MARGIN
    return scenes, Scale(size, (CARD_WIDTH - (left + right) * size) / 2, MARGIN - top * size), tall


def _between(first: Any, last: Any, share: float) -> Any:
    """What lies so far between two postures, part by part; what is no number changes at the end."""
    if isinstance(first, int | float) and isinstance(last, int | float) and not isinstance(first, bool):
        return first + (last - first) * share
    if isinstance(first, tuple) and isinstance(last, tuple) and len(first) == len(last):
        return tuple(_between(a, b, share) for a, b in zip(first, last, strict=True))
    if isinstance(first, Mapping) and isinstance(last, Mapping):
        return {name: _between(first[name], last[name], share) for name in last}
    if is_dataclass(first) and type(first) is type(last):
        return replace(first, **dict(_parts(first, last, share)))  # type: ignore[type-var]
    return first if share < 1 else last


def _parts(first: Any, last: Any, share: float) -> Iterator[tuple[str, Any]]:
    for part in fields(first):
        yield part.name, _between(getattr(first, part.name), getattr(last, part.name), share)
