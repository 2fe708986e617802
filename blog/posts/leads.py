"""The picture that stands for an article: beside its title, on its card, in lists. Its own, or that of its muscle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from blog.anatomy.models import EntryKind
from blog.anatomy.pictures import Picture, pain_close_up_of
from blog.media.models import Media, Shown
from blog.posts.links import Entries, Reference, entries_named
from blog.posts.models import Post
from blog.posts.pictures import Pictures
from blog.posts.rows import OtherPost, PublicPost


@dataclass(frozen=True)
class Lead:
    """One of the two, or neither: a picture of the media, or a drawing, with the name of its muscle."""

    shown: Shown | None = None
    drawn: Picture | None = None
    muscle: str = ""


NO_LEAD = Lead()


def leads_of(posts: Iterable[Post | PublicPost]) -> dict[int, Lead]:
    """The lead of each published post, by its number. Two statements at most."""
    posts = list(posts)
    return leads_among(posts, entries_named(lead_references(posts)), Media.find(lead_pictures(posts)))


def lead_references(posts: Iterable[Post | PublicPost | OtherPost]) -> list[Reference]:
    """The muscles that stand for these posts."""
    return [
        (EntryKind.MUSCLE, post.revision.lead_muscle) for post in posts if post.revision and post.revision.lead_muscle
    ]


def lead_pictures(posts: Iterable[Post | PublicPost | OtherPost]) -> list[str]:
    """The names of the pictures that stand for these posts."""
    return [post.revision.lead_picture for post in posts if post.revision and post.revision.lead_picture]


def leads_among(
    posts: Iterable[Post | PublicPost | OtherPost], entries: Entries, pictures: Pictures
) -> dict[int, Lead]:
    """As `leads_of`, for a page that has read these entries and pictures anyway."""
    return {post.id: _lead(post, entries, pictures) for post in posts}


def lead_among(picture: str, muscle: str, entries: Entries, pictures: Mapping[str, Shown]) -> Lead:
    """The lead of an article that names this picture and this muscle."""
    if shown := pictures.get(picture):
        return Lead(shown=shown)
    entry = entries.get((EntryKind.MUSCLE, muscle))
    return Lead(drawn=pain_close_up_of(entry), muscle=entry.name) if entry else NO_LEAD


def _lead(post: Post | PublicPost | OtherPost, entries: Entries, pictures: Mapping[str, Shown]) -> Lead:
    if post.revision is None:
        return NO_LEAD
    return lead_among(post.revision.lead_picture, post.revision.lead_muscle, entries, pictures)
