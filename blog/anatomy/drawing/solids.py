"""Rounded solids and boxes as the eye sees them: outlines in the picture, in centimetres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import acos, atan2, cos, hypot, pi, sin, sqrt
from typing import NamedTuple

from blog.anatomy.drawing.curves import Point
from blog.anatomy.drawing.space import Eye, Frame, Vector, cross, dot, plus, unit


class Egg(NamedTuple):
    """An ellipsoid: half its size along the three directions of a frame. A ball where they are alike."""

    frame: Frame
    radii: Vector

    @property
    def round(self) -> bool:
        """Whether it is a ball."""
        return self.radii[0] == self.radii[1] == self.radii[2]

    def seen(self, eye: Eye) -> Ellipse:
        """Its outline in the picture, as an ellipse."""
        right, up = eye.right, eye.up
        axes = (self.frame.ahead, self.frame.left, self.frame.up)
        xs = [dot(axis, right) * radius for axis, radius in zip(axes, self.radii, strict=True)]
        ys = [-dot(axis, up) * radius for axis, radius in zip(axes, self.radii, strict=True)]
        xx, yy = sum(x * x for x in xs), sum(y * y for y in ys)
        return Ellipse(eye.sees(self.frame.at), xx, sum(x * y for x, y in zip(xs, ys, strict=True)), yy)


class Ellipse(NamedTuple):
    """An ellipse of the picture by its middle and second moments."""

    at: Point
    xx: float
    xy: float
    yy: float

    def reached(self, corners: int) -> list[tuple[float, float, float]]:
        """For each direction round it: how far it reaches from the picture's origin, and the point that does."""
        (mx, my), xx, xy, yy = self.at, self.xx, self.xy, self.yy
        supports = []
        for x, y in _directions(corners):
            px, py = xx * x + xy * y, xy * x + yy * y
            size = sqrt(px * x + py * y) or 1e-6
            supports.append((mx * x + my * y + size, mx + px / size, my + py / size))
        return supports


@lru_cache
def _directions(count: int) -> tuple[Point, ...]:
    return tuple((cos(2 * pi * i / count), sin(2 * pi * i / count)) for i in range(count))


class Capsule(NamedTuple):
    """Two balls with a tight skin, in the picture. One ball lies within the other where they are too near."""

    start: Point
    first: float
    end: Point
    second: float

    def corners(self) -> tuple[Point, ...]:
        """Points that a box round it goes by."""
        return tuple(
            (x + a * radius, y + b * radius)
            for (x, y), radius in ((self.start, self.first), (self.end, self.second))
            for a, b in ((-1, -1), (1, 1))
        )

    def tangents(self) -> tuple[float, float] | None:
        """The direction from start to end, and half the angle that the skin leaves free at the end; none in a ball."""
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        way = hypot(dx, dy)
        if way <= abs(self.first - self.second) + 1e-6:
            return None
        return atan2(dy, dx), acos((self.first - self.second) / way)


Outline = tuple[Point, ...] | Capsule


def ball(at: Vector, radius: float) -> Egg:
    """A ball."""
    return Egg(Frame(at), (radius, radius, radius))


def wrapped(solids: Sequence[Egg], eye: Eye) -> Outline:
    """The outline of solids with a skin tight around all of them."""
    if len(solids) <= 2 and all(solid.round for solid in solids):
        return _capsule(solids[0], solids[-1], eye)
    return _around([solid.seen(eye).reached(eye.corners) for solid in solids])


def chain(solids: Sequence[Egg], eye: Eye) -> list[Outline]:
    """The outlines of a chain of solids, each wrapped with the next."""
    if all(solid.round for solid in solids):
        return [_capsule(one, other, eye) for one, other in pairwise(solids)]
    reached = [solid.seen(eye).reached(eye.corners) for solid in solids]
    return [_around(pair) for pair in pairwise(reached)]


def _around(reached: Sequence[list[tuple[float, float, float]]]) -> Outline:
    if len(reached) == 1:
        return tuple((x, y) for _, x, y in reached[0])
    return tuple((x, y) for _, x, y in map(max, *reached))


