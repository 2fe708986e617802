"""Turns of requests that compute for milliseconds and then write, and one transaction for those that come together.

Python computes in one thread at a time anyhow. Without turns the others would take the interpreter from the one that
holds SQLite's write lock, for up to 5 ms at each of its statements, while everybody waits for it.

A transaction costs as much as all statements of a comment: its beginning and end, the same pages written again, and a
wait for the disk. So who is ready to write while others are still computing leaves that to the last of them, and goes
on when it is committed. Nobody's fate hangs on another's: who is refused before anything was changed learns so, and
if anything else goes wrong with one of several, nothing of them is stored, and each writes for itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Generic, TypeVar, cast

from flask import request
from sqlalchemy.exc import DBAPIError

from blog.database import BUSY_SECONDS, Shared, begin_write, db, plain_write, sharing
from blog.metering import meter

MOST = 8  # writes in one transaction: others wait for its end
PATIENCE_SECONDS = 0.25  # for the last of those that come, who may go on coming and write nothing

View = TypeVar("View", bound=Callable[..., Any])
Result = TypeVar("Result")


def in_turn(view: View) -> View:
    """For a view that computes and then writes, by `written`: on SQLite, one request at a time in each process.

    A turn begins when the whole form has arrived. Nothing relies on turns: who has waited for BUSY_SECONDS goes ahead.
    """

    @wraps(view)
    def turned(*args: Any, **kwargs: Any) -> Any:
        request.get_data(parse_form_data=True)  # it is kept in request.form
        if db.engine.dialect.name != "sqlite":
            return view(*args, **kwargs)
        with _turns.one():
            return view(*args, **kwargs)

    return cast(View, turned)


def written(write: Callable[[], Result], lock: str, may_share: bool = True) -> Result:
    """Begin a transaction as `begin_write` does, have `write` fill it, and commit; what `write` gave.

    Raises what it raises, and then nothing is stored. In a turn, if it `may_share`, the transaction may be that of
    several requests: `write` then runs in another one's thread and session, and a second time if that fails. So it
    must know all that it needs, give no objects of the session, and change nothing but the database.
    """
    turn = _turn.get()
    if turn is not None and may_share:
        mine = _Write(write)
        _turns.share(turn, mine)
        if mine.refusal is not None:
            raise mine.refusal
        if mine.is_done:
            return cast(Result, mine.result)
    begin_write(lock=lock)
    result = write()
    db.session.commit()
    return result


@dataclass(eq=False)
class _Turn:
    """One request's."""

    is_held: bool  # and nobody else's
    may_write: bool = True  # still


@dataclass(eq=False)
class _Write(Generic[Result]):
    """What one request has to write."""

    write: Callable[[], Result]
    result: Result | None = None
    is_done: bool = False  # and committed
    refusal: Exception | None = None  # its own, or that the database let nobody begin: no reason to try once more
    is_over: threading.Event = field(default_factory=threading.Event)  # done, or to be done by its own request


class _Turns:
    """Those of one process."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._guard = threading.RLock()  # of what follows
        self._coming = 0  # requests that wait for their turn or have it, and may still write
        self._left: list[_Write[Any]] = []  # by those that are ready, to the last of those that come

    @contextmanager
    def one(self) -> Iterator[None]:
        """The turn of a request."""
        with self._guard:
            self._coming += 1
        turn = _Turn(self._turn.acquire(timeout=BUSY_SECONDS))
        token = _turn.set(turn)
        try:
            yield
        finally:
            _turn.reset(token)
            try:
                self._write(self._goes(turn))  # it has nothing to write itself, but may have been the last that came
            finally:
                self._end(turn)

    def share(self, turn: _Turn, mine: _Write[Any]) -> None:
        """Have it done with those of others, or be the one that does them all. One alone is left undone."""
        due = self._goes(turn, mine)
        if mine not in due:
            db.session.rollback()  # what was read is done with
            self._end(turn)
            if not mine.is_over.wait(PATIENCE_SECONDS):
                self._write(self._take_left())
                mine.is_over.wait()  # somebody has it
        elif len(due) > 1:
            self._write(due)

    def _goes(self, turn: _Turn, mine: _Write[Any] | None = None) -> list[_Write[Any]]:
        """A request writes no more but `mine`; what it has to do for all, if it is the last, or enough are ready."""
        with self._guard:
            self._coming -= turn.may_write
            turn.may_write = False
            self._left += [mine] if mine else []
            if self._coming and len(self._left) < MOST:
                return []
            return self._take_left()  # at once: what is taken without `mine` would be nobody's

    def _take_left(self) -> list[_Write[Any]]:
        with self._guard:
            due, self._left = self._left, []
            return due

    def _end(self, turn: _Turn) -> None:
        if turn.is_held:
            turn.is_held = False
            self._turn.release()

    def _write(self, due: list[_Write[Any]]) -> None:
        """All in one transaction, or none."""
        if not due:
            return
        try:
            try:
                begin_write()
            except DBAPIError as error:
                for one in due:
                    one.refusal = error
                return
            with sharing() as shared:
                for one in due:
                    before = _changed_rows(shared)
                    try:
                        one.result = one.write()
                    except Exception as refusal:
                        if isinstance(refusal, DBAPIError) or _is_pending() or _changed_rows(shared) != before:
                            raise
                        one.refusal = refusal
            db.session.commit()
            for one in due:
                one.is_done = True
        except Exception:  # each finds out for itself what is wrong with its own
            db.session.rollback()
            meter.count("writes_apart")
        finally:
            for one in due:
                one.is_over.set()


def _changed_rows(shared: Shared) -> int:
    """By SQLite's connection of this transaction, since it was opened, and those that will be at its end."""
    driver: Any = plain_write().connection.driver_connection
    return cast(int, driver.total_changes) + sum(map(len, shared.values()))


def _is_pending() -> bool:
    """Whether objects of this session wait to be written."""
    session = db.session()
    return bool(session.new or session.dirty or session.deleted)


_turns = _Turns()
_turn: ContextVar[_Turn | None] = ContextVar("turn", default=None)
