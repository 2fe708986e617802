"""Cards of articles and of the vocabulary: which are owed, what stands on them, and where they lie.

A card is owed while `card_stamp` is empty: setting the public pointer empties it. The job that makes a card stamps it
first, so that two workers do not make the same one; what was stamped and never made, or made by older rules or under
another name of the site, is found once a day. Until a card is there, the page names the site's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Select, event, or_, select, update
from sqlalchemy.orm import joinedload

from blog.anatomy.models import READ, Entry, EntryKind
from blog.anatomy.pictures import drawing_of
from blog.assets import asset_body
from blog.database import db
from blog.media.card import CARD_VERSION, Card
from blog.media.models import MediaFile
from blog.media.storage import store
from blog.pagecache import keys
from blog.pagecache.changes import changes
from blog.pages.models import Site
from blog.posts.document import Article
from blog.posts.links import entries_of
from blog.posts.models import Post, PostEntry
from blog.posts.pictures import pictures_of
from blog.prepared import is_among

CARD_FILE = "card.png"
MARK = "images/mark.svg"
ABOVE = {EntryKind.MUSCLE: "Muscle", EntryKind.PAIN_AREA: "Where it hurts", EntryKind.CONDITION: "Condition"}


@dataclass(frozen=True)
class Claim:
    """A card that this worker makes: of an article or of an entry, as stamped."""

    model: type[Post] | type[Entry]
    row_id: int
    stamp: str


def stamp() -> str:
    """What all cards are made from beside their own page."""
    made_from = f"{CARD_VERSION}\n{Site.current().name}\n".encode() + asset_body(MARK)
    return sha256(made_from).hexdigest()[:16]


def claim() -> Claim | None:
    """Take the next card that is owed; None when none is. Call inside `begin_write(lock="cards")`."""
    row: Post | Entry | None = db.session.scalar(_owed_posts().limit(1)) or db.session.scalar(_owed_entries().limit(1))
    if row is None:
        return None
    row.card_stamp = stamp()
    if isinstance(row, Entry) and row.card:
        _renew_posts_about(row)
    return Claim(type(row), row.id, row.card_stamp)


def owed() -> tuple[Callable[[], Select[int]], ...]:
    """What `claim` may find: the numbers of articles, and of entries, whose cards are owed."""
    return (
        lambda: select(Post.id).where(*_post_is_owed()),
        lambda: select(Entry.id).where(*_entry_is_owed()),
    )


def content(claimed: Claim) -> Card | None:
    """What stands on it; None when its page is gone meanwhile."""
    site, mark = Site.current().name, asset_body(MARK).decode()
    row = _row(claimed)
    if row is None or row.revision is None:
        return None
    if isinstance(row, Entry):
        return Card(row.name, ABOVE[row.kind], site, mark, drawing_of(row))
    article = row.revision.article
    drawing = _drawing_for(article)
    return Card(article.title, article.kicker, site, mark, drawing, b"" if drawing else _photo_of(article))


def show(claimed: Claim, digest: str) -> None:
    """The card is stored under `digest`: its page names it from now on, unless it changed meanwhile."""
    row = _row(claimed)
    if row is None or row.card_stamp != claimed.stamp:
        return
    if row.card:
        MediaFile.drop([file_of(row.card)])
    MediaFile.keep(file_of(digest))
    row.card = digest


def file_of(digest: str) -> str:
    """What the card's file is called in the store."""
    return f"{digest}/{CARD_FILE}"


def renew() -> None:
    """Have cards made again that were never made, or by other rules; take away those that no page shows."""
    for model in (Post, Entry):
        old = or_(model.card_stamp != stamp(), model.card.is_(None))
        _update(update(model).where(model.card_stamp.is_not(None), old).values(card_stamp=None))
    gone = or_(Post.archived_at.is_not(None), Post.public_revision_id.is_(None))
    _update(update(Post).where(Post.card.is_not(None), gone).values(card=None, card_stamp=None))
    shown = select(Post.card).where(Post.card.is_not(None)).union(select(Entry.card).where(Entry.card.is_not(None)))
    kept = {file_of(str(digest)) for digest in db.session.scalars(shown)}
    MediaFile.drop([name for name in db.session.scalars(MediaFile.called(CARD_FILE)) if name not in kept])


def _row(claimed: Claim) -> Post | Entry | None:
    found: Post | Entry | None = db.session.get(claimed.model, claimed.row_id)  # type: ignore[assignment]
    return found


def _owed_posts() -> Select[Post]:
    return select(Post).where(*_post_is_owed()).order_by(Post.published_at.desc())


def _owed_entries() -> Select[Entry]:
    return select(Entry).where(*_entry_is_owed()).options(joinedload(Entry.revision)).order_by(Entry.id)


def _post_is_owed() -> tuple[ColumnElement[bool], ...]:
    return Post.card_stamp.is_(None), Post.public_revision_id.is_not(None), Post.archived_at.is_(None)


def _entry_is_owed() -> tuple[ColumnElement[bool], ...]:
    return Entry.card_stamp.is_(None), is_among(Entry.kind, sorted(READ)), Entry.public_revision_id.is_not(None)


def _renew_posts_about(entry: Entry) -> None:
    """What an entry says may be drawn on the cards of the articles about it, too."""
    about = select(PostEntry.post_id).where(PostEntry.entry_id == entry.id)
    _update(update(Post).where(Post.id.in_(about), Post.card.is_not(None)).values(card_stamp=None))


def _drawing_for(article: Article) -> str:
    """The pain map of its first muscle, or else the place of its first pain area."""
    entries = entries_of(article)
    subjects = [(EntryKind.MUSCLE, slug) for slug in article.muscles[:1]]
    subjects += [(EntryKind.PAIN_AREA, slug) for slug in article.pain_areas[:1]]
    return next((drawn for one in subjects if one in entries and (drawn := drawing_of(entries[one]))), "")


def _photo_of(article: Article) -> bytes:
    """Its first picture of the media."""
    shown = pictures_of(article)
    names = [name for name in article.pictures if name in shown]
    return store().get(shown[names[0]].src.removeprefix("/media/")) or b"" if names else b""


def _update(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))


def _owe(row: Any, value: Any, before: Any, initiator: Any) -> None:
    if value != before:
        row.card_stamp = None


for _pointer in (Post.public_revision_id, Entry.public_revision_id):
    event.listen(_pointer, "set", _owe)
changes(Post.card, lambda post: (keys.post(post.id), keys.LIST))
