"""Which way the fibres of a muscle run: thin lines inside its outline.

Most muscles run along their length, which the outline tells. Fans and sheets are given by their two ends: from where
to where they arise, and from where to where they insert.
"""

from __future__ import annotations

from math import atan2, cos, hypot, sin

from blog.anatomy.drawing.curves import Curve, Point, line

APART = 4.2  # units between neighbouring fibres
MOST = 11  # of them

Ends = tuple[Point, Point]

# By muscle and view: (arises from one point to another, inserts from one point to another), at positive x.
FANS: dict[tuple[str, str], tuple[Ends, Ends]] = {
    ("temporalis", "head-side"): (((-12, 40), (24, 20)), ((11, 60), (16, 60))),
    ("upper-trapezius", "back"): (((2, 70), (2, 134)), ((50, 132), (78, 144))),
    ("middle-lower-trapezius", "back"): (((2, 138), (2, 254)), ((74, 147), (30, 164))),
    ("rhomboids", "back"): (((2, 134), (2, 172)), ((27, 156), (32, 216))),
    ("suboccipitals", "back"): (((3, 71), (21, 71)), ((3, 88), (14, 86))),
    ("infraspinatus", "back"): (((28, 170), (36, 214)), ((84, 155), (83, 163))),
    ("subscapularis", "back"): (((28, 160), (38, 220)), ((82, 161), (81, 170))),
    ("supraspinatus", "back"): (((28, 153), (29, 162)), ((86, 149), (85, 153))),
    ("latissimus-dorsi", "back"): (((4, 228), (30, 320)), ((78, 187), (80, 190))),
    ("serratus-anterior", "front"): (((48, 212), (54, 256)), ((66, 190), (72, 222))),
    ("deltoid", "front"): (((60, 142), (96, 158)), ((103, 222), (106, 226))),
    ("deltoid", "back"): (((54, 152), (96, 158)), ((103, 222), (106, 226))),
    ("pectoralis-major", "front"): (((30, 138), (6, 206)), ((90, 178), (86, 188))),
    ("pectoralis-minor", "front"): (((34, 188), (54, 208)), ((64, 151), (67, 152))),
    ("oblique-abdominals", "front"): (((66, 226), (60, 316)), ((30, 262), (26, 360))),
    ("gluteus-maximus", "back"): (((22, 330), (10, 404)), ((70, 378), (66, 418))),
    ("gluteus-medius", "back"): (((24, 328), (64, 324)), ((66, 374), (72, 372))),
    ("gluteus-minimus", "back"): (((40, 342), (62, 334)), ((67, 374), (72, 371))),
    ("psoas", "front"): (((6, 264), (50, 318)), ((28, 398), (32, 398))),
    ("adductor-longus-brevis", "front"): (((4, 386), (12, 386)), ((16, 436), (35, 470))),
    ("adductor-magnus", "back"): (((12, 405), (24, 403)), ((24, 538), (30, 460))),
    ("popliteus", "back"): (((57, 550), (57, 555)), ((29, 568), (32, 586))),
    ("thumb-muscles", "palm"): (((-8, 8), (-8, 34)), ((-34, 33), (-30, 38))),
    ("plantar-muscles", "sole"): (((6, 80), (-7, 80)), ((14, 32), (-19, 38))),
}


def fibres(slug: str, view: str, outline: Curve) -> tuple[Curve, ...]:
    """Lines along the fibres, to be cut to the outline."""
    if fan := FANS.get((slug, view)):
        (a, b), (c, d) = fan
        count = _count(max(_distance(a, b), _distance(c, d)))
        return tuple(line(_share(a, b, i / count), _share(c, d, i / count)) for i in range(count + 1))
    return _along(outline.polygon())


def _along(polygon: list[Point]) -> tuple[Curve, ...]:
    """Parallels to the longest direction of an outline."""
    mx, my = sum(x for x, _ in polygon) / len(polygon), sum(y for _, y in polygon) / len(polygon)
    xx = sum((x - mx) ** 2 for x, _ in polygon)
    yy = sum((y - my) ** 2 for _, y in polygon)
    xy = sum((x - mx) * (y - my) for x, y in polygon)
    turn = atan2(2 * xy, xx - yy) / 2
    c, s = cos(turn), sin(turn)
    across = [(y - my) * c - (x - mx) * s for x, y in polygon]
    along = [(x - mx) * c + (y - my) * s for x, y in polygon]
    low, high = min(across), max(across)
    count = _count(high - low)
    return tuple(
        line(*((mx + c * t - s * v, my + s * t + c * v) for t in (min(along), max(along))))
        for v in (low + (high - low) * (i + 0.5) / count for i in range(count))
    )


def _count(width: float) -> int:
    return max(2, min(MOST, round(width / APART)))


def _share(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _distance(a: Point, b: Point) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])
