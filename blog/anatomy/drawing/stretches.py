"""The stretches of the articles as line figures: poses as data, and the picture made of them.

Left out, because no honest drawing can be made of this figure: see NOT_DRAWN.
"""

from __future__ import annotations

from html import escape

from blog.anatomy.drawing.curves import Curve, box, ellipse, line, number, placed, polygon
from blog.anatomy.drawing.maps import BODY, CARD_WIDTH, FONT, INK, PAPER
from blog.anatomy.drawing.poses import Limb, Pose, Prop, layers

PROP_FILL = "#e9e1cf"
PROP_EDGE = "#8d8674"
TALLEST = 330
WIDEST_SCALE = 0.6

Key = tuple[str, str]  # slug of the article, id of the figure

# Which pose shows which stretch of the outlines.
STRETCHES: dict[Key, str] = {
    ("gluteus-maximus-trigger-points", "stretch-1"): "side-lying-leg-drop",
    ("gluteus-maximus-trigger-points", "stretch-2"): "knee-to-opposite-shoulder",
    ("piriformis-trigger-points", "stretch-1"): "lying-figure-four",
    ("gluteus-medius-trigger-points", "stretch-1"): "crossed-leg-side-lean",
    ("gluteus-minimus-trigger-points", "stretch-1"): "side-lying-leg-drop-with-cushion",
    ("psoas-trigger-points", "stretch-1"): "half-kneeling-hip-flexor",
    ("quadratus-lumborum-trigger-points", "stretch-1"): "side-lying-drape",
    ("tensor-fasciae-latae-trigger-points", "stretch-1"): "half-kneeling-side-reach",
    ("upper-trapezius-trigger-points", "stretch-1"): "ear-toward-shoulder",
    ("sternocleidomastoid-trigger-points", "stretch-1"): "turn-and-tilt-away",
    ("suboccipital-trigger-points", "stretch-1"): "lying-chin-tuck",
    ("infraspinatus-trigger-points", "stretch-1"): "cross-body-arm-pull",
    ("subscapularis-trigger-points", "stretch-1"): "doorway-outward-turn",
    ("pectoralis-minor-trigger-points", "stretch-1"): "corner-stretch",
    ("scalene-trigger-points", "stretch-1"): "anchored-side-bend",
    ("rhomboid-trigger-points", "stretch-1"): "self-hug",
    ("soleus-trigger-points", "stretch-1"): "bent-knee-wall-lunge",
    ("gastrocnemius-trigger-points", "stretch-1"): "straight-knee-wall-lunge",
    ("tibialis-anterior-trigger-points", "stretch-1"): "toe-drag",
    ("plantar-muscle-trigger-points", "stretch-1"): "toes-back-arch",
    ("forearm-extensor-trigger-points", "stretch-1"): "straight-arm-wrist-bend",
    ("hamstring-trigger-points", "stretch-1"): "strap-leg-raise",
    ("adductor-trigger-points", "stretch-1"): "soles-together-sit",
}

NOT_DRAWN: dict[Key, str] = {
    (
        "levator-scapulae-trigger-points",
        "stretch-1",
    ): "a half turn, chin lowered: needs a head seen from three quarters",
    ("masseter-trigger-points", "stretch-1"): "a movement inside the mouth, too small to show",
}


def _floor(left: float, right: float, y: float = 752) -> Prop:
    return Prop(((left, y), (right, y)))


def _block(left: float, top: float, right: float, bottom: float, front: bool = False) -> Prop:
    return Prop(((left, top), (right, top), (right, bottom), (left, bottom)), solid=True, front=front)


def _cushion(x: float, y: float, rx: float, ry: float) -> Prop:
    return Prop(ellipse((x, y), rx, ry).points, solid=True, smooth=True)


def _bench(left: float, right: float, top: float) -> tuple[Prop, ...]:
    return (
        _block(left + 40, top + 34, left + 58, top + 150),
        _block(right - 58, top + 34, right - 40, top + 150),
        _block(left, top, right, top + 34),
        _floor(left - 20, right + 20, top + 150),
    )


def _seat(left: float, right: float, top: float) -> tuple[Prop, ...]:
    return (
        _block(left + 6, top + 14, left + 16, 752),
        _block(right - 16, top + 14, right - 6, 752),
        _block(left, top, right, top + 14),
        _floor(left - 130, right + 130),
    )


_NEAR_SEATED = Limb((356, 712), 6, mid=(352, 574))
_FAR_SEATED = Limb((244, 712), -6, mid=(248, 574), flip=True)

