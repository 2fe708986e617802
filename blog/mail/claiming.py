"""Which notices go out with the next mail, one worker at a time.

Looking for it costs more the more mails wait, so it is done while others write. Under the write lock a claim asks
again, of one recipient alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, Select, func, or_, select, update

from blog.clock import now
from blog.database import NOW, db
from blog.mail.kinds import GATHERED, NEWS, OF_ONE_POST, URGENT, NoticeKind, NoticeState
from blog.mail.models import Notice

LEASE_MINUTES = 15  # longer than every time-out of one delivery together
RECIPIENT_PER_HOUR = 20

_OTHERS = tuple(kind for kind in NoticeKind if kind not in (*URGENT, *NEWS))


def next_due(all_held_back: bool = False, news_held_back: bool = False) -> int | None:
    """The number of the notice that is to be claimed next; with `all_held_back` only an urgent one. Takes no lock.

    What goes to many at once waits until nothing else is due, so that ten thousand subscribers keep nobody waiting.
    One recipient's mails go out in order: none while another of theirs is on its way or must be tried again.
    """
    moment = now()
    due = select(Notice.due_at, Notice.id).where(*_free(moment))
    urgent = db.session.execute(due.where(Notice.kind.in_(URGENT))).all()  # few, and found by their kind
    if urgent:
        _, number = min(urgent)
        return int(number)
    if all_held_back:
        return None
    in_turn = Notice.recipient.not_in(_busy(moment)), Notice.recipient.not_in(_served(moment))
    for kinds in (_OTHERS, () if news_held_back else NEWS):
        first = due.where(Notice.kind.in_(kinds), *in_turn).order_by(Notice.due_at, Notice.id).limit(1)
        found: int | None = db.session.scalar(first.with_only_columns(Notice.id)) if kinds else None
        if found is not None:
            return found
    return None


def due() -> Select[int]:
    """The numbers of all notices that might go out now, whoever has to wait for another. Takes no lock."""
    return select(Notice.id).where(*_free(NOW))


def claim(notice_id: int) -> list[int]:
    """Hold for LEASE_MINUTES what goes out with a notice; none when it, or its recipient, is not free any more.

    Commit, and send then. On PostgreSQL one claims at a time, by the lock of the transaction.
    """
    moment = now()
    # not the whole row: another column that a disk has damaged must not keep all other mails waiting, before a lease
    wanted = select(Notice.id, Notice.kind, Notice.recipient, Notice.post_id)
    first = db.session.execute(wanted.where(Notice.id == notice_id, *_free(moment)).with_for_update(of=Notice)).first()
    if first is None:
        return []
    if first.kind not in URGENT:
        own = Notice.recipient == first.recipient
        if db.session.scalar(select(or_(_busy(moment).where(own).exists(), _served(moment).where(own).exists()))):
            return []
    together = [Notice.id == first.id]
    if first.kind in GATHERED:
        together = [Notice.kind == first.kind, Notice.recipient == first.recipient]
        if first.kind in OF_ONE_POST:
            together.append(Notice.post_id == first.post_id)
    held = (
        update(Notice)
        .where(*together, *_free(moment))
        .values(tried_at=func.coalesce(Notice.tried_at, moment), lease_until=moment + timedelta(minutes=LEASE_MINUTES))
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(db.session.scalars(held))


def sent_since(moment: datetime) -> int:
    """How many mails went out since then, without urgent ones."""
    counted = select(func.count(Notice.message_id.distinct())).where(
        Notice.state == NoticeState.SENT, Notice.closed_at > moment, Notice.kind.not_in(URGENT)
    )
    return db.session.scalar(counted) or 0


def _free(moment: datetime | BindParameter[datetime]) -> list[ColumnElement[bool]]:
    """Narrows to what is due and not on its way."""
    return [
        Notice.waiting(),
        Notice.due_at <= moment,
        or_(Notice.retry_at.is_(None), Notice.retry_at <= moment),
        or_(Notice.lease_until.is_(None), Notice.lease_until <= moment),
    ]


def _busy(moment: datetime) -> Select[str]:
    """Recipients of whom a mail is on its way, or must be tried again."""
    return select(Notice.recipient).where(
        Notice.state == NoticeState.WAITING, or_(Notice.retry_at > moment, Notice.lease_until > moment)
    )


def _served(moment: datetime) -> Select[str]:
    """Recipients who got as many mails within the hour as anybody gets."""
    return (
        select(Notice.recipient)
        .where(Notice.state == NoticeState.SENT, Notice.closed_at > moment - timedelta(hours=1))
        .group_by(Notice.recipient)
        .having(func.count(Notice.message_id.distinct()) >= RECIPIENT_PER_HOUR)
    )
