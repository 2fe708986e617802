"""Pain maps and site maps of muscles: complete SVG pictures on a paper-coloured card.

They are shown as <img>, so each carries its own background, patterns and words; presentation attributes only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from blog.anatomy.drawing.areas import AREAS, TWO_SIDED, Shape
from blog.anatomy.drawing.curves import Affine, Curve, box, ellipse, number, placed
from blog.anatomy.drawing.figure import VIEWS
from blog.anatomy.drawing.muscles import DEEP, MUSCLES, SITES, Points

INK = "#2b3835"
PAPER = "#f7f2e7"
BODY = "#fffdf9"
FRAME = "#cfc7b6"
MARK = "#8a2a1f"  # pain and crosses
BELLY = "#cfe0db"  # muscle
BELLY_EDGE = "#0c5a54"
FONT = "system-ui, sans-serif"

CARD_WIDTH = 400
MARGIN = 12
GAP = 10
COLUMN = 92  # width of the column for enlarged hand, foot or head beside the figure
TALLEST = 350
CAPTION = 18
TEXT_SIZE = 13.5

CAPTIONS = {
    "front": "front",
    "back": "back",
    "head-side": "right side",
    "palm": "right palm",
    "hand-back": "back of hand",
    "foot-top": "top of foot",
    "sole": "sole",
}

Window = tuple[float, float, float, float]  # left, top, right, bottom

# Cut-outs of front and back, from small to large, with the body's right at positive x.
WINDOWS: dict[str, Window] = {
    "head": (-58, -10, 58, 146),
    "lower leg": (-78, 504, 78, 764),
    "shoulders": (-116, -10, 116, 240),
    "arm": (34, 118, 170, 488),
    "hip": (-98, 236, 98, 440),
    "trunk": (-112, 96, 112, 430),
    "thigh": (-98, 300, 98, 600),
    "hip and thigh": (-98, 236, 98, 600),
    "upper half": (-64, -10, 168, 488),
    "legs": (-98, 316, 98, 764),
    "lower half": (-98, 236, 98, 764),
    "head to hip": (-125, -10, 125, 430),
    "trunk and thighs": (-125, 96, 125, 600),
    "whole": (-168, -10, 168, 764),
}
CLOSE_WINDOWS: dict[str, Window] = {  # for pictures that say where they are by a locator
    "neck": (-44, -10, 96, 176),
    "shoulder": (-14, 100, 126, 262),
    "upper arm": (40, 124, 150, 318),
    "forearm": (66, 252, 170, 488),
}
DETAILS: dict[str, Window] = {
    "head-side": (-58, -10, 58, 146),
    "palm": (-52, -17, 36, 108),
    "hand-back": (-36, -17, 52, 108),
    "foot-top": (-34, -8, 38, 108),
    "sole": (-38, -8, 34, 108),
}
ON_BODY = {"head-side": "front", "palm": "front", "hand-back": "back", "foot-top": "front", "sole": "back"}
ON_BODY_WINDOW = {
    "head-side": (-50.0, -10.0, 50.0, 120.0),
    "palm": (98.0, 390.0, 168.0, 490.0),
    "hand-back": (98.0, 390.0, 168.0, 490.0),
    "foot-top": (22.0, 706.0, 76.0, 762.0),
    "sole": (22.0, 706.0, 76.0, 762.0),
}

HEAD = frozenset(
    {"head-top", "forehead", "temple", "eye-area", "back-of-head", "cheek", "teeth", "jaw-joint", "ear", "throat"}
)
HAND = frozenset({"palm", "hand-back", "thumb", "index-middle-fingers", "ring-little-fingers", "wrist"})


@dataclass(frozen=True)
class Panel:
    """One view, cut out by a window and put at a place on the card."""

    view: str
    window: Window  # in the view's own frame
    x: float = 0
    y: float = 0
    scale: float = 1

    @property
    def width(self) -> float:
        return self.window[2] - self.window[0]

    @property
    def height(self) -> float:
        return self.window[3] - self.window[1]

    @property
    def aspect(self) -> float:
        return self.width / self.height

    @property
    def to_card(self) -> Affine:
        left, top, _, _ = self.window
        return placed((self.x - left * self.scale, self.y - top * self.scale), self.scale)


def pain_map(muscle: Mapping[str, Any]) -> str:
    """The card of a muscle (a document of the vocabulary): main areas hatched, less common ones dotted.

    Raises KeyError for a pain area that has no shape.
    """
    main, less = muscle["pain_areas"]["main"], muscle["pain_areas"]["less_often"]
    row, column, bottom = _layout(*_panels([*main, *less]))
    parts = []
    for i, panel in enumerate([*row, *column]):
        marks = []
        for slugs, paint in ((less, LESS_OFTEN), (main, MAIN)):
            for slug in slugs:
                if shape := AREAS[panel.view].get(slug):
                    marks += [
                        f'<path d="{curve.data(panel.to_card)}"{paint}/>' for curve in shape.on(panel.view, "right")
                    ]
        parts.append(_drawn(panel, i, "".join(marks)))
    y = bottom + 20
    legend = [
        _swatch(MARGIN, y, MAIN),
        _text(MARGIN + 34, y, "Main areas"),
        _swatch(MARGIN + 150, y, LESS_OFTEN),
        _text(MARGIN + 184, y, "Reported less often"),
        _text(MARGIN, y + 22, "Drawn on the right side. Differs from person to person.", small=True),
    ]
    text = muscle.get("pain_map_text") or f"Commonly reported pain areas for {muscle['name']}."
    text += " Main areas are hatched, less common areas dotted; the right side is drawn."
    return _card(f"{muscle['name']}: where pain is commonly reported", text, PATTERNS, [*parts, *legend], y + 34)


def site_map(muscle: Mapping[str, Any], points: Points | None = None) -> str:
    """The card of a muscle: its outline, and crosses at `points` (those of SITES if none are given)."""
    slug = muscle["slug"]
    shapes = MUSCLES[slug]
    points = SITES.get(slug, {}) if points is None else points
    views = list(dict.fromkeys([*shapes, *points]))
    panels = [
        _cut_out(view, [shapes[view]] if view in shapes else [], points.get(view, ()), close=True) for view in views
    ]
    first = panels[0]
    whole = Panel(ON_BODY.get(first.view, first.view), _window_of(first.view, WINDOWS["whole"]))
    panels, [whole], bottom = _layout(panels, [whole])
    parts = []
    side = "Both sides" if any(_both_sides(found) for found in points.values()) else "Right side"
    dashed = ' stroke-dasharray="5 3"' if slug in DEEP else ""
    paint = f' fill="{BELLY}" stroke="{BELLY_EDGE}" stroke-width="1.5"{dashed}'
    for i, panel in enumerate(panels):
        shape = shapes.get(panel.view)
        curves = (
            ()
            if shape is None
            else shape.both()
            if _both_sides(points.get(panel.view, ()))
            else shape.on(panel.view, "right")
        )
        marks = "".join(f'<path d="{curve.data(panel.to_card)}"{paint}/>' for curve in curves)
        parts.append(_drawn(panel, i, marks))
        parts += [_cross(*_right(panel, point)) for point in points.get(panel.view, ())]
    parts.append(_locator(whole, first))
    y = bottom + 20
    legend = [_swatch(MARGIN, y, paint), _text(MARGIN + 34, y, muscle["name"])]
    if points:
        legend += [_cross(MARGIN + 13, y + 17), _text(MARGIN + 34, y + 22, "Trigger-point sites commonly described")]
    note = y + (44 if points else 22)
    legend.append(
        _text(
            MARGIN,
            note,
            ("Lies under other muscles. " if slug in DEEP else "") + f"{side}; approximate.",
            small=True,
        )
    )
    title = f"{muscle['name']}: where the muscle lies"
    desc = f"Outline of the {muscle['name']}. {side}."
    if points:
        title = f"{muscle['name']}: sites of trigger points"
        count = sum(len(found) for found in points.values())
        marks = "cross marks a site" if count == 1 else "crosses mark sites"
        desc += f" {count} {marks} where trigger points are commonly described."
    return _card(title, desc + " Approximate.", "", [*parts, *legend], note + 12)


def figure_paths(
    view: str, to: Affine, pen: float = 1.4, fine: float = 0.8, window: Window | None = None
) -> tuple[str, str]:
    """The body of a view as SVG, in two layers: what lies under marks (filled), what lies over them (lines).

    Inner lines that lie outside `window` are left out.
    """
    drawing = VIEWS[view]
    lines = [curve for curve in drawing.lines if window is None or _touches(curve, window)]
    under = "".join(f'<path d="{curve.data(to)}" fill="{BODY}"/>' for curve in drawing.body)
    over = [
        _stroke("".join(curve.data(to) for curve in lines) if fine else "", fine),
        _stroke("".join(curve.data(to) for curve in drawing.body), pen),
    ]
    if drawing.solid and fine:
        over.append(f'<path d="{"".join(curve.data(to) for curve in drawing.solid)}" fill="{INK}"/>')
    return under, "".join(over)


MAIN = f' fill="url(#m)" stroke="{MARK}" stroke-width="1.2"'
LESS_OFTEN = f' fill="url(#l)" stroke="{MARK}" stroke-width=".8" stroke-dasharray="3 2"'
PATTERNS = (
    '<pattern id="m" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 2H4" stroke="{MARK}" stroke-width="1.5"/></pattern>'
    '<pattern id="l" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<circle cx="1.5" cy="1.5" r=".95" fill="{MARK}"/><circle cx="4.5" cy="4.5" r=".95" fill="{MARK}"/></pattern>'
)


def _panels(areas: Sequence[str]) -> tuple[list[Panel], list[Panel]]:
    """The fewest views that show all areas, cut out as close as they allow: a row, and a column of enlarged parts."""
    views = _views(set(areas))
    shapes = [AREAS[view][slug] for view in views if view in TWO_SIDED for slug in areas if slug in AREAS[view]]
    figures = [_cut_out(view, shapes) for view in ("front", "back") if view in views]
    details = [Panel(view, window) for view, window in DETAILS.items() if view in views]
    if "head-side" in views or not figures:
        return [*figures, *details], []
    return figures, details


def _views(names: set[str]) -> set[str]:
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


def _cut_out(
    view: str, shapes: Iterable[Shape], points: Iterable[tuple[float, float]] = (), close: bool = False
) -> Panel:
    """A panel with the smallest window that holds the shapes' right side."""
    if view in DETAILS:
        return Panel(view, DETAILS[view])
    margin = 14 if close else 4
    curves = [curve for shape in shapes for curve in (shape.curves if shape.paired else shape.both())]
    left, top, right, bottom = box([*curves, *(ellipse(point, 4, 4) for point in points)])
    fitting = [
        window
        for window in (*(CLOSE_WINDOWS if close else {}).values(), *WINDOWS.values())
        if window[0] <= left - margin / 2
        and window[1] <= max(top - margin, -10)
        and window[2] >= right + margin / 2
        and window[3] >= min(bottom + margin, 762)
    ]
    smallest = min(fitting, key=lambda w: (w[2] - w[0]) * (w[3] - w[1]), default=WINDOWS["whole"])
    return Panel(view, _window_of(view, smallest))


