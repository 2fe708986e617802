"""What the templates of the public wing ask: drawings, videos, how sure an entry is, and a form without words."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, url_for

from blog.anatomy import drawing
from blog.anatomy.models import Entry, EntryKind
from blog.anatomy.pictures import (
    Picture,
    area_close_up_of,
    film_of,
    pain_close_up_of,
    pain_map_of,
    pain_map_words,
    site_map_of,
    stretch_picture,
    whole_body,
)
from blog.headers import VIDEO_HOSTS
from blog.markup import drawn, json_ld, kept_partial, once
from blog.media.models import Shown
from blog.media.videos import OwnVideo, Playable
from blog.pages.models import Site
from blog.posts.document import Figure, Video
from blog.posts.leads import Lead, leads_of
from blog.posts.rows import OtherPost
from blog.public.cards import card_address
from blog.public.comment_form import CommentForm
from blog.public.structured import article_crumbs, article_data, entry_crumbs, entry_data, site_data
from blog.search.results import FoundPost, Result
from blog.search.vocabulary import Listed
from blog.text.characters import COMMENT_MAX_CHARS

SURE = {
    "high": "Evidence: strong. Standard textbook anatomy.",
    "medium-high": "Evidence: moderate. Several sources agree.",
    "medium": "Evidence: limited. One standard text says so.",
    "low-medium": "Evidence: weak. Mainly expert opinion.",
    "low": "Evidence: very weak. Still to be checked.",
}

COMMENT_HINT = (
    f"Up to {COMMENT_MAX_CHARS:,} characters. Please leave out names, phone numbers and other personal details."
)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        area_close_up_of=area_close_up_of,
        article_crumbs=article_crumbs,
        article_data=article_data,
        body_chart=body_chart,
        card_address=card_address,
        comment_hint=COMMENT_HINT,
        entry_address=entry_address,
        entry_crumbs=entry_crumbs,
        entry_data=entry_data,
        figure_pictures=figure_pictures,
        film_of=film_of,
        found_picture=found_picture,
        fresh_fields=fresh_fields,
        json_ld=json_ld,
        leads_of=leads_of,
        own_video=own_video,
        pain_close_up_of=pain_close_up_of,
        pain_map_of=pain_map_of,
        pain_map_words=pain_map_words,
        post_card=post_card,
        site_data=site_data,
        site_map_of=site_map_of,
        whole_body=whole_body,
    )
    app.jinja_env.filters.update(
        confidence=confidence,
        focus_class=focus_class,
        kind_in_words=kind_in_words,
        muscle_name=muscle_name,
        video_page=video_page,
        video_player=video_player,
    )


KINDS = {
    EntryKind.MUSCLE: ("anatomy.muscle", "Muscle"),
    EntryKind.PAIN_AREA: ("anatomy.pain_area", "Where it hurts"),
    EntryKind.CONDITION: ("anatomy.condition", "Condition"),
}  # of the vocabulary, with their pages and what they are called beside others


def entry_address(entry: Listed) -> str:
    """The page of an entry."""
    return url_for(KINDS[entry.kind][0], slug=entry.slug)


def kind_in_words(kind: EntryKind) -> str:
    """What an entry is, where it stands among others."""
    return KINDS[kind][1]


def found_picture(one: Result) -> Picture | None:
    """A small drawing of what was found; an article's is that of its first muscle. Conditions are not drawn."""
    if isinstance(one, FoundPost):
        return pain_close_up_of(one.muscle) if one.muscle else None
    if one.entry.kind == EntryKind.MUSCLE:
        return pain_close_up_of(one.entry)
    return area_close_up_of(one.entry) if one.entry.kind == EntryKind.PAIN_AREA else None


def fresh_fields(site: Site) -> str:
    """The inputs of a comment form in which nothing was typed yet; making them takes as long as fifty comments."""
    return once("components/_comment_fields.html", site, lambda: {"form": CommentForm(), "question": None})


def post_card(post: OtherPost, lead: Lead, level: int, featured: bool = False, why: str = "") -> str:
    """The card of an article, in a list. The same ones stand in many, and making one takes as long as reading three."""
    return kept_partial("components/_post_card.html", post=post, lead=lead, level=level, featured=featured, why=why)


def body_chart(areas: Iterable[Entry]) -> str:
    """The body with a link on each pain area."""
    names = {area.slug: area.name for area in areas}
    return drawn(drawing.chart(lambda slug: url_for("anatomy.pain_area", slug=slug), names))


def figure_pictures(figure: Figure, muscles: list[Entry]) -> list[Picture]:
    """The drawings that a figure of an article shows: one for each muscle, or the pose of a stretch."""
    if figure.kind == "pain-map":
        return [pain_map_of(muscle) for muscle in muscles]
    if figure.kind == "trigger-point-sites":
        return [site_map_of(muscle) for muscle in muscles]
    picture = stretch_picture(figure.pose) if figure.pose else None
    return [picture] if picture else []


def focus_class(focus: tuple[int, int]) -> str:
    """The ninth of a picture that must stay in sight when it is cut, as a class: the policy forbids inline styles."""
    (x, y) = focus
    across = "left" if x < 34 else "right" if x > 66 else "middle"
    return f"{across}-{'top' if y < 34 else 'bottom' if y > 66 else 'middle'}"


def confidence(level: str) -> str:
    """How sure an entry is of something, in words."""
    return SURE[level]


def muscle_name(slug: str, names: dict[str, str]) -> str:
    """The name of a muscle; its slug where the vocabulary does not know it."""
    return names.get(slug, slug)


def own_video(video: Video) -> tuple[Playable, Shown | None] | None:
    """A video of our own, and its still; None for one that is known by its address alone."""
    found = OwnVideo.find(video.ref) if not video.ref.startswith("/") else None
    return (found, OwnVideo.still_of(found)) if found else None


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
