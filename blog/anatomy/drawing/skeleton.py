"""A grown-up's skeleton as far as a pictogram needs it: bones, and how a pose becomes places of joints.

A pose says where pelvis, hands and feet are and how the trunk bends; knees and elbows follow from the lengths of the
bones. Nothing is stretched to fit: what cannot be reached is refused. Centimetres, for a person of 170.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from blog.anatomy.drawing.space import (
    AHEAD,
    UP,
    Frame,
    Vector,
    across,
    angle,
    cross,
    joint,
    minus,
    plus,
    unit,
)

THIGH, SHIN = 42.0, 40.0
ANKLE_HEIGHT, HEEL, BALL, TOES = 7.5, 5.0, 13.0, 19.0  # of the sole: behind and before the ankle
UPPER_ARM, FOREARM = 28.0, 25.0
PALM, FINGERS = 8.0, 9.5  # from the wrist to the middle of the palm, and on to the finger tips
HIP_OUT, SHOULDER_OUT = 9.0, 17.0
PELVIS, LOIN, CHEST, SHOULDER_UP, NECK = 12.0, 14.0, 24.0, 19.5, 9.0
HEAD_UP, HEAD_AHEAD = 10.5, 2.0  # the middle of the head from the top of the neck

SIDES = {"left": 1, "right": -1}

# Places on a body that a hand or foot may be put on: part, and centimetres ahead, outward (left for those in the
# middle), up. Of limbs: front, outward and along the bone from its upper end.
PLACES: dict[str, tuple[str, Vector]] = {
    "head top": ("head", (0, 0, 12.5)),
    "head back": ("head", (-11, 0, 0)),
    "forehead": ("head", (9, 0, 5)),
    "chin": ("head", (8, 0, -11)),
    "breastbone": ("chest", (11, 0, 13)),
    "belly": ("waist", (10, 0, 4)),
}
PAIRED_PLACES: dict[str, tuple[str, Vector]] = {
    "side of the head": ("head", (1, 8.5, 4)),
    "collarbone": ("chest", (8.5, 7.5, 21)),
    "shoulder": ("chest", (2, 19, 24)),
    "shoulder blade": ("chest", (-9, 12.5, 15)),
    "waist": ("waist", (0, 13, 6)),
    "hip": ("pelvis", (0, 15, 2)),
    "knee": ("shin", (6.5, 0, 1)),
    "knee hollow": ("thigh", (-7.5, 0, 36)),
    "thigh": ("thigh", (8, 0, 28)),
    "under the thigh": ("thigh", (-8.5, 0, 30)),
    "shin": ("shin", (5.5, 0, 14)),
    "ankle": ("shin", (4, 0, 37)),
    "toes": ("foot", (TOES - 1, 0, -4)),
    "ball of the foot": ("foot", (BALL, 0, -ANKLE_HEIGHT)),
    "arch": ("foot", (5, 0, -ANKLE_HEIGHT + 1)),
    "above the elbow": ("upper arm", (0, 4.5, 24)),
    "elbow": ("forearm", (-4, 0, 1)),
    "forearm": ("forearm", (3, 0, 14)),
    "wrist": ("forearm", (0, 0, 24)),
    "back of the hand": ("hand", (PALM + 3, 0, -2)),
}


@dataclass(frozen=True)
class Spot:
    """A point: in the room, or on a place of the body, moved by centimetres of the room."""

    move: Vector = (0, 0, 0)
    place: str = ""  # "left knee", "chin"


@dataclass(frozen=True)
class Bend:
    """Degrees at a joint of the trunk: forward, to the left, round to the left."""

    bend: float = 0
    side: float = 0
    turn: float = 0


@dataclass(frozen=True)
class Leg:
    """Where a foot stands (the point of the sole under the ankle), or where an ankle hangs."""

    sole: Spot | None = None
    ankle: Spot | None = None
    knee: Vector | None = None  # where the knee points; without it as the pelvis faces
    toes: Vector | None = None  # where the toes point; without it at `foot` degrees to the shin
    foot: float = 90  # between shin and foot
    ball: float = 0  # toes bent up at the ball of the foot (down below 0)


@dataclass(frozen=True)
class Arm:
    """Where the middle of a palm lies."""

    hand: Spot
    elbow: Vector | None = None  # where the elbow points; without it down and out
    fingers: Vector | None = None  # where they point; without it along the forearm
    palm: Vector | None = None  # where it faces
    grip: float = 0  # fingers bent into the palm, degrees
    shoulder: Vector = (0, 0, 0)  # carried ahead, outward, up


@dataclass(frozen=True)
class Posture:
    """One position of the whole figure. The neck bends in its lower half, the head on top of it."""

    pelvis: Vector
    legs: Mapping[str, Leg]
    arms: Mapping[str, Arm]
    hips: Bend = field(default_factory=Bend)
    waist: Bend = field(default_factory=Bend)
    chest: Bend = field(default_factory=Bend)
    neck: Bend = field(default_factory=Bend)
    head: Bend = field(default_factory=Bend)
    glide: float = 0  # the head carried ahead on the neck, back below 0
    jaw: float = 0  # degrees open


@dataclass(frozen=True)
class Body:
    """Joints as places, parts as frames: a limb's part has front ahead, outward left, and the bone's length down."""

    joints: Mapping[str, Vector]
    parts: Mapping[str, Frame]
    posture: Posture

    def place(self, name: str) -> Vector:
        """A named place in the room. Raises KeyError."""
        if name in PLACES:
            part, point = PLACES[name]
            return self.parts[part](point)
        side, _, rest = name.partition(" ")
        part, (ahead, out, up) = PAIRED_PLACES[rest]
        if part in TRUNK:
            return self.parts[part]((ahead, out * SIDES[side], up))
        down = up if part in ("foot", "hand") else -up
        return self.parts[f"{side} {part}"]((ahead, out, down))

    def spot(self, spot: Spot) -> Vector:
        """A point of a pose in the room."""
        return plus(self.place(spot.place), spot.move) if spot.place else spot.move

    def bent(self, side: str, what: str) -> float:
        """Degrees by which a knee or an elbow is bent; 0 is straight."""
        upper, middle, lower = {"knee": ("hip", "knee", "ankle"), "elbow": ("shoulder", "elbow", "wrist")}[what]
        a, b, c = (self.joints[f"{side} {name}"] for name in (upper, middle, lower))
        return angle(minus(b, a), minus(c, b))

    def hip_bent(self, side: str) -> float:
        """Degrees by which a thigh is lifted forward of the trunk's line; below 0 behind it."""
        _, back, down = self._thigh(side)
        forward = angle((0, 0, 1), (-back, 0, down)) if (back, down) != (0, 0) else 0
        return forward if back < 0 else -forward

    def hip_out(self, side: str) -> float:
        """Degrees by which a thigh points outward; below 0 across the midline."""
        out, back, down = self._thigh(side)
        return 90 - angle((1, 0, 0), (out, back, down))

    def knee_aim(self, side: str) -> Vector:
        """Where a knee points: at right angles to the line from hip to ankle; as its foot where the leg is straight."""
        return self.parts[f"{side} thigh"].ahead

    def _thigh(self, side: str) -> Vector:
        pelvis = self.parts["pelvis"]
        ahead, left, up = pelvis.seen(minus(self.joints[f"{side} knee"], self.joints[f"{side} hip"]))
        return left * SIDES[side], -ahead, -up


