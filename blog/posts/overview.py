"""The articles as the desk lists them: by their newest versions, the one changed last first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true, union_all
from sqlalchemy.orm import aliased, joinedload

from blog.accounts.models import Account
from blog.database import NOW, db
from blog.folding import holds
from blog.numbers import number_or_none
from blog.posts.models import Post, PostRevision, PostState
from blog.posts.rights import own, within_reach

OVERVIEW_LENGTH = 30  # articles a page
QUERY_MAX_CHARS = 200
UNFINISHED = (PostState.IN_REVIEW, PostState.DRAFT, PostState.SCHEDULED)


@dataclass(frozen=True)
class Row:
    """An article in the list."""

    post: Post
    newest: PostRevision
    by: str  # who saved the newest version; empty when it was not saved at the desk

    @property
    def title(self) -> str:
        """The newest title, or what stands for it."""
        return self.newest.title or "Untitled"

    @property
    def is_ahead(self) -> bool:
        """Whether the newest version is another one than readers see, or will see."""
        return self.post.public_revision_id is not None and self.post.public_revision_id != self.newest.id


@dataclass(frozen=True)
class Overview:
    """Which articles somebody wants to see; everything empty means all that they may open."""

    account: Account
    state: PostState | None = None
    mine: bool = False
    query: str = ""

    @classmethod
    def read(cls, account: Account, arguments: Mapping[str, str]) -> Self:
        """From an address; a state that does not exist is none."""
        asked = arguments.get("state", "")
        state = PostState(asked) if asked in set(PostState) else None
        words = " ".join(arguments.get("q", "").split())[:QUERY_MAX_CHARS]
        return cls(account, state, arguments.get("mine") == "1", words)

    @property
    def arguments(self) -> dict[str, str]:
        """For an address; `read` makes the same of it."""
        said = {"state": str(self.state or ""), "mine": "1" if self.mine else "", "q": self.query}
        return {name: value for name, value in said.items() if value}

    def narrowed(self, state: PostState | None) -> Self:
        """The same in another state."""
        return replace(self, state=state)

    def page(self, before: str = "", length: int = OVERVIEW_LENGTH) -> tuple[list[Row], str]:
        """The articles changed before a place, and the place of the next page, if there is one."""
        query = self._rows().where(*self._conditions(), *self._in_state())
        place = number_or_none(before)
        if place is not None:
            query = query.where(PostRevision.id < place)
        rows = db.session.execute(query.order_by(PostRevision.id.desc()).limit(length + 1)).all()
        shown = [Row(post, newest, by or "") for post, newest, by in rows[:length]]
        return shown, str(shown[-1].newest.id) if len(rows) > length else ""

    def counts(self) -> dict[PostState | None, int]:
        """How many there are in each state, and in all, of those asked for. One statement."""
        everything, *each = db.session.execute(self._counting(PostState)).one()
        return {None: everything, **dict(zip(PostState, each, strict=True))}

    def unfinished(self) -> dict[PostState, int]:
        """How many of those asked for are not out yet, by state. Those that are out are not looked at."""
        _, *each = db.session.execute(self._counting(UNFINISHED).where(_is_not_out())).one()
        return dict(zip(UNFINISHED, each, strict=True))

    def _counting(self, states: Iterable[PostState]) -> Select[*tuple[int, ...]]:
        sums = [func.count(case((Post.in_state(state), 1))) for state in states]
        counted = select(func.count(), *sums).select_from(Post)
        return counted.join(PostRevision, _is_newest()).where(*self._conditions())

    def _rows(self) -> Select[Post, PostRevision, str | None]:
        return (
            select(Post, PostRevision, Account.name)
            .select_from(Post)
            .join(PostRevision, _is_newest())
            .outerjoin(Account, Account.id == PostRevision.account_id)
            .options(joinedload(Post.revision))
        )

    def _conditions(self) -> Sequence[ColumnElement[bool]]:
        mine = own(self.account) if self.mine else true()
        return within_reach(self.account), mine, *(_says(word) for word in self.query.split())

    def _in_state(self) -> Sequence[ColumnElement[bool]]:
        if self.state is None:
            return ()
        here = Post.in_state(self.state)
        return (here, _is_not_out()) if self.state in UNFINISHED else (here,)


def _is_not_out() -> ColumnElement[bool]:
    """Narrows to articles without a public version or a moment, or before it, each found by an index."""
    one = aliased(Post)
    ahead = one.public_revision_id.is_(None), one.published_at.is_(None), one.published_at > NOW
    return Post.id.in_(union_all(*(select(one.id).where(condition) for condition in ahead)))


def _is_newest() -> ColumnElement[bool]:
    """Joins each post with its newest version alone."""
    other = aliased(PostRevision)
    newest = select(func.max(other.id)).where(other.post_id == Post.id).correlate(Post).scalar_subquery()
    return PostRevision.id == newest


def _says(word: str) -> ColumnElement[bool]:
    """Whether title, standfirst or text hold a word, however it is written."""
    texts = (func.coalesce(PostRevision.document[name].as_string(), "") for name in ("body", "self_help"))
    return or_(*(holds(column, word) for column in (PostRevision.title, PostRevision.standfirst, Post.slug, *texts)))
