"""Points, turns and the eye in three dimensions. Knows nothing of anatomy.

Centimetres and degrees. Axes as somebody who stands at the origin would say: ahead, left, up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import acos, cos, degrees, radians, sin, sqrt
from typing import NamedTuple

from blog.anatomy.drawing.curves import Point

Vector = tuple[float, float, float]

ORIGIN: Vector = (0.0, 0.0, 0.0)
AHEAD: Vector = (1.0, 0.0, 0.0)
LEFT: Vector = (0.0, 1.0, 0.0)
UP: Vector = (0.0, 0.0, 1.0)


def plus(a: Vector, b: Vector, times: float = 1) -> Vector:
    """a + b · times."""
    return a[0] + b[0] * times, a[1] + b[1] * times, a[2] + b[2] * times


def minus(a: Vector, b: Vector) -> Vector:
    """From b to a."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def dot(a: Vector, b: Vector) -> float:
    """The inner product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """The outer product: ahead × left = up."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def length(a: Vector) -> float:
    """How long."""
    return sqrt(dot(a, a))


def distance(a: Vector, b: Vector) -> float:
    """How far apart."""
    return length(minus(a, b))


def unit(a: Vector) -> Vector:
    """The same direction, one long. Raises ZeroDivisionError for no direction."""
    size = length(a)
    return a[0] / size, a[1] / size, a[2] / size


def between(a: Vector, b: Vector, share: float) -> Vector:
    """The point at this share of the way from a to b."""
    return plus(a, minus(b, a), share)


def across(wish: Vector, axis: Vector) -> Vector:
    """The direction at right angles to a unit axis that is nearest to the wish; any where they are parallel."""
    rest = plus(wish, axis, -dot(wish, axis))
    if length(rest) < 1e-6:
        rest = cross(axis, UP) if abs(axis[2]) < 0.9 else cross(axis, AHEAD)
    return unit(rest)


def angle(a: Vector, b: Vector) -> float:
    """Degrees between two directions, 0 to 180."""
    return degrees(acos(max(-1.0, min(1.0, dot(unit(a), unit(b))))))


class Frame(NamedTuple):
    """A place and the three directions of what sits there."""

    at: Vector = ORIGIN
    ahead: Vector = AHEAD
    left: Vector = LEFT
    up: Vector = UP

    def __call__(self, point: Vector) -> Vector:
        """A point given in this frame, in the room."""
        return plus(plus(plus(self.at, self.ahead, point[0]), self.left, point[1]), self.up, point[2])

    def moved(self, by: Vector) -> Frame:
        """The same directions at a point given in this frame."""
        return Frame(self(by), self.ahead, self.left, self.up)

    def turned(self, bend: float = 0, side: float = 0, turn: float = 0) -> Frame:
        """Turned about its own place: the upper end forward by `bend`, to the left by `side`, round to the left by
        `turn`; in this order from the inside."""
        at, ahead, left, up = self
        if turn:
            ahead, left = _mixed(ahead, left, turn), _mixed(left, ahead, -turn)
        if bend:
            ahead, up = _mixed(ahead, up, -bend), _mixed(up, ahead, bend)
        if side:
            left, up = _mixed(left, up, -side), _mixed(up, left, side)
        return Frame(at, ahead, left, up)

    def seen(self, direction: Vector) -> Vector:
        """A direction of the room, in this frame."""
        return dot(direction, self.ahead), dot(direction, self.left), dot(direction, self.up)


@dataclass(frozen=True)
class Eye:
    """Where the picture is seen from: degrees round the figure (0 the face, 90 the left side, 180 the back) and above.

    Lines that are parallel in the room are parallel in the picture, so that lengths may be compared.
    """

    round: float = 0
    above: float = 0
    corners: int = 24  # points round an egg: at the size of a card finer than a pen shows

    @cached_property
    def towards(self) -> Vector:
        """From the figure to the eye."""
        a, e = radians(self.round), radians(self.above)
        return cos(e) * cos(a), cos(e) * sin(a), sin(e)

    @cached_property
    def right(self) -> Vector:
        """The picture's right in the room."""
        a = radians(self.round)
        return -sin(a), cos(a), 0.0

    @cached_property
    def up(self) -> Vector:
        """The picture's top in the room."""
        return cross(self.towards, self.right)

    def sees(self, point: Vector) -> Point:
        """Where a point is in the picture: right and down, in centimetres."""
        (rx, ry, _), (ux, uy, uz) = self.right, self.up
        x, y, z = point
        return x * rx + y * ry, -x * ux - y * uy - z * uz

    def nearness(self, point: Vector) -> float:
        """The larger, the nearer to the eye."""
        return dot(point, self.towards)


def joint(start: Vector, end: Vector, first: float, second: float, towards: Vector) -> Vector:
    """The knee or elbow of two bones from start to end, out to the side of `towards`.

    Raises ValueError with the missing or excess centimetres where the bones cannot meet.
    """
    way = distance(start, end)
    if way > first + second + 1e-6:
        raise ValueError(f"out of reach by {way - first - second:.1f} cm ({way:.1f} of {first + second:.1f})")
    if way < abs(first - second) + 1e-6:
        raise ValueError(f"too near by {abs(first - second) - way:.1f} cm")
    axis = unit(minus(end, start))
    along = (first**2 - second**2 + way**2) / (2 * way)
    out = sqrt(max(0.0, first**2 - along**2))
    return plus(plus(start, axis, along), across(towards, axis), out)


def _mixed(a: Vector, b: Vector, turn: float) -> Vector:
    """a, turned towards b."""
    c, s = cos(radians(turn)), sin(radians(turn))
    return a[0] * c + b[0] * s, a[1] * c + b[1] * s, a[2] * c + b[2] * s
