"""Bones that a hand finds its way by, as thin lines on each view. In the frames of the figure's views."""

from __future__ import annotations

from typing import NamedTuple

from blog.anatomy.drawing.curves import Curve, Point, both_halves, closed_curve, ellipse, open_curve
from blog.anatomy.drawing.figure import at


class Bone(NamedTuple):
    """A bony landmark by name, and its lines."""

    name: str
    curves: tuple[Curve, ...]


SPINE_TOP, SPINE_END, SPINE_STEP = 134.0, 316.0, 11.4  # from the seventh neck vertebra to the fifth of the loin


def _pair(name: str, *curves: Curve) -> Bone:
    return Bone(name, tuple(drawn for curve in curves for drawn in (curve, curve.mirrored())))


def _knob(name: str, where: Point, rx: float, ry: float, turn: float = 0) -> Bone:
    return _pair(name, ellipse(where, rx, ry, turn))


def _spinous_processes() -> Bone:
    count = int((SPINE_END - SPINE_TOP) / SPINE_STEP) + 1
    return Bone("spinous processes", tuple(ellipse((0, SPINE_TOP + i * SPINE_STEP), 1.5, 3) for i in range(count)))


BONES: dict[str, tuple[Bone, ...]] = {
    "back": (
        Bone(
            "edge of the skull", (open_curve((30, 67), (18, 66), (6, 63.4), (0, 65), (-6, 63.4), (-18, 66), (-30, 67)),)
        ),
        _spinous_processes(),
        _pair(
            "shoulder blade",
            closed_curve(
                (27, 150),
                (26, 160),
                (25.6, 178),
                (28, 200),
                (36, 224),
                (36, 224),
                (46, 214),
                (60, 192),
                (73, 168),
                (73, 168),
                (68, 158),
                (50, 152),
                (38, 148),
            ),
        ),
        _pair(
            "spine of the shoulder blade",
            open_curve((25.6, 168), (38, 162.4), (56, 155), (70, 148.6), (84, 145), (87, 149), (80, 153)),
        ),
        _pair("last rib", open_curve((5, 250), (18, 256), (32, 264), (44, 270))),
        _pair("rim of the hip bone", open_curve((17, 331), (24, 321), (36, 314), (48, 312), (58, 317), (63, 327))),
        Bone("sacrum", (both_halves((0, 322), (9, 322.6), (16, 326), (15, 340), (10, 356), (4, 372), (0, 386)),)),
        _knob("sitting bone", at("sitting bone"), 5.4, 7.6, 12),
        _knob("bony point of the outer hip", at("greater trochanter", -4, 2), 5, 8.4),
        _pair("back of the elbow", ellipse(at("elbow", 0, -3), 4.4, 6), ellipse(at("outer elbow", -3, 2), 2.6, 4)),
        _pair("knee", open_curve((24, 540), (27, 548), (26, 556)), open_curve((60, 540), (57.4, 548), (58.4, 556))),
        _knob("head of the fibula", at("head of the fibula", -1, 3), 3.4, 4.4),
        _pair("ankle bones", ellipse(at("outer ankle", -2, 1), 2.8, 5), ellipse(at("inner ankle", 2.6, 1), 2.8, 4.6)),
        _knob("heel bone", at("heel", 1, -3), 8.6, 9),
    ),
    "front": (
        _pair(
            "collarbone",
            closed_curve(
                (7, 128.4),
                (20, 128.6),
                (38, 134.4),
                (58, 135.6),
                (78, 139.6),
                (80, 142.6),
                (58, 139.8),
                (38, 138.4),
                (20, 133),
                (7, 133),
            ),
        ),
        Bone("breastbone", (both_halves((0, 128), (8, 130), (5, 146), (4.4, 176), (5.6, 206), (2, 218), (0, 224)),)),
        _pair("rib margin", open_curve((4, 212), (12, 226), (24, 240), (38, 254), (54, 264))),
        _knob("hook of the shoulder blade", at("hook of the shoulder blade"), 3, 4.4, 20),
        _pair("rim of the hip bone", open_curve((60, 318), (58, 326), (53, 336), (51, 342))),
        _pair("pubic bone", open_curve((0.5, 377), (8, 379), (12, 385), (8, 391), (0.5, 391))),
        _knob("bony point of the outer hip", at("greater trochanter", -3, 2), 4.6, 8),
        _pair("elbow", ellipse(at("outer elbow", -4, 2), 2.6, 4.2), ellipse(at("inner elbow", 4, 0), 2.6, 4.2)),
        _knob("kneecap", at("kneecap", 0, 0), 9.4, 10.6),
        _knob("head of the fibula", at("head of the fibula", -1, 3), 3.4, 4.4),
        _pair("shin bone", open_curve((40, 574), (39, 604), (38.4, 640), (38.6, 676), (37, 702))),
        _pair("ankle bones", ellipse(at("outer ankle", -2, 1), 2.8, 5), ellipse(at("inner ankle", 2.6, 1), 2.8, 4.6)),
    ),
    "head-side": (
        Bone("cheekbone", (open_curve((2, 57), (10, 56), (20, 57), (29, 60), (33, 65)),)),
        Bone("jaw", (open_curve((3, 60), (2.4, 70), (4, 82), (10, 90.4), (20, 95.6), (32, 99)),)),
        Bone("bone behind the ear", (ellipse((-8.6, 67), 3.6, 5, 14),)),
        Bone("collarbone and breastbone", (open_curve((-24, 139), (-8, 137), (6, 140), (12, 140.6)),)),
    ),
    "palm": (Bone("wrist bones", (ellipse((13, 3.4), 3, 3), ellipse((-12, 4), 2.8, 2.8))),),
    "sole": (
        Bone("heel bone", (ellipse((-0.6, 88), 8.6, 10.6),)),
        Bone(
            "heads of the midfoot bones",
            tuple(ellipse(point, 3, 3.4) for point in ((13.6, 29), (5, 27.4), (-3.4, 29.4), (-11, 33), (-18, 38))),
        ),
    ),
}
