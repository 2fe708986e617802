"""Mail: who wants which, what is owed to whom, and what became of it.

A verb notes an event in its transaction (blog/outbox.py). The worker turns it into notices, one for each person whom it
concerns, and sends them later, when it looks again whether they are still true. A notice is one thing to tell one
recipient; several of a kind that are due together go out as one mail.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    SmallInteger,
    String,
    Text,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from blog.accounts.models import Account
from blog.clock import now
from blog.comments.models import SENDER_COUNTED, Comment
from blog.database import Base, Sealed, db, enum_column, plain_write
from blog.errors import Refused
from blog.keys import SEALED, keyed_hash
from blog.mail.kinds import ONCE, QUESTIONS, About, Draft, NoticeKind, NoticeState
from blog.mail.preferences import PROBLEM_MAX_CHARS, Preference
from blog.mail.subscriptions import Subscription
from blog.posts.models import Post
from blog.prepared import is_among

ASK_AGAIN_DAYS = 30  # between two questions to one address whether it wants mail
WORDS_PAUSE_MINUTES = 10
QUESTIONS_PER_SENDER = 5  # addresses in a day that are asked because of one sender
SUBJECT_MAX_CHARS = 150


class Address(Base):
    """A reader's e-mail address, sealed, and kept only as long as a comment's writer or a subscriber wants mail there.

    The keyed hash outlives the address, so that nobody is asked twice within `ASK_AGAIN_DAYS`.
    """

    __tablename__ = "mail_addresses"
    __table_args__ = {"sqlite_autoincrement": True}  # links to leave name the number, and have no end

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(Sealed("mail address"))
    email_hash: Mapped[str] = mapped_column(String(43), unique=True)
    asked_at: Mapped[datetime | None]  # when it was last asked whether it wants mail
    confirmed_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]  # since the mail server refused it for good
    problem: Mapped[str] = mapped_column(String(PROBLEM_MAX_CHARS), default="")
    created_at: Mapped[datetime]

    choices: Mapped[list[Choice]] = relationship(viewonly=True, order_by="Choice.comment_id")

    @classmethod
    def kept(cls, email: str) -> Self:
        """The row of an address, made if it is new."""
        hashed = keyed_hash("mail address", email.strip().lower())
        wanted = select(cls).where(cls.email_hash == hashed).with_for_update()
        address = db.session.scalar(wanted)
        if address is None:
            try:
                with db.session.begin_nested():
                    db.session.add(cls(email=email.strip(), email_hash=hashed, problem="", created_at=now()))
            except IntegrityError:
                pass  # somebody else gave the same address in the same moment
            address = db.session.scalars(wanted).one()
        address.email = address.email or email.strip()  # spelled otherwise later: mails still go where they went
        return address

    @classmethod
    def seal_all(cls) -> None:
        """Write anew what is stored as it was typed."""
        readable = type_coerce(cls.email, Text).not_like(f"{SEALED}%")
        for address in db.session.scalars(select(cls).where(cls.email.is_not(None), readable)):
            flag_modified(address, "email")

    @property
    def may_be_asked(self) -> bool:
        """Whether the question may be sent: it is the only mail that an address gets unasked."""
        last = self.asked_at
        return self.suspended_at is None and (last is None or last <= now() - timedelta(days=ASK_AGAIN_DAYS))

    @property
    def asked_again_from(self) -> datetime:
        """When the question may be sent again."""
        return (self.asked_at or self.created_at) + timedelta(days=ASK_AGAIN_DAYS)

    @property
    def unconfirmed(self) -> list[Choice]:
        """The wishes that it was not asked about yet, or did not answer, in the order of their comments."""
        wishes = [choice for choice in self.choices if choice.confirmed_at is None]
        return sorted(wishes, key=lambda choice: choice.comment.created_at)

    def confirm(self, newest_at: datetime, chosen: Collection[int] | None = None) -> None:
        """Its owner wants the mails about the comments `chosen` from a list.

        Without a list: about those that were sent until then, and about others of the same senders.
        """
        self.confirmed_at = now()
        if chosen is not None:
            for choice in self.choices:
                if choice.comment_id in chosen:
                    choice.confirmed_at = choice.confirmed_at or now()
            return
        asked = [choice for choice in self.choices if choice.comment.created_at <= newest_at]
        senders = {choice.comment.sender_hash for choice in asked} - {None}
        for choice in self.choices:
            if choice in asked or choice.comment.sender_hash in senders:
                choice.confirmed_at = choice.confirmed_at or now()

    def leave(self) -> None:
        """Its owner wants nothing more: all wishes end, and the address is forgotten."""
        for choice in list(self.choices):
            choice.end()
        own = Subscription.address_id == self.id
        Notice.cancel(Notice.subscription_id.in_(select(Subscription.id).where(own)))
        db.session.execute(delete(Subscription).where(own))
        self.forget_if_unused()

    def forget_if_unused(self) -> None:
        """Blank the address when nobody wants mail there any more."""
        wanted = or_(exists().where(Choice.address_id == self.id), exists().where(Subscription.address_id == self.id))
        if not db.session.scalar(select(wanted)):
            self.email = None
            self.confirmed_at = None


class Choice(Base):
    """Which mails the writer of a comment asked for, and where to. Holds from the moment the address confirms it."""

    __tablename__ = "mail_choices"

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    address_id: Mapped[int] = mapped_column(ForeignKey("mail_addresses.id"), index=True)
    outcome: Mapped[bool] = mapped_column(default=True)  # published or declined
    answers: Mapped[bool] = mapped_column(default=True)  # to this comment
    follows: Mapped[bool] = mapped_column(default=False)  # new comments on this post
    confirmed_at: Mapped[datetime | None]

    address: Mapped[Address] = relationship()
    comment: Mapped[Comment] = relationship(viewonly=True)

    @classmethod
    def of(cls, comment: Comment) -> Self | None:
        """What the writer of `comment` asked for."""
        return db.session.scalar(select(cls).where(cls.comment_id == comment.id).options(joinedload(cls.address)))

    @classmethod
    def followers(cls, post_id: int) -> Select[Self]:
        """Who asked for new comments on a post, those who confirmed it first."""
        return (
            select(cls)
            .join(Comment, Comment.id == cls.comment_id)
            .where(Comment.post_id == post_id, cls.follows)
            .order_by(cls.confirmed_at.is_(None), cls.comment_id)
        )

    @classmethod
    def wish(
        cls, comment: Comment, email: str, outcome: bool = True, answers: bool = True, follows: bool = False
    ) -> Self:
        """The writer of `comment` asks for mails to `email`; the address is asked whether that is right.

        Not asked again is who wrote from the same place before and confirmed it then.
        """
        address = Address.kept(email)
        choice = cls.of(comment)
        if choice is not None and choice.address_id != address.id:
            choice.end()
            choice = None
        if choice is None:
            choice = cls(comment_id=comment.id, address_id=address.id)
            choice.confirmed_at = now() if cls._is_known(address, comment) else None
            db.session.add(choice)
        choice.outcome, choice.answers, choice.follows = outcome, answers, follows
        db.session.flush()
        if choice.confirmed_at is None and address.may_be_asked and not Notice.has_asked_many(comment):
            address.asked_at = now()
            Notice.ask(address, comment)
        return choice

    @classmethod
    def _is_known(cls, address: Address, comment: Comment) -> bool:
        """Whether the same sender had another comment's mails confirmed by this address."""
        if address.confirmed_at is None or comment.sender_hash is None:
            return False
        known = (
            select(cls.comment_id)
            .join(Comment, Comment.id == cls.comment_id)
            .where(
                cls.address_id == address.id, cls.confirmed_at.is_not(None), Comment.sender_hash == comment.sender_hash
            )
        )
        return db.session.scalar(known.limit(1)) is not None

    @classmethod
    def forget(cls, comment: Comment) -> None:
        """A comment is being erased: its writer's wish and address go with it, and what was still to be sent."""
        choice = cls.of(comment)
        if choice is not None:
            choice.end()
        Notice.cancel(
            and_(Notice.comment_id == comment.id, Notice.kind != NoticeKind.CONFIRM)
        )  # others may wait for it

    def unfollow(self) -> None:
        """No more mails about other comments on this post."""
        self.follows = False
        Notice.cancel(and_(Notice.choice_id == self.comment_id, Notice.kind == NoticeKind.FOLLOWED))
        if not (self.outcome or self.answers):
            self.end()

    def end(self) -> None:
        """No more mails for this wish."""
        address = self.address
        Notice.cancel(Notice.choice_id == self.comment_id)
        db.session.delete(self)
        db.session.flush()
        db.session.expire(address, ["choices"])
        address.forget_if_unused()


