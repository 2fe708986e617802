"""The figure itself: landmarks, contours and inner lines of every view. The one source of geometry.

Front and back share one frame: the midline is x = 0, the vertex is near y = 0, the soles near y = 750, so that
100 units are one head and the figure is seven and a half heads tall. Points are given for one half (positive x);
the other half is its mirror image. The palms face forward, the thumbs outward.

Head from the side, hand and foot have frames of their own (about 100 units long) and show the right side.
"""

from __future__ import annotations

from dataclasses import dataclass

from blog.anatomy.drawing.curves import (
    Affine,
    Curve,
    Point,
    both_halves,
    closed_curve,
    ellipse,
    open_curve,
    placed,
    points,
)

# Landmarks of the body, front and back, on the side of positive x.
BODY: dict[str, Point] = {
    "vertex": (0, -1),
    "brow": (14, 41),
    "eye": (15.2, 49.5),
    "cheekbone": (27, 59),
    "jaw angle": (30, 80),
    "chin": (0, 99),
    "mastoid": (30, 66),
    "external occipital protuberance": (0, 66),
    "seventh neck vertebra": (0, 133),
    "notch of the breastbone": (0, 129),
    "inner end of the collarbone": (6, 130),
    "tip of the breastbone": (0, 222),
    "acromion": (81, 142),
    "hook of the shoulder blade": (66, 151),
    "upper corner of the shoulder blade": (27, 150),
    "spine of the shoulder blade": (25, 167),
    "lower corner of the shoulder blade": (36, 224),
    "shoulder joint": (82, 158),
    "armpit": (73, 203),
    "nipple line": (40, 196),
    "last rib": (46, 268),
    "navel": (0, 296),
    "rim of the hip bone": (48, 312),
    "ASIS": (52, 334),
    "PSIS": (17, 330),
    "pubic bone": (5, 382),
    "tailbone": (0, 384),
    "sitting bone": (22, 402),
    "greater trochanter": (70, 372),
    "outer elbow": (115, 289),
    "inner elbow": (88, 291),
    "elbow": (102, 290),
    "wrist": (123.5, 402),
    "outer knee": (61, 548),
    "inner knee": (23, 548),
    "kneecap": (42, 545),
    "head of the fibula": (59, 566),
    "outer ankle": (55.5, 714),
    "inner ankle": (32.5, 709),
    "heel": (43, 742),
}

HAND_ON_BODY = placed(BODY["wrist"], scale=0.78, turn=-9)  # from the hand's frame to the body's


def at(name: str, dx: float = 0, dy: float = 0) -> Point:
    """A point hung on a landmark of the body: outward by `dx`, down by `dy`."""
    x, y = BODY[name]
    return x + dx, y + dy


@dataclass(frozen=True)
class View:
    """One way of looking at the body or a part of it."""

    outline: Curve
    lines: tuple[Curve, ...]  # inner lines, drawn with the thinner pen
    behind: tuple[Curve, ...] = ()  # parts drawn before the outline (ears)
    before: tuple[Curve, ...] = ()  # parts drawn over the outline (the head, which hides the top of the neck)
    solid: tuple[Curve, ...] = ()  # small solid shapes (the iris)

    @property
    def body(self) -> tuple[Curve, ...]:
        """All parts, from back to front: together they are what lies inside the contour."""
        return (*self.behind, self.outline, *self.before)


# --- Hand: wrist at the origin, fingers down, thumb at positive x --------------------------------------------

HAND: tuple[Point, ...] = points(
    "15.2,-14 15.2,0 18,7 24,16 30,26 36.5,37 40.5,47 41.4,54 38.6,57.4 34.2,54.6 29,47 23.6,40.4 "
    "20.4,40.6 19.6,46 19.4,57 19,70 18.2,82 16,89 12.6,90.4 9.4,86.6 7.8,74 6.5,58 6,57 5.7,58 "
    "5.8,74 5.5,90 3.6,97.4 0,99.2 -3.6,96.4 -5,88 -5.8,74 -6,58.6 -6.4,57.6 -6.8,58.6 -7.2,74 "
    "-8,86 -10.4,92.2 -13.8,92.2 -16.4,86.4 -16.6,73 -16.3,57 -16.8,56 -17.4,57 -18.6,68 -20,76 "
    "-22.4,79.8 -25,78 -26,71 -25,60 -23.6,49 -22.8,36 -21,20 -17.4,8 -14.6,0 -14.4,-14"
)
WRIST_ENDS = 1  # the first and last point of HAND lie on the forearm and are left out on the whole figure

