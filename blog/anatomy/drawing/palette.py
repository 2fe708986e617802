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
    """A colour by what it means, its name as a class, and how it looks in both lights."""

    name: str
    light: str
    dark: str

    @property
    def fill(self) -> str:
        """Attributes that fill with it."""
        return f' fill="{self.light}" class="{self.name}"'

    def pen(self, width: float) -> str:
        """Attributes that draw with it."""
        return f' fill="none" stroke="{self.light}" stroke-width="{width:g}" class="{self.name}s"'


PAPER = Colour("pa", "#f7f2e7", "#1b2424")
INK = Colour("in", "#2b3835", "#c5d0cb")
FAR_INK = Colour("fi", "#8b948d", "#71807a")
FRAME = Colour("fr", "#cfc7b6", "#3d4a47")
BODY = Colour("bo", "#fffdf9", "#2b3736")
PAIN = Colour("pn", "#8a2a1f", "#e5978b")
MUSCLE = Colour("mu", "#cfe0db", "#2f5751")
MUSCLE_EDGE = Colour("me", "#0c5a54", "#7fc9bd")
BONE = Colour("bn", "#7d7767", "#98a39d")
SKIN = Colour("sk", "#f2dfcc", "#8f7c6b")
FAR_SKIN = Colour("fs", "#fbf1e6", "#5f564d")
SHIRT = Colour("sh", "#b9c4bf", "#6a7b76")
FAR_SHIRT = Colour("fh", "#e0e5e1", "#46534f")
TROUSERS = Colour("tr", "#82918c", "#4d5f5a")
FAR_TROUSERS = Colour("ft", "#c3ccc8", "#384643")
HAIR = Colour("ha", "#5b5348", "#39332c")
TONGUE = Colour("to", "#cf9386", "#a8695d")
STRETCHED = Colour("st", "#0c7a70", "#5fd0c0")
MOVE = Colour("mv", "#0c5a54", "#8fe0d3")
TOP = Colour("tt", "#efe6d3", "#33403d")
SIDE = Colour("ts", "#e0d4bb", "#2a3533")
FRONT = Colour("tf", "#d3c6aa", "#232d2b")
EDGE = Colour("te", "#8d8674", "#6f7d78")
CLOTH = Colour("cl", "#f4ead6", "#4a5451")

COLOURS = (
    PAPER, INK, FAR_INK, FRAME, BODY, PAIN, MUSCLE, MUSCLE_EDGE, BONE, SKIN, FAR_SKIN, SHIRT, FAR_SHIRT, TROUSERS,
    FAR_TROUSERS, HAIR, TONGUE, STRETCHED, MOVE, TOP, SIDE, FRONT, EDGE, CLOTH,
)  # fmt: skip


def style(svg: str) -> str:
    """The rules for the dark that a drawing needs."""
    used = set(re.findall(r'class="(\w+)"', svg))
    rules = "".join(
        f".{colour.name}{{fill:{colour.dark}}}" * (colour.name in used)
        + f".{colour.name}s{{stroke:{colour.dark}}}" * (f"{colour.name}s" in used)
        for colour in COLOURS
    )
    return f"<style>@media screen and (prefers-color-scheme:dark){{{rules}}}</style>"


def card(title: str, words: str, drawing: str, height: float, defs: str = "") -> str:
    """A complete picture: its own ground, name and description; nothing of it is fetched from elsewhere."""
    size = f"{CARD_WIDTH} {round(height)}"
    ground = f'<rect width="{CARD_WIDTH}" height="{round(height)}"{PAPER.fill}/>'
    inside = f"<g{INK.fill}>{ground}{drawing}</g>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{CARD_WIDTH}" height="{round(height)}" viewBox="0 0 {size}" '
        f'role="img" aria-labelledby="t d" font-family="{FONT}" stroke-linecap="round" stroke-linejoin="round">'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(words)}</desc>'
        f"{style(defs + inside)}{f'<defs>{defs}</defs>' if defs else ''}{inside}</svg>"
    )
