"""Rows of comments, their versions and what triage found in them, stored past the session.

The session's flush takes three times as long for the same row, and while a comment is stored everybody else waits for
the database's one write lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import Insert, Select, Update, bindparam, insert, select, update

from blog.checksums import sums_of
from blog.comments.index import folded_words
from blog.comments.models import Comment, CommentBand, CommentFlag, CommentRevision, State
from blog.comments.words import Words
from blog.database import Base, plain_write
from blog.prepared import Prepared
from blog.text.sanitising import HTML_VERSION
from blog.triage import Flag, bands
from blog.triage.likeness import Signature

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


def point(*pairs: tuple[int, int]) -> None:
    """Make versions the newest of their comments, by the numbers of comment and version."""
    pointed = [{"comment_id": comment, "revision_id": revision} for comment, revision in pairs]
    _POINT.each(plain_write(), pointed)


class NewVersion(NamedTuple):
    """A version of a comment that is to be stored, and what triage found in it; None where it was not asked."""

    columns: dict[str, Any]
    signature: Signature | None
    flags: Sequence[Flag] | None

    @classmethod
    def of(
        cls,
        comment_id: int,
        parent_id: int | None,
        words: Words,
        shown: tuple[int | None, int | None],
        at: datetime,
        flags: Sequence[Flag] | None,
    ) -> Self:
        """`shown` are the versions of disclaimer and comment policy beside the form."""
        signature = words.signature if flags is not None else None
        columns = {
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
        columns["checksum"] = sums_of(CommentRevision.SUMMED, columns)
        return cls(columns, signature, flags)


def store_versions(versions: Sequence[NewVersion]) -> list[int]:
    """Store versions of as many comments, and give their numbers, in the same order.

    All in one statement: SQLite writes the index of words out at the end of each.
    """
    connection = plain_write()
    numbers = dict(_VERSION.stored(connection, [version.columns for version in versions]))
    bands_of, flags_of = [], []
    for columns, signature, flags in versions:
        number = numbers[columns["comment_id"]]
        found_by = sorted(set(bands(signature))) if signature else ()
        bands_of += [{"band": band, "revision_id": number} for band in found_by]
        flags_of += [CommentFlag.columns_of(number, flag) for flag in flags or ()]
    if len(versions) == 1:
        _BANDS.run(connection, *bands_of)
        _FLAGS.run(connection, *flags_of)
    else:  # as many as there happen to be: a text for each number would have to be kept
        _BANDS.each(connection, bands_of)
        _FLAGS.each(connection, flags_of)
    return [int(numbers[version.columns["comment_id"]]) for version in versions]


def _into(model: type[Base]) -> Callable[[], Insert]:
    return lambda: insert(Base.metadata.tables[model.__tablename__])


def _new_version() -> Insert:
    table = Base.metadata.tables[CommentRevision.__tablename__]
    return insert(table).returning(table.c.comment_id, table.c.id)


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
