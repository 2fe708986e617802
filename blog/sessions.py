"""Sessions exist for staff alone. Public pages cannot read or write one, so they are the same bytes for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature
from werkzeug.http import parse_cookie

UPLOADS = ("/desk/media", "/desk/posts/pasted", "/desk/posts/from-word")  # where forms may hold files
MOST_UPLOADED = 21 * 1024 * 1024  # bytes of such a form: one file of the largest size, or several small ones
STAFF_PATHS = ("/desk", "/login", "/logout", "/account", "/mail")


class NoSession(SecureCookieSession):
    """The empty session of a reader: never read from a cookie, never saved into one."""


class StaffSessions(SecureCookieSessionInterface):
    """Flask's signed cookie on staff paths, `NoSession` everywhere else.

    Flask-Security touches the session on each request; without this every public page would vary on the cookie.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not is_staff_path(request.path):
            return NoSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, NoSession):
            super().save_session(app, session, response)


def is_staff_path(path: str) -> bool:
    """Whether `path` belongs to the desk or to signing in."""
    return is_below(path, STAFF_PATHS)


def is_below(path: str, places: Iterable[str]) -> bool:
    """Whether `path` is one of these, or below one."""
    return any(path == place or path.startswith(place + "/") for place in places)


def takes_files(method: str, path: str) -> bool:
    """Whether a request may hold files, if its sender is signed in."""
    return method == "POST" and is_below(path, UPLOADS)


def take_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """For blueprints whose forms may hold files. Said before a form's token is looked for, which reads the form."""
    if request.method == "POST":
        request.max_content_length = MOST_UPLOADED


def is_signed(app: Flask, cookies: str) -> bool:
    """Whether a Cookie header holds a session that we signed and that is not over. Whose it is is asked later."""
    cookie = parse_cookie(cookies).get(app.config["SESSION_COOKIE_NAME"])
    serializer = StaffSessions().get_signing_serializer(app)
    if cookie is None or serializer is None:
        return False
    try:
        session = serializer.loads(cookie, max_age=int(app.permanent_session_lifetime.total_seconds()))
    except BadSignature:
        return False
    return "_user_id" in session


def init_app(app: Flask) -> None:
    app.session_interface = StaffSessions()
