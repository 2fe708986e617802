"""The public address of what this site shows, and whether a form was sent from there."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request, current_app


def absolute(path: str) -> str:
    """The public address of a path: from the settings, never from what a client sent."""
    return str(current_app.config["BLOG_SITE_URL"]) + path


def came_from_here(request: Request) -> bool:
    """Whether the browser says that this site's own page sent the form; a client that says nothing is believed."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = {request.host, urlsplit(current_app.config["BLOG_SITE_URL"]).netloc}
    return origin.partition("://")[2] in own
