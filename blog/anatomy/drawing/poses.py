"""A posed line figure for stretches: joints given as data, limbs drawn round them with the breadths of the figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import acos, atan2, cos, degrees, hypot, radians, sin
from typing import Literal

from blog.anatomy.drawing.curves import Affine, Curve, Point, closed_curve, ellipse, open_curve, placed
from blog.anatomy.drawing.figure import (
    EAR,
    EAR_SIDE,
    EAR_SIDE_LINES,
    FACE,
    HEAD_BACK,
    HEAD_FRONT,
    HEAD_SIDE,
    HEAD_SIDE_LINES,
    IRIS,
)

Facing = Literal["side", "front", "back"]

# Lengths in units of the figure (750 tall).
THIGH, SHIN, UPPER_ARM, FOREARM = 168.0, 166.0, 143.0, 112.0
SPINE = 262.0  # hip joint to the root of the neck
SHOULDER_UP, SHOULDER_OUT, HIP_OUT = 222.0, 80.0, 40.0

# Breadths: (share of the length, towards the front, towards the back).
Breadths = tuple[tuple[float, float, float], ...]
SIDE_BREADTHS: dict[str, Breadths] = {
    "thigh": ((0, 31, 34), (0.25, 31, 33), (0.6, 26, 25), (0.9, 21, 18), (1, 19, 18)),
    "shin": ((0, 18, 18), (0.14, 17, 21), (0.36, 15, 25), (0.6, 12.5, 19), (0.85, 11, 11), (1, 12, 12)),
    "upper arm": ((0, 21, 21), (0.25, 20, 20), (0.6, 16.5, 17), (1, 13, 13.5)),
    "forearm": ((0, 13.5, 13), (0.25, 15.5, 14.5), (0.7, 11, 10.5), (1, 8.6, 8.6)),
}
FRONT_BREADTHS: dict[str, Breadths] = {
    "thigh": ((0, 33, 33), (0.25, 31, 31), (0.6, 25, 25), (0.9, 20, 20), (1, 19, 19)),
    "shin": ((0, 19, 19), (0.14, 19, 19), (0.36, 22, 21), (0.6, 17.5, 17), (0.85, 11.4, 11.4), (1, 12, 12)),
    "upper arm": ((0, 19, 19), (0.25, 18.4, 18.4), (0.6, 15.6, 15.6), (1, 13, 13)),
    "forearm": ((0, 13.5, 13.5), (0.25, 16, 15.5), (0.7, 11, 10.5), (1, 8.6, 8.6)),
}
# Trunk: (height above the hip joint, towards the front or right, towards the back or left).
SIDE_TRUNK = (
    (-30, 22, 30), (-8, 29, 42), (22, 33, 45), (52, 34, 37), (84, 33, 27), (114, 34, 26), (148, 38, 32), (182, 42, 39),
    (210, 37, 40), (234, 24, 33), (252, 18, 25),
)  # fmt: skip
FRONT_TRUNK = (
    (-34, 44, 44), (-10, 70, 70), (14, 73, 73), (44, 68.6, 68.6), (78, 60, 60), (102, 58.4, 58.4), (134, 63, 63),
    (166, 68, 68), (196, 73, 73), (220, 84, 84), (236, 76, 76), (247, 56, 56), (256, 37, 37), (264, 26, 26),
)  # fmt: skip

FOOT_SIDE = closed_curve(
    (-11, -10), (-13, 4), (-21, 18), (-23, 29), (-15, 35), (2, 34.6), (26, 33), (48, 35.4), (72, 35.6), (81, 31),
    (78, 24),
    (60, 17), (38, 7), (21, -3), (12, -12),
)  # fmt: skip
FOOT_FRONT = closed_curve(
    (-12, -10), (-13, 6), (-18, 22), (-21, 34), (-14, 39), (6, 40), (20, 38), (22, 30), (16, 14), (12, -10)
)
HAND_SIDE = closed_curve(
    (-8.6, -4), (-10.4, 12), (-11, 28), (-9.4, 48), (-6, 66), (-0.4, 74), (4.6, 70), (6.6, 54), (8, 42), (13.4, 47),
    (18, 46),
    (18.6, 40), (14.6, 28), (11, 14), (8.6, -4),
)  # fmt: skip
FIST = closed_curve((-8.6, -4), (-11, 10), (-13, 24), (-9, 37), (4, 40), (13, 35), (15, 22), (11, 8), (8.6, -4))


@dataclass(frozen=True)
class Limb:
    """An arm or a leg. Without `mid` the knee or elbow is found from the lengths, a knee before and an
    elbow behind the line between them, or the other way round (`bend` -1)."""

    end: Point  # wrist or ankle
    tip: float  # where fingers or toes point: 0 down, 90 to positive x, 180 up
    mid: Point | None = None
    bend: int = 1
    flip: bool = False  # the other side of the hand or foot towards the viewer
    fist: bool = False
    root: Point | None = None  # where a limb starts that comes from behind the trunk
    from_side: bool = False  # foot in profile though the figure is not
    short: bool = False  # only thigh or upper arm show, the rest points away


@dataclass(frozen=True)
class Prop:
    """A thing of the exercise: straight or curved, filled where it is solid."""

    points: tuple[Point, ...]
    solid: bool = False
    smooth: bool = False
    front: bool = False  # before the figure, not behind it
    faint: bool = False


@dataclass(frozen=True)
class Pose:
    """Where the joints are. Degrees: lean 0 is upright, positive to positive x (the way a side view faces)."""

    title: str
    words: str  # what the picture shows, for its description
    hip: Point
    lean: float
    near_leg: Limb
    far_leg: Limb
    near_arm: Limb
    far_arm: Limb
    facing: Facing = "side"
    curl: float = 0  # how much the trunk bends on, from hip to neck
    head: float | None = None  # tilt of the head; None: as the trunk's upper end
    profile: int = 0  # front view: the head turned to this side, seen in profile (+1 to positive x)
    props: tuple[Prop, ...] = ()
    legs: Literal["joined", "stacked", "over"] = "joined"  # stacked: the far leg behind; over: both before the trunk
    far_arm_before: bool = False
    crop: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Layer:
    """Outlines that melt into one contour, and the lines inside it."""

    outlines: tuple[Curve, ...]
    lines: tuple[Curve, ...] = ()
    solid: tuple[Curve, ...] = ()
    patches: tuple[Curve, ...] = ()  # filled without a line, to open the contour towards what lies behind


def layers(pose: Pose) -> list[Layer]:
    """The figure from back to front."""
    side = pose.facing == "side"
    breadths = SIDE_BREADTHS if side else FRONT_BREADTHS
    out = 0.0 if side else 1.0
    near_hip, far_hip = (_on_spine(pose, 0, sign * HIP_OUT * out) for sign in (1, -1))
    near_shoulder, far_shoulder = (_on_spine(pose, SHOULDER_UP, sign * SHOULDER_OUT * out) for sign in (1, -1))
    near_leg = _limb(pose.near_leg, near_hip, "thigh", "shin", breadths, side)
    far_leg = _limb(pose.far_leg, far_hip, "thigh", "shin", breadths, side)
    near_arm = _limb(pose.near_arm, near_shoulder, "upper arm", "forearm", breadths, side)
    far_arm = _limb(pose.far_arm, far_shoulder, "upper arm", "forearm", breadths, side)
    far_leg_knee = pose.far_leg.mid or _joint(far_hip, pose.far_leg.end, THIGH, SHIN, bend=-pose.far_leg.bend)
    head, face, solid = _head(pose)
    trunk = _trunk(pose)
    if side:
        far = [Layer(far_arm)]
        trunk_layer = Layer((trunk, *near_leg, *head), face, solid)
        body = [
            *([] if pose.far_arm_before else far),
            Layer(far_leg),
            trunk_layer,
            *(far if pose.far_arm_before else []),
        ]
        return [*body, Layer(near_arm)]
    arms = [
        Layer(far_arm, patches=(ellipse(_on_spine(pose, SHOULDER_UP - 3, -SHOULDER_OUT + 16), 17, 17),)),
        Layer(near_arm, patches=(ellipse(_on_spine(pose, SHOULDER_UP - 3, SHOULDER_OUT - 16), 17, 17),)),
    ]
    shoulders = (far_arm[0], near_arm[0])
    if pose.legs == "joined":
        return [Layer((trunk, *far_leg, *near_leg, *head, *shoulders), face, solid), *arms]
    if pose.legs == "stacked":
        turn = _turn(far_hip, far_leg_knee)
        seams = (
            ellipse(_between(far_hip, far_leg_knee, 0.16), 29, 52, turn),
            ellipse(_on_spine(pose, -24, 0), 22, 17, turn),
        )
        joined = Layer((trunk, *near_leg, *head, *shoulders), face, solid, patches=seams)
        return [Layer(far_leg), joined, *arms]
    return [Layer((trunk, *head, *shoulders), face, solid), Layer(far_leg), Layer(near_leg), *arms]


def _spine(pose: Pose, height: float) -> tuple[Point, float]:
    """A point of the spine and the spine's lean there."""
    x, y = pose.hip
    steps = 24
    lean = pose.lean
    for i in range(steps):
        lean = pose.lean + pose.curl * (i + 0.5) / steps * height / SPINE
        x += sin(radians(lean)) * height / steps
        y -= cos(radians(lean)) * height / steps
    return (x, y), pose.lean + pose.curl * height / SPINE


