"""The worker's part: from events to notices, and from notices to mails. No transaction is open while a mail is sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from blog.clock import now
from blog.comments.floods import Flood
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.mail import claiming, outcomes
from blog.mail.delivery import Carrier, Never, NotNow, TryLater, carrier
from blog.mail.kinds import NoticeState
from blog.mail.letters import Letter, letter_of
from blog.mail.models import Address, Notice
from blog.mail.server import MailServer
from blog.mail.telling import next_steps, tell_of_floods
from blog.metering import meter
from blog.outbox import Event
from blog.pages.models import Site

LOCK = "mail"  # what is claimed is claimed by one worker at a time
RUN_SECONDS = 50  # of sending; the next tick goes on
PAUSES = 3  # times as long as SQLite's write lock was held it is left to others
LONGEST_PAUSE_SECONDS = 0.02
NEWS_SHARE = 0.8  # of the mails of an hour, at most, go to subscribers: the rest is left to answers and moderators
CLAIMS = 10  # that may fail in a row, because another worker was faster, before the next tick

log = structlog.get_logger("blog.mail")
_running = threading.Lock()


@jobs.every(minutes=1)
@jobs.when(lambda: Flood.untold().with_only_columns(Flood.id), Event.untold, claiming.due)
def send_mail() -> None:
    """Tell what happened, and send what is due. Woken for what is urgent; the tick finds what was left."""
    if not _running.acquire(blocking=False):
        return  # this process is at it; what is new it finds itself
    try:
        _deliver()
    finally:
        _running.release()


@jobs.daily
def seal_addresses() -> None:
    """Seal the addresses that an older version of this site kept readable."""
    begin_write()
    Address.seal_all()
    db.session.commit()


def _deliver() -> None:
    until = time.monotonic() + RUN_SECONDS
    base = current_app.config["BLOG_SITE_URL"]
    with carrier() as wire:
        while time.monotonic() < until:
            with current_app.test_request_context(base_url=base):  # for the addresses in it
                tell()  # each time: an emergency must not wait for all that was due before it
                outcome = _one(wire)
            if outcome is None:
                return
            log.info("mail", **outcome)
            if outcome["outcome"] == NotNow.__name__:
                return


@contextmanager
def _writing() -> Iterator[None]:
    """One short transaction, and on SQLite a pause after it.

    SQLite has no queue: who waits for its write lock looks again from time to time, ever more rarely. A worker that
    takes the lock again at once would hardly let anybody in.
    """
    begin_write(lock=LOCK)
    began = time.monotonic()
    yield
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        time.sleep(min(PAUSES * (time.monotonic() - began), LONGEST_PAUSE_SECONDS))


def tell() -> None:
    """Turn what happened into notices."""
    if db.session.scalar(Flood.untold().limit(1)):
        with _writing():
            tell_of_floods()
    zone = current_app.config["BLOG_TIME_ZONE"]
    has_failed = False
    while steps := next_steps(zone):
        try:
            for step in steps:
                with _writing():
                    step.take()
        except IntegrityError:  # somebody left, or a text was erased, since it was read: read it again
            db.session.rollback()
            if has_failed:
                raise
            has_failed = True


@dataclass(frozen=True)
class _Sent:
    """What came of trying to send some notices together."""

    letter: Letter | None  # none when nothing of it was true any more
    gone: set[int]  # those that were not
    problem: Exception | None = None


def _one(wire: Carrier) -> dict[str, Any] | None:
    """Send the next mail; what became of it, for the log, or None when nothing is due."""
    ids = _claimed()
    if not ids:
        return None
    notices = outcomes.among(ids)
    kind = str(notices[0].kind)
    sent = _hand_over(wire, notices)
    with _writing():
        _note(ids, sent)
    outcome = type(sent.problem).__name__ if sent.problem else "sent" if sent.letter else "dropped"
    meter.count("mails", outcome=outcome)
    return {"kind": kind, "notices": len(ids), "outcome": outcome}


def _claimed() -> list[int]:
    """The notices of the next mail; none when nothing is due, or the mail server is left alone."""
    for _ in range(CLAIMS):
        server = MailServer.current()
        sent, most = claiming.sent_since(now() - timedelta(hours=1)), Site.current().mails_per_hour
        is_resting = server is not None and server.is_resting
        due = None if is_resting else claiming.next_due(sent >= most, sent >= NEWS_SHARE * most)
        db.session.rollback()
        if due is None:
            return []
        with _writing():
            ids = claiming.claim(due)
        if ids:
            return ids
    return []


def _hand_over(wire: Carrier, notices: list[Notice]) -> _Sent:
    letter, gone = None, set[int]()
    problem: Exception | None = None
    try:
        letter, untrue = letter_of(notices)
        gone = {notice.id for notice in untrue}
        db.session.rollback()  # what was read is done with: nothing is held while the mail is on its way
        if letter is not None:
            wire.send(letter)
    except (NotNow, TryLater, Never) as error:
        problem = error
    except SQLAlchemyError:
        raise  # says nothing of the mail: after its lease it is tried again
    except Exception as error:  # a mail that cannot even be made must not stop all others
        log.exception("a mail could not be made", kind=str(notices[0].kind))
        problem = Never(f"It could not be made: {type(error).__name__}", address=False)
    return _Sent(letter, gone, problem)


def _note(ids: list[int], sent: _Sent) -> None:
    """Write down what became of the notices. Nothing changes for those that were closed meanwhile."""
    outcomes.close(sorted(sent.gone), NoticeState.DROPPED)
    told = [number for number in ids if number not in sent.gone]
    match sent.problem:
        case None if sent.letter:
            outcomes.close(told, NoticeState.SENT, sent.letter.message_id)
            MailServer.kept().worked()
        case NotNow():
            MailServer.kept().failed(str(sent.problem))
            outcomes.release(told, str(sent.problem))
        case TryLater():
            outcomes.put_off(told, str(sent.problem))
        case Never():
            first = outcomes.first_waiting(told)
            if sent.problem.address and first:
                first.suspend(str(sent.problem))
            outcomes.close(told, NoticeState.FAILED, problem=str(sent.problem))
