"""Cut-outs of the figure and how they stand on a card: a row, and a narrow column of smaller ones beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from blog.anatomy.drawing.areas import TWO_SIDED, Shape
from blog.anatomy.drawing.curves import Affine, Curve, Window, box, ellipse, number, placed
from blog.anatomy.drawing.figure import VIEWS
from blog.anatomy.drawing.palette import BODY, CARD_WIDTH, CONTOUR, FINE, INK

MARGIN = 12
GAP = 10
COLUMN = 92  # width of the column for enlarged hand, foot or head beside the figure
TALLEST = 400
CAPTION = 18
TEXT_SIZE = 13.5
PEN = 3  # more than half of the widest

CAPTIONS = {
    "front": "front",
    "back": "back",
    "head-side": "right side",
    "palm": "right palm",
    "hand-back": "back of hand",
    "foot-top": "top of foot",
    "sole": "sole",
}

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
    "upper arm": (46, 124, 150, 318),
    "side of the chest": (-24, 110, 130, 300),
    "forearm": (66, 252, 170, 488),
    "buttock": (-46, 284, 100, 442),
    "one thigh": (-16, 316, 98, 600),
    "one lower leg": (-4, 530, 92, 764),
    "one leg": (-20, 320, 98, 764),
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
    def room(self) -> Window:
        """Its place on the card, and as much around it as a pen needs."""
        left, top = self.x - PEN, self.y - PEN
        return left, top, self.x + self.width * self.scale + PEN, self.y + self.height * self.scale + PEN

    @property
    def to_card(self) -> Affine:
        left, top, _, _ = self.window
        return placed((self.x - left * self.scale, self.y - top * self.scale), self.scale)


def locator_paths(panel: Panel, pen: float) -> str:
    """The whole figure of a view as SVG, without inner lines."""
    body = body_paths(panel.view, panel.to_card)
    return "".join(f'<path d="{data}"{BODY.fill}/>' for data in body) + f'<path d="{"".join(body)}"{INK.pen(pen)}/>'


def cut(panel: Panel, name: str, marks: str, rounded: bool = True) -> str:
    """A panel with its marks, cut to the body and to the window. `name` is its own in the picture.

    Curves are most of what a picture weighs: each stands there once, without what lies outside the window.
    """
    view, to, room = VIEWS[panel.view], panel.to_card, panel.room
    body = [curve.data(to, room) for curve in view.body]
    contour = "".join(f'<path id="{name}b{i}" d="{data}"/>' for i, data in enumerate(body))
    again = "".join(f'<use href="#{name}b{i}"/>' for i, _ in enumerate(body))
    lines = "".join(curve.data(to) for curve in view.lines if touches(curve, panel.window))
    solid = "".join(curve.data(to) for curve in view.solid if touches(curve, panel.window))
    return (
        f'<clipPath id="{name}w"><rect{frame(panel, rounded)}/></clipPath><clipPath id="{name}b">{contour}</clipPath>'
        f'<g clip-path="url(#{name}w)"><g{BODY.fill}>{again}</g><g clip-path="url(#{name}b)">{marks}</g>'
        + (f'<path d="{lines}"{INK.pen(FINE)}/>' if lines else "")
        + f"<g{INK.pen(CONTOUR)}>{again}</g>"
        + (f'<path d="{solid}"{INK.fill}/>' if solid else "")
        + "</g>"
    )


def frame(panel: Panel, rounded: bool = True) -> str:
    """A panel's place on the card, as attributes of a rectangle."""
    width, height = panel.width * panel.scale, panel.height * panel.scale
    x, y, w, h = (number(v) for v in (panel.x, panel.y, width, height))
    return f' x="{x}" y="{y}" width="{w}" height="{h}"' + ' rx="6"' * rounded


@lru_cache(8)
def body_paths(view: str, to: Affine) -> tuple[str, ...]:
    """Path data of the body's parts, worked out once for all that a panel does with them."""
    return tuple(curve.data(to) for curve in VIEWS[view].body)


def one_side(view: str) -> tuple[list[Curve], list[Curve]]:
    """The inner lines of a view: of those that both sides have the one at positive x, and all others."""
    lines = VIEWS[view].lines
    sides = [curve for curve in lines if view in TWO_SIDED and curve.points[0][0] > 0 and curve.mirrored() in lines]
    return sides, [curve for curve in lines if curve not in sides and curve.mirrored() not in sides]


def cut_out(
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
    return Panel(view, window_of(view, smallest))


def window_of(view: str, window: Window) -> Window:
    left, top, right, bottom = window
    return (-right, top, -left, bottom) if ON_BODY.get(view, view) == "front" else window


def layout(
    row: Sequence[Panel], column: Sequence[Panel], narrow: float = COLUMN
) -> tuple[list[Panel], list[Panel], float]:
    """Places a row of panels of one height, and a narrow column of smaller ones on its right; and where they end."""
    gaps = GAP * (len(row) - 1) + (narrow + GAP if column else 0)
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
        scale = min(narrow / panel.width, room / panel.height)
        placed_column.append(replace(panel, x=x + (narrow - panel.width * scale) / 2, y=y, scale=scale))
        y += panel.height * scale + CAPTION + 6
    bottom = max(MARGIN + height, y - CAPTION - 6 if column else 0)
    return placed_row, placed_column, bottom + CAPTION


def touches(curve: Curve, window: Window, whole: bool = False) -> bool:
    """Whether a curve has a point in a window, or all of them (with a tenth of the window to spare)."""
    left, top, right, bottom = window
    if whole:
        x, y = (right - left) / 20, (bottom - top) / 20
        return all(left + x <= a <= right - x and top + y <= b <= bottom - y for a, b in curve.points)
    return any(left <= x <= right and top <= y <= bottom for x, y in curve.points)
