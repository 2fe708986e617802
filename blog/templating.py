"""What every template may ask: the site's settings, addresses, and how moments and stored HTML are shown."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, render_template, request, url_for
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from markupsafe import Markup

from blog.accounts.models import RoleName
from blog.accounts.security import me
from blog.addresses import absolute
from blog.anatomy import drawing
from blog.anatomy.models import Entry
from blog.anatomy.pictures import Picture, pain_map_of, pain_map_words, site_map_of, stretch_picture
from blog.assets import asset, page_colours
from blog.clock import now
from blog.headers import VIDEO_HOSTS
from blog.moderation.figures import duration
from blog.moderation.log import describe
from blog.moderation.marks import marked
from blog.moderation.queue import FLAG_NAMES, Tab, emergencies
from blog.pages.models import Page, Site
from blog.posts.document import Figure, Video
from blog.public.comment_form import CommentForm
from blog.text.characters import COMMENT_MAX_CHARS
from blog.text.comments import without_links
from blog.text.plain import excerpt, plain
from blog.words import age, count_of

FILTERED_BY = ("state", "q", "post", "flag", "author", "after", "before")  # what an address of the queue may carry


@dataclass(frozen=True)
class Link:
    """An entry of a menu."""

    label: str
    url: str


class KeptBytecode(FileSystemBytecodeCache):
    """Compiled templates in a folder: compiling them again takes a new process longer than its first twenty pages.

    A full or read-only disk, or a file that ends early, costs time, not the page.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def options(app: Flask) -> dict[str, Any]:
    """How Jinja works. Set before anything asks for a template."""
    folder = app.config["BLOG_INSTANCE_PATH"] / "templates"
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return {"trim_blocks": True, "lstrip_blocks": True, "bytecode_cache": KeptBytecode(str(folder))}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        absolute=absolute,
        asset=asset,
        current_site=Site.current,
        body_chart=body_chart,
        comment_max_chars=COMMENT_MAX_CHARS,
        desk_links=desk_links,
        emergencies_waiting=emergencies_waiting,
        figure_pictures=figure_pictures,
        fresh_fields=fresh_fields,
        flag_names=FLAG_NAMES,
        history_words=history_words,
        is_late=is_late,
        kept_filters=kept_filters,
        log_words=describe,
        marked_pieces=marked,
        page_colours=page_colours,
        page_head=page_head,
        page_titles=page_titles,
        page_url=page_url,
        pain_map_of=pain_map_of,
        pain_map_words=pain_map_words,
        site_map_of=site_map_of,
    )
    app.jinja_env.filters.update(
        age=age,
        confidence=confidence,
        count_of=count_of,
        day_time=day_time,
        duration=duration,
        iso=iso,
        moment=moment,
        muscle_name=muscle_name,
        plain_excerpt=plain_excerpt,
        sentence=sentence,
        stored_html=stored_html,
        video_page=video_page,
        video_player=video_player,
        without_links=without_links,
    )


# Addresses


def page_titles() -> list[tuple[str, str]]:
    """Slug and title of the site's pages, as the footer lists them."""
    return [(slug, text.title) for slug, text in Page.texts().items()]


def page_url(number: int) -> str:
    """This page's address with another page number; the first page has none."""
    arguments: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict()}
    arguments.pop("decided", None)
    arguments["page"] = number if number > 1 else None
    return url_for(str(request.endpoint), **arguments)


def kept_filters() -> dict[str, str]:
    """How the queue is filtered now, to be carried along by its forms."""
    return {name: request.args[name] for name in FILTERED_BY if request.args.get(name)}


def desk_links() -> list[Link]:
    """The parts of the desk that this account may open."""
    account = me()
    links = []
    if account.has_any_role(RoleName.MODERATOR):
        links.append(Link("Comments", url_for("moderation.queue")))
        links.append(Link("Log", url_for("moderation.log")))
        links.append(Link("Bans", url_for("bans.index")))
    if account.has_any_role(RoleName.EDITOR):
        links.append(Link("Pages", url_for("editing.pages")))
        links.append(Link("Vocabulary", url_for("vocabulary.vocabulary")))
    if account.has_any_role(RoleName.ADMIN):
        links.append(Link("Settings", url_for("settings.site")))
        links.append(Link("Mail", url_for("mail_desk.index")))
    return links


