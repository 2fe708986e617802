"""Text that is believed to be HTML: the one place that makes Markup, so that there is one place to look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from flask import current_app, render_template
from markupsafe import Markup


def stored_html(html: str) -> Markup:
    """HTML that blog/text/ made at write time."""
    return Markup(html)  # noqa: S704


def drawn(svg: str) -> Markup:
    """A drawing made by us from data, so it is HTML by construction."""
    return Markup(svg)  # noqa: S704


def once(template: str, site: object = None, context: Callable[[], dict[str, Any]] = dict) -> Markup:
    """A partial of ours, in which nothing differs between pages but the settings of the site."""
    kept = current_app.extensions.setdefault("partials", {})
    known = kept.get(template)
    if known is None or known[0] != site:
        text = render_template(template, site=site, **context())
        known = kept[template] = (site, Markup(text))  # noqa: S704 - rendered with escaping
    return known[1]  # type: ignore[no-any-return]


def day_time(at: datetime) -> Markup:
    """A day in words, as a <time> with the exact moment."""
    day = _day(at.astimezone(current_app.config["BLOG_TIME_ZONE"]).date())
    return Markup(f'<time datetime="{iso(at)}">{day}</time>')  # noqa: S704 - digits and months


@lru_cache(1000)
def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def moment(at: datetime) -> Markup:
    """A day and a time of day, to the minute."""
    local = at.astimezone(current_app.config["BLOG_TIME_ZONE"])
    return Markup('<time datetime="{}">{}</time>').format(iso(at), f"{local.day} {local:%b %Y, %H:%M}")


def iso(at: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