def _window_of(view: str, window: Window) -> Window:
    left, top, right, bottom = window
    return (-right, top, -left, bottom) if ON_BODY.get(view, view) == "front" else window


def _layout(row: Sequence[Panel], column: Sequence[Panel]) -> tuple[list[Panel], list[Panel], float]:
    """Places a row of panels of one height, and a narrow column of smaller ones on its right; and where they end."""
    gaps = GAP * (len(row) - 1) + (COLUMN + GAP if column else 0)
    aspects = sum(panel.aspect for panel in row)
    height = min(TALLEST, (CARD_WIDTH - 2 * MARGIN - gaps) / aspects)
    x = (CARD_WIDTH - aspects * height - gaps) / 2
    placed_row, placed_column = [], []
    for panel in row:
        placed_row.append(replace(panel, x=x, y=MARGIN, scale=height / panel.height))
        x += panel.aspect * height + GAP
    y = float(MARGIN)
    room = (height + CAPTION) / max(len(column), 1) - CAPTION
    for panel in column:
        scale = min(COLUMN / panel.width, room / panel.height)
        placed_column.append(replace(panel, x=x + (COLUMN - panel.width * scale) / 2, y=y, scale=scale))
        y += panel.height * scale + CAPTION + 6
    bottom = max(MARGIN + height, y - CAPTION - 6 if column else 0)
    return placed_row, placed_column, bottom + CAPTION