def _on_spine(pose: Pose, height: float, out: float) -> Point:
    (x, y), lean = _spine(pose, height)
    return x + cos(radians(lean)) * out, y + sin(radians(lean)) * out


def _trunk(pose: Pose) -> Curve:
    profile = SIDE_TRUNK if pose.facing == "side" else FRONT_TRUNK
    front = [_on_spine(pose, height, ahead) for height, ahead, _ in profile]
    back = [_on_spine(pose, height, -behind) for height, _, behind in profile]
    return Curve((*front, *reversed(back)), closed=True)


def _head(pose: Pose) -> tuple[tuple[Curve, ...], tuple[Curve, ...], tuple[Curve, ...]]:
    root, lean = _spine(pose, SPINE - 14)
    tilt = lean if pose.head is None else pose.head
    in_profile = pose.facing == "side" or pose.profile != 0
    pivot = (-12.0, 124.0) if in_profile else (0.0, 122.0)
    if pose.profile:
        pivot = (-4.0, 124.0)
    to = placed((-pivot[0], -pivot[1])).then(placed(root, turn=tilt * (pose.profile or 1), mirror=False))
    if pose.profile < 0:
        to = placed((-pivot[0], -pivot[1])).then(Affine(a=-1)).then(placed(root, turn=tilt))
    if in_profile:
        lines = tuple(c.moved(to) for c in (*HEAD_SIDE_LINES[:1], *HEAD_SIDE_LINES[3:], EAR_SIDE, *EAR_SIDE_LINES))
        return (Curve(HEAD_SIDE.points[1:-2]).moved(to),), lines, ()
    neck = closed_curve(
        (24.3, 86), (24.4, 100), (27, 114), (36, 125), (0, 130), (-36, 125), (-27, 114), (-24.4, 100), (-24.3, 86)
    )
    ears = (EAR, EAR.mirrored())
    if pose.facing == "back":
        return tuple(c.moved(to) for c in (*ears, neck, HEAD_BACK)), tuple(c.moved(to) for c in ears), ()
    jaw = open_curve((28.4, 84), (20.6, 92.6), (11.6, 98), (0, 99.6), (-11.6, 98), (-20.6, 92.6), (-28.4, 84))
    lines = tuple(c.moved(to) for c in (*FACE, jaw))
    return tuple(c.moved(to) for c in (*ears, neck, HEAD_FRONT)), lines, tuple(c.moved(to) for c in IRIS)


