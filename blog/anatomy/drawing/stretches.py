"""The picture of a stretch: a figure in its pose, what it rests on, what is stretched, and where it moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from math import atan2, cos, degrees, pi, sin

from blog.anatomy.drawing.curves import Curve, Point, line, number, placed
from blog.anatomy.drawing.mannequin import Layer, layers
from blog.anatomy.drawing.palette import (
    CARD_WIDTH,
    CLOTH,
    CONTOUR,
    EDGE,
    FAR_INK,
    FINE,
    INK,
    MOVE,
    PAPER,
    STRETCHED,
    THING,
    Colour,
    card,
)
from blog.anatomy.drawing.posefile import TINTED, Arrow, Pose, Strap
from blog.anatomy.drawing.skeleton import Body, Posture, posed
from blog.anatomy.drawing.solids import Capsule, Outline, ball, corners, wrapped
from blog.anatomy.drawing.supports import Face, seen

MARGIN = 16
TALLEST, SHORTEST = 330, 190
CLOSEST = 8.0  # pixels per centimetre at most
SMALL = 0.5  # of the start position beside the end position
COARSE = 14  # points round an egg of it
GAP = 10.0  # centimetres between them

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scale:
    """From centimetres of the picture to the card."""

    size: float
    x: float
    y: float

    def data(self, outline: Outline) -> str:
        """Path data of a closed outline: clockwise, so that outlines in one path add up."""
        return self._arcs(outline) if isinstance(outline, Capsule) else self._corners(outline)

    def _arcs(self, capsule: Capsule) -> str:
        (x1, y1), (x2, y2) = self.point(capsule.start), self.point(capsule.end)
        r1, r2 = capsule.first * self.size, capsule.second * self.size
        tangents = capsule.tangents()
        if tangents is None:
            x, y, r = (x1, y1, r1) if r1 > r2 else (x2, y2, r2)
            return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 1 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 1{-2 * r:.1f} 0z"
        towards, free = tangents
        ax, ay, bx, by = cos(towards - free), sin(towards - free), cos(towards + free), sin(towards + free)
        wide = int(free > pi / 2)
        one, other = f"A{r2:.1f} {r2:.1f} 0 {wide} 1 ", f"A{r1:.1f} {r1:.1f} 0 {1 - wide} 1 "
        return (
            f"M{x2 + r2 * ax:.1f} {y2 + r2 * ay:.1f}{one}{x2 + r2 * bx:.1f} {y2 + r2 * by:.1f}"
            f"L{x1 + r1 * bx:.1f} {y1 + r1 * by:.1f}{other}{x1 + r1 * ax:.1f} {y1 + r1 * ay:.1f}z"
        )

    def _corners(self, points: Sequence[Point]) -> str:
        """Whole tenths, each point given from the one before."""
        size, left, top = self.size * 10, self.x * 10, self.y * 10
        before_x = before_y = 0
        text = []
        for x, y in points:
            here_x, here_y = round(x * size + left), round(y * size + top)
            if here_x != before_x or here_y != before_y:
                text.append(f"{_tenths(here_x - before_x)} {_tenths(here_y - before_y)}")
                before_x, before_y = here_x, here_y
        return ("M" + text[0] + "l" + " ".join(text[1:]) + "z").replace(" -", "-")

    def point(self, point: Point) -> Point:
        """One point of the card."""
        return point[0] * self.size + self.x, point[1] * self.size + self.y


def stretch_figure(pose: Pose) -> str:
    """The card of one stretch: the end position, and small and pale before it the start where the pose gives one."""
    main = Scene(pose, pose.end)
    small = Scene(replace(pose, eye=replace(pose.eye, corners=COARSE)), pose.start) if pose.start else None
    left, top, right, bottom = main.box
    wide, high = right - left, bottom - top
    over, beside = _beside(small, wide, high, pose.room) if small else (0.0, 0.0)
    size = fitting(wide + beside, high + over)
    margin = 0 if pose.shown else MARGIN  # what is cut, is cut by the card's edge
    tall = max(SHORTEST, (high + over) * size + 2 * margin)
    start, base = (CARD_WIDTH - (wide + beside) * size) / 2, (tall + (high + over) * size) / 2
    drawing = main.drawn(Scale(size, start + (beside - left) * size, base - bottom * size), "m")
    if small:
        x, y, _, y2 = small.box
        lowest = base - y2 * size * SMALL
        highest = base - (high + over) * size - y * size * SMALL
        at = Scale(size * SMALL, start - x * size * SMALL, highest if over or pose.room else lowest)
        drawing = f'<g opacity=".5">{_cut(small.drawn(at, "s", pale=True), small, at)}</g>' + drawing
    return card(pose.title, pose.words, drawing, tall)


def _cut(drawing: str, scene: Scene, to: Scale) -> str:
    """The start of a picture that shows a part of the body alone, cut to this part."""
    if not scene.pose.shown:
        return drawing
    left, top, right, bottom = scene.box
    (x, y), (x2, y2) = to.point((left, top)), to.point((right, bottom))
    frame = f'<rect x="{x:.1f}" y="{y:.1f}" width="{x2 - x:.1f}" height="{y2 - y:.1f}" rx="6"/>'
    return f'<clipPath id="s">{frame}</clipPath><g clip-path="url(#s)">{drawing}</g>'


def _beside(small: Scene, wide: float, high: float, room: float) -> tuple[float, float]:
    """Centimetres that the start position adds above or at the side, whichever leaves the figures larger."""
    x, y, x2, y2 = small.box
    over, beside = max(0.0, (y2 - y) * SMALL + GAP - room), max(0.0, (x2 - x) * SMALL + GAP - room)
    return (over, 0.0) if fitting(wide, high + over) > fitting(wide + beside, high) else (0.0, beside)


def fitting(wide: float, high: float) -> float:
    """Pixels per centimetre at which so much fits on a card."""
    return min((CARD_WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high, CLOSEST)


class Scene:
    """One position with its things, not yet on a card."""

    def __init__(self, pose: Pose, posture: Posture) -> None:
        self.pose, self.body = pose, posed(posture)
        self.layers = layers(self.body, pose.eye, pose.order)
        self.things = [(thing, seen(thing, pose.eye)) for thing in pose.things]

    @property
    def box(self) -> Box:
        """What the picture shows, in centimetres."""
        if self.pose.shown:
            points = [self.pose.eye.sees(self.body.joints[name]) for name in self.pose.shown]
            left, top, right, bottom = _box(points)
            margin = self.pose.margin
            return left - margin, top - margin, right + margin, bottom + margin
        points = [point for layer in self.layers for piece in layer.pieces for point in corners(piece.outline)]
        points += [point for _, faces in self.things for face in faces for point in corners(face.outline)]
        points += [self.pose.eye.sees(self.body.spot(spot)) for arrow in self.pose.arrows for spot in arrow.points]
        return _box(points)

    def drawn(self, to: Scale, mark: str, pale: bool = False) -> str:
        """The scene as SVG; `mark` begins its ids. A pale one has no tint and no arrow."""
        pose, body = self.pose, self.body
        under = [_thing(faces, to) for thing, faces in self.things if not thing.front]
        over = [_thing(faces, to) for thing, faces in self.things if thing.front]
        figure = []
        for i, layer in enumerate(self.layers):
            drawn, edge = _layer(layer, to)
            figure.append(drawn)
            if not pale and (tints := self._tints(layer, to)):
                clip = f'<clipPath id="{mark}{i}"><path d="{edge}"/></clipPath>'
                figure.append(f'{clip}<path clip-path="url(#{mark}{i})" d="{tints}"{STRETCHED.fill}/>')
            figure.append(_details(layer, to))
        straps = [_strap(strap, body, pose, to) for strap in pose.straps]
        arrows = [] if pale else [_arrow(arrow, body, pose, to) for arrow in pose.arrows]
        drawing = "".join((*under, *figure, *straps, *over))
        return drawing + "".join(arrows)

    def _tints(self, layer: Layer, to: Scale) -> str:
        outlines = ""
        for tint in self.pose.tints:
            side, _, _ = tint.part.partition(" ")
            limb = TINTED[tint.part]
            if layer.name not in (limb, f"{side} {limb}", tint.part):
                continue
            frame = self.body.parts[tint.part]
            stripe = wrapped([ball(frame(end), tint.radius) for end in (tint.start, tint.end)], self.pose.eye)
            outlines += to.data(stripe)
        return outlines


@lru_cache(4096)
def _tenths(value: int) -> str:
    """So many tenths as a number: the same few come again and again."""
    return f"{value / 10:g}"


def _layer(layer: Layer, to: Scale) -> tuple[str, str]:
    """The layer as SVG, and its whole outline as path data."""
    runs = [
        (colour, "".join(to.data(piece.outline) for piece in run))
        for colour, run in groupby(layer.pieces, lambda piece: piece.colour)
    ]
    edge = "".join(data for _, data in runs)
    parts = [f'<path d="{edge}"{(FAR_INK if layer.far else INK).pen(2 * CONTOUR)}/>']
    parts += [f'<path d="{data}"{colour.fill}/>' for colour, data in runs]
    parts += [f'<path d="{to.data(patch.outline)}"{patch.colour.fill}/>' for patch in layer.patches]
    return "".join(parts), edge


def _details(layer: Layer, to: Scale) -> str:
    ink: Colour = FAR_INK if layer.far else INK
    parts = [
        f'<path d="{to.data(piece.outline)}"{piece.colour.fill}/><path d="{to.data(piece.outline)}"{ink.pen(FINE)}/>'
        for piece in layer.details
    ]
    parts += [f'<path d="{line(*map(to.point, points)).data()}"{ink.pen(FINE)}/>' for points in layer.lines]
    return "".join(parts)


def _thing(faces: Sequence[Face], to: Scale) -> str:
    parts = []
    for face in faces:
        data = to.data(face.outline)
        parts.append(f'<path d="{data}"{face.colour.fill}/>')
        if face.edge:
            parts.append(f'<path d="{data}"{face.edge.pen(THING)}/>')
    return "".join(parts)


def _strap(strap: Strap, body: Body, pose: Pose, to: Scale) -> str:
    points = [to.point(pose.eye.sees(body.spot(spot))) for spot in strap.points]
    data = line(*points).data()
    width = max(4.0, 2.4 * to.size)
    return f'<path d="{data}"{EDGE.pen(width + 2 * THING)}/><path d="{data}"{CLOTH.pen(width)}/>'


def _arrow(arrow: Arrow, body: Body, pose: Pose, to: Scale) -> str:
    points = [to.point(pose.eye.sees(body.spot(spot))) for spot in arrow.points]
    data = Curve(tuple(points)).data()
    heads = _head(points[-2], points[-1]) + (_head(points[1], points[0]) if arrow.both else "")
    return f'<path d="{data}{heads}"{PAPER.pen(8)}/><path d="{data}{heads}"{MOVE.pen(3.4)}/>'


def _head(before: Point, tip: Point) -> str:
    """Two strokes of an arrow's head."""
    turn = degrees(atan2(tip[1] - before[1], tip[0] - before[0]))

    to = placed(tip, turn=turn)
    (ax, ay), (bx, by) = to((-9, -7)), to((-9, 7))
    return f"M{number(ax)} {number(ay)}L{number(tip[0])} {number(tip[1])}L{number(bx)} {number(by)}"


def union(boxes: Iterable[Box]) -> Box:
    """The box round all of these."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _box(points: Iterable[Point]) -> Box:
    corners = list(points)
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
