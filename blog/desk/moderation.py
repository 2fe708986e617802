"""The pages that moderators share: who may open them, and the queue's filter that goes with every address."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for

from blog.accounts.models import RoleName
from blog.accounts.security import require
from blog.moderation.queue import FILTERED_BY, Filter
from blog.pages.models import Site

bp = Blueprint("moderation", __name__, url_prefix="/desk")
bp.before_request(require(RoleName.MODERATOR))


def asked_filter() -> Filter:
    try:
        return Filter.read(request.args)
    except ValueError:
        abort(404)


def kept_filters() -> dict[str, str]:
    """How the queue is filtered, and where in it the moderator is; carried by forms as the address's arguments."""
    given = request.args
    return {name: given[name] for name in FILTERED_BY if given.get(name)} if given else {}


def back(**more: object) -> str:
    """The queue as it was filtered."""
    return url_for("moderation.queue", **{**kept_filters(), **more})  # type: ignore[arg-type]


def reasons() -> tuple[tuple[str, str], ...]:
    return tuple((reason.key, reason.label) for reason in Site.current().reasons)
