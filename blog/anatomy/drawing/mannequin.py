"""The clothed, faceless figure round a posed skeleton: layers of rounded outlines, from the farthest to the nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from blog.anatomy.drawing.curves import Point
from blog.anatomy.drawing.palette import (
    BODY,
    FAR_SHIRT,
    FAR_SKIN,
    FAR_TROUSERS,
    SHIRT,
    SKIN,
    TONGUE,
    TROUSERS,
    Colour,
)
from blog.anatomy.drawing.palette import HAIR as HAIR_COLOUR
from blog.anatomy.drawing.skeleton import (
    ANKLE_HEIGHT,
    BALL,
    FINGERS,
    FOREARM,
    HEEL,
    NECK,
    PALM,
    SHIN,
    SIDES,
    THIGH,
    TOES,
    UPPER_ARM,
    Body,
)
from blog.anatomy.drawing.solids import Egg, Outline, ball, cap, chain, wrapped
from blog.anatomy.drawing.space import Eye, Frame, Vector, between, dot, plus

OVER = 2.0  # what a limb gains on the trunk, so that at its side it lies over it
FAR = 5.0  # centimetres that a limb's root lies behind the middle of the trunk to be drawn as a far limb
OPEN = 5  # degrees of the jaw from which on the mouth is drawn
LIMBS = {"arm": ("upper arm", "forearm"), "leg": ("thigh", "shin")}

SKULL, HAIR = (10.2, 8.0, 11.6), (10.7, 8.5, 12.1)
UPPER_LIP, LOWER_LIP = (9.7, 0.0, -5.4), (9.3, 0.0, -4.0)
HAIR_POLE, HAIR_LINE = (-0.75, 0.0, 0.66), 0.05
NOSE = ((10.0, 0.0, 1.5), (12.0, 0.0, -3.0), (10.3, 0.0, -4.2))


class Shape(NamedTuple):
    """One rounded outline of a layer, in centimetres of the picture."""

    outline: Outline
    colour: Colour


@dataclass
class Layer:
    """Pieces that melt into one contour, drawn together. `name` is what a pose's order calls it."""

    name: str
    nearness: float
    pieces: list[Shape]
    far: bool = False
    patches: list[Shape] = field(default_factory=list)  # open the contour towards the part that it grows from
    details: list[Shape] = field(default_factory=list)  # drawn over it with the thin pen
    lines: list[tuple[Point, ...]] = field(default_factory=list)  # the same, open


def layers(body: Body, eye: Eye, order: Sequence[str] = ()) -> list[Layer]:
    """The figure from back to front: by distance from the eye, or in the order given for the layers that it names."""
    figure = [_trunk(body, eye), _head(body, eye)]
    for side in SIDES:
        for limb, halves in LIMBS.items():
            split = any(name in order for name in (f"{side} {half}" for half in halves))
            figure += _limb(body, eye, side, limb, split)
    figure.sort(key=lambda layer: layer.nearness)
    if order:
        ranked = sorted((layer for layer in figure if layer.name in order), key=lambda layer: order.index(layer.name))
        places = iter(ranked)
        figure = [next(places) if layer.name in order else layer for layer in figure]
    return figure


def _trunk(body: Body, eye: Eye) -> Layer:
    pelvis, waist, chest, neck = (body.parts[name] for name in ("pelvis", "waist", "chest", "neck"))
    shoulders = [between(body.joints[f"{side} shoulder"], chest.at, 0.1) for side in SIDES]
    hips = Egg(pelvis.moved((-0.5, 0, 3)), (10, 15, 9))
    seat = [ball(pelvis((-3.5, 7 * sign, -1)), 9) for sign in SIDES.values()]
    hem = Egg(pelvis.moved((0, 0, 8)), (9.8, 14.2, 5))
    belly = Egg(waist.moved((0.5, 0, 3)), (9.5, 13, 8))
    ribs = Egg(chest.moved((0.5, 0, 7)), (10.8, 14.5, 11))
    yoke = [ball(shoulder, 6) for shoulder in shoulders]
    slope = [ball(chest((-1, 0, 21.8)), 5.6), *(ball(plus(s, chest.up, 1.6), 4.6) for s in shoulders)]
    throat = [ball(neck.at, 5.3), ball(neck((0.5 + body.posture.glide, 0, NECK + 2)), 5.2)]
    pieces = [
        *_pieces(chain(throat, eye), SKIN),
        *_pieces([wrapped([egg], eye) for egg in (hips, *seat)], TROUSERS),
        *_pieces([*chain([hem, belly, ribs], eye), wrapped([ribs, *yoke], eye), wrapped(slope, eye)], SHIRT),
    ]
    return Layer("trunk", 0, pieces)