class Notice(Base):
    """One thing to tell one recipient, until it is sent."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (address_id IS NULL)", name="one_recipient"),
        Index("ix_notices_due", "state", "due_at", "id"),
        Index("ix_notices_recipient", "recipient", "state"),
        Index("ix_notices_kind", "state", "kind", "due_at"),  # whether anything urgent waits
        Index("ix_notices_closed", "state", "closed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind, "kind", 20))
    key: Mapped[str] = mapped_column(String(120), unique=True)  # the same event never reaches the same person twice
    recipient: Mapped[str] = mapped_column(String(30))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    address_id: Mapped[int | None] = mapped_column(ForeignKey("mail_addresses.id"), index=True)
    choice_id: Mapped[int | None] = mapped_column(
        ForeignKey("mail_choices.comment_id", ondelete="SET NULL"), index=True
    )
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscriptions.id", ondelete="SET NULL"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("comment_revisions.id", ondelete="CASCADE"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(
        String(SUBJECT_MAX_CHARS), default=""
    )  # these three of SECURITY, blanked when it is sent
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[NoticeState] = mapped_column(enum_column(NoticeState, "state", 12), default=NoticeState.WAITING)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(
        SmallInteger, default=0
    )  # that this recipient's mail server answered with "later"
    tried_at: Mapped[datetime | None]  # first
    retry_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]  # a worker has it
    closed_at: Mapped[datetime | None] = mapped_column()  # when it was sent, dropped or failed
    message_id: Mapped[str | None] = mapped_column(String(200))
    problem: Mapped[str] = mapped_column(String(PROBLEM_MAX_CHARS), default="")

    account: Mapped[Account | None] = relationship(viewonly=True)
    address: Mapped[Address | None] = relationship(viewonly=True)
    choice: Mapped[Choice | None] = relationship(viewonly=True)
    subscription: Mapped[Subscription | None] = relationship(viewonly=True)
    comment: Mapped[Comment | None] = relationship(viewonly=True)
    post: Mapped[Post | None] = relationship(viewonly=True)

    # Making

    @classmethod
    def draft(
        cls,
        kind: NoticeKind,
        about: About,
        account_id: int | None = None,
        choice: Choice | None = None,
        due_at: datetime | None = None,
    ) -> Draft:
        """A notice for an account, or for the address of a choice, to be owed."""
        address_id = choice.address_id if choice else None
        choice_id = choice.comment_id if choice else None
        key = f"{about.comment_id}" if kind in ONCE else f"{about.comment_id}:{about.revision_id}"
        return _draft(
            kind,
            key,
            account_id,
            address_id,
            due_at or now(),
            choice_id=choice_id,
            comment_id=about.comment_id,
            revision_id=about.revision_id,
            post_id=about.post_id,
        )

    @classmethod
    def draft_of_post(
        cls, kind: NoticeKind, key: str, subscription_id: int, address_id: int, post_id: int, due_at: datetime
    ) -> Draft:
        """A notice about an article for a subscriber, to be owed; `key` says what happened to it."""
        return _draft(kind, key, None, address_id, due_at, subscription_id=subscription_id, post_id=post_id)

    @classmethod
    def owe(cls, *drafts: Draft) -> None:
        """Store these notices, in a few statements however many they are: others wait to write.

        Who has heard of it already gets no second notice. Of what was undone or changed, and done again, they hear
        once: when the last time can no longer be undone.
        """
        wanted = {draft["key"]: draft for draft in drafts}
        known = dict(db.session.execute(select(cls.key, cls.state).where(cls.key.in_(list(wanted)))).all())
        connection = plain_write()
        new = [draft for key, draft in wanted.items() if key not in known]
        if new:
            connection.execute(_NEW, new)
        again = [draft for key, draft in wanted.items() if known.get(key) in (NoticeState.WAITING, NoticeState.DROPPED)]
        if again:
            names = ("key", "due_at", "choice_id", "subscription_id", "revision_id")
            connection.execute(_AGAIN, [{f"new_{name}": draft[name] for name in names} for draft in again])

    @classmethod
    def ask(cls, address: Address, comment: Comment) -> None:
        """Owe an address the question whether it wants mail about `comment`."""
        cls.owe(_draft(NoticeKind.CONFIRM, f"{now():%Y-%m-%d}", None, address.id, now(), comment_id=comment.id))

    @classmethod
    def warn(cls, flood_id: int, account_ids: Collection[int]) -> None:
        """Owe these accounts word of a flood of comments."""
        cls.owe(*(_draft(NoticeKind.FLOOD, f"{flood_id}", number, None, now()) for number in account_ids))

    @classmethod
    def ask_subscriber(cls, address: Address, newest_id: int) -> None:
        """Owe an address the question whether it wants what was asked for, the newest of which is this subscription."""
        cls.owe(_draft(NoticeKind.SUBSCRIBING, f"{newest_id}:{now():%Y-%m-%d}", None, address.id, now()))

    @classmethod
    def has_asked_many(cls, comment: Comment) -> bool:
        """Whether its writer had so many addresses asked within a day that no more are."""
        own = Comment.id == comment.id
        asked = (
            select(func.count())
            .select_from(cls)
            .join(Comment, Comment.id == cls.comment_id)
            .where(
                cls.kind == NoticeKind.CONFIRM,
                cls.created_at > now() - SENDER_COUNTED,
                or_(own, Comment.sender_hash == comment.sender_hash) if comment.sender_hash else own,
            )
        )
        return (db.session.scalar(asked) or 0) >= QUESTIONS_PER_SENDER

    @classmethod
    def send_words(cls, account: Account, subject: str, text: str, html: str) -> None:
        """Owe an account a mail that brings its own words, kept until it is sent."""
        words = {"subject": subject[:SUBJECT_MAX_CHARS], "text": text, "html": html}
        cls.owe(_draft(NoticeKind.SECURITY, secrets.token_urlsafe(12), account.id, None, now(), **words))

    @classmethod
    def brought_words_lately(cls, account: Account) -> bool:
        """Whether such a mail was owed to an account minutes ago: another one is not sent."""
        lately = cls.created_at > now() - timedelta(minutes=WORDS_PAUSE_MINUTES)
        owed = exists().where(cls.account_id == account.id, cls.kind == NoticeKind.SECURITY, lately)
        return bool(db.session.scalar(select(owed)))

    @classmethod
    def cancel(cls, condition: ColumnElement[bool]) -> None:
        """Send no more of the waiting notices that meet `condition`."""
        db.session.execute(
            update(cls)
            .where(condition, cls.state == NoticeState.WAITING)
            .values(state=NoticeState.DROPPED, closed_at=now(), subject="", text="", html="")
        )

    # Sending

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Narrows to what is owed and may be sent at all: nobody who did not confirm it, nobody who is suspended."""
        confirmed = or_(
            exists().where(Choice.comment_id == cls.choice_id, Choice.confirmed_at.is_not(None)),
            exists().where(Subscription.id == cls.subscription_id, Subscription.confirmed_at.is_not(None)),
        )
        refused = or_(
            exists().where(Address.id == cls.address_id, Address.suspended_at.is_not(None)),
            exists().where(Preference.account_id == cls.account_id, Preference.suspended_at.is_not(None)),
        )
        may = or_(cls.account_id.is_not(None), is_among(cls.kind, QUESTIONS), confirmed)
        return and_(cls.state == NoticeState.WAITING, may, ~refused)

    def suspend(self, problem: str) -> None:
        """The mail server refused this recipient for good: nothing more is sent there until somebody tries again."""
        kept: Address | Preference | None = self.address
        if self.account is not None:
            kept = Preference.kept(self.account)
        if kept is not None:
            kept.suspended_at = now()
            kept.problem = problem[:PROBLEM_MAX_CHARS]

    def try_again(self) -> None:
        """Somebody at the desk wants it sent after all."""
        if self.state != NoticeState.FAILED:
            raise Refused("This mail is not one that failed.")
        if self.kind == NoticeKind.SECURITY:
            raise Refused("Its words are not kept any more. Please ask for a new link.")
        self.state, self.problem = NoticeState.WAITING, ""
        self.tries, self.tried_at, self.retry_at, self.closed_at = 0, None, None, None
        for kept in (self.address, db.session.get(Preference, self.account_id) if self.account_id else None):
            if kept is not None:
                kept.suspended_at, kept.problem = None, ""


