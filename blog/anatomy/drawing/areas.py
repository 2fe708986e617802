"""Pain areas: where each of the vocabulary's 61 lies on each view, hung on the figure's landmarks.

Drawn areas may overlap, as they do in the body. What is clicked on the chart does not: `CHART` names the one view
on which an area is a link, and gives another shape where the drawn one would overlap or be too small for a thumb.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from blog.anatomy.drawing.curves import (
    Affine,
    Curve,
    Point,
    both_halves,
    closed_curve,
    ellipse,
    points,
)
from blog.anatomy.drawing.figure import HAND_ON_BODY, at

Side = Literal["left", "right"]
MIDLINE = 4  # units; nearer than this two neighbouring points of a half run along the midline
TWO_SIDED = ("front", "back")  # views that show both halves; the others show the right side only


@dataclass(frozen=True)
class Shape:
    """A place on one view. `paired`: the body has two of it on this view; `curves` then lie at positive x."""

    curves: tuple[Curve, ...]
    paired: bool = False

    def on(self, view: str, side: Side) -> tuple[Curve, ...]:
        """The outline on one side of the body (for unpaired shapes: the outline)."""
        if self.paired and (side == "left") == (view == "back"):  # seen from behind, the left is at negative x
            return tuple(curve.mirrored() for curve in self.curves)
        return self.curves

    def both(self) -> tuple[Curve, ...]:
        """All outlines of the view."""
        if not self.paired:
            return self.curves
        return (*self.curves, *(curve.mirrored() for curve in self.curves))


def pair(*points: Point) -> Shape:
    """A place that lies left and right, given at positive x. An edge along the midline is straight."""
    near = [abs(x) <= MIDLINE for x, _ in points]
    edge = [near[i] and (near[i - 1] or near[(i + 1) % len(near)]) for i in range(len(near))]
    return Shape(
        (closed_curve(*(q for p, straight in zip(points, edge, strict=True) for q in [p] * (1 + straight))),), True
    )


def oval(centre: Point, rx: float, ry: float, turn: float = 0) -> Shape:
    """A rounded place left and right."""
    return Shape((ellipse(centre, rx, ry, turn),), paired=True)


def middle(*points: Point) -> Shape:
    """A place across the midline, given by its half at positive x, from top to bottom."""
    return Shape((both_halves(*points),))


def one(*points: Point) -> Shape:
    """A place on a view that shows one side."""
    return Shape((closed_curve(*points),))


def _moved(shape: Shape, to: Affine, paired: bool) -> Shape:
    return Shape(tuple(curve.moved(to) for curve in shape.curves), paired)


# In the hand's own frame (thumb at positive x). Fingers reach beyond the contour: drawings are clipped by it.
_THUMB = one(*points("16,4 22,10 28,20 34,30 42,42 44,58 36,61 28,48 21,40 14,28 11,14"))
_INDEX_MIDDLE = one(*points("-5.6,56 5,54 20.6,52 21.6,70 20,92 10,93 5,102 -4,102 -6.2,88"))
_RING_LITTLE = one(*points("-6.4,56 -16,53 -25,48 -28,62 -27,82 -18.5,82 -15,95 -7,95 -6.6,80"))
_WRIST = one(*points("-18,-11 0,-12 18,-11 17,0 12,6 0,5 -13,6 -18,0"))
_PALM = one(*points("-17,10 -6,8 7,9 10,22 16,40 19,50 6,53 -10,53.5 -23,46 -23.5,30"))
_HAND_BACK = one(*points("-17,9 -4,8 12,9 17,22 19,38 19,50 6,55 -10,54 -23,47 -23,28"))

_PALM_SIDE: dict[str, Shape] = {
    "thumb": _THUMB,
    "index-middle-fingers": _INDEX_MIDDLE,
    "ring-little-fingers": _RING_LITTLE,
    "wrist": _WRIST,
    "palm": _PALM,
}
_BACK_SIDE: dict[str, Shape] = {
    "thumb": _THUMB,
    "index-middle-fingers": _INDEX_MIDDLE,
    "ring-little-fingers": _RING_LITTLE,
    "wrist": _WRIST,
    "hand-back": _HAND_BACK,
}
_MIRROR = Affine(a=-1)

_FRONT: dict[str, Shape] = {
    "head-top": middle(*points("0,-3 14,-2 26,6 31,14 20,15 9,12 0,11.4")),
    "forehead": middle(*points("0,15 13,16 25,19 29,27 27,36 19,38 8,39 0,38.6")),
    "temple": pair(*points("31,20 36,25 38,37 36.6,47 32.4,48 29.4,42 30.4,33 29.4,25")),
    "eye-area": oval(at("eye", 0.4, -0.2), 12.4, 9.2),
    "cheek": pair(*points("12,61.5 20,60 27,59.6 31.4,62 30.4,71 26,79 19,80 13.6,76 11,68")),
    "teeth": middle(*points("0,70 7,70 12.6,73.4 13.4,79 8,86 0,87.6")),
    "jaw-joint": pair(*points("33,58 36.6,58 36,68 33,78 28,87 23,88 26,80.6 31,71")),
    "ear": pair(*points("35.4,43 39,41 42.6,45 42,54 39,61 35.4,65 33.4,62 34.6,52")),
    "throat": middle(*points("0,100 11,100 18,103 17,113 11,123 4,129 0,130")),
    "neck-shoulder-angle": pair(*points("20,108 25,107 29,116 38,124 50,129 44,132 30,128 20,119")),
    "top-of-shoulder": pair(*points("50,129 62,133 76,137 88,145 84,149 74,145 60,142 48,137")),
    "front-of-shoulder": oval(at("shoulder joint", -0.5, 9), 13.5, 19, turn=-8),
    "outer-shoulder": pair(*points("90,147 97,156 102,172 105,194 107,214 99,214 95.6,194 94,170")),
    "chest-front": pair(*points("9,143 22,140 44,145 62,152 68,168 70,190 62,207 40,213 9,207 6,175")),
    "side-ribs": pair(*points("64,214 75,206 73,230 66,252 59,268 50,262 53,240")),
    "front-of-upper-arm": pair(*points("80,194 90,191 97,200 101,224 105,252 106,270 97,274 90,262 84,238 78,214")),
    "elbow-crease": oval(at("elbow", 0.5, 2), 12.5, 13),
    "inner-elbow": pair(*points("84,274 90,277 94,290 96,306 91,314 86,300")),
    "outer-elbow": pair(*points("110,272 115,277 121,292 127,308 120,312 113,298 109,286")),
    "palm-side-forearm": pair(
        *points("92,312 104,310 121,313 128,332 130,360 130.4,386 120,390 110,388 104,364 97,336")
    ),
    "abdomen": middle(*points("0,238 16,242 32,256 48,268 51,288 52,312 46,334 28,352 0,357")),
    "pelvis": middle(*points("0,356 16,357 25,364 18,374 9,384 0,387")),
    "groin": pair(*points("53,340 58,348 46,364 32,378 20,392 14,407 6,408 6,395 16,379 36,359")),
    "outer-hip": pair(*points("61,330 68,332 75,352 78,378 76,402 68,402 64,380 62,356")),
    "front-of-thigh": pair(*points("28,400 46,388 60,396 63,430 59,470 54,508 48,521 34,519 29,490 25,450")),
    "inner-thigh": pair(*points("4,408 12,400 21,412 24,450 29,496 31,518 25,524 18,522 10,470 5,436")),
    "outer-thigh": pair(*points("66,396 78,396 77,430 71,474 66,520 57,524 57,502 62,466 66,426")),
    "front-of-knee": oval(at("kneecap", 0.4, 0.5), 13.6, 19.5),
    "inner-knee": pair(*points("19,524 26,526 29,540 29,556 27,572 20,574 18,548")),
    "outer-knee": pair(*points("57,526 64,524 65,548 66,572 57,572 55.6,556 56,540")),
    "shin": pair(*points("30,578 40,574 48,580 49,610 47,650 45,692 38,696 35,676 31,640 29,606")),
    "outer-lower-leg": pair(*points("55,576 66,574 69,606 66,646 59,692 52,694 50,660 52,616")),
    "front-of-ankle": pair(*points("33,700 43,697 50,700 53,710 50,720 43,723 35,720 32,710")),
    "outer-ankle": pair(*points("53,702 58,702 60,714 60,726 54,726 51,716")),
    "top-of-foot": pair(*points("34,724 44,727 54,724 60,734 64,742 54,743 43,741 33,740")),
    "big-toe": pair(*points("31,743 41.6,743 43,748 42.4,757 31,757")),
}

_BACK: dict[str, Shape] = {
    "head-top": middle(*points("0,-3 14,-2 28,8 34,18 22,22 0,23")),
    "back-of-head": middle(*points("0,36 20,36 33,42 33,56 30,68 25,78 12,83 0,84")),
    "ear": pair(*points("35.4,43 39,41 42.6,45 42,54 39,61 35.4,65 33.4,62 34.6,52")),
    "back-of-neck": middle(*points("0,86 12,86 22,87 21,104 21.4,116 16,130 8,140 0,141")),
    "neck-shoulder-angle": pair(*points("22,102 26,108 30,119 40,126.6 54,132 50,142 36,143 24,138 20,124")),
    "top-of-shoulder": pair(*points("55,131 68,135 82,141 91,149 84,154 72,151 56,147 52,139")),
    "outer-shoulder": pair(*points("91,148 98,156 103,172 106,194 107,214 100,214 97,194 95,170")),
    "back-of-shoulder": pair(*points("74,156 84,155 92,162 95,182 92,202 83,206 77,198 74,178")),
    "shoulder-blade": pair(*points("28,152 46,156 64,155 72,164 68,184 58,203 46,218 37,225 30,214 26,192 25.6,170")),
    "inner-shoulder-blade": pair(*points("11,146 20,144 27,150 27,172 28,194 34,215 30,224 21,222 13,200 10,172")),
    "mid-back": middle(*points("0,206 14,210 30,230 48,232 56,244 50,258 28,264 0,265")),
    "low-back": middle(*points("0,268 26,266 48,268 53,284 53,304 44,318 24,325 0,327")),
    "side-ribs": pair(*points("60,210 72,206 71,226 66,246 60,264 52,262 53,240")),
    "sacrum": middle(*points("0,321 14,320 25,324 26,338 17,356 9,370 0,374")),
    "buttock": pair(*points("23,334 40,327 56,334 66,352 70,376 66,398 52,411 32,417 13,413 6,404 8,384 14,364")),
    "tailbone": middle(*points("0,366 7,366 10,374 7,386 0,392")),
    "outer-hip": pair(*points("61,330 68,332 75,352 78,378 76,402 68,402 64,380 62,356")),
    "back-of-thigh": pair(*points("14,421 30,422 52,416 61,424 62,454 58,492 54,524 42,529 28,526 22,496 15,456")),
    "outer-thigh": pair(*points("66,398 78,398 77,430 71,474 66,520 57,524 58,500 62.6,464 66,426")),
    "inner-thigh": pair(*points("0,408 10,420 14,450 20,492 24,520 18,522 10,476")),
    "back-of-knee": oval(at("kneecap", 0, 4), 16.4, 18),
    "inner-knee": pair(*points("19,526 25,528 27,548 26,570 20,572 18,548")),
    "outer-knee": pair(*points("58,528 65,526 66,548 66,570 59,570 57,548")),
    "calf": pair(*points("25,578 42,573 61,576 65,600 62,632 55,658 46,668 36,664 27,640 22,608")),
    "outer-lower-leg": pair(*points("60,574 68,574 70,606 66,646 60,690 53,694 53,672 60,634 64,604")),
    "achilles": pair(*points("36,676 43,673 50,677 48.6,698 49,716 43,719 37.4,716 38,698")),
    "heel": pair(*points("34,724 43,721 55,725 58,738 55,749 44,756 35,752 32,740")),
    "outer-ankle": pair(*points("51.6,703 58,702 60,714 60,724 54,724 50.6,714")),
    "back-of-upper-arm": pair(*points("80,206 91,204 101,206 106,234 110,262 106,275 96,276 90,268 84,240")),
    "outer-elbow": pair(*points("107,278 114,276 120,290 126,308 119,314 111,304 107,292")),
    "inner-elbow": pair(*points("84,274 91,278 95,290 96,306 91,314 86,300")),
    "back-of-forearm": pair(*points("93,314 104,312 121,315 128,334 130,360 130.4,386 120,390 110,388 104,364 97,338")),
}

_HEAD_SIDE: dict[str, Shape] = {
    "head-top": one(*points("-27,9 -16,-3 0,-5 15,-3 27,6 20,14 2,12 -14,14")),
    "forehead": one(*points("23,12 30,7 38,18 42,31 40,39 30,38 23,35 22,22")),
    "temple": one(*points("-8,22 4,17 17,19 21,30 20,42 12,48 4,45 -6,38 -12,30")),
    "eye-area": one(*points("24,43 32,40.4 39,42 40,50 38,57 30,58.4 24,55 22,49")),
    "cheek": one(*points("13,61 24,60 33,62 35,68 29,75 22,82 13,82 10,71")),
    "teeth": one(*points("34,70 44,69 43,78 41,88 35,88 29,84 29,76")),
    "jaw-joint": one(*points("1,58 8,57 10,66 11,78 17,86 28,91 34,97 29,103 14,96 3,88 -2,74")),
    "ear": one(*points("-4,68 -9,61 -12.6,52 -11.6,43 -4,39.4 3,41.6 5,48 3,56 1,65")),
    "back-of-head": one(*points("-45,30 -36,25 -26,32 -20,46 -17,62 -17,72 -24,78 -34,72 -43,58 -47,44")),
    "back-of-neck": one(*points("-33,78 -24,80 -16,79 -15,96 -17,112 -23,124 -34,132 -42,135 -34,119 -29,100")),
    "throat": one(*points("19,104 27,103 20,113 18,124 16,134 10,134 9,122 12,112")),
    "neck-shoulder-angle": one(*points("-16,110 -8,112 -6,124 -8,136 -24,140 -34,136 -24,127")),
}

_FOOT_TOP: dict[str, Shape] = {
    "big-toe": one(*points("-22,6 -16,-2 -8,-2 -4.8,6 -4.8,18 -7,27 -14,29 -22,26")),
    "top-of-foot": one(*points("-13,32 -4,27 8,28 18,33 21,44 18,56 13,64 0,67 -10,62 -13,48")),
    "front-of-ankle": one(*points("-12,70 0,73 14,69 15,78 10,85 0,87 -9,85 -13,78")),
    "outer-ankle": one(*points("12,76 18,74 19,86 15,95 10,93")),
}
_SOLE: dict[str, Shape] = {
    "big-toe": one(*points("22,6 16,-2 8,-2 4.8,6 4.8,16 7,20 14,21 22,19")),
    "ball-of-foot": one(*points("22,24 14,23 4,22.6 -8,25 -18,30 -25,34 -24,42 -12,42 2,44 15,44 22,36")),
    "sole": one(*points("14,47 2,47.4 -12,46 -22,46 -20,60 -17,74 -6,75.6 4,75 13,76 12,62")),
    "heel": one(*points("-14,80 -4,78 6,78 14,80 15,92 8,101 -2,103 -10,100 -16,92")),
}

AREAS: dict[str, dict[str, Shape]] = {
    "front": _FRONT | {slug: _moved(shape, HAND_ON_BODY, True) for slug, shape in _PALM_SIDE.items()},
    "back": _BACK | {slug: _moved(shape, HAND_ON_BODY, True) for slug, shape in _BACK_SIDE.items()},
    "head-side": _HEAD_SIDE,
    "palm": {slug: _moved(shape, _MIRROR, False) for slug, shape in _PALM_SIDE.items()},
    "hand-back": _BACK_SIDE,
    "foot-top": _FOOT_TOP,
    "sole": _SOLE,
}
