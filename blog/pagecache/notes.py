"""What a page that is being rendered shows, and until when: said by views and models, kept with the page.

A view marked `public_page` may be kept. While it renders, `shows` collects the keys of what it shows and `expires_at`
the moments that will change it; all of it is read from one snapshot of the database. Outside of rendering all this
says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import current_app, has_request_context, request
from sqlalchemy import Select, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import QueryContext, Session, SessionTransaction

from blog.checksums import Damaged, Summed
from blog.clock import now
from blog.database import db
from blog.pagecache.keys import SITE
from blog.pagecache.slots import slot_of
from blog.replica import Replica
from blog.sessions import is_staff_path

FOREVER = datetime.max.replace(tzinfo=UTC)
WITH_DAMAGED = "blog_with_damaged"  # among the execution options of a query

View = TypeVar("View", bound=Callable[..., Any])
Found = TypeVar("Found")
Model = TypeVar("Model", bound=type[Summed])


@dataclass
class Notes:
    """What a page that is being rendered shows, and until when."""

    keys: set[str] = field(default_factory=lambda: {SITE})
    until: datetime = FOREVER
    snapshots: int = 0  # of the database; a page made from two may contradict itself and is not kept
    copied: memoryview | None = None  # the slots as they were before the snapshot
    is_proven: bool = True  # whether they were, just before they were copied
    may_ask_replica: bool = True  # not again for a page that a replica broke off


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


def public_page(*arguments: str) -> Callable[[View], View]:
    """Marks a view whose page is the same for everybody. `arguments` are all the query parameters that it reads."""

    def mark(view: View) -> View:
        view.page_arguments = arguments  # type: ignore[attr-defined]
        return view

    return mark


def shows(*keys: str) -> None:
    """Note that the page being rendered shows what these keys name."""
    notes = _notes.get()
    if notes is not None:
        notes.keys.update(keys)


def being_made() -> Notes | None:
    """The notes of the page that is being made; None outside of one."""
    return _notes.get()


def expires_at(moment: datetime | None) -> None:
    """Note that the page being rendered changes by itself at `moment`, if that is still to come."""
    notes = _notes.get()
    if notes is not None and moment is not None and now() < moment < notes.until:
        notes.until = moment


def remembered(keys: Sequence[str], read: Callable[[Sequence[str]], Sequence[Found]]) -> Sequence[Found]:
    """What the database says to each of `keys`; `read` finds what is not known.

    It is kept as a page is, and by the same proof: the slots were copied before the snapshot was opened, and the page
    being rendered shows the keys. It is read anew after a change of its key, or of all. `read` must return plain values
    that nobody changes. Outside a page the slots are looked at now: what is read in a transaction that was open before
    is not kept, and one that writes always reads, as it may have changed this itself. Without proof that the slots say
    what other machines changed, it is read, too.
    """
    cache, notes, session = current_app.extensions["pagecache"], _notes.get(), db.session()
    if session.info.get("writes"):
        return read(keys)
    facts, is_proven, slots, may_be_kept = cache.facts, cache.slots.is_proven, cache.slots.view, True
    if notes is not None and notes.copied is not None:
        is_proven, slots = notes.is_proven, notes.copied
    elif session.in_transaction():
        may_be_kept = False
    shows(*keys)
    values = {key: (slots[slot_of(key)], slots[slot_of(SITE)]) for key in keys}
    known = {key: facts.get(key, (None, None)) for key in keys}
    unknown = [key for key in keys if not is_proven or known[key][0] != values[key]]
    if unknown:
        known |= {key: (values[key], value) for key, value in zip(unknown, read(unknown), strict=True)}
        if may_be_kept:
            facts.update((key, known[key]) for key in unknown)
    return [known[key][1] for key in keys]


def whole_on_pages(model: Model) -> Model:
    """Class decorator: in answering a reader, reading a damaged row of this `Summed` raises Damaged.

    Only `with_damaged` reads them all the same.
    """
    event.listen(model, "load", _refuse_damaged)
    event.listen(model, "refresh", _refuse_damaged)
    return model


def with_damaged(query: Select[Found]) -> Sequence[Found]:
    """All that is found, damaged or not, for lists: they leave out what is not `is_fit`."""
    return db.session.scalars(query, execution_options={WITH_DAMAGED: True}).all()


def _refuse_damaged(row: Summed, context: QueryContext, *_: object) -> None:
    if not _is_for_readers() or WITH_DAMAGED in context.execution_options:
        return
    if not row.read_parts_are_whole():
        raise Damaged(row.__tablename__, row.id)


def _is_for_readers() -> bool:
    """Also outside of a page that may be kept: what is sent back, previews. The desk must be able to mend it."""
    return _notes.get() is not None or (has_request_context() and not is_staff_path(request.path))


@contextmanager
def taking_notes(copied: memoryview, is_proven: bool, may_ask_replica: bool = True) -> Iterator[Notes]:
    notes = Notes(copied=copied, is_proven=is_proven, may_ask_replica=may_ask_replica)
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def open_snapshot() -> None:
    """All reads of a page see one moment, of the replica if it is far enough.

    SQLite does so in any transaction; PostgreSQL when told.
    """
    notes = _notes.get()
    if notes is None or db.engine.dialect.name != "postgresql":
        return
    replica: Replica | None = current_app.extensions.get("replica")
    if replica is None or not notes.may_ask_replica or not replica.open_snapshot():
        db.session().connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


@event.listens_for(Session, "after_begin")
def _count_snapshots(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    notes = _notes.get()
    if notes is not None:
        notes.snapshots += 1