POSES: dict[str, Pose] = {
    "side-lying-leg-drop": Pose(
        title="Side-lying leg drop off a bench",
        words=(
            "A person lies on one side on a bench, seen from the front; the straight upper leg hangs "
            "forward over the edge."
        ),
        facing="front", hip=(430, 512), lean=-90, legs="stacked",
        near_leg=Limb((668, 664), 35, mid=(556, 586), from_side=True),
        far_leg=Limb((694, 572), 70, mid=(548, 566), from_side=True),
        near_arm=Limb((262, 588), 0, mid=(296, 492), fist=True),
        far_arm=Limb((6, 572), -88, mid=(110, 580)),
        props=(*_bench(-60, 780, 598), _cushion(98, 576, 66, 24)),
    ),
    "knee-to-opposite-shoulder": Pose(
        title="Knee to opposite shoulder",
        words=(
            "A person lies on the back, seen from the side, and draws one bent knee towards the chest with "
            "the hands."
        ),
        hip=(400, 708), lean=-90,
        near_leg=Limb((458, 556), 150, mid=(300, 574)),
        far_leg=Limb((606, 714), 90),
        near_arm=Limb((282, 590), 60, mid=(196, 640), fist=True),
        far_arm=Limb((300, 586), 60, mid=(206, 634), fist=True),
        props=(_floor(0, 760),),
    ),
    "lying-figure-four": Pose(
        title="Lying figure-four",
        words=(
            "A person lies on the back; one ankle rests on the other thigh, and the hands draw that thigh "
            "closer."
        ),
        hip=(400, 708), lean=-90,
        far_leg=Limb((510, 540), 160, mid=(344, 552)),
        near_leg=Limb((352, 580), 215, mid=(470, 586)),
        near_arm=Limb((318, 632), 70, mid=(218, 646), fist=True),
        far_arm=Limb((326, 622), 70, mid=(226, 640), fist=True),
        props=(_floor(0, 760),),
    ),
    "crossed-leg-side-lean": Pose(
        title="Standing crossed-leg side lean",
        words=(
            "A person stands side-on to a wall with a hand on it; the leg nearest the wall is crossed "
            "behind the other, and the hip leans towards the wall."
        ),
        facing="front", hip=(262, 386), lean=7, curl=4, head=4, legs="stacked",
        near_leg=Limb((292, 712), 4), far_leg=Limb((366, 708), 12),
        near_arm=Limb((318, 342), -40, mid=(438, 280)),
        far_arm=Limb((96, 196), 178, mid=(146, 300), flip=True),
        props=(_block(46, 60, 82, 752), _floor(46, 520)),
    ),
    "side-lying-leg-drop-with-cushion": Pose(
        title="Side-lying leg drop with cushion",
        words=(
            "A person lies on one side at the edge of a bed; the upper leg hangs forward and down onto a "
            "cushion."
        ),
        facing="front", hip=(430, 512), lean=-90, legs="stacked",
        near_leg=Limb((664, 656), 50, mid=(556, 580), from_side=True),
        far_leg=Limb((694, 572), 70, mid=(548, 566), from_side=True),
        near_arm=Limb((262, 588), 0, mid=(296, 492), fist=True),
        far_arm=Limb((6, 572), -88, mid=(110, 580)),
        props=(*_bench(-60, 780, 598), _cushion(98, 576, 66, 24), _cushion(680, 722, 84, 28)),
    ),
    "half-kneeling-hip-flexor": Pose(
        title="Half-kneeling hip flexor stretch",
        words=(
            "A person kneels on one knee on a cushion, seen from the side, the other foot in front; the "
            "trunk is upright."
        ),
        hip=(222, 550), lean=2,
        near_leg=Limb((8, 728), -84, mid=(166, 708)),
        far_leg=Limb((390, 714), 90),
        near_arm=Limb((352, 520), 70), far_arm=Limb((366, 524), 70),
        props=(_cushion(166, 738, 62, 13), _floor(-80, 520)),
    ),
    "side-lying-drape": Pose(
        title="Side-lying drape",
        words=(
            "A person lies on one side over a firm pillow at the waist, seen from behind; the upper arm "
            "reaches over the head, and the upper leg slides back over the edge of the bed."
        ),
        facing="back", hip=(430, 508), lean=-84, curl=-18, head=-96, legs="stacked",
        near_leg=Limb((676, 640), 46, mid=(562, 556), from_side=True),
        far_leg=Limb((730, 576), 80, mid=(570, 560), from_side=True),
        near_arm=Limb((-16, 470), -82, mid=(96, 440)),
        far_arm=Limb((30, 578), -92, mid=(130, 590)),
        props=(*_bench(-90, 790, 602), _cushion(336, 580, 84, 24)),
    ),
    "half-kneeling-side-reach": Pose(
        title="Half-kneeling stretch with side reach",
        words=(
            "A person kneels on one knee, seen from the front, the other foot in front; the arm of the "
            "kneeling side reaches up and over."
        ),
        facing="front", hip=(304, 546), lean=2, curl=-26, legs="over",
        near_leg=Limb((350, 724), 0, mid=(350, 708), short=True),
        far_leg=Limb((214, 708), -4, mid=(222, 574), flip=True),
        near_arm=Limb((228, 158), -112, mid=(344, 204)),
        far_arm=Limb((206, 520), -20, mid=(126, 446), flip=True),
        props=(_cushion(350, 740, 60, 14), _floor(80, 500)),
    ),
    "ear-toward-shoulder": Pose(
        title="Ear towards shoulder",
        words=(
            "A person sits upright on a chair, seen from the front; one hand holds the seat, the head "
            "tips to the other side, and the free hand rests on it."
        ),
        facing="front", hip=(300, 524), lean=0, head=-26, legs="over", near_leg=_NEAR_SEATED, far_leg=_FAR_SEATED,
        near_arm=Limb((408, 538), 0, mid=(414, 428), fist=True),
        far_arm=Limb((216, 150), 108, mid=(136, 214)),
        props=_seat(196, 404, 560),
    ),
    "turn-and-tilt-away": Pose(
        title="Turn and tilt away",
        words=(
            "A person sits upright, seen from the front; one hand lies flat on the collarbone, and the "
            "head is turned to that side and tips slightly away, with the chin level."
        ),
        facing="front", hip=(300, 524), lean=0, head=-5, profile=1, legs="over",
            near_leg=_NEAR_SEATED, far_leg=_FAR_SEATED,
        near_arm=Limb((384, 352), 215, mid=(438, 424), flip=True),
        far_arm=Limb((222, 520), 30, mid=(166, 428), flip=True),
        props=_seat(196, 404, 560),
    ),
    "lying-chin-tuck": Pose(
        title="Chin tuck with small nod",
        words=(
            "A person lies on the back with bent knees and a thin towel under the head, seen from the "
            "side; an arrow shows the chin gliding back."
        ),
        hip=(400, 708), lean=-90, head=-82,
        near_leg=Limb((612, 714), 90), far_leg=Limb((640, 714), 90),
        near_arm=Limb((392, 728), 88, mid=(292, 730)), far_arm=Limb((392, 716), 88, mid=(292, 722)),
        props=(
            _block(14, 738, 120, 752), _floor(-20, 760),
            Prop(((128, 600), (128, 640)), front=True), Prop(((118, 630), (128, 644), (138, 630)), front=True),
        ),
    ),
    "cross-body-arm-pull": Pose(
        title="Cross-body arm pull",
        words=(
            "A person, seen from the front, brings one arm across the chest; the other hand holds it "
            "above the elbow."
        ),
        facing="front", hip=(300, 524), lean=0, legs="over", near_leg=_NEAR_SEATED, far_leg=_FAR_SEATED,
        far_arm=Limb((448, 330), 88, mid=(346, 326)),
        near_arm=Limb((338, 344), -70, mid=(432, 400), fist=True),
        props=_seat(196, 404, 560),
    ),
    "doorway-outward-turn": Pose(
        title="Doorway outward turn",
        words=(
            "A person stands in a doorway, seen from the front; the elbow is bent at the side, the "
            "forearm rests on the frame, and the chest turns away."
        ),
        facing="front", hip=(300, 379), lean=0,
        near_leg=Limb((344, 712), 4), far_leg=Limb((254, 712), -4, flip=True),
        near_arm=Limb((500, 290), 150, mid=(398, 302), flip=True),
        far_arm=Limb((176, 404), -6, flip=True, mid=(196, 300)),
        props=(_block(516, 20, 548, 752), _floor(120, 620)),
    ),
    "corner-stretch": Pose(
        title="Corner stretch",
        words=(
            "A person stands facing a corner, seen from behind; both forearms lie on the walls, elbows a "
            "little above the shoulders, one foot in front."
        ),
        facing="back", hip=(300, 379), lean=0,
        near_leg=Limb((346, 712), 4), far_leg=Limb((256, 696), -4, mid=(258, 538), flip=True),
        near_arm=Limb((452, 44), 176, mid=(474, 146), flip=True),
        far_arm=Limb((148, 44), 184, mid=(126, 146)),
        props=(Prop(((300, -40), (300, 640))), Prop(((20, 752), (300, 640), (580, 752)))),
    ),
    "anchored-side-bend": Pose(
        title="Anchored side bend",
        words="A person sits on one hand, seen from the front; the head tips to the other side.",
        facing="front", hip=(300, 524), lean=0, head=-24, legs="over", near_leg=_NEAR_SEATED, far_leg=_FAR_SEATED,
        near_arm=Limb((396, 546), -50, mid=(420, 436)),
        far_arm=Limb((228, 520), 30, mid=(168, 428), flip=True),
        props=_seat(196, 404, 560),
    ),
    "self-hug": Pose(
        title="Self-hug with rounded back",
        words=(
            "A person sits with a rounded upper back, seen from the side, the chin dropped and both arms "
            "wrapped round the shoulders."
        ),
        hip=(200, 540), lean=2, curl=38, head=52, far_arm_before=True,
        near_leg=Limb((372, 714), 90, mid=(368, 552)), far_leg=Limb((386, 714), 90, mid=(382, 552)),
        near_arm=Limb((308, 346), 150, mid=(352, 424)),
        far_arm=Limb((236, 372), -70, mid=(318, 400), root=(326, 396)),
        props=_seat(110, 300, 584),
    ),
    "bent-knee-wall-lunge": Pose(
        title="Bent-knee wall lunge",
        words=(
            "A person faces a wall with the hands on it, seen from the side; one foot is behind, both "
            "knees are bent, and the rear heel is on the floor."
        ),
        hip=(206, 446), lean=12,
        near_leg=Limb((92, 714), 90), far_leg=Limb((290, 714), 90),
        near_arm=Limb((426, 262), 176), far_arm=Limb((426, 246), 176),
        props=(_block(442, 80, 474, 752), _floor(0, 474)),
    ),
    "straight-knee-wall-lunge": Pose(
        title="Straight-knee wall lunge",
        words=(
            "A person leans with the hands on a wall, seen from the side; the rear leg is straight with "
            "the heel on the floor."
        ),
        hip=(214, 412), lean=20,
        near_leg=Limb((64, 714), 90), far_leg=Limb((300, 714), 90),
        near_arm=Limb((486, 240), 176), far_arm=Limb((486, 224), 176),
        props=(_block(502, 60, 534, 752), _floor(0, 534)),
    ),
    "toe-drag": Pose(
        title="Toe-drag ankle stretch",
        words=(
            "A person stands behind a chair and holds it, seen from the side; the top of the rear toes is "
            "on the floor, and the front of the ankle is pressed towards the floor."
        ),
        hip=(200, 390), lean=4,
        near_leg=Limb((78, 690), -44), far_leg=Limb((222, 714), 90),
        near_arm=Limb((366, 334), 80, fist=True), far_arm=Limb((366, 330), 80, fist=True),
        props=(
            _block(394, 316, 406, 752), _block(546, 548, 558, 752), _block(394, 538, 566, 554), _floor(0, 620),
        ),
    ),
    "toes-back-arch": Pose(
        title="Toes-back arch stretch",
        words=(
            "A person sits, seen from the front, one ankle crossed over the other knee; a hand draws the "
            "toes back, the other steadies the foot."
        ),
        facing="front", hip=(300, 524), lean=0, legs="over",
        far_leg=Limb((244, 712), -6, mid=(250, 578), flip=True),
        near_leg=Limb((262, 552), 240, mid=(408, 566), from_side=True, flip=True),
        near_arm=Limb((290, 520), -60, mid=(400, 440), fist=True),
        far_arm=Limb((196, 486), 20, mid=(152, 396), fist=True),
        props=_seat(196, 404, 560),
    ),
    "straight-arm-wrist-bend": Pose(
        title="Straight-arm wrist bend",
        words=(
            "A person stands, seen from the side, one arm straight in front with the palm down; the other "
            "hand draws the dropped hand closer."
        ),
        hip=(200, 386), lean=0,
        near_leg=Limb((204, 714), 90), far_leg=Limb((222, 714), 90),
        near_arm=Limb((452, 172), -10), far_arm=Limb((392, 240), 80, mid=(282, 262), fist=True),
        props=(_floor(80, 540),), far_arm_before=True, crop=(60, -20, 560, 420),
    ),
    "strap-leg-raise": Pose(
        title="Strap leg raise",
        words=(
            "A person lies on the back, seen from the side; a strap round one foot holds the raised leg, "
            "the knee nearly straight."
        ),
        hip=(400, 708), lean=-90,
        near_leg=Limb((478, 390), 258), far_leg=Limb((730, 730), 170),
        near_arm=Limb((276, 596), 130, mid=(206, 660), fist=True), far_arm=Limb((284, 588), 130, mid=(214, 652),
            fist=True),
        props=(_floor(0, 800), Prop(((300, 574), (452, 356), (474, 350)), front=True)),
    ),
    "soles-together-sit": Pose(
        title="Soles-together sit",
        words=(
            "A person sits upright on a cushion, seen from the front, the soles together and the knees "
            "sinking to the sides; the hands hold the ankles."
        ),
        facing="front", hip=(300, 650), lean=0, legs="over",
        near_leg=Limb((330, 728), -70, mid=(474, 704), from_side=True, flip=True),
        far_leg=Limb((270, 728), 70, mid=(126, 704), from_side=True),
        near_arm=Limb((340, 690), -30, mid=(420, 560), fist=True),
        far_arm=Limb((260, 690), 30, mid=(180, 560), fist=True),
        props=(_cushion(300, 722, 120, 30), _floor(60, 540, 766)),
    ),
}  # fmt: skip