def _head(body: Body, eye: Eye) -> Layer:
    head, jaw = body.parts["head"], body.parts["jaw"]
    cheeks, chin = Egg(head.moved((1.5, 0, -3)), (8.4, 7.3, 7)), Egg(jaw.moved((4, 0, -4.6)), (5.2, 5.4, 5.2))
    nose = Egg(head.moved((9.6, 0, -2.2)), (2.3, 1.5, 2.4))
    layer = Layer(
        "head",
        1,
        _pieces([wrapped([Egg(head, SKULL)], eye), wrapped([cheeks, chin], eye), wrapped([nose], eye)], SKIN),
    )
    if hair := cap(Egg(head.moved((-0.4, 0, 0.5)), HAIR), HAIR_POLE, HAIR_LINE, eye):
        layer.pieces.append(Shape(hair, HAIR_COLOUR))
    for sign in SIDES.values():
        ear = Shape(wrapped([Egg(head.moved((-0.8, 8.1 * sign, -2)), (2.3, 0.9, 3.3))], eye), SKIN)
        if dot(head.left, eye.towards) * sign > 0.2:
            layer.details.append(ear)
        elif dot(head.left, eye.towards) * sign > -0.3:
            layer.pieces.insert(0, ear)
    if body.posture.jaw > OPEN:
        layer.details += _mouth(head, jaw, eye)
        layer.pieces += _pieces([wrapped([ball(lip, 0.9)], eye) for lip in (head(UPPER_LIP), jaw(LOWER_LIP))], SKIN)
    if dot(head.ahead, eye.towards) > 0.1:  # the one line of the face: where it looks must be plain
        layer.lines.append(tuple(eye.sees(head(point)) for point in NOSE))
    return layer


def _mouth(head: Frame, jaw: Frame, eye: Eye) -> list[Shape]:
    """An open mouth as if cut through the middle: teeth, and the tongue with its tip behind the upper ones."""
    cavity = [ball(head((x, 0, z)), 0.5) for x, z in ((9.0, -5.2), (6.6, -4.4), (4.9, -5.0))]
    cavity += [ball(jaw((x, 0, z)), 0.5) for x, z in ((5.2, -4.6), (8.6, -4.2))]
    upper = [head((x, 0, z)) for x, z in ((9.3, -5.0), (8.2, -4.8), (8.3, -6.5), (9.1, -6.6))]
    lower = [jaw((x, 0, z)) for x, z in ((8.9, -4.3), (7.8, -4.3), (8.0, -3.0), (8.7, -3.0))]
    tongue = [ball(jaw((5.6, 0, -4.0)), 1.0), ball(head((6.2, 0, -6.4)), 0.9), ball(head((7.5, 0, -5.6)), 0.5)]
    return [
        Shape(wrapped(cavity, eye), HAIR_COLOUR),
        Shape(wrapped(tongue, eye), TONGUE),
        *(Shape(tuple(map(eye.sees, teeth)), BODY) for teeth in (upper, lower)),
    ]


def _limb(body: Body, eye: Eye, side: str, limb: str, split: bool) -> list[Layer]:
    upper, lower = LIMBS[limb]
    root, bend, end = (body.parts[f"{side} {name}"].at for name in (upper, lower, "hand" if limb == "arm" else "foot"))
    joint = "shoulder" if limb == "arm" else "hip"
    middle = eye.nearness(between(body.joints[f"left {joint}"], body.joints[f"right {joint}"], 0.5))
    far = eye.nearness(root) < middle - FAR
    above, below = (_arm if limb == "arm" else _leg)(body, eye, side, far)
    if split:
        parts = [
            Layer(f"{side} {upper}", eye.nearness(between(root, bend, 0.5)) - middle + OVER, above, far),
            Layer(f"{side} {lower}", eye.nearness(between(bend, end, 0.5)) - middle + OVER, below, far),
        ]
        parts[1].patches.append(_patch(eye, bend, root, below[-1].colour, 0.1, 4.6 if limb == "leg" else 3.2))
    else:
        nearness = eye.nearness(between(bend, between(root, end, 0.5), 0.5)) - middle + OVER
        parts = [Layer(f"{side} {limb}", nearness, [*below, *above], far)]
    if not far:
        inward = body.parts["chest"]((0, 0, 16)) if limb == "arm" else body.parts["pelvis"]((0, 0, 3))
        parts[0].patches.append(_patch(eye, root, inward, above[-1].colour, 0.34, 5.7 if limb == "arm" else 8))
    return parts


