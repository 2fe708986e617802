"""A mail server on this machine, and what tests of mails do again and again.

A test that asks for `server` has a site that sends its mails there; every other one has none.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import pytest
from flask import Flask, has_app_context

from blog.accounts.models import Account, Person
from blog.clock import now
from blog.comments.models import Comment
from blog.database import Base, begin_write, db
from blog.keys import keyed_hash
from blog.mail import claiming, outcomes
from blog.mail.jobs import send_mail
from blog.mail.kinds import NoticeKind
from blog.mail.letters import Letter
from blog.mail.models import Address, Choice, Notice
from blog.mail.preferences import Preference
from blog.mail.server import MailServer
from blog.mail.subscriptions import ALL_ARTICLES, HowOften, Subscription
from blog.mail.telling import next_steps
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from blog.outbox import Event
from blog.privacy import erasing
from blog.triage import Flag, FlagKind, Span
from tests.mail.servers import PostOffice, post_office

EMERGENCY = Flag(FlagKind.EMERGENCY, "chest_pain", [Span(0, 1, "I")], "Chest pain")
SPAM = Flag(FlagKind.SPAM, "links", [Span(0, 1, "I")], "Many links")
ADA, BEA = "ada@example.org", "bea@example.org"


@pytest.fixture
def server() -> Iterator[PostOffice]:
    """A mail server that takes everything, until it is told otherwise."""
    with post_office() as office:
        yield office


def in_context(method: Callable[..., Any]) -> Callable[..., Any]:
    """Use the test's app context if it has one, otherwise one of its own, out of which rows are taken."""

    @functools.wraps(method)
    def wrapper(self: Mailing, *args: Any, **values: Any) -> Any:
        if has_app_context():
            return method(self, *args, **values)
        with self.app.app_context():
            made = method(self, *args, **values)
            if isinstance(made, Base):
                db.session.refresh(made)
            db.session.expunge_all()
            return made

    return wrapper


def letter(to: str = ADA, **values: Any) -> Letter:
    """A mail that is ready to be sent."""
    made: dict[str, Any] = {
        "kind": NoticeKind.PUBLISHED,
        "subject": "Your comment is published",
        "text": "Words.\n",
        "html": "<p>Words.</p>\n",
        "message_id": "<published-1.abc@localhost>",
        "headers": {"Auto-Submitted": "auto-generated"},
        **values,
    }
    return Letter(to=to, **made)


def subscribe(email: str, confirmed: bool = True, **values: Any) -> None:
    """Somebody wants to hear of new articles at once, or as `values` say."""
    begin_write()
    address = Address.kept(email)
    made = {"topic": ALL_ARTICLES.name, "how_often": HowOften.INSTANT, "created_at": now(), **values}
    db.session.add(Subscription(address_id=address.id, confirmed_at=now() if confirmed else None, **made))
    db.session.commit()


def rows(model: type[Base]) -> Sequence[Any]:
    return db.session.scalars(db.select(model)).all()


def claimed(held_back: bool = False) -> list[Notice]:
    """The notices of the next mail, as a worker takes them."""
    due = claiming.next_due(held_back)
    if due is None:
        return []
    begin_write(lock="mail")
    ids = claiming.claim(due)
    db.session.commit()
    return outcomes.among(ids)


def claim() -> list[int]:
    """Their numbers."""
    return [one.id for one in claimed()]


class Mailing:
    """What people do with mails, each in a transaction of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @in_context
    def wish(self, comment: Comment, email: str = ADA, *, confirmed: bool = True, **wishes: bool) -> Choice:
        """The writer of `comment` asks for mails, and confirms it."""
        begin_write()
        choice = Choice.wish(db.session.get_one(Comment, comment.id), email, **wishes)
        if confirmed:
            choice.address.confirm(choice.comment.created_at)
            db.session.execute(
                db.delete(Notice).where(Notice.kind == NoticeKind.CONFIRM, Notice.address_id == choice.address_id)
            )  # as if it were long ago
        db.session.commit()
        return choice

    @in_context
    def prefer(self, account: Account, **wants: Any) -> None:
        """What an account chooses."""
        begin_write()
        kept = Preference.kept(db.session.get_one(Account, account.id))
        for name, value in wants.items():
            setattr(kept, name, value)
        db.session.commit()

    @in_context
    def author(self, account: Account, slug: str) -> None:
        """From now on `account` writes under the name `slug`."""
        begin_write()
        db.session.scalars(Person.with_slugs([slug])).one().account_id = account.id
        db.session.commit()

    @in_context
    def decide(
        self, comment: Comment, verdict: Verdict = Verdict.APPROVE, by: Account | None = None, reason: str = ""
    ) -> Decision:
        """Decide on the newest text of `comment`, whatever was decided before."""
        begin_write()
        fresh = db.session.get_one(Comment, comment.id, populate_existing=True)
        last = Decision.last_on([fresh.id]).get(fresh.id)
        seen = Seen(fresh.id, fresh.newest_revision_id or 0, last.id if last else 0)
        decision = Decision.make([seen], verdict, by, reason=reason)
        db.session.commit()
        return decision

    @in_context
    def undo(self, decision: Decision, by: Account) -> None:
        begin_write()
        db.session.get_one(Decision, decision.id).undo(db.session.get_one(Account, by.id))
        db.session.commit()

    @in_context
    def erase(self, comment: Comment) -> None:
        """As its writer does on the private page."""
        begin_write()
        fresh = db.session.get_one(Comment, comment.id)
        erasing.erase(fresh)
        db.session.commit()

    @in_context
    def tell(self, zone: tzinfo = UTC) -> list[Notice]:
        """Turn all events into notices; all notices there are, in order."""
        while steps := next_steps(zone):
            begin_write(lock="mail")
            for step in steps:
                step.take()
            db.session.commit()
        return self.notices()

    def send(self) -> None:
        """What the job worker does each minute."""
        with self.app.app_context():
            send_mail()

    @in_context
    def notices(self) -> list[Notice]:
        db.session.rollback()
        return list(db.session.scalars(db.select(Notice).order_by(Notice.id).execution_options(populate_existing=True)))

    @in_context
    def told(self) -> list[tuple[str, str]]:
        """Who has or had a notice of which kind, in order."""
        return [(str(one.kind), one.account.email if one.account else one.address.email) for one in self.notices()]

    @in_context
    def states(self) -> list[tuple[str, str]]:
        """What became of each notice, in order."""
        return [(str(one.kind), str(one.state)) for one in self.notices()]

    @in_context
    def events(self) -> list[Event]:
        db.session.rollback()
        return list(db.session.scalars(db.select(Event).order_by(Event.id)))

    @in_context
    def address(self, email: str = ADA) -> Address:
        db.session.rollback()
        hashed = keyed_hash("mail address", email)  # the address itself is stored sealed
        return db.session.scalars(db.select(Address).where(Address.email_hash == hashed)).one()

    @in_context
    def problem(self) -> str:
        """What the desk says of the mail server."""
        kept = MailServer.current()
        return kept.problem if kept else ""


@pytest.fixture
def mail(app: Flask) -> Mailing:
    return Mailing(app)


@pytest.fixture
def noon() -> datetime:
    """A moment at which nothing special happens: Wednesday, 13:30 UTC."""
    return datetime(2026, 6, 10, 13, 30, tzinfo=UTC)
