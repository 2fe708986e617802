"""Lists of posts: which belong into one, in what order, and one page of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Integer, Select, bindparam, column, func, literal, select, union_all, values
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from blog.accounts.models import Person
from blog.anatomy.models import Entry
from blog.clock import now
from blog.database import NOW, Base, UTCDateTime, plain_read
from blog.pagecache import keys
from blog.pagecache.notes import expires_at, shows
from blog.posts.models import Post, PostEntry, PostPerson, PostRevision, PostTag, Tag
from blog.posts.moments import FIRST_YEAR
from blog.posts.rows import OtherPost, Words
from blog.prepared import Prepared, Values

POSTS_PER_PAGE = 12
COUNTED_AHEAD = 5  # pages of a list; beyond, "more than" says enough
MANY = 500  # links of one tag, person or entry; with more, walking through all posts finds a page of them sooner
MENU_LENGTH = 100

Link = InstrumentedAttribute[int]  # the column of a link that says to what

LINKS: dict[type[Base], Link] = {
    Person: PostPerson.person_id,
    Tag: PostTag.tag_id,
    Entry: PostEntry.entry_id,
}


class _Found(NamedTuple):
    """How a list is read: a page of it, `most` posts behind the first `start`, and how many there are, up to `most`."""

    part: Prepared
    number: Prepared

    @classmethod
    def where(cls, *narrowed: ColumnElement[bool], linked: ColumnElement[bool] | None = None) -> Self:
        """Published posts of which this is so, newest first."""
        links = () if linked is None else (linked,)
        ids = select(Post.id).where(*narrowed, Post.is_published, *links)
        return cls(Prepared(lambda: _cards(narrowed, links)), Prepared(lambda: _number_of(ids)))


@dataclass(frozen=True)
class Listing:
    """One page of a list of posts, at the same cost however long the list is."""

    items: Sequence[OtherPost]
    page: int
    pages: int  # as far as they were counted
    is_whole: bool  # whether all were
    has_next: bool

    @classmethod
    def newest(cls, page: int) -> Self | None:
        """Page `page` (from 1) of all posts, newest first; None beyond the last page."""
        return cls._of(_newest(), {}, page)

    @classmethod
    def of_year(cls, year: int, zone: tzinfo, page: int) -> Self | None:
        """The same of a year in `zone`."""
        begins, ends = _ends(year, zone)
        return cls._of(_of_a_year(), {"begins": begins, "ends": ends}, page)

    @classmethod
    def under(cls, thing: Person | Tag | Entry, page: int) -> Self | None:
        """The same of a person, a tag or an entry."""
        link = LINKS[type(thing)]
        return cls._of(_linked(link, _is_rare(link, thing.id)), {"thing": thing.id}, page)

    @classmethod
    def _of(cls, found: _Found, values: Values, page: int) -> Self | None:
        connection, length = plain_read(), POSTS_PER_PAGE
        rows = found.part.rows(connection, {**values, "most": length + 1, "start": (page - 1) * length})
        read = [OtherPost.of(row) for row in rows]
        if not read and page > 1:
            return None
        items = [post for post in read[:length] if post.revision.is_whole]  # the log names the others
        if page == 1 and len(read) <= length:
            return cls(items, 1, 1, True, False)
        most = (page + COUNTED_AHEAD) * length
        (counted,) = found.number.only(connection, {**values, "most": most + 1})
        return cls(items, page, -(-min(counted, most) // length), counted <= most, len(read) > length)

    @property
    def of_pages(self) -> str:
        """How many pages there are, in words where they were not all counted."""
        return str(self.pages) if self.is_whole else f"more than {self.pages}"

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def prev_num(self) -> int:
        return self.page - 1

    @property
    def next_num(self) -> int:
        return self.page + 1


def published_years(zone: tzinfo) -> list[int]:
    """The years that have published posts, newest first, in `zone`. One statement, one look into an index a year.

    Years that no article can have are not looked for, whatever is stored.
    """
    last = now().astimezone(zone).year
    if last < FIRST_YEAR - 1:  # a machine whose clock has stopped long ago
        return []
    return [year for (year,) in _years_with_posts(last, zone).rows(plain_read(), {})]


@lru_cache(8)
def _years_with_posts(last: int, zone: tzinfo) -> Prepared:
    """The statement for the years until `last`: making it took a third of the home page."""
    years = range(last, FIRST_YEAR - 2, -1)  # FIRST_YEAR may have begun in the east
    columns = column("year", Integer), column("begins", UTCDateTime()), column("ends", UTCDateTime())

    def make() -> Select[int]:
        each = values(*columns, name="each_year").data([(year, *_ends(year, zone)) for year in years]).cte("years")
        # The year first: of two bounds SQLite takes the first into the index, and `is_published` brings one more.
        has_posts = select(Post.id).where(Post.published_at >= each.c.begins, Post.published_at < each.c.ends)
        in_use = has_posts.where(Post.is_published).exists()
        return select(each.c.year).where(in_use).order_by(each.c.year.desc())

    return Prepared(make)


def by_author(person: Person, *narrowed: ColumnElement[bool]) -> Select[Post]:
    """A person's published posts, newest first."""
    return _under(person, *narrowed)


