"""What the site knows of a sender, read in one statement: before a text is looked at, and again when it is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.engine import Connection

from blog.clock import now
from blog.comments import floods
from blog.comments.bans import Ban
from blog.comments.models import AWAITING, Comment, State
from blog.comments.words import KEY_YEARS, Sender
from blog.database import Base, UTCDateTime
from blog.pages.models import Site
from blog.prepared import Prepared
from blog.triage import History


class Standing(NamedTuple):
    """What the site knows of a sender at the moment it sends something."""

    banned_until: datetime | None
    same_id: int | None  # an undecided comment of it that says the same
    recent: int  # comments within the time over which they are counted
    approved: int  # since its code is kept, as the two below
    rejected: int
    spam: int
    flood_began_at: datetime | None
    trained_at: datetime | None  # when the site learned last from its decisions
    is_taken: bool  # the number that its comment would have

    @classmethod
    def of(cls, connection: Connection, sender: Sender, duplicate: str = "", own_id: int = 0, number: int = 0) -> Self:
        """Of `sender`, with what `duplicate` is the hash of; `own_id` is a comment that is not counted.

        `number` was drawn for the comment that is about to be stored.
        """
        site = Site.current()
        about: dict[str, Any] = {
            "duplicate": duplicate,
            "own": own_id,
            "number": number,
            "same_from": now() - timedelta(minutes=site.duplicate_minutes),
            "counted_from": now() - site.comment_window,
        }
        for at in range(KEY_YEARS):
            about[f"sender{at}"], about[f"network{at}"] = sender.hashes[at], sender.network_hashes[at]
        return cls(*_STANDING.only(connection, about))

    @property
    def history(self) -> History:
        """How its other comments were decided."""
        return History(self.approved, self.rejected, self.spam)

    @property
    def is_in_flood(self) -> bool:
        """Whether comments are taken as in a flood."""
        return floods.is_on(self.flood_began_at)


def _standing() -> Select[*tuple[Any, ...]]:
    """The columns of Standing, for the hashes `sender0` …, `network0` … and the hash `duplicate` of what is said."""
    senders: list[BindParameter[str]] = [bindparam(f"sender{at}") for at in range(KEY_YEARS)]
    networks: list[BindParameter[str]] = [bindparam(f"network{at}") for at in range(KEY_YEARS)]
    learned = Base.metadata.tables["learned"]
    theirs = Comment.sender_hash.in_(senders), Comment.id != bindparam("own")
    same = select(func.min(Comment.id)).where(
        Comment.duplicate_hash == bindparam("duplicate"),
        or_(*(Comment.state == state for state in AWAITING)),
        Comment.created_at > bindparam("same_from", type_=UTCDateTime()),
    )
    comments = Base.metadata.tables[Comment.__tablename__].alias()  # not those that are counted
    numbered = select(comments.c.id).where(comments.c.id == bindparam("number"))
    counted_from = bindparam("counted_from", type_=UTCDateTime())

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(Comment.id).filter(condition)

    return select(
        Ban.latest_end(senders, networks).scalar_subquery(),
        same.scalar_subquery(),
        number(Comment.created_at > counted_from),
        *(number(Comment.state == state) for state in (State.APPROVED, State.REJECTED, State.SPAM)),
        floods.Flood.began(),
        select(learned.c.trained_at).where(learned.c.id == 1).scalar_subquery(),
        numbered.exists(),
    ).where(*theirs)


_STANDING = Prepared(_standing)