PALM_LINES = (
    open_curve(*points("-13,1 0,2.6 13.6,1")),
    open_curve(*points("20,42 11,38 6,29 4.6,17 6,7")),
    open_curve(*points("19,45 8,41.5 -4,40 -14,33")),
    open_curve(*points("-22,48 -12,46.5 -2,50 6,56")),
    open_curve(*points("8.6,61.2 12.5,62.2 17.4,61")),
    open_curve(*points("-4,62 0,63 4.4,62")),
    open_curve(*points("-14.6,60.6 -10.8,61.8 -7.4,61.4")),
    open_curve(*points("-23,57 -20,58.6 -17.4,58")),
    open_curve(*points("9,75 13,76 17,75")),
    open_curve(*points("-3.6,79 0.4,80 4.2,79")),
    open_curve(*points("-14.6,76 -11.2,77 -8.2,76")),
    open_curve(*points("-23.6,68 -21,69 -18.8,68")),
    open_curve(*points("27.4,33.6 30.4,31.8 33,32.6")),
)
NAILS = (
    open_curve(*points("10.6,89.4 10.6,84.4 13.2,83 15.8,84.2 16,88.8")),
    open_curve(*points("-2.6,96.6 -2.8,91.4 0.2,90 3.2,91.2 3.2,96.2")),
    open_curve(*points("-13.8,91 -14,86 -11.6,84.8 -9.2,86 -9,90.6")),
    open_curve(*points("-23.8,77.8 -24,73.6 -22,72.4 -19.9,73.4 -19.8,77.2")),
    open_curve(*points("40.6,55.4 40,50.4 37.4,49.4 35.4,51 36.2,55.6")),
)
HAND_BACK_LINES = (
    open_curve(*points("9.4,57 12.8,54.6 16.4,57")),
    open_curve(*points("-3.6,58.6 0.2,56 4,58.4")),
    open_curve(*points("-14,57 -10.6,54.6 -7.4,57.2")),
    open_curve(*points("-22.4,52.4 -19.6,50.4 -17,52.8")),
    open_curve(*points("11.6,50 9,36 7,22")),
    open_curve(*points("0.2,51 0.2,36 1,22")),
    open_curve(*points("-10.2,49.6 -8,36 -5,23")),
    open_curve(*points("9.6,74 12.8,72.8 16,74")),
    open_curve(*points("-3.4,77.4 0.2,76.2 3.8,77.4")),
    open_curve(*points("-14.2,74.4 -11.4,73.2 -8.8,74.4")),
    open_curve(*points("-23.4,66 -21.2,65 -19,66")),
    open_curve(*points("-15.8,4 -13,1 -10,3.6")),
    open_curve(*points("30.8,36 33,34 35,34.6")),
    *NAILS,
)

# --- Foot from above (right foot, toes up, big toe at negative x); the sole is its mirror image -----------------