def stretch_figure(pose: Pose) -> str:
    """The card of one stretch."""
    figure = layers(pose)
    props = [(prop, _curve(prop)) for prop in pose.props]
    left, top, right, bottom = pose.crop or box(
        [*(c for layer in figure for c in layer.outlines), *(c for _, c in props)]
    )
    scale = min((CARD_WIDTH - 28) / (right - left), TALLEST / (bottom - top), WIDEST_SCALE)
    height = round((bottom - top) * scale + 28)
    to = placed((CARD_WIDTH / 2 - (left + right) / 2 * scale, 14 - top * scale), scale)
    parts = [_thing(prop, curve.data(to)) for prop, curve in props if not prop.front]
    for layer in figure:
        outline = "".join(f'<path d="{curve.data(to)}"/>' for curve in layer.outlines)
        fill = f'<g fill="{BODY}">{outline}</g>'
        lines = "".join(curve.data(to) for curve in layer.lines)
        solid = "".join(curve.data(to) for curve in layer.solid)
        parts.append(f'<g fill="none" stroke-width="3">{outline}</g>{fill}')
        if layer.patches:
            parts.append(f'<path d="{"".join(c.data(to) for c in layer.patches)}" fill="{BODY}" stroke="none"/>')
        if lines:
            parts.append(f'<path d="{lines}" fill="none" stroke-width=".8"/>')
        if solid:
            parts.append(f'<path d="{solid}" fill="{INK}" stroke="none"/>')
    parts += [_thing(prop, curve.data(to)) for prop, curve in props if prop.front]
    drawing = f'<g stroke="{INK}" stroke-linecap="round" stroke-linejoin="round">{"".join(parts)}</g>'
    drawing = drawing.replace(f'<g fill="{BODY}">', f'<g fill="{BODY}" stroke="none">')
    clip = ""
    if pose.crop:
        (x, y), (x2, y2) = to((left, top)), to((right, bottom))
        rect = f'<rect x="{number(x)}" y="{number(y)}" width="{number(x2 - x)}" height="{number(y2 - y)}"/>'
        clip, drawing = f'<clipPath id="c">{rect}</clipPath>', f'<g clip-path="url(#c)">{drawing}</g>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{CARD_WIDTH}" height="{height}" '
        f'viewBox="0 0 {CARD_WIDTH} {height}" role="img" aria-labelledby="t d" font-family="{FONT}">'
        f'<title id="t">{escape(pose.title)}</title><desc id="d">{escape(pose.words)}</desc>{clip}'
        f'<rect width="{CARD_WIDTH}" height="{height}" fill="{PAPER}"/>{drawing}</svg>'
    )


def _curve(prop: Prop) -> Curve:
    if prop.smooth:
        return Curve(prop.points, closed=prop.solid)
    return polygon(*prop.points) if prop.solid else line(*prop.points)


def _thing(prop: Prop, data: str) -> str:
    fill = PROP_FILL if prop.solid else "none"
    edge, width = (INK, "1.8") if prop.front else (PROP_EDGE, "1.3")
    return f'<path d="{data}" fill="{fill}" stroke="{edge}" stroke-width="{width}"/>'
