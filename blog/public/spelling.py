"""One address for each page: capitals and a slash at the end lead to it, by one redirect."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from blog.sessions import is_staff_path

LEADING_ON = ("comments.permalink", "posts.form")  # no pages, but read by following a link


def init_app(app: Flask) -> None:
    app.before_request(lead_to_the_address)


def lead_to_the_address() -> Response | None:
    """A redirect, when what was asked for is another spelling of the address of a page that is there.

    The page is asked itself: where its address has changed since, it leads there at once. Addresses that hold a
    secret are left alone, and staff's, which nobody copies from a poster.
    """
    plain = request.path.rstrip("/").lower() or "/"
    if plain == request.path or request.method not in ("GET", "HEAD") or is_staff_path(request.path):
        return None
    try:
        rule, arguments = current_app.url_map.bind("").match(plain, "GET", return_rule=True)
    except HTTPException:  # also a redirect
        return None
    view = current_app.view_functions[rule.endpoint]
    if not hasattr(view, "page_arguments") and rule.endpoint not in LEADING_ON:
        return None
    request.url_rule, request.view_args = rule, dict(arguments)  # lists say where their other pages are
    said: Any = view(**arguments)
    answer = current_app.make_response(said)
    if 300 <= answer.status_code < 400:
        return answer
    return redirect(plain + ("?" + request.query_string.decode() if request.query_string else ""), 301)
