"""The worker's part: from events to notices, and from notices to mails. No transaction is open while a mail is sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from blog.clock import now
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.mail import claiming
from blog.mail.delivery import Carrier, NotNow, Refused, TryLater, carrier
from blog.mail.letters import letter_of
from blog.mail.models import Notice, NoticeState
from blog.mail.server import MailServer
from blog.mail.telling import take_events
from blog.pages.models import Site

LOCK = "mail"  # what is claimed is claimed by one worker at a time
RUN_SECONDS = 50  # of sending; the next tick goes on

log = structlog.get_logger("blog.mail")
_running = threading.Lock()


@jobs.every(minutes=1)
def send_mail() -> None:
    """Tell what happened, and send what is due. Woken for what is urgent; the tick finds what was left."""
    if not _running.acquire(blocking=False):
        return  # this process is at it; what is new it finds itself
    try:
        _deliver()
    finally:
        _running.release()


def _deliver() -> None:
    until = time.monotonic() + RUN_SECONDS
    base = current_app.config["BLOG_SITE_URL"]
    with carrier() as wire:
        while time.monotonic() < until:
            with current_app.test_request_context(base_url=base):  # for the addresses in it
                _tell()  # each time: an emergency must not wait for all that was due before it
                outcome = _one(wire)
            if outcome is None:
                return
            log.info("mail", **outcome)
            if outcome["outcome"] == NotNow.__name__:
                return


def _tell() -> None:
    """Turn what happened into notices."""
    found = True
    while found:
        begin_write(lock=LOCK)
        found = take_events(current_app.config["BLOG_TIME_ZONE"]) > 0
        db.session.commit()


def _one(wire: Carrier) -> dict[str, Any] | None:
    """Send the next mail; what became of it, for the log, or None when nothing is due."""
    begin_write(lock=LOCK)
    server = MailServer.current()
    if server is not None and server.is_resting:
        db.session.rollback()
        return None
    held_back = claiming.sent_since(now() - timedelta(hours=1)) >= Site.current().mails_per_hour
    ids = [notice.id for notice in claiming.claim(held_back)]
    db.session.commit()
    if not ids:
        return None

    notices = claiming.among(ids)
    kind = notices[0].kind
    letter, gone = None, set[int]()
    problem: Exception | None = None
    try:
        letter, untrue = letter_of(notices)
        gone = {notice.id for notice in untrue}
        db.session.rollback()  # what was read is done with: nothing is held while the mail is on its way
        if letter is not None:
            wire.send(letter)
    except (NotNow, TryLater, Refused) as error:
        problem = error
    except SQLAlchemyError:
        raise  # says nothing of the mail: after its lease it is tried again
    except Exception as error:  # a mail that cannot even be made must not stop all others
        log.exception("a mail could not be made", kind=str(kind))
        problem = Refused(f"It could not be made: {type(error).__name__}", address=False)

    begin_write(lock=LOCK)
    notices = claiming.among(ids)
    _note([notice for notice in notices if notice.id in gone], NoticeState.DROPPED)
    told = [notice for notice in notices if notice.id not in gone and notice.state == NoticeState.WAITING]
    server = MailServer.kept()
    match problem:
        case None:
            _note(told, NoticeState.SENT, letter.message_id if letter else None)
            if letter:
                server.worked()
        case NotNow():
            server.failed(str(problem))
            for notice in told:
                notice.release(str(problem))
        case TryLater():
            for notice in told:
                notice.put_off(str(problem))
        case Refused():
            if problem.address and told:
                told[0].suspend(str(problem))
            for notice in told:
                notice.close(NoticeState.FAILED, problem=str(problem))
    db.session.commit()
    outcome = type(problem).__name__ if problem else "sent" if letter else "dropped"
    return {"kind": str(kind), "notices": len(ids), "outcome": outcome}


def _note(notices: Sequence[Notice], state: NoticeState, message_id: str | None = None) -> None:
    for notice in notices:
        notice.close(state, message_id)