FOOT: tuple[Point, ...] = points(
    "1,100 -7,98 -12.4,91 -13,80 -11,67 -11.6,54 -15.6,42 -19.2,31 -19.8,22 -19,12 -17,4.6 "
    "-12.6,0.8 -8,2.4 -5.6,8.4 -5.1,15.6 -4.8,15.6 -4.6,8.4 -2.8,3.6 0.2,2.8 2.8,6.4 3.6,16.2 "
    "3.9,16.4 4.4,10.6 6.2,7.2 8.8,7.4 10.6,11.6 11,19.2 11.3,19.5 11.9,15.4 13.4,12.8 15.8,13.4 "
    "17.2,17.4 17.4,23.6 17.7,24 18.4,21 20,19.2 22.2,20.8 23.2,25.6 23.2,35 21.8,46 19.2,57 "
    "16.8,70 15.8,84 12.4,94 7.6,98.8"
)
FOOT_TOP_LINES = (
    open_curve(*points("-15,7.4 -14.8,3.8 -12,2.6 -9.4,4 -9.4,7.8")),
    open_curve(*points("-2.4,7.4 -2,5.2 -0.6,4.8 1,5.4 1.3,7.4")),
    open_curve(*points("6.4,11.6 6.7,9.8 7.9,9.4 9,10 9.2,11.6")),
    open_curve(*points("13,17.2 13.4,15.6 14.4,15.4 15.4,16 15.6,17.4")),
    open_curve(*points("19.2,23.4 19.5,22.2 20.4,22 21.2,22.6 21.4,23.8")),
    open_curve(*points("-10.2,66 -3,71 6,71 15.4,67")),
    open_curve(*points("-12.4,26 -9.6,40 -4.4,56")),
    open_curve(*points("-0.8,27 -0.8,40 0.2,54")),
    open_curve(*points("7,29.4 5.8,42 4.2,55")),
    open_curve(*points("13.6,33.4 11.6,45 8.4,56")),
    open_curve(*points("-11.4,80 -9.8,77.4 -7.8,79.6 -8.8,84.6")),
    open_curve(*points("14.2,84 12.6,80.6 10.6,82.6 11,87.6")),
)
SOLE_LINES = (
    open_curve(*points("-17,20 -11,22.4 -5.6,20.4")),
    open_curve(*points("-3.4,21.4 0,22.4 3,21.8")),
    open_curve(*points("4.6,23.4 7.4,24.8 10,24.8")),
    open_curve(*points("11.4,27 13.8,28.8 16.4,29")),
    open_curve(*points("-11.6,43.4 -3,45 8,43.4 17.8,44")),
    open_curve(*points("-4.6,49 -2.4,60 -4.4,73")),
    open_curve(*points("-9,79.6 -1,75.4 8.4,76.2 13.4,80.6")),
)

# --- The whole figure ---------------------------------------------------------------------------------------

SHOULDER_AND_ARM: tuple[Point, ...] = points(
    "24.3,88.6 24.3,97 24.6,108 28,118.4 37,126.5 52,132.4 68,136.6 81,141.6 92,150.5 98.6,165 "
    "101.6,182 102.6,200 104.8,220 108,243 111.6,265 115,283 119.6,297 124,312 127,330 128.2,350 "
    "129.2,370 131.4,388"
)
ARM_AND_SIDE: tuple[Point, ...] = points(
    "111.2,390 106.8,370 101.6,348 95.6,326 90.4,308 88.2,293 87.6,280 84.6,262 80.6,240 77,220 "
    "74,204 73,202 71.6,216 68,236 63.6,254 59.8,270 58.4,284 59.6,300 63.4,318 67.6,336 71.4,354 "
    "73.8,374 74.6,394 73.8,418 71.4,444 68,472 64.2,500 61,524 60,540 60.8,556 62.4,572 64.8,592 "
    "65.4,612 63.4,636 59.6,660 56.2,682 54.4,700 55.4,710"
)
FRONT_FOOT: tuple[Point, ...] = points(
    "56.6,716 57.4,724 61,733 65.4,741 66.4,747.4 62.6,751 57.6,750.6 54.4,752.2 50,752.2 "
    "47,753.4 41.4,754.4 35.4,753.6 32.6,749 33.2,740 33.6,730 32.6,719"
)
BACK_FOOT: tuple[Point, ...] = points(
    "57,715 56.6,723 60.6,734 65,742 64.6,748.6 57.4,750 53,749.4 49.6,752.2 43,753.6 36.4,752 "
    "33.2,746 33.4,735 34,724 32.6,716"
)
INNER_LEG: tuple[Point, ...] = points(
    "31.6,708 32.8,696 31.8,680 28.6,660 24.6,638 22,614 21.8,594 23.8,574 24.2,558 22.8,543 "
    "21.4,526 18.6,500 13.6,470 7.6,438 2.4,412 0.8,400"
)
HEAD_FRONT = both_halves(
    *points("0,-1 14,1 26.6,9.4 34,22 36.2,36 35.4,50 34.4,62 32.4,74 28.4,84 20.6,92.6 11.6,98 0,99.6")
)
HEAD_BACK = open_curve(
    *points(
        "24.3,92 24.5,88 25.6,80 29.6,72 33.6,62 35.6,50 36.4,36 34,22 26.6,9.4 14,1 0,-1 -14,1 "
        "-26.6,9.4 -34,22 -36.4,36 -35.6,50 -33.6,62 -29.6,72 -25.6,80 -24.5,88 -24.3,92"
    )
)
EAR = open_curve(*points("35.7,46 38.2,43 40.9,45.2 40.8,52 38.8,59 36,63.4 34.3,62.4"))


