"""Colours and line weights of chart, maps and stretches: one hand, by day, by night and on paper.

A paint is an attribute for daylight and a class for the dark. The dark values stand in one style of a few rules;
a reader that knows no style shows the light picture. Red is for pain, juniper for muscle and movement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

CARD_WIDTH = 400
FONT = "system-ui, sans-serif"

CONTOUR, FINE, THING = 1.4, 0.8, 1.0  # pens: the body's edge, lines inside it, things of the room


@dataclass(frozen=True)
class Colour:
    """A colour by what it means, and how it looks in both lights."""

    name: str
    light: str
    dark: str

    @property
    def fill(self) -> str:
        """Attributes that fill with it."""
        return f' fill="{self.light}" class="d-{self.name}"'

    def pen(self, width: float) -> str:
        """Attributes that draw with it."""
        return f' fill="none"{self.edge(width)}'

    def edge(self, width: float) -> str:
        """The same for an outline whose filling is said elsewhere."""
        return f' stroke="{self.light}" stroke-width="{width:g}" class="d-{self.name}-line"'

    def edged(self, edge: Colour, width: float) -> str:
        """Attributes that fill with it and draw the outline in another."""
        classes = f"d-{self.name} d-{edge.name}-line"
        return f' fill="{self.light}" stroke="{edge.light}" stroke-width="{width:g}" class="{classes}"'


PAPER = Colour("paper", "#f7f2e7", "#1b2424")
INK = Colour("ink", "#2b3835", "#c5d0cb")
FAR_INK = Colour("far-ink", "#8b948d", "#71807a")
FRAME = Colour("frame", "#cfc7b6", "#3d4a47")
BODY = Colour("body", "#fffdf9", "#2b3736")
PAIN = Colour("pain", "#8a2a1f", "#e5978b")
MUSCLE = Colour("muscle", "#cfe0db", "#2f5751")
MUSCLE_EDGE = Colour("muscle-edge", "#0c5a54", "#7fc9bd")
BONE = Colour("bone", "#7d7767", "#98a39d")
SKIN = Colour("skin", "#f2dfcc", "#8f7c6b")
FAR_SKIN = Colour("far-skin", "#fbf1e6", "#5f564d")
SHIRT = Colour("shirt", "#b9c4bf", "#6a7b76")
FAR_SHIRT = Colour("far-shirt", "#e0e5e1", "#46534f")
TROUSERS = Colour("trousers", "#82918c", "#4d5f5a")
FAR_TROUSERS = Colour("far-trousers", "#c3ccc8", "#384643")
HAIR = Colour("hair", "#5b5348", "#39332c")
TONGUE = Colour("tongue", "#cf9386", "#a8695d")
STRETCHED = Colour("stretched", "#0c7a70", "#5fd0c0")
MOVE = Colour("move", "#0c5a54", "#8fe0d3")
TOP = Colour("top", "#efe6d3", "#33403d")
SIDE = Colour("side", "#e0d4bb", "#2a3533")
FRONT = Colour("front", "#d3c6aa", "#232d2b")
EDGE = Colour("edge", "#8d8674", "#6f7d78")
CLOTH = Colour("cloth", "#f4ead6", "#4a5451")

COLOURS = (
    PAPER,
    INK,
    FAR_INK,
    FRAME,
    BODY,
    PAIN,
    MUSCLE,
    MUSCLE_EDGE,
    BONE,
    SKIN,
    FAR_SKIN,
    SHIRT,
    FAR_SHIRT,
    TROUSERS,
    FAR_TROUSERS,
    HAIR,
    TONGUE,
    STRETCHED,
    MOVE,
    TOP,
    SIDE,
    FRONT,
    EDGE,
    CLOTH,
)


def style(svg: str) -> str:
    """The rules for the dark that a drawing needs."""
    used = {name for names in re.findall(r'class="([^"]+)"', svg) for name in names.split()}
    rules = "".join(
        f".d-{colour.name}{{fill:{colour.dark}}}" * (f"d-{colour.name}" in used)
        + f".d-{colour.name}-line{{stroke:{colour.dark}}}" * (f"d-{colour.name}-line" in used)
        for colour in COLOURS
    )
    return f"<style>@media screen and (prefers-color-scheme:dark){{{rules}}}</style>"


def card(title: str, words: str, drawing: str, height: float, defs: str = "", width: int = CARD_WIDTH) -> str:
    """A complete picture: its own ground, name and description; nothing of it is fetched from elsewhere."""
    size = f"{width} {round(height)}"
    ground = f'<rect width="{width}" height="{round(height)}"{PAPER.fill}/>'
    inside = f"<g{INK.fill}>{ground}{drawing}</g>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{round(height)}" viewBox="0 0 {size}" '
        f'role="img" aria-labelledby="t d" font-family="{FONT}" stroke-linecap="round" stroke-linejoin="round">'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(words)}</desc>'
        f"{style(defs + inside)}{f'<defs>{defs}</defs>' if defs else ''}{inside}</svg>"
    )
