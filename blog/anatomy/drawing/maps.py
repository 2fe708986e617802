"""Pain maps and site maps of muscles: complete SVG pictures on a card of their own.

They are shown as <img>, so each carries its ground, patterns and words, and its colours for the dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Any

from blog.anatomy.drawing.areas import AREAS, TWO_SIDED, Shape
from blog.anatomy.drawing.bones import BONES
from blog.anatomy.drawing.curves import Curve, Point, number
from blog.anatomy.drawing.fibres import fibres
from blog.anatomy.drawing.muscles import DEEP, MUSCLES
from blog.anatomy.drawing.palette import BODY, BONE, FINE, FRAME, MUSCLE, MUSCLE_EDGE, PAIN, card
from blog.anatomy.drawing.panels import (
    CAPTIONS,
    DETAILS,
    MARGIN,
    ON_BODY,
    ON_BODY_WINDOW,
    TEXT_SIZE,
    WINDOWS,
    Panel,
    cut,
    cut_out,
    frame,
    layout,
    locator_paths,
    touches,
    window_of,
)
from blog.anatomy.drawing.sites import SITES, Site

BADGE = 7.4  # radius of a numbered place
LOCATOR = 62  # width of the small whole figure
LINE = 20  # of the legend
SMALL_LINE = 16
LETTERS = 62  # of small text in a line

HEAD = frozenset(
    {"head-top", "forehead", "temple", "eye-area", "back-of-head", "cheek", "teeth", "jaw-joint", "ear", "throat"}
)
HAND = frozenset({"palm", "hand-back", "thumb", "index-middle-fingers", "ring-little-fingers", "wrist"})


MAIN = f' fill="url(#m)"{PAIN.edge(1.2)}'
LESS_OFTEN = f' fill="url(#l)"{PAIN.edge(FINE)} stroke-dasharray="3 2"'
PATTERNS = (
    '<pattern id="m" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 2H4"{PAIN.pen(1.5)}/></pattern>'
    '<pattern id="l" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<circle cx="1.5" cy="1.5" r=".95"{PAIN.fill}/><circle cx="4.5" cy="4.5" r=".95"{PAIN.fill}/></pattern>'
)


def pain_map(muscle: Mapping[str, Any]) -> str:
    """The card of a muscle (a document of the vocabulary): main areas hatched, less common ones dotted.

    Raises KeyError for a pain area that has no shape.
    """
    main, less = muscle["pain_areas"]["main"], muscle["pain_areas"]["less_often"]
    row, column, bottom = layout(*_panels([*main, *less]))
    parts = []
    for i, panel in enumerate([*row, *column]):
        parts.append(_drawn(panel, i, pain_marks(panel, main, less)))
    y = bottom + LINE
    looks = [(MAIN, "Main areas")] * bool(main) + [(LESS_OFTEN, "Reported less often")] * bool(less)
    legend = [
        _swatch(MARGIN + 150 * i, y, look) + _text(MARGIN + 150 * i + 34, y, words)
        for i, (look, words) in enumerate(looks)
    ]
    legend += [
        _text(MARGIN, y + 22, "Drawn on the right side. Differs from person to person.", small=True),
    ]
    text = muscle.get("pain_map_text") or f"Commonly reported pain areas for {muscle['name']}."
    text += f" Main areas are hatched{', less common areas dotted' if less else ''}; the right side is drawn."
    title = f"{muscle['name']}: where pain is commonly reported"
    return card(title, text, "".join([*parts, *legend]), y + 34, PATTERNS)


def area_map(slug: str, name: str) -> str:
    """The card of one pain area: hatched on the body. Raises KeyError for one that has no shape."""
    row, column, bottom = layout(*_panels([slug]))
    parts = []
    for i, panel in enumerate([*row, *column]):
        parts.append(_drawn(panel, i, pain_marks(panel, [slug])))
    text = f"The area is hatched: {name.lower()}, on the right side."
    return card(name, text, "".join(parts), bottom + MARGIN, PATTERNS)


def pain_marks(panel: Panel, main: Iterable[str], less: Iterable[str] = ()) -> str:
    """The areas that a panel shows of the body's right side."""
    return "".join(
        f'<path d="{curve.data(panel.to_card)}"{paint}/>'
        for slugs, paint in ((less, LESS_OFTEN), (main, MAIN))
        for slug in slugs
        if (shape := AREAS[panel.view].get(slug))
        for curve in shape.on(panel.view, "right")
    )


def site_names(slug: str) -> list[str]:
    """The numbered places of a muscle in words, in the order of their numbers; none where none are described."""
    return [site.name for places in SITES.get(slug, {}).values() for site in places]


