"""Rows of comments, their versions and what triage found in them, stored past the session.

The session's flush takes three times as long for the same row, and while a comment is stored everybody else waits for
the database's one write lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Select, Update, bindparam, insert, select, update

from blog.checksums import sums_of
from blog.comments.index import folded_words
from blog.comments.models import Comment, CommentBand, CommentFlag, CommentRevision, State
from blog.comments.words import Words
from blog.database import Base, plain_write
from blog.prepared import Prepared
from blog.text.sanitising import HTML_VERSION
from blog.triage import Flag, bands

# What a comment is when nothing else is said.
_PLAIN: dict[str, Any] = {
    "parent_id": None,
    "state": State.PENDING,
    "is_team": False,
    "account_id": None,
    "sender_hash": None,
    "network_hash": None,
    "duplicate_hash": None,
    "is_sample": False,
}


def is_taken(number: int) -> bool:
    """Whether a comment has this number."""
    return _TAKEN.first(plain_write(), {"number": number}) is not None


def store(row: Mapping[str, Any]) -> dict[str, Any]:
    """A comment, as columns, that has no version yet; all that was stored of it."""
    whole = {**_PLAIN, **row}
    _COMMENT.run(plain_write(), whole)
    return whole


def point(comment_id: int, revision_id: int) -> None:
    """Make a version the newest of its comment."""
    _POINT.run(plain_write(), {"comment_id": comment_id, "revision_id": revision_id})


def store_version(
    comment_id: int,
    parent_id: int | None,
    words: Words,
    shown: tuple[int | None, int | None],
    at: datetime,
    flags: Sequence[Flag] | None,
) -> int:
    """Store a version of a comment; its number.

    `shown` are the versions of disclaimer and comment policy beside the form. `flags` are what triage found in it; None
    where it was not asked.
    """
    signature = words.signature if flags is not None else None
    version = {
        "comment_id": comment_id,
        "name": words.name,
        "body": words.body,
        "html": words.html,
        "html_version": HTML_VERSION,
        "folded": folded_words(words.name, words.body),
        "digest": words.digest(parent_id),
        "signature": list(signature) if signature else None,
        "disclaimer_revision_id": shown[0],
        "policy_revision_id": shown[1],
        "created_at": at,
    }
    version["checksum"] = sums_of(CommentRevision.SUMMED, version)
    connection = plain_write()
    (revision_id,) = _VERSION.only(connection, version)
    if signature:
        found_by = sorted(set(bands(signature)))
        _BANDS.run(connection, *({"band": band, "revision_id": revision_id} for band in found_by))
    if flags:
        _FLAGS.run(connection, *(CommentFlag.columns_of(revision_id, flag) for flag in flags))
    return int(revision_id)


def _into(model: type[Base]) -> Callable[[], Insert]:
    return lambda: insert(Base.metadata.tables[model.__tablename__])


def _new_version() -> Insert:
    table = Base.metadata.tables[CommentRevision.__tablename__]
    return insert(table).returning(table.c.id)


def _newest() -> Update:
    table = Base.metadata.tables[Comment.__tablename__]
    mine = update(table).where(table.c.id == bindparam("comment_id"))
    return mine.values(newest_revision_id=bindparam("revision_id"))


def _with_number() -> Select[int]:
    table = Base.metadata.tables[Comment.__tablename__]
    return select(table.c.id).where(table.c.id == bindparam("number"))


_TAKEN = Prepared(_with_number)
_COMMENT = Prepared(
    _into(Comment),
    *("id", "post_id", "root_id", "secret", "link_hash", "created_at", *_PLAIN),
    *("urgency", "has_personal_data", "has_advice"),
)
_POINT = Prepared(_newest)
_VERSION = Prepared(
    _new_version,
    *("comment_id", "name", "body", "html", "html_version", "folded", "digest", "checksum", "signature"),
    *("disclaimer_revision_id", "policy_revision_id", "created_at"),
)
_BANDS = Prepared(_into(CommentBand), "band", "revision_id")
_FLAGS = Prepared(_into(CommentFlag), "revision_id", "kind", "rule", "why", "in_name", "matched")