def _drawn(panel: Panel, number_: int, marks: str) -> str:
    """A panel with its marks, cut to the body and the window, and its caption."""
    under, over = figure_paths(panel.view, panel.to_card, window=panel.window)
    width, height = panel.width * panel.scale, panel.height * panel.scale
    x, y, w, h = (number(v) for v in (panel.x, panel.y, width, height))
    inside = "".join(f'<path d="{curve.data(panel.to_card)}"/>' for curve in VIEWS[panel.view].body)
    return (
        f'<clipPath id="w{number_}"><rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/></clipPath>'
        f'<clipPath id="b{number_}">{inside}</clipPath>'
        f'<g clip-path="url(#w{number_})">{under}<g clip-path="url(#b{number_})">{marks}</g>{over}</g>'
        f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6" fill="none" stroke="{FRAME}"/>'
        + _text(panel.x + width / 2, panel.y + height + 14, CAPTIONS[panel.view], small=True, middle=True)
    )


def _locator(panel: Panel, first: Panel) -> str:
    """A small whole figure with a box round the cut-out."""
    under, over = figure_paths(panel.view, panel.to_card, pen=0.9, fine=0)
    left, top, right, bottom = (
        _window_of(first.view, ON_BODY_WINDOW[first.view]) if first.view in DETAILS else first.window
    )
    (x, y), (x2, y2) = panel.to_card((left, top)), panel.to_card((right, bottom))
    return (
        f"{under}{over}"
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(x2 - x)}" height="{number(y2 - y)}" rx="2" fill="none" '
        f'stroke="{MARK}" stroke-width="1.3"/>'
    )