def _whole(foot: tuple[Point, ...]) -> Curve:
    """The contour of neck, arms, trunk and legs; open at the neck, where the head covers it."""
    hand = tuple(HAND_ON_BODY(point) for point in HAND[WRIST_ENDS:-WRIST_ENDS])
    crotch = [(0.0, 394.0), (0.0, 394.0)]
    half = [*SHOULDER_AND_ARM, *hand, *ARM_AND_SIDE, *foot, *INNER_LEG]
    other = [(-x, y) for x, y in reversed(half)]
    return Curve((*half, *crotch, *other))


def _twice(*curves: Curve) -> tuple[Curve, ...]:
    return tuple(c for curve in curves for c in (curve, curve.mirrored()))


def _on_body(curves: tuple[Curve, ...], to: Affine = HAND_ON_BODY) -> tuple[Curve, ...]:
    return _twice(*(curve.moved(to) for curve in curves))


FACE = (
    *_twice(
        open_curve(*points("7.6,43.6 13.4,40.6 20,41 24.6,44")),
        open_curve(*points("8.8,50.6 11.6,48 15.6,46.9 19.4,48.2 22.2,51")),
        open_curve(*points("10.4,51.6 13.4,53 17.2,53 20.4,51.6")),
        open_curve(*points("4.4,57 6.6,63 6.4,66.4 4,67.4")),
        open_curve(*points("36.6,47 38.8,47 38.4,53 36.4,57")),
    ),
    open_curve(*points("-3,67.4 -1.4,68.6 0,69 1.4,68.6 3,67.4")),
    open_curve(*points("-10.4,77.4 -5,77 -1.8,76.4 0,76.9 1.8,76.4 5,77 10.4,77.4")),
    open_curve(*points("-7.6,75.9 -2.6,73.8 0,74.5 2.6,73.8 7.6,75.9")),
    open_curve(*points("-5.4,81 0,82.2 5.4,81")),
)
FRONT_LINES = (
    *_twice(
        open_curve(*points("5,131.6 14,130.8 26,134 42,138 56,139.4 69,143.4")),
        open_curve(*points("24,99 19,112 10,125 5.6,131")),
        open_curve(*points("73.4,203 77.6,192 79,180")),
        open_curve(*points("73,204 64,213 50,216.6 36,214")),
        open_curve(*points("4,236 13,240 24,250 33,262")),
        open_curve(*points("57,334 46,348 30,366 14,380")),
        open_curve(*points("30,536 34,529.6 42,527.4 50,529.6 54,536")),
        open_curve(*points("31,546 33.4,556 39,562 45,562 50.6,556 53,546")),
        open_curve(*points("39.6,584 38.6,612 38.6,640 39.4,662")),
        open_curve(*points("33,708 35.4,705.6 37,709.6")),
        open_curve(*points("55,712 52.4,710 51.4,714.4")),
        open_curve(*points("95,284 101,288.6 108,286.6")),
        open_curve(*points("42.4,752.8 41.8,746 42.4,741.6")),
        open_curve(*points("48.2,751.8 47.6,747 48,743.4")),
        open_curve(*points("53.4,751 52.8,747 53,744")),
        open_curve(*points("58.8,749.4 57.8,746.4 57.6,743.6")),
    ),
    open_curve(*points("0,142 0.5,175 0,206")),
    open_curve(*points("-2.4,294.4 -1.6,298 1.6,298 2.4,294.4")),
)
BACK_LINES = (
    *_twice(
        open_curve(*points("35,155 46,152.4 62,149 76,146")),
        open_curve(*points("27,158 25.6,176 27.4,198 32.6,216 38.6,222 46.6,216 56,202")),
        open_curve(*points("73.4,203 77.8,192 79,182")),
        open_curve(*points("15.4,329 17.6,327.6 19.2,330")),
        open_curve(*points("3.4,408 14,415.4 30,416.6 46,411.6 55,404")),
        open_curve(*points("60,352 63,366 62,380")),
        open_curve(*points("27,548 34,552.6 45,553 55,548.4")),
        open_curve(*points("42.8,606 43,622 42.8,637")),
        open_curve(*points("42,639 37.6,650 31.4,651")),
        open_curve(*points("43.6,639 48.4,646.4 54.6,645")),
        open_curve(*points("38.4,684 39.4,700 38.4,716")),
        open_curve(*points("47.6,684 47,700 48,716")),
        open_curve(*points("33,709 35.4,706.6 36.6,710.6")),
        open_curve(*points("56,713 53.4,710.6 52,714.6")),
        open_curve(*points("35.4,742 39,745 46,745.4 50.4,742.6")),
        open_curve(*points("96,285.6 101,282.6 106.6,285")),
        open_curve(*points("98,292 102,294.6 106,291.6")),
    ),
    open_curve(*points("0,126 0,170 0.3,230 0,290 0,334")),
    open_curve(*points("0,362 0.4,374 0,394")),
    open_curve(*points("-10,352 -4,358 0,362 4,358 10,352")),
)

