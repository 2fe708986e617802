"""Looking for something: the page with what was found, suggestions while somebody types, and how browsers ask."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request, url_for

from blog.addresses import absolute
from blog.pagecache.notes import public_page
from blog.paging import page_number
from blog.public.in_templates import entry_address, kind_in_words
from blog.search.models import Title
from blog.search.query import QUERY_MAX_CHARS
from blog.search.results import Results
from blog.search.suggesting import Suggestion, suggestions
from blog.search.vocabulary import Vocabulary

bp = Blueprint("search", __name__)


@bp.get("/search")
@public_page("q", "page", "exact", "region")
def show() -> Response:
    """What fits the question. One that is longer than any question is answered, but not kept in memory."""
    typed = request.args.get("q", "")
    page, region = page_number(), request.args.get("region", "")
    if region and region not in Vocabulary.current().regions:
        abort(404)
    found = Results.of(typed, page, as_typed="exact" in request.args, region=region)
    if page > 1 and found.is_empty:
        abort(404)
    answer = make_response(render_template("public/search.html", found=found))
    if len(typed) > QUERY_MAX_CHARS:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/search/suggestions")
@public_page("q")
def suggest() -> Response:
    """What may be meant, in the form that browsers take from a search engine: words, names, what they are, where."""
    typed = request.args.get("q", "")
    found = suggestions(typed)
    answer = jsonify(
        [typed, [_name(one) for one in found], [_note(one) for one in found], [_place(one) for one in found]]
    )
    answer.mimetype = "application/x-suggestions+json"
    if len(typed) > QUERY_MAX_CHARS:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/opensearch.xml")
@public_page()
def description() -> Response:
    """So that a browser can offer this site's search in its own box."""
    text = render_template("public/feeds/opensearch.xml", words="{searchTerms}")
    return Response(text, mimetype="application/opensearchdescription+xml")


def _name(one: Suggestion) -> str:
    return one.text if isinstance(one, Title) else one.entry.name


def _note(one: Suggestion) -> str:
    if isinstance(one, Title):
        return "Article"
    what = kind_in_words(one.entry.kind)
    return f"{what}, also called {one.also}" if one.also else what


def _place(one: Suggestion) -> str:
    return absolute(url_for("posts.show", slug=one.slug) if isinstance(one, Title) else entry_address(one.entry))