def _right(panel: Panel, point: tuple[float, float]) -> tuple[float, float]:
    """A point given at positive x, on the body's right."""
    x, y = point
    return panel.to_card((-x, y) if panel.view == "front" else (x, y))


def _touches(curve: Curve, window: Window) -> bool:
    left, top, right, bottom = window
    return any(left <= x <= right and top <= y <= bottom for x, y in curve.points)


def _both_sides(points: Iterable[tuple[float, float]]) -> bool:
    return any(x < 0 for x, _ in points)


def _cross(x: float, y: float) -> str:
    d = f"M{number(x - 4)} {number(y - 4)}l8 8m0-8l-8 8"
    return (
        f'<path d="{d}" stroke="{BODY}" stroke-width="4.6" stroke-linecap="round"/>'
        f'<path d="{d}" stroke="{MARK}" stroke-width="2.2" stroke-linecap="round"/>'
    )


def _swatch(x: float, y: float, paint: str) -> str:
    return f'<rect x="{number(x)}" y="{number(y - 12)}" width="26" height="16" rx="3"{paint}/>'


def _stroke(data: str, width: float) -> str:
    if not width or not data:
        return ""
    return (
        f'<path d="{data}" fill="none" stroke="{INK}" stroke-width="{width}" stroke-linecap="round" '
        'stroke-linejoin="round"/>'
    )


def _text(x: float, y: float, words: str, small: bool = False, middle: bool = False) -> str:
    size = TEXT_SIZE - 1 if small else TEXT_SIZE
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{number(x)}" y="{number(y)}" font-size="{size}"{anchor}>{escape(words)}</text>'


def _card(title: str, desc: str, defs: str, parts: Iterable[str], height: float) -> str:
    h = number(round(height))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{CARD_WIDTH}" height="{h}" viewBox="0 0 {CARD_WIDTH} {h}" '
        f'role="img" aria-labelledby="t d" font-family="{FONT}" fill="{INK}">'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(desc)}</desc>'
        f"<defs>{defs}</defs>"
        f'<rect width="{CARD_WIDTH}" height="{h}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )
