"""Posts as pages show them: plain values, under the names of `Post` and `PostRevision`.

Objects of three tables take as long as rendering the article does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from blog.checksums import Damaged, is_whole
from blog.posts.document import Article
from blog.posts.models import PostRevision, article_of, is_closed, is_later_day, minutes_for


class Byline(NamedTuple):
    """What an article says of one of its authors, under the names of `Person`."""

    slug: str
    name: str
    credentials: str | None
    is_team: bool
    portrait: str | None


class Version(NamedTuple):
    """The public version of a post."""

    id: int
    post_id: int
    digest: str
    document: dict[str, Any]
    rendered: dict[str, Any]
    words: int
    lead_picture: str
    lead_muscle: str
    video: str
    checksum: str

    @property
    def article(self) -> Article:
        """Raises Damaged."""
        return article_of(self.id, self.digest, self.document)

    def must_be_whole(self) -> None:
        """Raises Damaged where it is not what was written. The document is looked at when it is read."""
        if not is_whole(PostRevision, PostRevision.PAGE, self):
            raise Damaged(PostRevision.__tablename__, self.id)

    @property
    def reading_minutes(self) -> int:
        return minutes_for(self.words)


class PublicPost(NamedTuple):
    """A published post, as its own page shows it."""

    id: int
    slug: str
    published_at: datetime
    updated_at: datetime | None
    comments_open: bool
    comments_close_days: int | None
    card: str | None
    revision: Version
    authors: Sequence[Byline]

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]]) -> Self:
        """From its rows, one for each author; of a post without any, one that names nobody. Raises Damaged."""
        first, version, byline = rows[0], len(cls._fields) - 2, len(Version._fields)
        people = [row[version + byline : version + byline + len(Byline._fields)] for row in rows]
        authors = [Byline._make(person) for person in people if person[0] is not None]
        revision = Version._make(first[version : version + byline])
        revision.must_be_whole()
        return cls._make((*first[:version], revision, authors))

    @property
    def accepts_comments(self) -> bool:
        return self.comments_open and not is_closed(self.published_at, self.comments_close_days)

    @property
    def is_updated(self) -> bool:
        return is_later_day(self.published_at, self.updated_at)

    @property
    def order_key(self) -> tuple[datetime, int]:
        return self.published_at, self.id


class Words(NamedTuple):
    """Of the public version of a post, what its card shows."""

    post_id: int
    title: str
    kicker: str
    standfirst: str
    words: int
    lead_picture: str
    lead_muscle: str
    video: str
    checksum: str

    @property
    def is_whole(self) -> bool:
        """Whether it says what was written; the log names what does not."""
        if is_whole(PostRevision, PostRevision.CARD, self):
            return True
        Damaged(PostRevision.__tablename__, f"of post {self.post_id}").note()
        return False

    @property
    def reading_minutes(self) -> int:
        return minutes_for(self.words)


class OtherPost(NamedTuple):
    """A published post, as another one's page shows it."""

    published_at: datetime
    id: int
    slug: str
    revision: Words

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """From what was found in the columns of this and of `Words`."""
        return cls._make((*row[:3], Words._make(row[3:])))


class TagName(NamedTuple):
    """A subject of an article."""

    slug: str
    name: str
