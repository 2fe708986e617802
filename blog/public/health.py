"""Is it alive, and may it be sent visitors? For supervisors and load balancers; no session, nothing stored."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from blog.operations import database

bp = Blueprint("operations", __name__)
log = logging.getLogger("blog.operations")


@bp.get("/healthz")
def alive() -> Response:
    """The process answers. Asks nothing of the database, so a slow one gets no worker restarted."""
    return _answer("ok", 200)


@bp.get("/readyz")
def ready() -> Response:
    """The database answers and has the schema of this code."""
    try:
        is_current = database.is_current(current_app)
    except SQLAlchemyError as error:
        log.warning("not ready", extra={"cause": type(error).__name__})
        return _answer("the database does not answer", 503)
    return _answer("ok", 200) if is_current else _answer("the schema is not current: run flask init", 503)


def _answer(text: str, status: int) -> Response:
    return Response(text + "\n", status, {"Cache-Control": "no-store"}, mimetype="text/plain")
