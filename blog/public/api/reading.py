"""Articles, comments and entries as records. What is public is asked of the features; here it is only written down."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from flask import abort, url_for

from blog.accounts.models import Person
from blog.addresses import absolute
from blog.anatomy.models import Entry, EntryKind, EntryText, RedFlagLevel, Relation, red_flags
from blog.comments.models import Comment
from blog.pagecache import keys
from blog.pagecache.notes import shows
from blog.posts.links import entries_of
from blog.posts.models import Post
from blog.public.api import records
from blog.public.article_copy import Copies, entry_id
from blog.public.cards import card_address
from blog.public.entry_signs import most_sure_first, signs_of_condition, signs_of_muscle
from blog.search.excerpts import Piece
from blog.search.results import FoundPost, Result
from blog.search.vocabulary import Listed

PLURALS = {EntryKind.MUSCLE: "muscles", EntryKind.PAIN_AREA: "pain-areas", EntryKind.CONDITION: "conditions"}
PAGES = {
    EntryKind.MUSCLE: "anatomy.muscle",
    EntryKind.PAIN_AREA: "anatomy.pain_area",
    EntryKind.CONDITION: "anatomy.condition",
}

Fields = dict[str, Any]


def post_item(post: Post) -> records.PostItem:
    """An article in a list, loaded with its authors and tags. Says that it is shown."""
    return records.PostItem(**_post_fields(post))


def whole_post(post: Post) -> records.Post:
    """An article, loaded whole."""
    article = post.revision.article if post.revision else abort(404)
    entries = entries_of(article)

    def named(kind: EntryKind, slugs: Iterable[str]) -> list[records.Named]:
        return [named_entry(entries[kind, slug]) for slug in slugs if (kind, slug) in entries]

    return records.Post(
        **_post_fields(post) | {"is_sample": article.sample},
        html=Copies.of([post]).html(post),
        key_facts=article.key_facts,
        muscles=named(EntryKind.MUSCLE, article.muscles),
        pain_areas=named(EntryKind.PAIN_AREA, article.pain_areas),
        conditions=named(EntryKind.CONDITION, article.conditions),
        evidence=article.evidence,
        uncertain=article.uncertain,
        references=[records.Source(one.text, one.url or None) for one in article.references],
    )


def comment(one: Comment, public_parents: Collection[int]) -> records.Comment:
    """A public comment; `public_parents` are the ids of those that are answered and may be read."""
    if one.public is None or one.published_at is None:
        abort(404)
    answers = one.parent_id if one.parent_id in public_parents else None
    slug = one.post.slug
    return records.Comment(
        id=entry_id("comments", one.id),
        url=absolute(url_for("comments.permalink", slug=slug, comment_id=one.id)),
        post=records.Named(one.post.title, slug, absolute(url_for("posts.show", slug=slug))),
        in_reply_to=entry_id("comments", answers) if answers else None,
        name=one.public.name,
        is_team=one.is_team,
        html=one.public.html,
        published_at=one.published_at,
        updated_at=one.updated_at,
    )


def entry_item(entry: Entry, regions: Mapping[str, str]) -> records.EntryItem:
    """An entry in a list; `regions` are the names of regions by slug."""
    return records.EntryItem(**_entry_fields(entry, regions.get(entry.document.get("region", ""))))


def whole_entry(entry: Entry) -> records.EntryItem:
    """A whole entry, as its page has it."""
    return _WHOLE[entry.kind](entry)


def found(one: Result) -> records.Found:
    """What a question found."""
    if isinstance(one, FoundPost):
        slug = one.post.slug
        page, own = url_for("posts.show", slug=slug), url_for("api.post", slug=slug)
        return records.Found("post", _text(one.title), absolute(page), absolute(own), _text(one.excerpt))
    entry = one.entry
    return records.Found(
        str(entry.kind), entry.name, _page_of(entry), _own_address(entry), _text(one.also) or entry.line
    )


def named_entry(entry: Entry | EntryText) -> records.Named:
    """An entry as others name it."""
    return records.Named(entry.name, entry.slug, _page_of(entry))


def _post_fields(post: Post) -> Fields:
    revision = post.revision or abort(404)
    shows(keys.post(post.id), *(keys.person(person.slug) for person in post.authors))
    return {
        "id": entry_id("posts", post.id),
        "slug": post.slug,
        "url": absolute(url_for("posts.show", slug=post.slug)),
        "api_url": absolute(url_for("api.post", slug=post.slug)),
        "comments_url": absolute(url_for("api.comments_on", slug=post.slug)),
        "card_url": card_address(post.card),
        "title": revision.title,
        "kicker": revision.kicker,
        "standfirst": revision.standfirst,
        "published_at": post.order_key[0],
        "updated_at": post.updated_at,
        "words": revision.words,
        "reading_minutes": revision.reading_minutes,
        "is_sample": post.is_sample,
        "authors": [_person(person) for person in post.authors],
        "tags": [records.Named(tag.name, tag.slug, absolute(url_for("posts.tag", slug=tag.slug))) for tag in post.tags],
    }


def _person(person: Person) -> records.Named:
    return records.Named(person.name, person.slug, absolute(url_for("posts.author", slug=person.slug)))


def _entry_fields(entry: Entry, region: str | None) -> Fields:
    return {
        "kind": records.Kind(entry.kind),
        "slug": entry.slug,
        "name": entry.name,
        "url": _page_of(entry),
        "api_url": _own_address(entry),
        "posts_url": absolute(url_for("api.posts", under=f"{entry.kind}:{entry.slug}")),
        "aliases": entry.document.get("aliases") or (),
        "region": region,
        "is_sample": entry.is_sample,
    }


def _muscle(entry: Entry) -> records.Muscle:
    said, links = entry.document, entry.links()
    return records.Muscle(
        **_entry_fields(entry, _region_in(links)),
        latin=said.get("latin", ""),
        nerve=said.get("nerve", ""),
        actions=said.get("actions", ()),
        main_pain=_named(links[Relation.MAIN_PAIN]),
        other_pain=_named(links[Relation.OTHER_PAIN]),
        synergists=_named(links[Relation.SYNERGIST]),
        antagonists=_named(links[Relation.ANTAGONIST]),
        conditions=_named(links[Relation.CONDITION]),
        overload_causes=said.get("overload_causes", ()),
        warning_signs=_signs(signs_of_muscle(links)),
        confidence=said.get("confidence", {}),
        uncertain=said.get("uncertain", ()),
        sources=[source.name for source in links[Relation.SOURCE]],
    )


def _pain_area(entry: Entry) -> records.PainArea:
    links, named_by = entry.links(), entry.backlinks()
    return records.PainArea(
        **_entry_fields(entry, _region_in(links)),
        warning_signs=_signs(red_flags(links[Relation.RED_FLAGS])),
        main_muscles=_named(most_sure_first(named_by[Relation.MAIN_PAIN])),
        other_muscles=_named(most_sure_first(named_by[Relation.OTHER_PAIN])),
    )


def _condition(entry: Entry) -> records.Condition:
    muscles = entry.backlinks()[Relation.CONDITION]
    return records.Condition(
        **_entry_fields(entry, None),
        plain=entry.document.get("plain", ""),
        caveat=entry.document.get("caveat", ""),
        warning_signs=_signs(signs_of_condition(entry.links(), muscles)),
        muscles=_named(most_sure_first(muscles)),
    )


_WHOLE: dict[EntryKind, Callable[[Entry], records.EntryItem]] = {
    EntryKind.MUSCLE: _muscle,
    EntryKind.PAIN_AREA: _pain_area,
    EntryKind.CONDITION: _condition,
}


def _named(entries: Iterable[Entry]) -> list[records.Named]:
    return [named_entry(entry) for entry in entries]


def _region_in(links: Mapping[Relation, Sequence[Entry]]) -> str | None:
    return next((region.name for region in links[Relation.REGION]), None)


def _signs(cards: Iterable[RedFlagLevel]) -> list[records.WarningSigns]:
    return [records.WarningSigns(card.level, card.heading, card.items) for card in cards]


def _page_of(entry: Entry | EntryText | Listed) -> str:
    return absolute(url_for(PAGES[entry.kind], slug=entry.slug))


def _own_address(entry: Entry | Listed) -> str:
    return absolute(url_for("api.entry", plural=PLURALS[entry.kind], slug=entry.slug))


def _text(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
