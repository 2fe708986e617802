"""Cut-outs of the figure and how they stand on a card: a row, and a narrow column of smaller ones beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from blog.anatomy.drawing.areas import Shape
from blog.anatomy.drawing.curves import Affine, Curve, box, ellipse, placed
from blog.anatomy.drawing.figure import VIEWS
from blog.anatomy.drawing.palette import BODY, CARD_WIDTH, CONTOUR, FINE, INK

MARGIN = 12
GAP = 10
COLUMN = 92  # width of the column for enlarged hand, foot or head beside the figure
TALLEST = 400
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
    def to_card(self) -> Affine:
        left, top, _, _ = self.window
        return placed((self.x - left * self.scale, self.y - top * self.scale), self.scale)


def figure_paths(
    view: str, to: Affine, pen: float = CONTOUR, fine: float = FINE, window: Window | None = None
) -> tuple[str, str]:
    """The body of a view as SVG, in two layers: what lies under marks (filled), what lies over them (lines).

    Inner lines that lie outside `window` are left out.
    """
    drawing = VIEWS[view]
    lines = [curve for curve in drawing.lines if window is None or touches(curve, window)]
    body = body_paths(view, to)
    under = "".join(f'<path d="{data}"{BODY.fill}/>' for data in body)
    over = [
        _stroke("".join(curve.data(to) for curve in lines) if fine else "", fine),
        _stroke("".join(body), pen),
    ]
    if drawing.solid and fine:
        over.append(f'<path d="{"".join(curve.data(to) for curve in drawing.solid)}"{INK.fill}/>')
    return under, "".join(over)


@lru_cache(8)
def body_paths(view: str, to: Affine) -> tuple[str, ...]:
    """Path data of the body's parts, worked out once for all that a panel does with them."""
    return tuple(curve.data(to) for curve in VIEWS[view].body)


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


def _stroke(data: str, width: float) -> str:
    return f'<path d="{data}"{INK.pen(width)}/>' if width and data else ""
