"""Floods: far more comments than usual. While one lasts, senders who are new here have to take it slowly.

A job begins and ends them (`watch`); an owner may also switch the mode by hand (`Site.flood_mode`). Nobody is turned
away for it: what comes without a proof of work only stands under "likely spam".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from blog.clock import now
from blog.comments.models import Comment, State
from blog.database import Base, UTCDateTime, db
from blog.pages.models import FloodMode, Site
from blog.prepared import is_among

WINDOW = timedelta(minutes=10)  # over which comments are counted
CALM = timedelta(minutes=30)  # after so long with no more than one window may hold, it is over
USUAL = timedelta(days=28)  # from which is taken how many are usual
FAR_ABOVE = 20  # times as many as usual …
FLOOD_DAYS = 365  # that one is remembered
LEAST = 300  # … and more than so many in one window: a talk or a class may bring a hundred readers at once


class Flood(Base):
    """One flood, from when it was noticed until it ebbed away."""

    __tablename__ = "floods"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    comments: Mapped[int]  # in one window, when it was noticed
    most: Mapped[int]  # that are usual enough in one window
    told_at: Mapped[datetime | None]  # when moderators were told

    @classmethod
    def lasting(cls) -> Select[Self]:
        """The flood that has not ended, if there is one."""
        return select(cls).where(cls.ended_at.is_(None)).order_by(cls.id).limit(1)

    @classmethod
    def untold(cls) -> Select[Self]:
        """Floods of which moderators were not told yet."""
        return select(cls).where(cls.told_at.is_(None)).order_by(cls.id)

    @classmethod
    def began(cls) -> ScalarSelect[datetime]:
        """Since when the present flood lasts, as a part of other questions; see `is_on`."""
        return select(func.max(cls.began_at)).where(cls.ended_at.is_(None)).scalar_subquery()

    @classmethod
    def before(cls, moment: datetime) -> Select[Self]:
        """Floods that ended before then."""
        return select(cls).where(cls.ended_at < moment)


def is_on(began_at: datetime | None) -> bool:
    """Whether comments are taken as in a flood: by hand, or because one began and has not ended."""
    mode = Site.current().flood_mode
    return mode == FloodMode.ON or (mode == FloodMode.AUTO and began_at is not None)


def signs() -> tuple[Callable[[], Select[int]], ...]:
    """What has to be there for `watch` to do something: a flood that may end, or as many comments as in one."""
    lately = bindparam("lately", callable_=lambda: now() - WINDOW, type_=UTCDateTime())
    return (
        lambda: Flood.lasting().with_only_columns(Flood.id),
        lambda: select(Comment.id).where(*_came_since(lately)).offset(LEAST),
    )


def watch() -> Flood | None:
    """Begin or end a flood, if it is time; the one that began or ended. Needs `begin_write()`."""
    flood = db.session.scalar(Flood.lasting())
    if flood is None:
        return _beginning()
    if Site.current().flood_mode == FloodMode.AUTO and _count_since(now() - CALM) > flood.most:
        return None
    flood.ended_at = now()
    return flood


def _beginning() -> Flood | None:
    if Site.current().flood_mode != FloodMode.AUTO:
        return None
    came = _count_since(now() - WINDOW)
    most = _most_usual() if came > LEAST else LEAST
    if came <= most:
        return None
    flood = Flood(began_at=now(), comments=came, most=most)
    db.session.add(flood)
    db.session.flush()
    return flood


def _count_since(moment: datetime, *states: State) -> int:
    """How many readers' comments came since then. By state, because the index of the queue begins with it."""
    came = _came_since(moment, *states)
    return db.session.scalar(select(func.count()).select_from(Comment).where(*came)) or 0


def _came_since(moment: datetime | BindParameter[datetime], *states: State) -> tuple[ColumnElement[bool], ...]:
    readers = Comment.is_team.is_(False), Comment.is_sample.is_(False)
    return is_among(Comment.state, states or State), Comment.created_at > moment, *readers


def _most_usual() -> int:
    """How many comments in one window are not too many. Only approved ones say so: no flood makes the next usual."""
    approved = _count_since(now() - USUAL, State.APPROVED)
    return max(LEAST, math.ceil(FAR_ABOVE * approved * (WINDOW / USUAL)))
