"""One way to fail: what went wrong, in the site's own look, without a stack trace. Programs get it as a problem."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, abort, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import BadRequest, HTTPException

from blog import misread, request_id
from blog.checksums import UNKNOWN, Damaged
from blog.database import db
from blog.metering import meter
from blog.sessions import is_staff_path

log = logging.getLogger("blog.errors")


class Refused(Exception):
    """A rule says no; the message is for the person who asked. Becomes 409."""


class Overloaded(Exception):
    """The front has no room for this request; it is let in only to give back what somebody typed. Becomes 503."""


class Unreadable(BadRequest):
    """A program asked for something that cannot be meant; `description` says what is wrong, and is told."""


FOR_PROGRAMS = "/api/"  # below it, who asks is a program
TAKE_NUL = ("/search", "/search/suggestions", FOR_PROGRAMS + "v1/search")  # any text is a question
OVERLOADED = "blog.overloaded"  # in the environment of such a request
TYPED = ("reply", "note", "words")  # fields of the desk whose text comes back when its form had expired
EDITOR = "/desk/posts"  # there every field comes back but those that nobody types
NOT_TYPED = ("csrf_token", "seen", "removed", "do", "page", "count", "continues", "aside", "begun")

MESSAGES = {
    400: ("We could not understand that request", "Please go back and try again."),
    403: (
        "You do not have access to this page",
        "Please ask an administrator if you need it.",
    ),
    404: ("We cannot find this page", "It may have moved, or the address may be mistyped."),
    405: ("That is not possible here", "Please go back and use the buttons on the page."),
    408: ("Your request took too long to arrive", "Please go back and send it again; what you wrote is still there."),
    409: ("Something has changed in the meantime", "Please look again before you go on."),
    410: ("This page has been removed", "It was taken down deliberately. Another article may help."),
    413: ("That is too large", "Please send less at a time."),
    422: ("Something is missing or not quite right", "Please check what you entered."),
    429: ("Too many requests", "Please wait a few minutes and try again."),
    500: (
        "Something went wrong on our side",
        "It was nothing you did, and it is logged. Please try again in a few minutes.",
    ),
    503: ("We are very busy right now", "Please try again in a minute. If you go back, what you wrote is still there."),
}


def page(code: int, message: str | None = None, typed: Sequence[str] = ()) -> tuple[str, int]:
    """The error page of `code`, with what somebody had `typed`, to be copied.

    From 500 on it builds on nothing that may be broken: no session, no database. Where the site's own frame cannot be
    made, it stands without.
    """
    if code < 500 and not is_staff_path(request.path):
        try:
            return _page(code, message, typed, "layouts/site.html")
        except Exception:
            log.exception("error page without the frame of the site")
            db.session.rollback()
    return _page(code, message, typed, "layouts/plain.html")


def _page(code: int, message: str | None, typed: Sequence[str], layout: str) -> tuple[str, int]:
    title, text = MESSAGES.get(code, MESSAGES[400 if code < 500 else 500])
    return (
        render_template(
            "errors/error.html",
            code=code,
            title=title,
            text=message or text,
            layout=layout,
            is_staff=is_staff_path(request.path),
            typed=typed,
            request_id=request_id.current(),
        ),
        code,
    )


def problem(code: int, detail: str = "") -> Response:
    """What went wrong, as RFC 9457 has it, for programs. It builds on nothing that may be broken."""
    told = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": detail or MESSAGES.get(code, MESSAGES[400 if code < 500 else 500])[0] + ".",
    }
    return Response(json.dumps(told), code, mimetype="application/problem+json")


def failure(code: int, message: str = "", typed: Sequence[str] = ()) -> Response:
    """The answer for whoever asked: a page for people, a problem for programs."""
    if request.path.startswith(FOR_PROGRAMS):
        return problem(code, message)
    return make_response(page(code, message or None, typed))


def plain_page(code: int) -> tuple[str, int]:
    """The error page of `code` for a request of which nothing is known."""
    title, text = MESSAGES.get(code, MESSAGES[400 if code < 500 else 500])
    return (
        render_template(
            "errors/error.html",
            code=code,
            title=title,
            text=text,
            layout="layouts/plain.html",
            is_staff=False,
            typed=(),
            request_id=request_id.current(),
        ),
        code,
    )


def log_database_error(error: DBAPIError) -> None:
    """One line with a cause word, no statement and no parameters: those hold what people wrote.

    PostgreSQL quotes rows in its message, so of that only the code is kept.
    """
    db.session.rollback()
    detail = getattr(error.orig, "sqlstate", None) or str(error.orig)[:200]
    cause = type(error.orig).__name__
    meter.count("database_refused", cause=cause)
    log.error("database refused", extra={"cause": cause, "detail": detail})


def not_shown(error: Damaged) -> Response:
    """The answer in place of what the disk has damaged."""
    if error.table == UNKNOWN:
        error = misread.found(db.session()) or error
    error.note()
    return _damaged()


def _damaged() -> Response:
    db.session.rollback()
    return failure(503, "A part of this page was damaged on our disk, so it is not shown until we have mended it.")


def init_app(app: Flask) -> None:
    @app.before_request
    def give_back() -> None:
        if OVERLOADED in request.environ:
            raise Overloaded

    @app.before_request
    def refuse_nul() -> None:
        """No address of ours holds the character, and PostgreSQL refuses to be asked for it. Searching drops it."""
        if "\x00" in request.path or (b"%00" in request.query_string and request.path not in TAKE_NUL):
            abort(404)

    @app.errorhandler(CSRFError)
    def csrf(error: CSRFError) -> Response:
        names: tuple[str, ...] = TYPED
        if request.path.startswith(EDITOR):
            names = tuple(name for name in request.form if name not in NOT_TYPED)
        typed = [text for name in names if (text := request.form.get(name, "").strip())]
        if is_staff_path(request.path):
            return failure(400, "You were signed out, or this form had expired. Nothing was changed.", typed)
        return failure(400, "This form had expired. Please go back, reload the page and send it again.")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | HTTPException:
        if error.response is not None or (error.code or 500) < 400:
            return error
        answer = failure(error.code or 500, str(error.description) if isinstance(error, Unreadable) else "")
        answer.headers.extend(one for one in error.get_headers() if one[0] in ("Allow", "Retry-After"))
        return answer

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        db.session.rollback()
        return failure(409, str(error))

    @app.errorhandler(DBAPIError)
    def database(error: DBAPIError) -> Response:
        log_database_error(error)
        return _later(30)

    app.register_error_handler(Damaged, not_shown)

    @app.errorhandler(Overloaded)
    def overloaded(error: Overloaded) -> Response:
        return _later(10)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        damaged = misread.found(db.session())
        if damaged is not None:
            log.warning("broken down over what is damaged", exc_info=True)
            return not_shown(damaged)
        log.exception("unexpected error")
        db.session.rollback()
        return failure(500)


def _later(seconds: int) -> Response:
    answer = failure(503)
    answer.headers["Retry-After"] = str(seconds)
    return answer
