"""An article while it is written: read as far as it goes, with what still stands in the way of showing it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import func, select

from blog.clock import now
from blog.database import db
from blog.folding import fold
from blog.keys import keyed_hash
from blog.posts import publishing
from blog.posts.document import Article, ArticleError, Slip
from blog.posts.links import Links
from blog.posts.manuscript import Manuscript
from blog.posts.models import SLUG_MAX_CHARS, Post, PostRevision
from blog.revisions import digest

UNTITLED = "untitled"

_NOT_SLUG = re.compile("[^a-z0-9]+")


@dataclass(frozen=True)
class Reading:
    """What somebody has written so far, made into HTML, and what is wrong or missing in it."""

    manuscript: Manuscript
    slips: list[Slip]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Read plain data as from a form. Asks the database which names exist."""
        article, slips = Article.look(document)
        manuscript, in_markdown = Manuscript.look(article)
        try:
            Links.of(article)
        except ArticleError as error:
            in_markdown += error.slips
        return cls(manuscript, slips + in_markdown)

    @property
    def article(self) -> Article:
        return self.manuscript.article


def slug_of(title: str) -> str:
    """The address that a title makes: "Übungen für den Rücken" is "ubungen-fur-den-rucken". Empty without letters."""
    return _NOT_SLUG.sub("-", fold(title)).strip("-")[:SLUG_MAX_CHARS].rstrip("-")


def begin(by_id: int, form: str = "") -> Post:
    """A new article of `by_id`, without a title yet. `form` names the form: sent again, it finds what it began."""
    begun_with = keyed_hash("begun article", by_id, form) if form else None
    begun = db.session.scalar(select(Post).where(Post.begun_with == begun_with)) if form else None
    if begun is not None:
        return begun
    post = publishing.create(publishing.free_slug(UNTITLED, None))
    post.account_id, post.begun_with = by_id, begun_with
    return post


def first_version(post: Post) -> int | None:
    """The number of the version that an article began with; none while there is none."""
    return db.session.scalar(select(func.min(PostRevision.id)).where(PostRevision.post_id == post.id))


def version(post: Post, number: int | None) -> PostRevision | None:
    """A version of this article by its number; None for any other."""
    return db.session.scalar(PostRevision.of(post).where(PostRevision.id == number)) if number is not None else None


def save(post: Post, manuscript: Manuscript, missing: Sequence[str], by_id: int) -> PostRevision:
    """Keep what was written as the newest version; what says the same as before is no new one."""
    newest = db.session.scalar(PostRevision.newest_of(post))
    if newest is not None and says_the_same(newest, manuscript, missing):
        return newest
    return publishing.keep(post, manuscript, missing, by_id)


def says_the_same(revision: PostRevision, manuscript: Manuscript, missing: Sequence[str]) -> bool:
    """Whether a version holds the same article, and lacks the same."""
    return revision.digest == digest(manuscript.article.data()) and (revision.missing or []) == list(missing)


def give_address(post: Post, typed: str, title: str) -> None:
    """The address that was typed, or, until the article is shown, the one that its title makes. Raises Refused."""
    if post.public_revision_id is not None:
        if typed:
            publishing.rename(post, typed)
        return
    made = slug_of(title) or UNTITLED
    if typed and typed != post.slug:
        publishing.settle(post, typed)
    elif not typed or _is_untitled(post):
        publishing.settle(post, publishing.free_slug(made, post.id))


def ask_for_review(post: Post) -> None:
    """Let it wait for a reviewer."""
    post.review_asked_at = now()


def end_review(post: Post) -> None:
    """It waits for no reviewer any more."""
    post.review_asked_at = None


def _is_untitled(post: Post) -> bool:
    return re.fullmatch(rf"{UNTITLED}(-\d+)?", post.slug) is not None
