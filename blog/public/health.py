"""Is it alive, may it be sent visitors, and what does it count? For machines; no session, nothing stored."""

from __future__ import annotations

import ipaddress

from flask import Blueprint, Response, abort, current_app, request

from blog.operations.metrics import owed, sharing, writing

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """The process answers. Asks nothing of the database, so a slow one gets no worker restarted."""
    return _answer("ok", 200)


@bp.get("/readyz")
def ready() -> Response:
    """The database was read and written within the last second, and has the schema of this code."""
    problem = current_app.extensions["readiness"].problem()
    return _answer(problem or "ok", 503 if problem else 200)


@bp.get("/metrics")
def metrics() -> Response:
    """The numbers of all processes of this machine, for Prometheus."""
    if not _may_read_metrics():
        abort(403, "BLOG_METRICS_FROM does not name your address.")
    numbers = sharing.gathered(current_app._get_current_object())  # type: ignore[attr-defined]
    numbers.add(owed.levels())
    return Response(writing.text(numbers), headers={"Cache-Control": "no-store"}, content_type=writing.CONTENT_TYPE)


def _may_read_metrics() -> bool:
    """Whether the settings name the client's address. Through a proxy that they do not name, nobody may."""
    if "X-Forwarded-For" in request.headers and not current_app.config["BLOG_TRUSTED_PROXIES"]:
        return False
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(address in network for network in current_app.config["BLOG_METRICS_FROM"])


def _answer(text: str, status: int) -> Response:
    return Response(text + "\n", status, {"Cache-Control": "no-store"}, mimetype="text/plain")