def tagged(tag: Tag, *narrowed: ColumnElement[bool]) -> Select[Post]:
    """A tag's published posts, newest first."""
    return _under(tag, *narrowed)


def about(entry: Entry, *narrowed: ColumnElement[bool]) -> Select[Post]:
    """Published posts about a vocabulary entry, newest first."""
    return _under(entry, *narrowed)


def _under(thing: Person | Tag | Entry, *narrowed: ColumnElement[bool]) -> Select[Post]:
    link = LINKS[type(thing)]
    return Post.newest(*narrowed).where(_has_link(link, literal(thing.id), _is_rare(link, thing.id)))


def _is_rare(link: Link, number: int) -> bool:
    """Whether few posts have this link: the way to a page of them costs as much for a rare one as for a common one."""
    return bool(_links(link).only(plain_read(), {"thing": number, "most": MANY + 1})[0] <= MANY)


def _has_link(link: Link, number: ColumnElement[int], is_rare: bool) -> ColumnElement[bool]:
    table = link.class_
    ids = select(table.post_id).where(link == number)
    return Post.id.in_(ids) if is_rare else ids.where(table.post_id == Post.id).exists()


@cache
def _newest() -> _Found:
    return _Found.where()


@cache
def _of_a_year() -> _Found:
    begins, ends = (bindparam(name, type_=UTCDateTime()) for name in ("begins", "ends"))
    return _Found.where(Post.published_at >= begins, Post.published_at < ends)


@cache
def _linked(link: Link, is_rare: bool) -> _Found:
    """Those with one link; they are counted from their links, which finds the first of them in any order at once."""
    number, table = bindparam("thing", type_=Integer), link.class_
    ids = select(table.post_id).join(Post, Post.id == table.post_id).where(link == number, Post.is_published)
    return _Found.where(linked=_has_link(link, number, is_rare))._replace(number=Prepared(lambda: _number_of(ids)))


@cache
def _links(link: Link) -> Prepared:
    links = select(literal(1)).where(link == bindparam("thing", type_=Integer))
    return Prepared(lambda: _number_of(links))


def _cards(narrowed: Collection[ColumnElement[bool]], links: Collection[ColumnElement[bool]]) -> Select[Any]:
    """The columns of `OtherPost` and `Words`. `narrowed` by time goes first: see `Post.published`.

    The versions are joined to the few that are shown: to sort with them, a database reads all there are.
    """
    here = (
        select(Post.published_at, Post.id, Post.slug, Post.public_revision_id)
        .where(*narrowed, Post.is_published, *links)
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(bindparam("most", type_=Integer))
        .offset(bindparam("start", type_=Integer))
        .subquery()
    ).c
    words = [getattr(PostRevision, name) for name in Words._fields]
    return (
        select(here.published_at, here.id, here.slug, *words)
        .join(PostRevision, PostRevision.id == here.public_revision_id)
        .order_by(here.published_at.desc(), here.id.desc())
    )


def _number_of(rows: Select[int]) -> Select[int]:
    """How many there are, counted up to `most`."""
    return select(func.count()).select_from(rows.limit(bindparam("most", type_=Integer)).subquery())


def _ends(year: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """Where a year begins and ends in `zone`."""
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)


def addresses(after: int, until: int) -> Select[str, datetime, str | None]:
    """Slug, last change and card of the published posts with these numbers, without samples. For machines."""
    changed_at = func.coalesce(Post.updated_at, Post.published_at, type_=UTCDateTime())
    here = Post.is_published, Post.is_sample.is_(False), Post.id > after, Post.id <= until
    return select(Post.slug, changed_at, Post.card).where(*here).order_by(Post.id)


def for_menu(chosen: int | None) -> Select[Post]:
    """The posts made last, and the chosen one, for a menu to choose from."""
    last = select(Post.id).order_by(Post.id.desc()).limit(MENU_LENGTH).subquery()
    ids = union_all(select(last.c.id), select(Post.id).where(Post.id == chosen))
    return select(Post).options(joinedload(Post.revision)).where(Post.id.in_(ids)).order_by(Post.id.desc())


def show_schedule() -> None:
    """Note that the page being rendered shows which posts are out: until the next one is due."""
    shows(keys.SCHEDULE)
    expires_at(_NEXT_DUE.only(plain_read(), {})[0])


def next_due() -> Select[datetime | None]:
    """When the next scheduled post comes out; null when none is scheduled."""
    return select(func.min(Post.published_at)).where(
        Post.published_at > NOW, Post.public_revision_id.is_not(None), Post.archived_at.is_(None)
    )


_NEXT_DUE = Prepared(next_due)