def site_map(muscle: Mapping[str, Any]) -> str:
    """The card of a muscle: its outline with its fibres among the bones, and numbered where trigger points are
    commonly described. What the numbers stand for is a list beside it, in letters as large as the page's; a picture
    that is opened alone says it under the pointer.
    """
    slug = muscle["slug"]
    shapes, sites = MUSCLES[slug], SITES.get(slug, {})
    views = list(dict.fromkeys([*shapes, *sites]))
    panels = [_close(view, shapes.get(view), sites.get(view, ())) for view in views]
    first = panels[0]
    whole = Panel(ON_BODY.get(first.view, first.view), window_of(first.view, WINDOWS["whole"]))
    panels, [whole], bottom = layout(panels, [whole], LOCATOR)
    both = any(_both_sides(site.spots) for view in TWO_SIDED for site in sites.get(view, ()))
    deep = slug in DEEP
    parts, bones = [], list[str]()
    for i, panel in enumerate(panels):
        places = sites.get(panel.view, ())
        marks = _bones(panel) + _muscle(panel, slug, shapes.get(panel.view), both, i)
        parts.append(_drawn(panel, i, marks))
        parts += [
            _badge(*panel.to_card(_right(panel, spot)), n, site.name)
            for n, site in enumerate(places, start=1)
            for spot in site.spots
        ]
        bones += [
            bone.name
            for bone in BONES.get(panel.view, ())
            if any(touches(c, panel.window, whole=True) for c in bone.curves)
        ]
    side = "Both sides" if both else "Right side"
    note = ("Lies under other muscles. " if deep else "") + f"{side}; approximate."
    legend, end = _legend(muscle["name"], list(dict.fromkeys(bones)), note, deep, bottom + LINE)
    title = f"{muscle['name']}: {'sites of trigger points' if sites else 'where the muscle lies'}"
    desc = f"Outline of the {muscle['name']} with the direction of its fibres. {note}"
    if sites:
        desc += " Numbered where trigger points are commonly described: "
        desc += "; ".join(f"{n} {name}" for n, name in enumerate(site_names(slug), start=1)) + "."
    return card(title, desc, "".join([*parts, _locator(whole, first), legend]), end)


def _close(view: str, shape: Shape | None, places: Sequence[Site]) -> Panel:
    spots = [spot for site in places for spot in site.spots]
    return cut_out(view, [shape] if shape else [], spots, close=True)


def _panels(areas: Sequence[str]) -> tuple[list[Panel], list[Panel]]:
    """The fewest views that show all areas, cut out as close as they allow: a row, and a column of enlarged parts."""
    views = views_of(set(areas))
    shapes = [AREAS[view][slug] for view in views if view in TWO_SIDED for slug in areas if slug in AREAS[view]]
    figures = [cut_out(view, shapes) for view in ("front", "back") if view in views]
    details = [Panel(view, window) for view, window in DETAILS.items() if view in views]
    if "head-side" in views or not figures:
        return [*figures, *details], []
    return figures, details


def views_of(names: set[str]) -> set[str]:
    """The fewest views that show all these areas. Raises KeyError for those that have no shape."""
    unknown = names - {slug for shapes in AREAS.values() for slug in shapes}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    if names <= AREAS["head-side"].keys() and names & HEAD:
        return {"head-side", "front"} if names & AREAS["front"].keys() else {"head-side"}
    if names <= HAND:
        return {"palm", "hand-back"}
    views: set[str] = set()
    for view, other in (("front", "back"), ("back", "front")):
        if names & (AREAS[view].keys() - AREAS[other].keys() - HAND):
            views.add(view)
    seen = {slug for view in views for slug in AREAS[view]}
    if names & (AREAS["back"].keys() - seen):
        views.add("back")
    if names & HAND:
        views.add("hand-back" if "hand-back" in names or "front" not in views else "palm")
    if names & {"sole", "ball-of-foot", "heel"}:
        views.add("sole")
    if names & {"big-toe", "top-of-foot"} and "sole" not in views:
        views.add("foot-top")
    if names <= {slug for view in views & DETAILS.keys() for slug in AREAS[view]}:
        return views & DETAILS.keys()  # the sole alone tells it all
    return views


def _seen_bones(panel: Panel) -> list[str]:
    """Names of the landmarks that a panel shows so well that they can be named."""
    return [
        bone.name
        for bone in BONES.get(panel.view, ())
        if any(touches(curve, panel.window, whole=True) for curve in bone.curves)
    ]


def _bones(panel: Panel) -> str:
    """The bony landmarks in a panel's window, as thin lines."""
    data = "".join(
        curve.data(panel.to_card)
        for bone in BONES.get(panel.view, ())
        for curve in bone.curves
        if touches(curve, panel.window)
    )
    return f'<path d="{data}"{BONE.pen(1)}/>' if data else ""