def _limb(
    limb: Limb, root: Point, upper: str, lower: str, breadths: dict[str, Breadths], side: bool
) -> tuple[Curve, ...]:
    start = limb.root or root
    lengths = (THIGH, SHIN) if upper == "thigh" else (UPPER_ARM, FOREARM)
    mid = limb.mid or _joint(start, limb.end, *lengths, bend=limb.bend * (-1 if upper == "thigh" else 1))
    if limb.short:
        return (_segment(start, mid, breadths[upper]),)
    side = side or limb.from_side
    to = placed(limb.end, turn=-limb.tip)
    if upper == "thigh":  # the foot's frame has the toes at positive x, the leg above
        to = placed(limb.end, turn=90 - limb.tip, mirror=False) if side else placed(limb.end, turn=-limb.tip)
        if limb.flip:
            to = Affine(a=-1).then(placed(limb.end, turn=-90 - limb.tip if side else -limb.tip))
        tip = (FOOT_SIDE if side else FOOT_FRONT).moved(to)
    else:
        if limb.flip:
            to = Affine(a=-1).then(to)
        tip = (FIST if limb.fist else HAND_SIDE).moved(to)
    return _segment(start, mid, breadths[upper]), _segment(mid, limb.end, breadths[lower]), tip


def _joint(start: Point, end: Point, first: float, second: float, bend: int) -> Point:
    """The knee or elbow between two points; straight if they are too far apart."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    distance = max(min(hypot(dx, dy), first + second - 0.01), abs(first - second) + 0.01)
    angle = atan2(dy, dx)
    inner = acos((first**2 + distance**2 - second**2) / (2 * first * distance))
    angle += bend * inner
    return start[0] + first * cos(angle), start[1] + first * sin(angle)


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _turn(start: Point, end: Point) -> float:
    return degrees(atan2(end[1] - start[1], end[0] - start[0])) - 90


def _segment(start: Point, end: Point, breadths: Sequence[tuple[float, float, float]]) -> Curve:
    """The outline round one bone, rounded at both ends. Front is to the left of the way from start to end, y down."""
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1
    to = placed(start, turn=_turn(start, end))
    top, bottom = breadths[0], breadths[-1]
    front = [(ahead, share * length) for share, ahead, _ in breadths]
    back = [(-behind, share * length) for share, _, behind in breadths]
    cap_top = (top[1] - top[2]) / 2, -0.8 * (top[1] + top[2]) / 2
    cap_bottom = (bottom[1] - bottom[2]) / 2, length + 0.8 * (bottom[1] + bottom[2]) / 2
    return Curve(tuple(to(p) for p in (cap_top, *front, cap_bottom, *reversed(back))), closed=True)
