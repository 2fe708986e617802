"""What stands around the comments of an article. It is kept until something else than a comment changes.

A moderator's decision drops the page of an article, in which hardly anything has changed: its comments are read and
written anew, each time and from the database alone, and laid into what stands around them.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple, Self

from flask import render_template, url_for

from blog.addresses import absolute
from blog.comments.threads import Threads
from blog.markup import iso, script_json
from blog.pagecache import keys
from blog.pagecache.notes import shows
from blog.pagecache.pieces import keep_piece, kept_piece
from blog.posts.rows import PublicPost

# Where the comments belong, among the data for machines and on the page. Nobody can write these words: they are new in
# each process.
DATA_HERE, LIST_HERE = (f"{what}-{secrets.token_hex(16)}" for what in ("data", "list"))


class Commented(NamedTuple):
    """What the comments of a post show of it, under the names of `Post`."""

    id: int
    slug: str
    accepts_comments: bool


class Around(NamedTuple):
    """The page of an article but for its comments, as bytes: before, between and behind their two places."""

    post: Commented
    before: bytes
    between: bytes
    behind: bytes

    @classmethod
    def of(cls, post: PublicPost, text: str) -> Self:
        """Of a page that has both places, each once."""
        before, rest = text.split(f'"{DATA_HERE}"')
        between, behind = rest.split(LIST_HERE)
        commented = Commented(post.id, post.slug, post.accepts_comments)
        return cls(commented, before.encode(), between.encode(), behind.encode())

    @classmethod
    def kept(cls, slug: str) -> Self | None:
        """That of the article with this slug, from memory, if nothing of it has changed."""
        return kept_piece(slug)  # type: ignore[no-any-return]

    def keep(self) -> None:
        """Keep it for the next time. Call when all that the page shows is noted."""
        keep_piece(self.post.slug, self, without=keys.comments_of(self.post.id))

    def page(self, threads: Threads) -> bytes:
        """The whole page, with these comments."""
        shows(keys.comments_of(self.post.id))
        comments = render_template("components/_comments.html", post=self.post, threads=threads)
        return b"".join(
            (self.before, self._data(threads).encode(), self.between, comments.encode(), self.behind),
        )

    def _data(self, threads: Threads) -> str:
        """How many there are, and those that stand on the page, for machines."""
        below = absolute(url_for("posts.form", slug=self.post.slug))
        told = [
            {
                "@type": "Comment",
                "url": f"{below}/{number}",
                "author": {"@type": "Person", "name": comment.name},
                "datePublished": iso(comment.published_at),
            }
            for number, _, comment in threads.lines
            if comment
        ]
        return f'{threads.count},"comment":{script_json(told)}' if told else str(threads.count)
