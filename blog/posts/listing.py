"""Lists of posts: which belong into one, in what order, and one page of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Self

from sqlalchemy import ColumnElement, Integer, Select, and_, column, func, select, union_all, values
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from blog.accounts.models import Person
from blog.anatomy.models import Entry
from blog.clock import now
from blog.database import Base, UTCDateTime, db, plain_read
from blog.pagecache import keys
from blog.pagecache.notes import expires_at, shows
from blog.posts.models import NOW, Post, PostEntry, PostPerson, PostTag, Tag
from blog.posts.moments import FIRST_YEAR
from blog.prepared import Prepared

POSTS_PER_PAGE = 12
COUNTED_AHEAD = 5  # pages of a list; beyond, "more than" says enough
MANY = 500  # links of one tag, person or entry; with more, walking through all posts finds a page of them sooner
MENU_LENGTH = 100

Link = PostPerson | PostTag | PostEntry


@dataclass(frozen=True)
class Listing:
    """One page of a list of posts, at the same cost however long the list is."""

    items: Sequence[Post]
    page: int
    pages: int  # as far as they were counted
    is_whole: bool  # whether all were
    has_next: bool

    @classmethod
    def of(
        cls, posts: Select[Post], page: int, length: int = POSTS_PER_PAGE, ids: Select[int] | None = None
    ) -> Self | None:
        """Page `page` (from 1) with `length` posts; None beyond the last page.

        `ids` are those of the same posts, for lists of which some are found sooner in any order: they are counted.
        """
        read = db.session.scalars(posts.limit(length + 1).offset((page - 1) * length)).all()
        if not read and page > 1:
            return None
        if page == 1 and len(read) <= length:
            return cls(read, 1, 1, True, False)
        most = (page + COUNTED_AHEAD) * length
        some = (posts.with_only_columns(Post.id) if ids is None else ids).limit(most + 1).subquery()
        counted = db.session.scalar(select(func.count()).select_from(some)) or 0
        return cls(read[:length], page, -(-min(counted, most) // length), counted <= most, len(read) > length)

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
    return _linked(PostPerson, PostPerson.person_id == person.id, *narrowed)


def tagged(tag: Tag, *narrowed: ColumnElement[bool]) -> Select[Post]:
    """A tag's published posts, newest first."""
    return _linked(PostTag, PostTag.tag_id == tag.id, *narrowed)


def about(entry: Entry, *narrowed: ColumnElement[bool]) -> Select[Post]:
    """Published posts about a vocabulary entry, newest first."""
    return _linked(PostEntry, PostEntry.entry_id == entry.id, *narrowed)


def ids_under(thing: Person | Tag | Entry) -> Select[int]:
    """The ids of the published posts of a person, a tag or an entry. Unordered: the first are found at once."""
    links: dict[type[Base], tuple[type[Link], InstrumentedAttribute[int]]] = {
        Person: (PostPerson, PostPerson.person_id),
        Tag: (PostTag, PostTag.tag_id),
        Entry: (PostEntry, PostEntry.entry_id),
    }
    link, number = links[type(thing)]
    return select(link.post_id).join(Post, Post.id == link.post_id).where(number == thing.id, Post.is_published)


def in_year(year: int, zone: tzinfo) -> Select[Post]:
    """Published posts of a year in `zone`, newest first."""
    return Post.newest(_of_year(year, zone))


def _linked(
    link: type[Link],
    condition: ColumnElement[bool],
    *narrowed: ColumnElement[bool],
) -> Select[Post]:
    """Published posts with such a link, newest first, at the same cost for a rare one and for one of everywhere."""
    ids = select(link.post_id).where(condition)
    count = db.session.scalar(select(func.count()).select_from(ids.limit(MANY + 1).subquery())) or 0
    if count <= MANY:
        return Post.newest(*narrowed).where(Post.id.in_(ids))
    return Post.newest(*narrowed).where(ids.where(link.post_id == Post.id).exists())


def _of_year(year: int, zone: tzinfo) -> ColumnElement[bool]:
    begins, ends = _ends(year, zone)
    return and_(Post.published_at >= begins, Post.published_at < ends)


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
