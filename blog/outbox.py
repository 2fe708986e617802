"""What happened and still has to be told: plain rows that verbs write inside their transaction.

A verb must not know who is told of what, and a dead mail server must not slow or lose what it does. So it notes the
event beside the change, and the job worker reads the rows (see blog/mail). The row is there exactly when the change is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from blog.clock import now
from blog.database import Base, db, enum_column, plain_write
from blog.prepared import Prepared


class EventKind(StrEnum):
    """What mails may follow from."""

    SUBMITTED = "submitted"  # a reader's text waits: comment_id, revision_id
    DECIDED = "decided"  # comments were decided: decision_id
    ANNOUNCED = "announced"  # an article came out: post_id
    CORRECTED = "corrected"  # an article that was out says something else now: post_id, revision_id (of the post)


EVENT_KIND = enum_column(EventKind, "event_kind", 20)


class Event(Base):
    """One thing that happened, until everybody whom it concerns has a notice."""

    __tablename__ = "events"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(EVENT_KIND)
    comment_id: Mapped[int | None]  # plain numbers: what they name may be gone when they are read
    revision_id: Mapped[int | None]
    decision_id: Mapped[int | None]
    post_id: Mapped[int | None]
    created_at: Mapped[datetime]

    @classmethod
    def note(cls, kind: EventKind, **about: int | None) -> None:
        """Write down that it happened."""
        cls.note_all(kind, [about])

    @classmethod
    def note_all(cls, kind: EventKind, about: Iterable[Mapping[str, int | None]]) -> None:
        """Write down that it happened, to each of these."""
        told = {"kind": kind, "created_at": now(), **_ABOUT_NOTHING}
        _NOTE.each(plain_write(), [{**told, **one} for one in about])

    @classmethod
    def untold(cls) -> Select[int]:
        """The ids of all that are to be told."""
        return select(cls.id)

    @classmethod
    def oldest(cls, most: int) -> Sequence[Self]:
        """The events that are to be told first. Reads only."""
        return db.session.scalars(select(cls).order_by(cls.id).limit(most)).all()

    @classmethod
    def lock(cls, ids: Collection[int]) -> set[int]:
        """Those of these events that nobody has told yet; until this transaction ends nobody else gets them."""
        return set(db.session.scalars(select(cls.id).where(cls.id.in_(ids)).with_for_update(skip_locked=True)))

    @classmethod
    def drop(cls, ids: Collection[int]) -> None:
        """They are told: gone with this transaction's commit."""
        plain_write().execute(delete(cls.__table__).where(cls.__table__.c.id.in_(ids)))  # type: ignore[arg-type]


_ABOUT_NOTHING: dict[str, int | None] = {"comment_id": None, "revision_id": None, "decision_id": None, "post_id": None}
_NOTE = Prepared(lambda: insert(Event.__table__), "kind", "created_at", *_ABOUT_NOTHING)  # type: ignore[arg-type]
