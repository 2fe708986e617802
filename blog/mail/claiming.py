"""Which notices go out with the next mail, one worker at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select, true

from blog.clock import now
from blog.database import db
from blog.mail.models import GATHERED, URGENT, Notice, NoticeKind, NoticeState

LEASE_MINUTES = 15  # longer than every time-out of one delivery together
RECIPIENT_PER_HOUR = 20


def claim(all_held_back: bool = False) -> list[Notice]:
    """The notices of the next mail, held for LEASE_MINUTES; empty when nothing is due.

    One recipient's mails go out in order: none while another of theirs is on its way or must be tried again.
    With `all_held_back` only urgent ones. Call inside `begin_write(lock=…)`, commit, and send then.
    """
    moment = now()
    other = Notice.__table__.alias("other")
    busy = exists(
        select(other.c.id).where(
            other.c.recipient == Notice.recipient, other.c.state == NoticeState.WAITING,
            or_(other.c.retry_at > moment, other.c.lease_until > moment),
        )
    )  # fmt: skip
    many = (
        select(Notice.recipient).where(Notice.closed_at > moment - timedelta(hours=1), Notice.state == NoticeState.SENT)
        .group_by(Notice.recipient).having(func.count(Notice.message_id.distinct()) >= RECIPIENT_PER_HOUR)
    )  # fmt: skip
    urgent = Notice.kind.in_(URGENT)
    in_turn = and_(~busy, Notice.recipient.not_in(many)) if not all_held_back else ~true()
    free = (or_(Notice.retry_at.is_(None), Notice.retry_at <= moment),
            or_(Notice.lease_until.is_(None), Notice.lease_until <= moment))  # fmt: skip
    due = select(Notice).where(Notice.waiting(), Notice.due_at <= moment, *free)
    first = db.session.scalar(
        due.where(or_(urgent, in_turn))
        .order_by(urgent.desc(), Notice.due_at, Notice.id)
        .limit(1)
        .with_for_update(of=Notice)
    )
    if first is None:
        return []
    found = [first]
    if first.kind in GATHERED:
        same = [Notice.kind == first.kind, Notice.recipient == first.recipient]
        if first.kind == NoticeKind.FOLLOWED:
            same.append(Notice.post_id == first.post_id)
        found = list(db.session.scalars(due.where(*same).order_by(Notice.id).with_for_update(of=Notice)))
    for notice in found:
        notice.tried_at = notice.tried_at or moment
        notice.lease_until = moment + timedelta(minutes=LEASE_MINUTES)
    return found


def among(ids: Collection[int]) -> Sequence[Notice]:
    """The notices with these numbers, in order."""
    return db.session.scalars(select(Notice).where(Notice.id.in_(ids)).order_by(Notice.id)).all()


def sent_since(moment: datetime) -> int:
    """How many mails went out since then, without urgent ones."""
    counted = select(func.count(Notice.message_id.distinct())).where(
        Notice.closed_at > moment, Notice.state == NoticeState.SENT, Notice.kind.not_in(URGENT)
    )
    return db.session.scalar(counted) or 0