def emergencies_waiting() -> Tab | None:
    """The comments that may be about an emergency and wait, for those who moderate; None when none does."""
    account = me()
    return emergencies() if account.is_authenticated and account.has_any_role(RoleName.MODERATOR) else None


def history_words(history: dict[str, int], own_state: str = "") -> str:
    """What was decided on a sender's other comments: "2 approved, 1 rejected"; `own_state` counts one less."""
    others = {state: count - (state == own_state) for state, count in history.items()}
    return ", ".join(f"{count} {state}" for state, count in others.items() if count)


# What is the same on every page, rendered once in each process


def page_head() -> Markup:
    """What every page loads, for its <head>."""
    return _once("layouts/_head.html")


def fresh_fields(site: Site) -> Markup:
    """The inputs of a comment form in which nothing was typed yet; making them takes as long as fifty comments."""
    return _once("components/_comment_fields.html", site, lambda: {"form": CommentForm(), "question": None})


def _once(template: str, site: Site | None = None, context: Callable[[], dict[str, Any]] = dict) -> Markup:
    """A partial of ours, in which nothing differs between pages but the settings of the site."""
    kept = current_app.extensions.setdefault("partials", {})
    known = kept.get(template)
    if known is None or known[0] != site:
        text = render_template(template, site=site, **context())
        known = kept[template] = (site, Markup(text))  # noqa: S704 - rendered with escaping
    return known[1]  # type: ignore[no-any-return]


# Moments


def is_late(at: datetime) -> bool:
    """Whether a comment sent then has waited longer than readers are told."""
    return now() - at > Site.current().promised


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


# Words


def muscle_name(slug: str, names: dict[str, str]) -> str:
    """The name of a muscle; its slug where the vocabulary does not know it."""
    return names.get(slug, slug)


def plain_excerpt(html: str, chars: int) -> str:
    """The beginning of stored HTML, as text."""
    return excerpt(plain(html), chars)


def stored_html(html: str) -> Markup:
    """HTML that blog/text/ made at write time. The one place where text is believed to be HTML."""
    return Markup(html)  # noqa: S704


def sentence(text: str) -> str:
    """A note of the vocabulary as a sentence."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


SURE = {
    "high": "high: standard textbook anatomy",
    "medium-high": "fairly sure: the same in several sources",
    "medium": "medium: from one standard text",
    "low-medium": "rather unsure: mainly experts' opinion",
    "low": "unsure: to be checked",
}


def confidence(level: str) -> str:
    """How sure an entry is of something, in words."""
    return SURE[level]


def body_chart(areas: Iterable[Entry]) -> Markup:
    """The body with a link on each pain area. Drawn by us from data, so it is HTML by construction."""
    names = {area.slug: area.name for area in areas}
    return Markup(drawing.chart(lambda slug: url_for("anatomy.pain_area", slug=slug), names))  # noqa: S704


def figure_pictures(figure: Figure, muscles: list[Entry]) -> list[Picture]:
    """The drawings that a figure of an article shows: one for each muscle, or the pose of a stretch."""
    if figure.kind == "pain-map":
        return [pain_map_of(muscle) for muscle in muscles]
    if figure.kind == "trigger-point-sites":
        return [site_map_of(muscle) for muscle in muscles]
    picture = stretch_picture(figure.pose) if figure.pose else None
    return [picture] if picture else []


# Video


def video_page(video: Video) -> str:
    """The film's page at its host, for those who follow the link without JavaScript."""
    if video.host == "youtube":
        return f"https://www.youtube.com/watch?v={video.ref}"
    return f"https://vimeo.com/{video.ref}"


def video_player(video: Video) -> str:
    """The film's player in its host's privacy mode."""
    if video.host == "youtube":
        return f"{VIDEO_HOSTS['youtube']}/embed/{video.ref}?autoplay=1"
    return f"{VIDEO_HOSTS['vimeo']}/video/{video.ref}?dnt=1&autoplay=1"