def _muscle(panel: Panel, slug: str, shape: Shape | None, both: bool, number_: int) -> str:
    """The outline, dashed for a deep muscle, and the fibres cut to it."""
    if shape is None:
        return ""
    curves = shape.both() if both else shape.on(panel.view, "right")
    outline = "".join(curve.data(panel.to_card) for curve in curves)
    lines = "".join(curve.data(panel.to_card) for curve in _fibres(panel, slug, shape, both))
    dashed = ' stroke-dasharray="5 3"' if slug in DEEP else ""
    return (
        f'<path d="{outline}"{MUSCLE.fill} fill-opacity=".82"/>'
        f'<clipPath id="f{number_}"><path d="{outline}"/></clipPath>'
        f'<path clip-path="url(#f{number_})" d="{lines}"{MUSCLE_EDGE.pen(0.7)} stroke-opacity=".6"/>'
        f'<path d="{outline}"{MUSCLE_EDGE.pen(1.4)}{dashed}/>'
    )


def _fibres(panel: Panel, slug: str, shape: Shape, both: bool) -> list[Curve]:
    given = [line for curve in shape.curves for line in fibres(slug, panel.view, curve)]
    if not shape.paired:
        return given
    mirrored = [line.mirrored() for line in given]
    if both:
        return given + mirrored
    return mirrored if panel.view == "front" else given


def _drawn(panel: Panel, number_: int, marks: str) -> str:
    """A panel with its marks, its frame and its caption."""
    width, height = panel.width * panel.scale, panel.height * panel.scale
    return f"{cut(panel, f'p{number_}', marks)}<rect{frame(panel)}{FRAME.pen(1)}/>" + _text(
        panel.x + width / 2, panel.y + height + 14, CAPTIONS[panel.view], small=True, middle=True
    )


def _locator(panel: Panel, first: Panel) -> str:
    """A small whole figure with a box round the cut-out."""
    left, top, right, bottom = (
        window_of(first.view, ON_BODY_WINDOW[first.view]) if first.view in DETAILS else first.window
    )
    (x, y), (x2, y2) = panel.to_card((left, top)), panel.to_card((right, bottom))
    around = f'x="{number(x)}" y="{number(y)}" width="{number(x2 - x)}" height="{number(y2 - y)}" rx="2"'
    return f"{locator_paths(panel, 0.9)}<rect {around}{MUSCLE_EDGE.pen(1.4)}/>"


def _legend(name: str, bones: Sequence[str], note: str, deep: bool, y: float) -> tuple[str, float]:
    """What the marks mean, from a height on; and where the card ends."""
    dashed = ' stroke-dasharray="5 3"' if deep else ""
    parts = [_swatch(MARGIN, y, MUSCLE.edged(MUSCLE_EDGE, 1.4) + dashed), _text(MARGIN + 34, y, name)]
    y += 4
    if bones:
        y += SMALL_LINE
        parts.append(f'<path d="M{MARGIN + 2} {number(y - 4)}h22"{BONE.pen(1)}/>')
        rows = wrap("Bones: " + ", ".join(bones) + ".", LETTERS - 9)
        for i, row in enumerate(rows):
            parts.append(_text(MARGIN + 34, y + i * SMALL_LINE, row, small=True))
        y += (len(rows) - 1) * SMALL_LINE
    y += SMALL_LINE + 2
    parts.append(_text(MARGIN, y, note, small=True))
    return "".join(parts), y + 12


def _right(panel: Panel, point: Point) -> Point:
    """A point given at positive x, on the body's right."""
    x, y = point
    return (-x, y) if panel.view == "front" else (x, y)


def _both_sides(points: Iterable[Point]) -> bool:
    """Whether places of a view with two sides are given on both."""
    return any(x < 0 for x, _ in points)


def _badge(x: float, y: float, number_: int, words: str) -> str:
    """A number in a disc, and what it stands for."""
    at = f'cx="{number(x)}" cy="{number(y)}"'
    middle = f'x="{number(x)}" y="{number(y + 3.7)}" font-size="10.5" font-weight="700" text-anchor="middle"'
    disc = f'<circle {at} r="{BADGE}"{PAIN.edged(BODY, 1.4)}/><text {middle}{BODY.fill}>{number_}</text>'
    return f"<g><title>{escape(words)}</title>{disc}</g>"


def _swatch(x: float, y: float, paint: str) -> str:
    return f'<rect x="{number(x)}" y="{number(y - 12)}" width="26" height="16" rx="3"{paint}/>'


def _text(x: float, y: float, words: str, small: bool = False, middle: bool = False) -> str:
    size = TEXT_SIZE - 1 if small else TEXT_SIZE
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{number(x)}" y="{number(y)}" font-size="{size}"{anchor}>{escape(words)}</text>'
