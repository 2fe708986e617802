"""Looking for something: the page with what was found."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template, request

from blog.pagecache.notes import public_page
from blog.paging import page_number
from blog.search.query import QUERY_MAX_CHARS
from blog.search.results import Results

bp = Blueprint("search", __name__)


@bp.get("/search")
@public_page("q", "page", "exact")
def show() -> Response:
    """What fits the question. One that is longer than any question is answered, but not kept in memory."""
    typed = request.args.get("q", "")
    page = page_number()
    found = Results.of(typed, page, as_typed="exact" in request.args)
    if page > 1 and found.is_empty:
        abort(404)
    answer = make_response(render_template("public/search.html", found=found))
    if len(typed) > QUERY_MAX_CHARS:
        answer.headers["Cache-Control"] = "no-store"
    return answer
