"""Close-ups for cards and beside titles: where pain is mainly reported, without words, all of one size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blog.anatomy.drawing.areas import AREAS, TWO_SIDED
from blog.anatomy.drawing.curves import Window, box, number
from blog.anatomy.drawing.maps import PATTERNS, pain_marks, views_of
from blog.anatomy.drawing.palette import BODY, INK, MUSCLE_EDGE, card
from blog.anatomy.drawing.panels import DETAILS, WINDOWS, Panel, body_paths, cut, one_side, window_of

WIDTH, HEIGHT = 480, 360
GAP = 6  # between two views
HIDDEN = frozenset({"elbow-crease"})
LEAST = 250.0  # of the body's 764, so that everybody knows where they are
AROUND = 1.3  # of the areas
BODY_TOP, BODY_BOTTOM = -24.0, 778.0


def pain_close_up(muscle: Mapping[str, Any]) -> str:
    """Where pain linked with a muscle (a document of the vocabulary) is reported, as close as its main areas allow.

    Raises KeyError for a pain area that has no shape.
    """
    main, less = muscle["pain_areas"]["main"], muscle["pain_areas"]["less_often"]
    words = "Main areas are hatched, less common areas dotted; the right side is drawn."
    return _close_up(main or less, main, less, f"{muscle['name']}: where pain is commonly reported", words)


def area_close_up(slug: str, name: str) -> str:
    """Where a pain area is. Raises KeyError for one that has no shape."""
    return _close_up([slug], [slug], [], name, f"The area is hatched: {name.lower()}, on the right side.")


def whole_body() -> str:
    """Front and back with all pain areas lightly tinted, for the link that leads to them."""
    parts = []
    for i, view in enumerate(("front", "back")):
        panel = Panel(view, window_of(view, WINDOWS["whole"]), x=18 + i * 228, y=14, scale=0.64)
        shapes = [shape for slug, shape in sorted(AREAS[view].items()) if slug not in HIDDEN]
        paired, single = (
            "".join(
                curve.data(panel.to_card) for shape in shapes if shape.paired == is_paired for curve in shape.curves
            )
            for is_paired in (True, False)
        )
        mirror = f"matrix(-1 0 0 1 {number(2 * panel.to_card((0, 0))[0])} 0)"
        body = "".join(body_paths(view, panel.to_card))
        sides, others = ("".join(curve.data(panel.to_card) for curve in curves) for curves in one_side(view))
        parts.append(
            f'<defs><path id="b{i}" d="{body}"/></defs><clipPath id="c{i}"><use href="#b{i}"/></clipPath>'
            f'<use href="#b{i}"{BODY.fill}/>'
            f'<g clip-path="url(#c{i})"{MUSCLE_EDGE.edged(MUSCLE_EDGE, 0.6)} fill-opacity=".13" stroke-opacity=".5">'
            f'<path id="p{i}" d="{paired}"/><use href="#p{i}" transform="{mirror}"/><path d="{single}"/></g>'
            f'<g{INK.pen(0.7)}><path id="l{i}" d="{sides}"/><use href="#l{i}" transform="{mirror}"/>'
            f'<path d="{others}"/><use href="#b{i}" stroke-width="1.5"/></g>'
        )
    return card(
        "The body", "The body from the front and from behind, with its areas.", "".join(parts), 524, width=WIDTH
    )


def _close_up(near: Sequence[str], main: Sequence[str], less: Sequence[str], title: str, words: str) -> str:
    views = _views(near)
    width = (WIDTH - GAP * (len(views) - 1)) / len(views)
    parts = []
    for i, view in enumerate(views):
        window = _window(view, near, width / HEIGHT)
        panel = Panel(view, window, x=i * (width + GAP), y=0, scale=HEIGHT / (window[3] - window[1]))
        parts.append(cut(panel, f"p{i}", pain_marks(panel, main, less), rounded=False))
    return card(title, words, "".join(parts), HEIGHT, PATTERNS, WIDTH)


def _views(near: Sequence[str]) -> list[str]:
    """The one or two views that show most of these areas."""
    counted = {view: sum(slug in AREAS[view] for slug in near) for view in sorted(views_of(set(near)))}
    return sorted(counted, key=lambda view: -counted[view])[:2]


def _window(view: str, near: Sequence[str], aspect: float) -> Window:
    """The part of a view round these areas, in this shape of width by height."""
    if view in TWO_SIDED:
        curves = [c for slug in near if slug in AREAS[view] for c in AREAS[view][slug].on(view, "right")]
        left, top, right, bottom = box(curves)
        middle, least = (left + right) / 2, LEAST
    else:
        left, top, right, bottom = DETAILS[view]
        middle, least = (left + right) / 2, 0.0
    height = max((bottom - top) * AROUND, (right - left) * AROUND / aspect, least)
    centre = (top + bottom) / 2
    if view in TWO_SIDED:
        middle *= max(0.0, 1 - height / 500)  # the further away, the nearer to the middle of the body
        half = min(height, BODY_BOTTOM - BODY_TOP) / 2
        centre = min(max(centre, BODY_TOP + half), BODY_BOTTOM - half)
    width = height * aspect
    return middle - width / 2, centre - height / 2, middle + width / 2, centre + height / 2
