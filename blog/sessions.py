"""Sessions exist for staff alone. Public pages cannot read or write one, so they are the same bytes for everybody."""

from __future__ import annotations

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

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
    return any(path == staff or path.startswith(staff + "/") for staff in STAFF_PATHS)


def init_app(app: Flask) -> None:
    app.session_interface = StaffSessions()
