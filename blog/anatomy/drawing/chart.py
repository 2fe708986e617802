"""The body chart "Where does it hurt?": two panels (front, back), each pain area one link.

What is seen of an area is its drawn shape; what is clicked is its target, a larger invisible shape. Drawn shapes may
overlap, targets never do. The chart is part of a page whose policy forbids inline styles: looks that change (hover,
focus) hang on the classes `chart__area`, `chart__shape` and `chart__target`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from blog.anatomy.drawing.areas import AREAS, TWO_SIDED, Shape
from blog.anatomy.drawing.curves import Affine, Curve, Point, Window, box, number, placed, points, polygon
from blog.anatomy.drawing.figure import VIEWS
from blog.anatomy.drawing.palette import BODY, CONTOUR, FINE, FONT, INK, MUSCLE_EDGE, PAPER
from blog.anatomy.drawing.panels import one_side

PANEL_WIDTH = 390
PANEL_HEIGHT = 776
FIGURE_SCALE = 0.98


@dataclass(frozen=True)
class Part:
    """One drawing of a panel, and the areas that are links on it, in reading order."""

    view: str
    to_panel: Affine
    links: tuple[str, ...]
    repeats: tuple[str, ...] = ()  # also clickable here, though the link that counts is elsewhere
    caption: tuple[str, Point] | None = None
    window: Window | None = None  # of the view; what lies outside is cut off


# Targets, straight-edged: front and back at positive x (mirrored where the drawn shape is), the others as they are.
TARGETS: dict[str, dict[str, tuple[Point, ...]]] = {
    "front": {
        "throat": points("0,99 18,99 18,128 0,128"),
        "top-of-shoulder": points("36,108 66,108 98,128 96,143 60,142 40,137"),
        "front-of-shoulder": points("64,144 93,147 94,190 64,190"),
        "outer-shoulder": points("95,148 124,150 124,214 106,214 95,190"),
        "chest-front": points("2,142 63,144 63,213 2,213"),
        "side-ribs": points("49,216 77,216 77,262 49,262"),
        "front-of-upper-arm": points("77.6,192 94.5,192 106,215 113,273 82,273"),
        "elbow-crease": points("90,274 118.5,274 118.5,304 90,304"),
        "inner-elbow": points("60,274 89.5,274 89.5,306 60,306"),
        "palm-side-forearm": points("90,307 128,307 136,386 106,388"),
        "abdomen": points("0,234 40,238 48,250 48,263 58,271 58,322 46,342 20,354 0,354"),
        "pelvis": points("0,355 17,356 17,383 0,392"),
        "groin": points("18,357 46,344 60,338 62,360 46,388 26,412 2,412 2,393 18,385"),
        "outer-hip": points("63,330 92,330 92,396 63,396"),
        "front-of-thigh": points("31,414 47,390 62,398 61,460 57,523 30.5,523"),
        "inner-thigh": points("1,413 29.5,413 29.5,523 1,523"),
        "outer-thigh": points("63,398 92,398 88,524 58,524 62,460"),
        "front-of-knee": points("28.8,525 57,525 57,573 28.8,573"),
        "inner-knee": points("0.3,525 28.4,525 28.4,573 0.3,573"),
        "outer-knee": points("57.5,525 87,525 87,573 57.5,573"),
        "shin": points("20,575 49,575 49,692 20,692"),
        "outer-lower-leg": points("50,575 80,575 80,692 50,692"),
        "front-of-ankle": points("20,693.5 49.5,693.5 49.5,723 20,723"),
        "outer-ankle": points("50,693.5 80,693.5 80,723 50,723"),
        "top-of-foot": points("22,724 74,724 74,757 22,757"),
        # on the enlarged face (the same frame)
        "head-top": points("0,-8 30,-8 30,14 0,14"),
        "forehead": points("0,15 30,15 30,38.5 0,38.5"),
        "eye-area": points("3,39.5 29.5,39.5 29.5,59.4 3,59.4"),
        "cheek": points("14.6,60 35,60 35,82 14.6,82"),
        "teeth": points("0,69 14,69 14,90 0,90"),
    },
    "back": {
        "head-top": points("0,-8 36,-8 36,32 0,32"),
        "back-of-head": points("0,34 36,34 34,84 0,84"),
        "back-of-neck": points("0,86 20.5,86 20.5,141 0,141"),
        "neck-shoulder-angle": points("21,92 40,96 56,112 56,142 21,142"),
        "top-of-shoulder": points("57,112 84,116 104,138 93,150 84,152.5 57,152.5"),
        "outer-shoulder": points("95.5,151 125,151 125,214 106,214 95.5,196"),
        "back-of-shoulder": points("66.5,153.5 95,153.5 95,204 77,204 66.5,196"),
        "shoulder-blade": points("30,153.5 66,153.5 66,196 54,212 40,227 30,218"),
        "inner-shoulder-blade": points("0.6,143 29.5,143 29.5,206 0.6,206"),
        "mid-back": points("0,207 29,207 30,222 40,230 47,230 47,265.5 0,265.5"),
        "side-ribs": points("48,221 77,206 77,265 48,265"),
        "low-back": points("0,266.5 57,266.5 59,304 42,321 0,321"),
        "sacrum": points("0,322 26,322 24,342 16,358 0,358"),
        "tailbone": points("0,359 14.5,359 14.5,390 0,392"),
        "buttock": points("28,323 50,321 60,334 64,352 64,400 52,414 28,418 2,416 2,394 16,391 16,360 25,344"),
        "outer-hip": points("65,330 94,330 94,398 65,398"),
        "outer-thigh": points("65,402 92,402 88,524 59,524"),
        "back-of-thigh": points("16,421 30,419.5 52,416 62,420 58,527 26,527"),
        "back-of-knee": points("24,529 58,529 58,571 24,571"),
        "calf": points("20,573 58,573 58,660 50,668 22,668"),
        "outer-lower-leg": points("59,573 90,573 86,691 54,691 54,669 59,662"),
        "achilles": points("23,670 52,670 52,718 23,718"),
        "outer-ankle": points("53,693 83,693 83,724 53,724"),
        "heel": points("23,720 52,720 52,757 23,757"),
        "back-of-upper-arm": points("78,206 95,206 106,215 114,274 82,274"),
        "outer-elbow": points("102.5,276 129.8,276 129.8,308 102.5,308"),
        "inner-elbow": points("74,276 101.8,276 101.8,308 74,308"),
        "back-of-forearm": points("90,310 124,310 132,386 106,388"),
    },
    "head-side": {
        "head-top": points("-30,-12 25,-12 21,13.5 -20,13.5 -30,9"),
        "forehead": points("26,3 48,12 48,38 22.5,38 22.5,14"),
        "temple": points("-12,15 21.5,15 21.5,40.5 -12,40.5"),
        "eye-area": points("22,39 48,39 48,58 45,63 22,63"),
        "ear": points("-15,42 9.5,42 9.5,66.5 -15,66.5"),
        "jaw-joint": points("-10,67.5 10,67.5 14,76 24,82 34,89 36,107 8,107 -8,90"),
        "back-of-head": points("-50,26 -27,26 -16,44 -16,76 -38,76 -50,54"),
    },
    "palm": {
        "wrist": points("-19,-15 19,-15 19,5.5 -19,5.5"),
        "palm": points("-13.5,7 26,7 26,52 -20,52 -18,40 -13.5,30"),
        "thumb": points("-14.5,7 -26,7 -47,36 -47,62 -30,62 -21,42 -14.5,29"),
        "index-middle-fingers": points("6,53.5 -26,53.5 -26,104 6,104"),
        "ring-little-fingers": points("6.5,53.5 32,53.5 32,104 6.5,104"),
    },
    "hand-back": {
        "wrist": points("-19,-15 19,-15 19,5.5 -19,5.5"),
        "hand-back": points("13.5,7 -26,7 -26,52 20,52 18,40 13.5,30"),
        "thumb": points("14.5,7 26,7 47,36 47,62 30,62 21,42 14.5,29"),
        "index-middle-fingers": points("-6,53.5 26,53.5 26,104 -6,104"),
        "ring-little-fingers": points("-6.5,53.5 -30,53.5 -30,104 -6.5,104"),
    },
    "foot-top": {
        "big-toe": points("-25,-5 -4.8,-5 -4.8,28 -25,28"),
        "top-of-foot": points("-19,30 25,30 22,66 -17,66"),
        "front-of-ankle": points("-17,68 9,68 9,90 -17,90"),
        "outer-ankle": points("10,68 26,68 26,98 10,98"),
    },
    "sole": {
        "big-toe": points("5,-5 25,-5 25,20 5,20"),
        "ball-of-foot": points("-27,21.5 24,21.5 22,44.8 -25,44.8"),
        "sole": points("-24,46 18,46 16,76.4 -22,76.4"),
        "heel": points("-20,78 19,78 17,104 -18,104"),
    },
}

# Parts of the whole figure that lead to their enlarged drawing, straight-edged, at positive x like TARGETS.
LEADS: dict[str, dict[str, tuple[Point, ...]]] = {
    "front": {
        "Face": points("0,-8 34,-8 36,60 22,97 0,98"),
        "Right palm": points("104,391 170,391 170,500 104,500"),
        "Top of the right foot": points("22,724 74,724 74,757 22,757"),
    },
    "back": {"Back of hand": points("104,391 170,391 170,500 104,500")},
}

_FIGURE = placed((160, 10), FIGURE_SCALE)
_HEAD = (-56.0, -10.0, 56.0, 128.0)

PANELS: dict[str, tuple[Part, ...]] = {
    "front": (
        Part(
            "front",
            placed((326, 26), 1.4),
            ("forehead", "eye-area", "cheek", "teeth"),
            ("head-top",),
            ("Face", (326, 196)),
            (-46, -12, 46, 112),
        ),
        Part(
            "front",
            _FIGURE,
            (
                "throat",
                "top-of-shoulder",
                "front-of-shoulder",
                "chest-front",
                "front-of-upper-arm",
                "elbow-crease",
                "inner-elbow",
                "palm-side-forearm",
            ),
            ("outer-shoulder", "side-ribs", "outer-hip", "outer-thigh", "outer-ankle"),
        ),
        Part(
            "palm",
            placed((346, 222), 1.3),
            ("wrist", "palm", "thumb", "index-middle-fingers", "ring-little-fingers"),
            (),
            ("Right palm", (340, 372)),
        ),
        Part(
            "front",
            _FIGURE,
            (
                "abdomen",
                "pelvis",
                "groin",
                "front-of-thigh",
                "inner-thigh",
                "front-of-knee",
                "inner-knee",
                "outer-knee",
                "shin",
                "outer-lower-leg",
                "front-of-ankle",
            ),
        ),
        Part(
            "foot-top",
            placed((322, 530), 1.95),
            ("top-of-foot", "big-toe"),
            ("front-of-ankle", "outer-ankle"),
            ("Top of the right foot", (318, 752)),
        ),
    ),
    "back": (
        Part(
            "head-side",
            placed((324, 24), 1.15),
            ("head-top", "temple", "ear", "jaw-joint", "back-of-head"),
            ("forehead", "eye-area"),
            ("Side of the head", (330, 202)),
            (-60, -12, 60, 134),
        ),
        Part(
            "back",
            _FIGURE,
            (
                "back-of-neck",
                "neck-shoulder-angle",
                "outer-shoulder",
                "back-of-shoulder",
                "shoulder-blade",
                "inner-shoulder-blade",
                "back-of-upper-arm",
                "outer-elbow",
                "back-of-forearm",
            ),
            ("head-top", "back-of-head", "top-of-shoulder", "inner-elbow", "outer-lower-leg", "heel"),
        ),
        Part(
            "hand-back",
            placed((328, 234), 1.3),
            ("hand-back",),
            ("wrist", "thumb", "index-middle-fingers", "ring-little-fingers"),
            ("Back of hand", (342, 386)),
        ),
        Part(
            "back",
            _FIGURE,
            (
                "mid-back",
                "side-ribs",
                "low-back",
                "sacrum",
                "tailbone",
                "buttock",
                "outer-hip",
                "outer-thigh",
                "back-of-thigh",
                "back-of-knee",
                "calf",
                "achilles",
                "outer-ankle",
            ),
        ),
        Part(
            "sole",
            placed((318, 530), 1.95),
            ("heel", "sole", "ball-of-foot"),
            ("big-toe",),
            ("Sole of the right foot", (318, 752)),
        ),
    ),
}

AREA_LOOK = (
    f'<g class="chart__areas" fill="{MUSCLE_EDGE.light}" fill-opacity=".1" stroke="{MUSCLE_EDGE.light}" '
    'stroke-opacity=".55" stroke-width=".8" pointer-events="none">'
)
TITLES = {"front": "Body from the front", "back": "Body from the back"}
DESCRIPTIONS = {
    "front": "Figure from the front with face, palm and foot enlarged. Each marked area is a link.",
    "back": "Figure from the back with head, back of the hand and sole enlarged. Each marked area is a link.",
}


def chart(link: Callable[[str], str], names: Mapping[str, str] | None = None) -> str:
    """The whole chart as HTML: both panels. `link`: slug → address; `names`: slug → name, as the list beside it says.

    An area without a name is called by its slug in plain words.
    """
    return f'<div class="chart">{chart_panel("front", link, names)}{chart_panel("back", link, names)}</div>'


def chart_panel(panel: str, link: Callable[[str], str], names: Mapping[str, str] | None = None) -> str:
    """One panel ("front" or "back") as an inline SVG."""
    names = names or {}
    parts: list[str] = []
    drawn: set[str] = set()
    for part in PANELS[panel]:
        clip = f"chart-{panel}-{part.view}" if part.caption else f"chart-{panel}"
        if clip not in drawn:
            drawn.add(clip)
            is_again = part.caption is not None and part.view == panel
            figure = _again(part, clip, f"chart-{panel}") if is_again else _figure(part, clip)
            if part.window is not None:
                figure = _cut(part, part.window, clip, figure)
            if part.caption is None:
                parts.append(figure + _leads(panel, part))
            else:
                parts.append(f'<g class="chart__enlarged" id="{_anchor(part.caption[0])}">{_ring(part)}{figure}</g>')
        parts.append(AREA_LOOK)
        parts += [_link(part, slug, clip, link(slug), names.get(slug) or _plain(slug), False) for slug in part.links]
        parts += [_link(part, slug, clip, link(slug), names.get(slug) or _plain(slug), True) for slug in part.repeats]
        parts.append("</g>")
        if part.caption:
            words, (x, y) = part.caption
            parts.append(f'<text class="chart__caption" x="{x}" y="{y}" text-anchor="middle">{escape(words)}</text>')
    return (
        f'<svg class="chart__panel d-ink" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {PANEL_WIDTH} {PANEL_HEIGHT}" width="{PANEL_WIDTH}" height="{PANEL_HEIGHT}" '
        f'role="group" aria-labelledby="chart-{panel}-title" '
        f'aria-describedby="chart-{panel}-desc" font-family="{FONT}" font-size="12" fill="{INK.light}">'
        f'<title id="chart-{panel}-title">{TITLES[panel]}</title>'
        f'<desc id="chart-{panel}-desc">{DESCRIPTIONS[panel]}</desc>'
        f'<rect width="{PANEL_WIDTH}" height="{PANEL_HEIGHT}"{PAPER.fill}/>'
        f"{''.join(parts)}</svg>"
    )


def targets(part: Part) -> dict[str, list[Curve]]:
    """What can be clicked on a part, in the panel's frame."""
    return {
        slug: [curve.moved(part.to_panel) for curve in _target(part.view, slug)]
        for slug in (*part.links, *part.repeats)
    }