# --- Head from the right side, looking to positive x ---------------------------------------------------------

HEAD_SIDE = open_curve(
    *points(
        "12.6,141 14,130 16,118 19.4,108.6 26,103.6 33,101 37.6,98 39.4,92.6 38.4,87 37.2,83.4 "
        "38.8,80.6 38.9,78.6 37,76.5 39.6,74.4 39.7,72 38.4,68.8 41,67.2 45,65.4 46.2,62.6 43.6,57 "
        "40.2,50.4 37.8,45 38.8,39.6 38.8,31 35.4,19 27.4,8 14,1 -2,-1 -18,2.4 -31,12 -39,26 -41.4,41 "
        "-39.6,54.6 -34.4,66 -28.6,76 -25.8,87 -25.8,100 -28.6,113 -34.4,124 -44,133 -58,141"
    )
)
HEAD_SIDE_LINES = (
    open_curve(*points("-1.4,67 0.6,76 4.6,85.8 12,92.6 22,98.4 29,101.4")),
    open_curve(*points("-8.4,70 -5,88 2,110 9,132")),
    open_curve(*points("-13,74 -12.6,92 -8,112 0,134")),
    open_curve(*points("26.6,51 29.8,47.6 34.6,47.2")),
    open_curve(*points("27.6,51.6 31,53 34.2,52.4")),
    open_curve(*points("34.6,47.2 35.5,49.6 34.2,52.4")),
    open_curve(*points("33,47.4 32,49.6 32.8,52")),
    open_curve(*points("26,43 31,39.8 36.4,40.8")),
    open_curve(*points("38,68.4 35.8,67 35.6,63.2 37.6,61.6")),
    open_curve(*points("37,76.5 33.6,76.6 30.4,77.8")),
)
EAR_SIDE = closed_curve(*points("-3.4,65 -6.4,60 -9.6,52 -9.2,45 -4.6,42 0.4,43.4 2.6,47.6 1.4,53 1.2,59 -1,65.4"))
EAR_SIDE_LINES = (
    open_curve(*points("-6.2,56 -7,49 -4,45.4 -0.8,46.8 -1,50")),
    open_curve(*points("1,53 -1.6,53.4 -2.2,57 0.6,58")),
)

IRIS = _twice(ellipse((15.5, 49.3), 1.8, 2.1))

VIEWS: dict[str, View] = {
    "front": View(
        outline=_whole(FRONT_FOOT),
        lines=(*FRONT_LINES, *FACE, *_on_body(PALM_LINES[:4])),
        behind=_twice(EAR),
        before=(HEAD_FRONT,),
        solid=IRIS,
    ),
    "back": View(
        outline=_whole(BACK_FOOT),
        lines=(*BACK_LINES, *_on_body(HAND_BACK_LINES[:4])),
        behind=_twice(EAR),
        before=(HEAD_BACK,),
    ),
    "head-side": View(HEAD_SIDE, (*HEAD_SIDE_LINES, EAR_SIDE, *EAR_SIDE_LINES)),
    "palm": View(Curve(HAND).mirrored(), tuple(line.mirrored() for line in PALM_LINES)),
    "hand-back": View(Curve(HAND), HAND_BACK_LINES),
    "foot-top": View(Curve(FOOT, closed=True), FOOT_TOP_LINES),
    "sole": View(Curve(FOOT, closed=True).mirrored(), tuple(line.mirrored() for line in SOLE_LINES)),
}