def corners(outline: Outline) -> tuple[Point, ...]:
    """Points that a box round an outline goes by."""
    return outline.corners() if isinstance(outline, Capsule) else outline


def _capsule(one: Egg, other: Egg, eye: Eye) -> Capsule:
    return Capsule(eye.sees(one.frame.at), one.radii[0], eye.sees(other.frame.at), other.radii[0])


def box_faces(frame: Frame, size: Vector, eye: Eye) -> list[tuple[Outline, Vector]]:
    """The faces of a box that are seen, each with the direction it looks in. `frame` is the middle of its floor."""
    x, y, z = size[0] / 2, size[1] / 2, size[2]
    faces = (
        ((1, 0, 0), ((x, -y, 0), (x, y, 0), (x, y, z), (x, -y, z))),
        ((-1, 0, 0), ((-x, y, 0), (-x, -y, 0), (-x, -y, z), (-x, y, z))),
        ((0, 1, 0), ((x, y, 0), (-x, y, 0), (-x, y, z), (x, y, z))),
        ((0, -1, 0), ((-x, -y, 0), (x, -y, 0), (x, -y, z), (-x, -y, z))),
        ((0, 0, 1), ((-x, -y, z), (x, -y, z), (x, y, z), (-x, y, z))),
        ((0, 0, -1), ((-x, y, 0), (x, y, 0), (x, -y, 0), (-x, -y, 0))),
    )
    seen: list[tuple[Outline, Vector]] = []
    for side, four in faces:
        look = plus(frame(side), frame.at, -1)
        if dot(look, eye.towards) > 0.01:
            seen.append((tuple(eye.sees(frame(corner)) for corner in four), look))
    return seen


def cap(egg: Egg, towards: Vector, height: float, eye: Eye) -> tuple[Point, ...]:
    """The seen part of an egg beyond a cut: what of its surface lies further than `height` (of its own radius, -1 to 1)
    in the direction `towards`, given in its frame. Empty where none of it is seen."""
    scale = egg.radii
    look = egg.frame.seen(eye.towards)
    # On the unit ball the surface point s is seen where s / radii looks at the eye.
    view = unit((look[0] / scale[0], look[1] / scale[1], look[2] / scale[2]))
    pole = unit(towards)
    rim = _arc(_circle(pole, height), lambda s: dot(s, view) > 0)
    edge = _arc(_circle(view, 0), lambda s: dot(s, pole) > height)
    if not rim and not edge:
        return ()
    if rim and edge and _far(rim[-1], edge[0]) > _far(rim[-1], edge[-1]):
        edge.reverse()
    whole = [*rim, *edge]
    return tuple(eye.sees(egg.frame((s[0] * scale[0], s[1] * scale[1], s[2] * scale[2]))) for s in whole)


def _circle(pole: Vector, height: float) -> list[Vector]:
    """Points of the unit ball at a height over its middle, round a pole."""
    side = unit(cross(pole, (0.3, 0.5, 0.81) if abs(pole[2]) > 0.8 else (0, 0, 1)))
    other = cross(pole, side)
    radius = sqrt(max(0.0, 1 - height * height))
    middle = (pole[0] * height, pole[1] * height, pole[2] * height)
    return [
        plus(plus(middle, side, radius * cos(2 * pi * i / 40)), other, radius * sin(2 * pi * i / 40)) for i in range(40)
    ]


def _arc(points: list[Vector], kept: Callable[[Vector], bool]) -> list[Vector]:
    """The points that are kept, in one run."""
    keep = [kept(point) for point in points]
    if all(keep):
        return points
    first = next((i for i in range(len(points)) if keep[i] and not keep[i - 1]), None)
    if first is None:
        return []
    run = []
    for i in range(len(points)):
        point = points[(first + i) % len(points)]
        if not keep[(first + i) % len(points)]:
            break
        run.append(point)
    return run


def _far(a: Vector, b: Vector) -> float:
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True))
