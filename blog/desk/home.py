"""The desk's front page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, render_template

from blog.accounts.factors import factor_due_at
from blog.accounts.models import RoleName
from blog.accounts.security import current_session, me, require
from blog.clock import now
from blog.mail.overview import failing_mails
from blog.moderation.figures import CHART_DAYS, MEASURED_DAYS, batches_since, chart, days, deciders_since, waits_since
from blog.moderation.queue import counted, oldest, waiting
from blog.posts.models import PostState
from blog.posts.overview import Overview, Row
from blog.posts.rights import READERS, WRITERS, has_any

SHOWN = 10  # articles in each state

bp = Blueprint("desk", __name__, url_prefix="/desk")
bp.before_request(require(*RoleName))


@bp.get("")
def home() -> str:
    found = current_session()
    is_strong = found is not None and found.is_strong
    may_moderate = me().has_any_role(RoleName.MODERATOR)
    return render_template(
        "desk/home.html",
        articles=_articles() if me().has_any_role(*READERS) else [],
        has_written=me().has_any_role(*WRITERS) and has_any(me()),
        writes=me().has_any_role(*WRITERS),
        factor_due=None if is_strong else factor_due_at(me()),
        may_moderate=may_moderate,
        failing_mails=failing_mails() if me().has_any_role(RoleName.ADMIN) else (None, 0),
        **(_figures() if may_moderate else {}),
    )


def _articles() -> list[tuple[PostState, list[Row], int]]:
    """The articles that are not out yet, by state: the first of each, and how many there are."""
    everything = Overview(me())
    counts = everything.unfinished()
    states = [(state, count) for state, count in counts.items() if count]
    return [(state, everything.narrowed(state).page(length=SHOWN)[0], count) for state, count in states]


def _figures() -> dict[str, Any]:
    """What stands on the desk's front page."""
    zone = current_app.config["BLOG_TIME_ZONE"]
    today = now().astimezone(zone).date()
    since = now() - timedelta(days=CHART_DAYS + 1)
    found = days(waits_since(since), batches_since(since), today, zone)
    counts = waiting()
    return {
        "counts": counts,
        "texts": {name: counted(count) for name, count in counts.items()},
        "oldest": oldest(),
        "chart": chart(found),
        "deciders": deciders_since(now() - timedelta(days=MEASURED_DAYS)),
        "measured_days": MEASURED_DAYS,
    }
