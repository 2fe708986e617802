"""What became of notices that went out together, in a few statements however many they are: others wait to write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Update, func, select, update

from blog.clock import now
from blog.database import db
from blog.mail.kinds import NoticeState
from blog.mail.models import Notice
from blog.mail.preferences import PROBLEM_MAX_CHARS
from blog.mail.server import pause

GIVE_UP_DAYS = 3  # after the first attempt
IDS_A_STATEMENT = 500  # databases take only so many values in one


def among(ids: Sequence[int]) -> list[Notice]:
    """The notices with these numbers, in order."""
    return [
        notice
        for some in _pieces(ids)
        for notice in db.session.scalars(select(Notice).where(Notice.id.in_(some)).order_by(Notice.id))
    ]


def first_waiting(ids: Sequence[int]) -> Notice | None:
    """The first of them that was not closed meanwhile."""
    return next((notice for notice in among(ids) if notice.state == NoticeState.WAITING), None)


def close(ids: Sequence[int], state: NoticeState, message_id: str | None = None, problem: str = "") -> None:
    """Those that still wait are sent, or will never be."""
    for statement in _still_waiting(ids):
        _change(statement, **_closed(state, problem), message_id=message_id)


def put_off(ids: Sequence[int], problem: str) -> None:
    """The recipient's mail server says "later". Given up after GIVE_UP_DAYS."""
    _give_up(ids, problem)
    most = select(func.max(Notice.tries))
    tries = 1 + max(db.session.scalar(most.where(Notice.id.in_(some))) or 0 for some in _pieces(ids))
    retry_at = now() + pause(tries)  # one for all, so that they still go out together
    for statement in _still_waiting(ids):
        _change(statement, tries=tries, retry_at=retry_at, **_released(problem))


def release(ids: Sequence[int], problem: str) -> None:
    """Nobody could be reached, which says nothing of this recipient. Given up after GIVE_UP_DAYS."""
    _give_up(ids, problem)
    for statement in _still_waiting(ids):
        _change(statement, **_released(problem))


def _give_up(ids: Sequence[int], problem: str) -> None:
    long_ago = now() - timedelta(days=GIVE_UP_DAYS)
    values = _closed(NoticeState.FAILED, f"Given up after {GIVE_UP_DAYS} days: {problem}")
    for statement in _still_waiting(ids):
        _change(statement.where(Notice.tried_at < long_ago), **values)


def _closed(state: NoticeState, problem: str) -> dict[str, Any]:
    words = {"subject": "", "text": "", "html": ""}
    return {"state": state, "closed_at": now(), "retry_at": None, **_released(problem), **words}


def _released(problem: str) -> dict[str, Any]:
    return {"lease_until": None, "problem": problem[:PROBLEM_MAX_CHARS]}


def _still_waiting(ids: Sequence[int]) -> Iterator[Update]:
    for some in _pieces(ids):
        yield update(Notice).where(Notice.id.in_(some), Notice.state == NoticeState.WAITING)


def _change(statement: Update, **values: Any) -> None:
    db.session.execute(statement.values(**values).execution_options(synchronize_session=False))


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), IDS_A_STATEMENT):
        yield ids[start : start + IDS_A_STATEMENT]
