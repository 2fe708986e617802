"""Things of an exercise: what one lies, sits, stands or leans on, and what one holds. Boxes and rounded solids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blog.anatomy.drawing.palette import CLOTH, EDGE, FRONT, SIDE, TOP, Colour
from blog.anatomy.drawing.solids import Egg, Outline, ball, box_faces, wrapped
from blog.anatomy.drawing.space import UP, Eye, Frame, Vector, dot

SLAB = 7.0  # thickness of a bench's top
LEG = 4.0  # thickness of a chair's or bench's leg


@dataclass(frozen=True)
class Face:
    """One face of a thing in the picture, in centimetres. `edge`: drawn round with the pen of things."""

    outline: Outline
    colour: Colour
    edge: Colour | None = EDGE


@dataclass(frozen=True)
class Thing:
    """A support of a pose. Which numbers count depends on the kind: see KINDS. Centimetres and degrees."""

    kind: str
    at: Vector = (0, 0, 0)
    size: Vector = (0, 0, 0)  # ahead, left, up
    turn: float = 0  # round to the left
    tilt: float = 0  # of its upper end forward
    front: bool = False  # drawn over the figure


# What each kind is, with the size it has where the pose names none.
KINDS: Mapping[str, Vector] = {
    "floor": (120, 120, 0),
    "mat": (190, 62, 2),
    "box": (30, 30, 30),
    "step": (30, 60, 12),
    "bench": (60, 190, 45),
    "bed": (90, 200, 45),
    "chair": (42, 44, 45),
    "stool": (40, 44, 45),
    "wall": (6, 90, 180),
    "cushion": (34, 34, 12),
    "towel": (50, 26, 3),
    "roll": (9, 40, 9),
    "ball": (22, 22, 22),
}


def seen(thing: Thing, eye: Eye) -> list[Face]:
    """Its outlines from back to front."""
    size = (
        thing.size[0] or KINDS[thing.kind][0],
        thing.size[1] or KINDS[thing.kind][1],
        thing.size[2] or KINDS[thing.kind][2],
    )
    frame = Frame(thing.at).turned(turn=thing.turn).turned(bend=thing.tilt)
    if thing.kind == "floor":
        x, y = size[0] / 2, size[1] / 2
        corners = ((x, y, 0), (x, -y, 0), (-x, -y, 0), (-x, y, 0))
        return [Face(tuple(eye.sees(frame(corner)) for corner in corners), SIDE, None)]
    if thing.kind in ("chair", "stool"):
        return _chair(frame, size, eye, back=thing.kind == "chair")
    if thing.kind in ("bench", "bed"):
        return _bench(frame, size, eye)
    if thing.kind in ("cushion", "ball", "roll"):
        return [Face(wrapped(_soft(thing.kind, frame, size), eye), CLOTH)]
    return _box(frame, size, eye)


def _soft(kind: str, frame: Frame, size: Vector) -> list[Egg]:
    x, y, z = size[0] / 2, size[1] / 2, size[2] / 2
    if kind == "roll":
        return [ball(frame((0, side * (y - z), z)), z) for side in (-1, 1)]
    if kind == "ball":
        return [ball(frame((0, 0, z)), z)]
    corners = [Egg(frame.moved((a * (x - z), b * (y - z), z)), (z, z, z * 0.8)) for a in (-1, 1) for b in (-1, 1)]
    return [*corners, Egg(frame.moved((0, 0, z)), (x * 0.8, y * 0.8, z))]


def _box(frame: Frame, size: Vector, eye: Eye) -> list[Face]:
    faces = []
    for points, look in box_faces(frame, size, eye):
        lit = dot(look, UP)
        colour = TOP if lit > 0.5 else (FRONT if dot(look, eye.right) > 0.2 else SIDE)
        faces.append(Face(points, colour))
    return faces


def _chair(frame: Frame, size: Vector, eye: Eye, back: bool) -> list[Face]:
    x, y = size[0] / 2 - LEG / 2, size[1] / 2 - LEG / 2
    legs = [(frame.moved((a * x, b * y, 0)), (LEG, LEG, size[2] - 4)) for a in (-1, 1) for b in (-1, 1)]
    boxes = sorted(legs, key=lambda leg: eye.nearness(leg[0].at))
    boxes.append((frame.moved((0, 0, size[2] - 4)), (size[0], size[1], 4)))
    if back:
        rest = (frame.moved((-size[0] / 2 + 1.5, 0, size[2])), (3, size[1], 44))
        boxes.insert(0 if eye.nearness(rest[0].at) < eye.nearness(frame.at) else len(boxes), rest)
    return [face for place, dimensions in boxes for face in _box(place, dimensions, eye)]


def _bench(frame: Frame, size: Vector, eye: Eye) -> list[Face]:
    x, y = size[0] / 2 - 6, size[1] / 2 - 10
    legs = [(frame.moved((a * x, b * y, 0)), (LEG, LEG, size[2] - SLAB)) for a in (-1, 1) for b in (-1, 1)]
    boxes = sorted(legs, key=lambda leg: eye.nearness(leg[0].at))
    boxes.append((frame.moved((0, 0, size[2] - SLAB)), (size[0], size[1], SLAB)))
    return [face for place, dimensions in boxes for face in _box(place, dimensions, eye)]
