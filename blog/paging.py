"""Which page of a list was asked for."""

from __future__ import annotations

from flask import abort, request

from blog.numbers import whole_number

MOST_PAGES = 999_999


def page_number(name: str = "page") -> int:
    """The page asked for; 404 for anything that is not a page number, so that each page has one address."""
    text = request.args.get(name, "1")
    try:
        number = whole_number(text, MOST_PAGES)
    except ValueError:
        abort(404)
    if not number or text != str(number):
        abort(404)
    return number
