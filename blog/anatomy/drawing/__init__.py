"""Our own drawing of the body: SVG from data. Pure functions: no Flask, no database, nobody else's artwork."""

from __future__ import annotations

from blog.anatomy.drawing.areas import AREAS
from blog.anatomy.drawing.chart import chart, chart_panel
from blog.anatomy.drawing.closeups import area_close_up, pain_close_up, whole_body
from blog.anatomy.drawing.films import film, still
from blog.anatomy.drawing.maps import area_map, pain_map, site_map, site_names
from blog.anatomy.drawing.muscles import MUSCLES
from blog.anatomy.drawing.posefile import Pose, PoseError
from blog.anatomy.drawing.posefile import load as pose
from blog.anatomy.drawing.posefile import names as pose_names
from blog.anatomy.drawing.stretches import stretch_figure

__all__ = [
    "AREAS",
    "MUSCLES",
    "Pose",
    "PoseError",
    "area_close_up",
    "area_map",
    "chart",
    "chart_panel",
    "film",
    "pain_close_up",
    "pain_map",
    "pose",
    "pose_names",
    "site_map",
    "site_names",
    "still",
    "stretch_figure",
    "whole_body",
]