def _target(view: str, slug: str) -> tuple[Curve, ...]:
    points = TARGETS[view][slug]
    drawn = AREAS[view][slug]
    if view in TWO_SIDED and not drawn.paired:  # across the midline
        points = (*points, *((-x, y) for x, y in reversed(points) if x))
    return Shape((polygon(*points),), drawn.paired).both()


def _plain(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _figure(part: Part, clip: str) -> str:
    """The drawing, and its contour as the clip of what is marked on it.

    Curves are most of what the page weighs, so each stands there once; what else needs it refers to it.
    """
    body = (curve.data(part.to_panel) for curve in VIEWS[part.view].body)
    contour = "".join(f'<path id="{clip}-body-{i}" d="{data}"/>' for i, data in enumerate(body))
    painted = _painted(part.view, clip, f'<g id="{clip}-lines">{_lines(part, clip)}</g>')
    return f'<clipPath id="{clip}">{contour}</clipPath><g class="chart__figure" aria-hidden="true">{painted}</g>'


def _again(part: Part, clip: str, figure: str) -> str:
    """The whole figure of the panel, whose clip is `figure`, in the size of a part that shows some of it larger."""
    size = part.to_panel.a / _FIGURE.a
    to = _transform(Affine(size, 0, 0, size, part.to_panel.e - size * _FIGURE.e, part.to_panel.f - size * _FIGURE.f))
    contour = "".join(f'<use href="#{figure}-body-{i}"{to}/>' for i, _ in enumerate(VIEWS[part.view].body))
    painted = _painted(part.view, figure, f'<use href="#{figure}-lines"/>', size)
    return f'<clipPath id="{clip}">{contour}</clipPath><g class="chart__figure" aria-hidden="true"{to}>{painted}</g>'


def _painted(view: str, clip: str, lines: str, size: float = 1) -> str:
    """Body, inner lines and contour, from what stands in the clip; pens stay as thin at another size."""
    body = "".join(f'<use href="#{clip}-body-{i}"/>' for i, _ in enumerate(VIEWS[view].body))
    fine, contour = INK.pen(round(FINE / size, 2)), INK.pen(round(CONTOUR / size, 2))
    return f"<g{BODY.fill}>{body}</g><g{fine}>{lines}</g><g{contour}>{body}</g>"


def _cut(part: Part, window: Window, clip: str, figure: str) -> str:
    left, top, right, bottom = window
    (x, y), (x2, y2) = part.to_panel((left, top)), part.to_panel((right, bottom))
    return (
        f'<clipPath id="{clip}-window"><rect x="{number(x)}" y="{number(y)}" width="{number(x2 - x)}" '
        f'height="{number(y2 - y)}"/></clipPath><g clip-path="url(#{clip}-window)">{figure}</g>'
    )


def _lines(part: Part, clip: str) -> str:
    """The inner lines: of those that both sides have the one, mirrored; all others; and what is solid."""
    sides, others = one_side(part.view)
    solid = _data(VIEWS[part.view].solid, part.to_panel)
    return (
        _both_sides(part, f"{clip}-side", sides)
        + f'<path d="{_data(others, part.to_panel)}"/>'
        + (f'<path d="{solid}"{INK.fill} stroke="none"/>' if solid else "")
    )


def _both_sides(part: Part, name: str, curves: Sequence[Curve]) -> str:
    """Curves of one side, and the same mirrored."""
    if not curves:
        return ""
    mirror = _transform(Affine(a=-1, e=2 * part.to_panel.e))
    return f'<path id="{name}" d="{_data(curves, part.to_panel)}"/><use href="#{name}"{mirror}/>'


def _data(curves: Iterable[Curve], to: Affine) -> str:
    return "".join(curve.data(to) for curve in curves)


def _transform(to: Affine) -> str:
    return f' transform="matrix({" ".join(f"{value:.5g}" for value in (to.a, to.b, to.c, to.d, to.e, to.f))})"'


def _anchor(caption: str) -> str:
    return "chart-" + caption.lower().replace(" ", "-")


def _leads(panel: str, part: Part) -> str:
    """Where the whole figure leads to an enlarged drawing. For pointers: the tab key reaches that by itself."""
    return "".join(
        f'<a class="chart__lead" href="#{_anchor(caption)}" tabindex="-1" aria-hidden="true">'
        f'<title>{caption}: enlarged</title><path class="chart__target" d="{_both(outline, part.to_panel)}" '
        'fill="none" pointer-events="all"/></a>'
        for caption, outline in LEADS[panel].items()
    )


def _both(outline: tuple[Point, ...], to: Affine) -> str:
    return _data(Shape((polygon(*outline),), True).both(), to)


def _ring(part: Part) -> str:
    """Seen when the whole figure has led here."""
    left, top, right, bottom = part.window or box(VIEWS[part.view].body)
    (x, y), (x2, y2) = part.to_panel((left, top)), part.to_panel((right, bottom))
    size = f'width="{number(x2 - x + 8)}" height="{number(y2 - y + 8)}"'
    return f'<rect class="chart__ring" x="{number(x - 4)}" y="{number(y - 4)}" {size} rx="10" fill="none"/>'


def _link(part: Part, slug: str, clip: str, href: str, name: str, repeat: bool) -> str:
    shape = AREAS[part.view][slug]
    if shape.paired:
        seen = _both_sides(part, f"{clip}-{slug}", shape.curves)
    else:
        seen = f'<path d="{_data(shape.curves, part.to_panel)}"/>'
    felt = _data(_target(part.view, slug), part.to_panel)
    label = escape(name, quote=True)
    hidden = ' tabindex="-1" aria-hidden="true"' if repeat else f' aria-label="{label}"'
    return (
        f'<a class="chart__area" href="{escape(href, quote=True)}" data-area="{slug}"{hidden}><title>{label}</title>'
        f'<g class="chart__shape" clip-path="url(#{clip})">{seen}</g>'
        f'<path class="chart__target" d="{felt}" fill="none" stroke="none" pointer-events="all"/></a>'
    )
