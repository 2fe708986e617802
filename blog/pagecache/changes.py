"""What verbs change: named by them, written with their transaction, told to the slots after its commit.

The same transaction writes the names as rows of `page_changes`. After its commit, before the answer, their slots are
written (blog/pagecache/slots.py), which drops every page that shows them in all processes of this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import current_app, has_app_context
from sqlalchemy import BigInteger, FetchedValue, String, event, insert
from sqlalchemy.orm import (
    InstrumentedAttribute,
    LoaderCallableStatus,
    Mapped,
    Session,
    SessionTransaction,
    mapped_column,
    object_session,
)

from blog import purges
from blog.database import Base, db


def changed(*keys: str) -> None:
    """Note that this transaction changes what these keys name. Call inside `begin_write()`."""
    db.session().info.setdefault("page_changes", set()).update(keys)


def changes(attribute: InstrumentedAttribute[Any], keys: Callable[[Any], Iterable[str]]) -> None:
    """Have every new value of a column drop the pages that `keys` names, whoever sets it.

    `keys` is asked twice, for what shows the row as it was and as it is committed, and may read the database. A row
    that is not stored yet drops nothing.
    """

    @event.listens_for(attribute, "set", active_history=True)
    def note(row: Any, value: Any, before: Any, initiator: Any) -> None:
        session = object_session(row)
        before = None if before is LoaderCallableStatus.NO_VALUE else before
        if session is None or row.id is None or value == before:
            return
        moved = session.info.setdefault("page_rows", {})
        if (row, keys) not in moved:
            moved[row, keys] = None
            _name(session, row, keys)


def _name(session: Session, row: Any, keys: Callable[[Any], Iterable[str]]) -> None:
    with session.no_autoflush:
        session.info.setdefault("page_changes", set()).update(keys(row))


class PageChange(Base):
    """A key that a committed transaction has changed, until every machine has told its slots (see following.py)."""

    __tablename__ = "page_changes"
    __table_args__ = {"sqlite_autoincrement": True}  # a number used again could be deleted unread

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160))
    transaction_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue(), index=True)  # PostgreSQL's


class ChangesGone(Base):
    """One row: changes of transactions before this one are deleted. Whoever has not read so far has missed some."""

    __tablename__ = "page_changes_gone"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before: Mapped[int] = mapped_column(BigInteger)


@event.listens_for(Session, "before_commit")
def _write_changes(session: Session) -> None:
    if session.in_nested_transaction():
        return
    moved = session.info.get("page_rows", ())
    if moved:
        session.flush()
    for row, named_by in moved:
        if row in session:
            _name(session, row, named_by)
    keys = session.info.get("page_changes")
    if keys:
        session.execute(insert(PageChange), [{"key": key} for key in sorted(keys)])
        purges.note(session, keys)
        session.info["page_changes_written"] = frozenset(keys)


@event.listens_for(Session, "after_commit")
def _tell_changes(session: Session) -> None:
    if session.in_nested_transaction():
        return
    keys = session.info.pop("page_changes_written", None)
    if keys and has_app_context() and "pagecache" in current_app.extensions:
        current_app.extensions["pagecache"].slots.touch(keys)


@event.listens_for(Session, "after_transaction_end")
def _forget_changes(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("page_rows", None)
        session.info.pop("page_changes", None)
        session.info.pop("page_changes_written", None)
