"""Points, smooth curves through them, and their SVG path data. Knows nothing of anatomy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, pi, radians, sin

Point = tuple[float, float]
Bezier = tuple[Point, Point, Point, Point]
Window = tuple[float, float, float, float]  # left, top, right, bottom

STEPS = 6  # points per piece when a curve is made a polygon


@dataclass(frozen=True)
class Curve:
    """A smooth curve through points. A point given twice running is a corner."""

    points: tuple[Point, ...]
    closed: bool = False

    def moved(self, to: Affine) -> Curve:
        """The curve after a move, turn, mirroring or change of size."""
        return Curve(tuple(to(point) for point in self.points), self.closed)

    def mirrored(self) -> Curve:
        """The curve on the other side of the midline (x = 0)."""
        return self.moved(MIRROR)

    def polygon(self) -> list[Point]:
        """Points along the curve, close enough for areas and hit tests."""
        pieces = _pieces(self)
        points = [pieces[0][0]]
        for p, a, b, q in pieces:
            for step in range(1, STEPS + 1):
                t = step / STEPS
                u = 1 - t
                points.append(
                    (
                        u**3 * p[0] + 3 * u * u * t * a[0] + 3 * u * t * t * b[0] + t**3 * q[0],
                        u**3 * p[1] + 3 * u * u * t * a[1] + 3 * u * t * t * b[1] + t**3 * q[1],
                    )
                )
        return points

    def data(self, to: Affine | None = None, window: Window | None = None) -> str:
        """Path data, after `to`. What lies outside `window` then may be left out: it looks the same inside it."""
        return _data(self if to is None else self.moved(to), window)


@dataclass(frozen=True)
class Affine:
    """x' = a·x + c·y + e; y' = b·x + d·y + f."""

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 1
    e: float = 0
    f: float = 0

    def __call__(self, point: Point) -> Point:
        x, y = point
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, after: Affine) -> Affine:
        """This first, then `after`."""
        (e, f) = after((self.e, self.f))
        return Affine(
            after.a * self.a + after.c * self.b,
            after.b * self.a + after.d * self.b,
            after.a * self.c + after.c * self.d,
            after.b * self.c + after.d * self.d,
            e,
            f,
        )


MIRROR = Affine(a=-1)


def points(text: str) -> tuple[Point, ...]:
    """Points as SVG's `points` attribute writes them: "x,y x,y …"."""
    pairs = (pair.split(",") for pair in text.split())
    return tuple((float(x), float(y)) for x, y in pairs)


def placed(at: Point, scale: float = 1, turn: float = 0, mirror: bool = False) -> Affine:
    """Mirror in x, scale, turn by degrees (clockwise on screen), then carry the origin to `at`."""
    c, s = scale * cos(radians(turn)), scale * sin(radians(turn))
    flip = -1 if mirror else 1
    return Affine(flip * c, flip * s, -s, c, at[0], at[1])


def open_curve(*points: Point) -> Curve:
    """A line with two ends."""
    return Curve(points)


def closed_curve(*points: Point) -> Curve:
    """An outline."""
    return Curve(points, closed=True)


def both_halves(*points: Point) -> Curve:
    """An outline across the midline, given by its half at positive x, from top to bottom."""
    other = [(-x, y) for x, y in reversed(points) if x != 0]
    return Curve((*points, *other), closed=True)


def ellipse(centre: Point, rx: float, ry: float, turn: float = 0) -> Curve:
    """An ellipse, as the same kind of curve as all others."""
    to = placed(centre, turn=turn)
    return Curve(tuple(to((rx * cos(i * pi / 4), ry * sin(i * pi / 4))) for i in range(8)), closed=True)


def line(*points: Point) -> Curve:
    """Straight strokes from point to point."""
    return Curve(tuple(p for i, q in enumerate(points) for p in ((q,) if i in (0, len(points) - 1) else (q, q))))


def polygon(*points: Point) -> Curve:
    """A closed outline with straight edges."""
    return Curve(tuple(p for q in points for p in (q, q)), closed=True)


def contains(corners: Sequence[Point], point: Point) -> bool:
    """Whether a point lies in a polygon."""
    x, y = point
    inside = False
    xa, ya = corners[-1]
    for xb, yb in corners:
        if (ya > y) != (yb > y) and x < (xb - xa) * (y - ya) / (yb - ya) + xa:
            inside = not inside
        xa, ya = xb, yb
    return inside


