"""The public address of what this site shows."""

from __future__ import annotations

from flask import current_app


def absolute(path: str) -> str:
    """The public address of a path: from the settings, never from what a client sent."""
    return str(current_app.config["BLOG_SITE_URL"]) + path
