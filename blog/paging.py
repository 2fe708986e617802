"""Which page of a list was asked for."""

from __future__ import annotations

from flask import abort, request


def page_number(name: str = "page") -> int:
    """The page asked for; 404 for anything that is not a page number, so that each page has one address."""
    text = request.args.get(name, "1")
    if not text.isascii() or not text.isdigit() or text.startswith("0") or len(text) > 6:
        abort(404)
    return int(text)