def _patch(eye: Eye, at: Vector, towards: Vector, colour: Colour, share: float, radius: float) -> Shape:
    """A piece without a contour, from a joint towards what the limb grows from."""
    return Shape(wrapped([ball(between(at, towards, share), radius)], eye), colour)


def _arm(body: Body, eye: Eye, side: str, far: bool) -> tuple[list[Shape], list[Shape]]:
    upper, fore, hand = (body.parts[f"{side} {name}"] for name in ("upper arm", "forearm", "hand"))
    sleeve = [
        ball(upper.at, 5.8),
        ball(upper((0.3, 0, -UPPER_ARM * 0.35)), 5.3),
        ball(upper((0, 0, -UPPER_ARM * 0.66)), 5.1),
    ]
    bare = [ball(upper((0, 0, -UPPER_ARM * 0.6)), 4.5), ball(fore.at, 4)]
    lower = [ball(fore.at, 4), ball(fore((0.3, 0, -FOREARM * 0.28)), 4.1), ball(fore((0, 0, -FOREARM)), 2.7)]
    shirt, skin = (FAR_SHIRT, FAR_SKIN) if far else (SHIRT, SKIN)
    palm = _hand(hand, SIDES[side], body.posture.arms[side].grip, eye)
    return (
        [*_pieces(chain(bare, eye), skin), *_pieces(chain(sleeve, eye), shirt)],
        _pieces([*palm, *chain(lower, eye)], skin),
    )


def _hand(hand: Frame, sign: int, grip: float, eye: Eye) -> list[Outline]:
    knuckles = hand.moved((PALM + 1.5, 0, 0)).turned(bend=-grip * 0.6)
    middle = knuckles.moved((FINGERS * 0.5, 0, 0)).turned(bend=-grip * 0.8)
    tips = middle.moved((FINGERS * 0.42, 0, 0))
    mitten = [
        ball(hand.at, 2.7),
        Egg(hand.moved((PALM * 0.5, 0, 0)), (3.4, 3.8, 1.7)),
        Egg(knuckles, (2, 4, 1.7)),
        Egg(middle, (1.8, 3.8, 1.5)),
        Egg(tips, (1.6, 3, 1.3)),
    ]
    thumb = [
        ball(hand((2.5, 2.5 * sign, 0.4)), 1.8),
        ball(hand((6, 5 * sign, 1)), 1.5),
        ball(hand((9.5, 5.6 * sign, 1.4)), 1.2),
    ]
    return [*chain(mitten, eye), *chain(thumb, eye)]


def _leg(body: Body, eye: Eye, side: str, far: bool) -> tuple[list[Shape], list[Shape]]:
    thigh, shin, foot = (body.parts[f"{side} {name}"] for name in ("thigh", "shin", "foot"))
    upper = [ball(thigh.at, 9.2), ball(thigh((0.4, 0, -THIGH * 0.4)), 7.9), ball(thigh((0, 0, -THIGH)), 5.8)]
    lower = [
        ball(shin.at, 5.8),
        ball(shin((-1.4, 0, -SHIN * 0.28)), 5.7),
        ball(shin((-0.4, 0, -SHIN * 0.66)), 4.3),
        ball(shin((0, 0, -SHIN * 0.9)), 3.7),
    ]
    bare = [ball(shin((0, 0, -SHIN * 0.86)), 3.2), ball(foot.at, 3.4)]
    cloth, skin = (FAR_TROUSERS, FAR_SKIN) if far else (TROUSERS, SKIN)
    sole = _foot(foot, body.posture.legs[side].ball, eye)
    return (
        _pieces(chain(upper, eye), cloth),
        [*_pieces([*sole, *chain(bare, eye)], skin), *_pieces(chain(lower, eye), cloth)],
    )


def _foot(foot: Frame, bent: float, eye: Eye) -> list[Outline]:
    heel = Egg(foot.moved((-HEEL + 3.4, 0, -ANKLE_HEIGHT + 3.2)), (3.4, 3.2, 3.2))
    instep = ball(foot((1, 0, 0)), 3.3)
    pad = Egg(foot.moved((BALL - 1.5, 0, -ANKLE_HEIGHT + 2.4)), (3, 4.4, 2.4))
    hinge = foot.moved((BALL - 1, 0, -ANKLE_HEIGHT + 1.8)).turned(bend=-bent)
    toes = Egg(hinge.moved((TOES - BALL - 1.2, 0, 0)), (2.2, 3.8, 1.7))
    return chain([toes, pad, heel, instep, pad], eye)


def _pieces(outlines: Sequence[Outline], colour: Colour) -> list[Shape]:
    return [Shape(outline, colour) for outline in outlines]
