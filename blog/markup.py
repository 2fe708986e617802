"""Text that is believed to be HTML: the one place that makes Markup, so that there is one place to look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any

from flask import current_app, render_template
from jinja2 import Template
from markupsafe import Markup

PARTIALS_KEPT = 1024  # of each template, in each process; about 1 kB each


def stored_html(html: str) -> Markup:
    """HTML that blog/text/ made at write time."""
    return Markup(html)  # noqa: S704


def rendered(html: str) -> Markup:
    """What templates of ours rendered, with escaping, put together."""
    return Markup(html)  # noqa: S704


def drawn(svg: str) -> Markup:
    """A drawing made by us from data, so it is HTML by construction."""
    return Markup(svg)  # noqa: S704


_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def json_ld(data: dict[str, Any]) -> Markup:
    """Data about a page for machines, in its element."""
    return Markup(f'<script type="application/ld+json">{script_json(data)}</script>')  # noqa: S704 - no markup in it


def own_script(script: str) -> Markup:
    """A script of ours in its element. The policy in blog/headers.py names its digest, or browsers refuse it."""
    return Markup(f"<script>{script}</script>")  # noqa: S704 - a file of ours


def script_json(data: Any) -> str:
    """Data as JSON. No text in it can end the element that it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, written in _IN_SCRIPT.items():  # str.translate takes milliseconds for text beyond ASCII
        text = text.replace(character, written)
    return text


def once(template: str, site: object = None, context: Callable[[], dict[str, Any]] = dict) -> Markup:
    """A partial of ours, in which nothing differs between pages but the settings of the site."""
    kept = current_app.extensions.setdefault("partials", {})
    known = kept.get(template)
    if known is None or known[0] != site:
        text = render_template(template, site=site, **context())
        known = kept[template] = (site, Markup(text))  # noqa: S704 - rendered with escaping
    return known[1]  # type: ignore[no-any-return]


def kept_partial(template: str, most: int = PARTIALS_KEPT, /, **shown: Hashable) -> Markup:
    """A partial of ours that shows what it is given and nothing else, no request among it: kept under what it shows.

    So it can never be old. What is given are plain values, alike only where they look alike. `most` are kept.
    """
    return _kept(template, _whole, most)(**shown)


def kept_lines(template: str, lines: Iterable[Hashable], **shown: Hashable) -> Markup:
    """What the macro `line` of a template of ours makes of each of `lines`, kept in the same way."""
    made = _kept(template, _macro)
    return Markup("".join([made(line, **shown) for line in lines]))  # noqa: S704 - rendered with escaping


def _kept(
    name: str, maker: Callable[[Template], Callable[..., Markup]], most: int = PARTIALS_KEPT
) -> Callable[..., Markup]:
    """What makes HTML with this template, and remembers what it made."""
    kept = current_app.extensions.setdefault("kept_partials", {})
    made = kept.get(name)
    if made is None:
        template = current_app.jinja_env.get_template(name)
        made = kept[name] = lru_cache(most)(maker(template))
    return made  # type: ignore[no-any-return]


def _whole(template: Template) -> Callable[..., Markup]:
    return lambda **shown: Markup(template.render(shown))  # noqa: S704 - rendered with escaping


def _macro(template: Template) -> Callable[..., Markup]:
    return template.module.line  # type: ignore[attr-defined,no-any-return]


def menu_entries(entries: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """The entries of a menu, keys with their words, one of them chosen. A page may have the same menu thirty times."""
    return _menu_entries(tuple(entries), chosen)


@lru_cache(16)
def _menu_entries(entries: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    option, selected = Markup('<option value="{}"{}>{}</option>'), Markup(" selected")
    return Markup("").join(option.format(key, selected if key == chosen else "", words) for key, words in entries)


def day_time(at: datetime, said: str = "") -> Markup:
    """A day in words, as a <time> with the exact moment. `said` is a class of ours that says what happened then."""
    return _day_time(at, current_app.config["BLOG_TIME_ZONE"], said)


@lru_cache(4096)
def _day_time(at: datetime, zone: tzinfo, said: str) -> Markup:
    day = at.astimezone(zone)
    kind = f' class="{said}"' if said else ""
    words = f"{day.day} {day:%B %Y}"
    return Markup(f'<time datetime="{iso(at)}"{kind}>{words}</time>')  # noqa: S704 - digits, months and a word of ours


def moment(at: datetime) -> Markup:
    """A day and a time of day, to the minute."""
    local = at.astimezone(current_app.config["BLOG_TIME_ZONE"])
    return Markup('<time datetime="{}">{}</time>').format(iso(at), f"{local.day} {local:%b %Y, %H:%M}")


@lru_cache(4096)
def iso(at: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
