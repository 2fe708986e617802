"""Our own drawing of the body: SVG from data. Pure functions: no Flask, no database, nobody else's artwork."""

from __future__ import annotations

from blog.anatomy.drawing.areas import AREAS
from blog.anatomy.drawing.chart import chart, chart_panel
from blog.anatomy.drawing.maps import pain_map, site_map
from blog.anatomy.drawing.muscles import MUSCLES
from blog.anatomy.drawing.stretches import NOT_DRAWN, POSES, STRETCHES, stretch_figure

__all__ = [
    "AREAS",
    "MUSCLES",
    "NOT_DRAWN",
    "POSES",
    "STRETCHES",
    "chart",
    "chart_panel",
    "pain_map",
    "site_map",
    "stretch_figure",
]