def _draft(
    kind: NoticeKind, key: str, account_id: int | None, address_id: int | None, due_at: datetime, **values: Any
) -> Draft:
    recipient = f"account:{account_id}" if account_id else f"address:{address_id}"
    nothing = {"choice_id": None, "subscription_id": None, "comment_id": None, "revision_id": None, "post_id": None}
    words = {"subject": "", "text": "", "html": ""}
    return {
        "kind": kind,
        "key": f"{kind}:{recipient}:{key}",
        "recipient": recipient,
        "account_id": account_id,
        "address_id": address_id,
        "created_at": now(),
        "due_at": due_at,
        "state": NoticeState.WAITING,
        "tries": 0,
        "problem": "",
        **nothing,
        **words,
        **values,
    }


_NEW = insert(Notice.__table__)  # type: ignore[arg-type]  # plain statements: they are written while others wait
_AGAIN = (
    update(Notice.__table__)  # type: ignore[arg-type]
    .where(
        Notice.__table__.c.key == bindparam("new_key"),
        or_(Notice.__table__.c.state == NoticeState.WAITING, Notice.__table__.c.state == NoticeState.DROPPED),
    )
    .values(
        due_at=bindparam("new_due_at"),
        choice_id=bindparam("new_choice_id"),
        subscription_id=bindparam("new_subscription_id"),
        revision_id=bindparam("new_revision_id"),
        tried_at=case((Notice.__table__.c.state == NoticeState.DROPPED, None), else_=Notice.__table__.c.tried_at),
        closed_at=None,
        state=NoticeState.WAITING,
    )
)