TRUNK = ("pelvis", "waist", "chest", "neck", "head", "jaw")


class OutOfReach(ValueError):
    """A limb of a pose cannot be where the pose says; the message names limb and missing centimetres."""


def posed(posture: Posture) -> Body:
    """The body in a posture. Raises OutOfReach and KeyError (an unknown place)."""
    joints: dict[str, Vector] = {}
    parts: dict[str, Frame] = {}
    body = Body(joints, parts, posture)
    _trunk(posture, joints, parts)
    for side in _other_first(posture.legs, ("thigh", "shin", "foot")):
        with _naming(f"{side} leg"):
            _leg(body, side, posture.legs[side], joints, parts)
    for side in _other_first(posture.arms, ("upper arm", "forearm", "hand")):
        with _naming(f"{side} arm"):
            _arm(body, side, posture.arms[side], joints, parts)
    return body


@contextmanager
def _naming(limb: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise OutOfReach(f"{limb}: {error}") from error


def _other_first(limbs: Mapping[str, Leg] | Mapping[str, Arm], own: Sequence[str]) -> list[str]:
    """The sides, so that a limb put on the other one comes after it."""

    def leans(limb: Leg | Arm) -> bool:
        spots = (limb.sole, limb.ankle) if isinstance(limb, Leg) else (limb.hand,)
        return any(spot and PAIRED_PLACES.get(spot.place.partition(" ")[2], ("",))[0] in own for spot in spots)

    return sorted(limbs, key=lambda side: leans(limbs[side]))


def _trunk(posture: Posture, joints: dict[str, Vector], parts: dict[str, Frame]) -> None:
    def turned(frame: Frame, bend: Bend) -> Frame:
        return frame.turned(bend.bend, bend.side, bend.turn)

    pelvis = parts["pelvis"] = turned(Frame(posture.pelvis), posture.hips)
    waist = parts["waist"] = turned(pelvis.moved((0, 0, PELVIS)), posture.waist)
    chest = parts["chest"] = turned(waist.moved((0, 0, LOIN)), posture.chest)
    neck = parts["neck"] = turned(chest.moved((-1, 0, CHEST)), posture.neck)
    skull = turned(neck.moved((1 + posture.glide, 0, NECK)), posture.head)
    parts["head"] = skull.moved((HEAD_AHEAD, 0, HEAD_UP))
    parts["jaw"] = parts["head"].moved((0, 0, -3)).turned(bend=posture.jaw)
    for name, frame in (("pelvis", pelvis), ("waist", waist), ("chest", chest), ("neck", neck), ("skull", skull)):
        joints[name] = frame.at
    joints["head"] = parts["head"].at
    for side, sign in SIDES.items():
        joints[f"{side} hip"] = pelvis((0, HIP_OUT * sign, 0))


def _leg(body: Body, side: str, leg: Leg, joints: dict[str, Vector], parts: dict[str, Frame]) -> None:
    pelvis = parts["pelvis"]
    hip = joints[f"{side} hip"]
    towards = leg.knee or pelvis.ahead
    if leg.sole is not None:
        toes = leg.toes or (pelvis.ahead if abs(pelvis.ahead[2]) < 0.5 else AHEAD)
        ahead = unit(toes)
        up = across(UP, ahead)
        ankle = plus(body.spot(leg.sole), up, ANKLE_HEIGHT)
    else:
        ankle = body.spot(leg.ankle) if leg.ankle else plus(hip, pelvis.up, -THIGH - SHIN)
    knee = joint(hip, ankle, THIGH, SHIN, towards)
    joints[f"{side} knee"], joints[f"{side} ankle"] = knee, ankle
    front = _front(hip, knee, ankle, towards, forward=True)
    sign = SIDES[side]
    shin = _bone(knee, ankle, front, sign)
    if leg.sole is None and leg.toes:
        ahead = unit(leg.toes)
        up = across(shin.up, ahead)
    elif leg.sole is None:
        turned = Frame(ankle, shin.ahead, cross(shin.up, shin.ahead), shin.up).turned(bend=leg.foot - 90)
        ahead, up = turned.ahead, turned.up
    parts[f"{side} foot"] = Frame(ankle, ahead, _out(cross(up, ahead), sign), up)
    parts[f"{side} thigh"] = _bone(hip, knee, front, sign)
    parts[f"{side} shin"] = shin


def _arm(body: Body, side: str, arm: Arm, joints: dict[str, Vector], parts: dict[str, Frame]) -> None:
    chest, sign = parts["chest"], SIDES[side]
    ahead, out, up = arm.shoulder
    shoulder = chest((ahead, (SHOULDER_OUT + out) * sign, SHOULDER_UP + up))
    target = body.spot(arm.hand)
    towards = arm.elbow or plus(plus(plus((0, 0, 0), chest.left, 0.6 * sign), chest.up, -1), chest.ahead, -0.4)
    if arm.fingers:
        fingers = unit(arm.fingers)
        wrist = plus(target, fingers, -PALM)
        elbow = joint(shoulder, wrist, UPPER_ARM, FOREARM, towards)
    else:
        elbow = joint(shoulder, target, UPPER_ARM, FOREARM + PALM, towards)
        fingers = unit(minus(target, elbow))
        wrist = plus(elbow, fingers, FOREARM)
    joints[f"{side} shoulder"], joints[f"{side} elbow"], joints[f"{side} wrist"] = shoulder, elbow, wrist
    joints[f"{side} hand"] = target
    front = _front(shoulder, elbow, wrist, towards, forward=False)
    parts[f"{side} upper arm"] = _bone(shoulder, elbow, front, sign)
    parts[f"{side} forearm"] = _bone(elbow, wrist, front, sign)
    palm = across(arm.palm or minus(body.parts["waist"].at, target), fingers)
    parts[f"{side} hand"] = Frame(wrist, fingers, cross(palm, fingers), palm)


def _front(start: Vector, middle: Vector, end: Vector, towards: Vector, forward: bool) -> Vector:
    """Which way the front of a limb looks: a knee's way, and against an elbow's."""
    aim = across(towards, unit(minus(end, start)))
    return aim if forward else (-aim[0], -aim[1], -aim[2])


def _bone(start: Vector, end: Vector, front: Vector, sign: int) -> Frame:
    up = unit(minus(start, end))
    ahead = across(front, up)
    return Frame(start, ahead, _out(cross(up, ahead), sign), up)


def _out(left: Vector, sign: int) -> Vector:
    return left[0] * sign, left[1] * sign, left[2] * sign
