"""The log of what was decided and done at the desk, as a page and as a table."""

from __future__ import annotations

from flask import Response, current_app, render_template, request, stream_with_context

from blog.accounts.models import Account
from blog.clock import now
from blog.database import db
from blog.desk.moderation import bp, reasons
from blog.moderation.log import WHAT, Log, LogFilter
from blog.posts import listing


@bp.get("/log")
def log() -> str:
    narrowed = LogFilter.read(request.args)
    lines, earlier = _log(narrowed).page(request.args.get("before", ""))
    return render_template(
        "desk/log.html",
        lines=lines,
        earlier=earlier,
        narrowed=narrowed,
        is_first="before" not in request.args,
        reasons=dict(reasons()),
        accounts=db.session.scalars(Account.by_email()).all(),
        posts=db.session.scalars(listing.for_menu(narrowed.post)).all(),
        kinds=WHAT,
    )


@bp.get("/log.csv")
def log_table() -> Response:
    rows = _log(LogFilter.read(request.args)).table(dict(reasons()))
    answer = Response(stream_with_context(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="log-{now():%Y-%m-%d}.csv"'
    return answer


def _log(narrowed: LogFilter) -> Log:
    return Log(narrowed, current_app.config["BLOG_TIME_ZONE"])