def box(curves: Iterable[Curve]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of all curves together."""
    points = [point for curve in curves for point in curve.polygon()]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def number(value: float) -> str:
    """A coordinate as SVG wants it: one decimal, no ballast."""
    text = f"{value:.1f}"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


@lru_cache(maxsize=4096)
def _data(curve: Curve, window: Window | None = None) -> str:
    """Relative commands in tenths of a unit, so that rounding never adds up and the text stays short."""
    pieces = _pieces(curve) if window is None else _short_cuts(_pieces(curve), window)
    here = _tenths(pieces[0][0])
    parts = [f"M{_coordinates(here)}"]
    before = ""
    for p, a, b, q in pieces:
        straight = _straight(p, a, b, q)
        points = [_tenths(point) for point in ((q,) if straight else (a, b, q))]
        text = _coordinates(*((x - here[0], y - here[1]) for x, y in points))
        command = "l" if straight else "c"
        parts.append(text if command == before and text[0] == "-" else (command if command != before else " ") + text)
        before, here = command, points[-1]
    if curve.closed:
        parts.append("z")
    return "".join(parts)


def _short_cuts(pieces: Iterable[Bezier], window: Window) -> list[Bezier]:
    """The pieces, but a straight one for each run of them that lies on one side of the window.

    It lies on that side, too, so that neither lines nor filling change inside the window.
    """
    kept: list[Bezier] = []
    run = frozenset[str]()
    for piece in pieces:
        sides = _outside(piece, window)
        if run & sides:
            run &= sides
            p, q = kept.pop()[0], piece[3]
            kept.append((p, p, q, q))
        else:
            run = sides
            kept.append(piece)
    return kept


def _outside(piece: Bezier, window: Window) -> frozenset[str]:
    """On which sides of a window all of a piece lies; a piece never leaves the box round its four points."""
    left, top, right, bottom = window
    xs, ys = [x for x, _ in piece], [y for _, y in piece]
    found = (("left", max(xs) < left), ("right", min(xs) > right), ("top", max(ys) < top), ("bottom", min(ys) > bottom))
    return frozenset(side for side, is_there in found if is_there)


def _tenths(point: Point) -> tuple[int, int]:
    return round(point[0] * 10), round(point[1] * 10)


def _coordinates(*points: tuple[int, int]) -> str:
    """Numbers one after the other, with a space only where a minus sign does not part them."""
    text = ""
    for value in (v for point in points for v in point):
        digits = number(value / 10)
        if digits.startswith("0."):
            digits = digits[1:]
        elif digits.startswith("-0."):
            digits = "-" + digits[2:]
        text += digits if not text or digits[0] == "-" else " " + digits
    return text


def _straight(p: Point, a: Point, b: Point, q: Point) -> bool:
    """Whether a piece bends less than a pen shows."""
    length = _distance(p, q)
    return all(abs((q[0] - p[0]) * (c[1] - p[1]) - (q[1] - p[1]) * (c[0] - p[0])) < 0.06 * length for c in (a, b))


@lru_cache(maxsize=4096)
def _pieces(curve: Curve) -> tuple[Bezier, ...]:
    """Cubic pieces through the points; tangents weigh neighbours by distance, so that nothing overshoots."""
    points: list[Point] = []
    corners: set[int] = set()
    for point in curve.points:
        if points and _distance(points[-1], point) < 1e-6:
            corners.add(len(points) - 1)
        else:
            points.append(point)
    count = len(points)
    last = count if curve.closed else count - 1
    pieces: list[Bezier] = []
    for i in range(last):
        p, q = points[i], points[(i + 1) % count]
        reach = _distance(p, q) / 3
        start = _tangent(points, i, curve.closed, corners)
        end = _tangent(points, (i + 1) % count, curve.closed, corners)
        a = (p[0] + start[0] * reach, p[1] + start[1] * reach) if start else None
        b = (q[0] - end[0] * reach, q[1] - end[1] * reach) if end else None
        pieces.append((p, a or (b and _middle(p, b)) or p, b or (a and _middle(q, a)) or q, q))
    return tuple(pieces)


def _tangent(points: Sequence[Point], i: int, closed: bool, corners: set[int]) -> Point | None:
    """Unit direction of the curve at a point; none at corners and ends."""
    count = len(points)
    if i in corners or (not closed and i in (0, count - 1)):
        return None
    before, here, after = points[i - 1], points[i], points[(i + 1) % count]
    d1, d2 = _distance(before, here), _distance(here, after)
    x = (here[0] - before[0]) / d1 * d2 + (after[0] - here[0]) / d2 * d1
    y = (here[1] - before[1]) / d1 * d2 + (after[1] - here[1]) / d2 * d1
    length = hypot(x, y)
    return (x / length, y / length) if length else None


def _middle(p: Point, q: Point) -> Point:
    return (p[0] + q[0]) / 2, (p[1] + q[1]) / 2


def _distance(p: Point, q: Point) -> float:
    return hypot(q[0] - p[0], q[1] - p[1])
