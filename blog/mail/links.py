"""What a mail's link may do: signed, for one action, and its page asks before anything happens.

A link holds all it needs and nothing is stored when it is made, so a mail that has to be rendered again has links that
do the same. Whoever holds one may use it: it names the moderator, the revision and the verdict, or the commenter's
address, and nothing else can be done with it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

from flask import current_app, url_for
from itsdangerous import BadSignature, Signer
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from blog.clock import EPOCH, MICROSECOND, now
from blog.database import Base, db
from blog.errors import Refused
from blog.moderation.verdicts import Verdict

DECIDE_DAYS = 7
CONFIRM_DAYS = 30  # as long as the address is not asked again


@dataclass(frozen=True)
class DecideLink:
    """One verdict by one moderator on one revision, once, until `until` (seconds since 1970)."""

    purpose: ClassVar[str] = "decide"

    verdict: str
    account_id: int
    comment_id: int
    revision_id: int
    until: int

    @classmethod
    def make(cls, verdict: Verdict, account_id: int, comment_id: int, revision_id: int, at: datetime) -> Self:
        return cls(str(verdict), account_id, comment_id, revision_id, _seconds(at + timedelta(days=DECIDE_DAYS)))


@dataclass(frozen=True)
class ConfirmLink:
    """The owner of an address wants the mails asked for, once, until `until` (seconds since 1970)."""

    purpose: ClassVar[str] = "confirm"

    address_id: int
    newest: int  # microseconds since 1970: when the last of the comments was sent that the mail was about
    until: int

    @classmethod
    def make(cls, address_id: int, newest_at: datetime, at: datetime) -> Self:
        return cls(address_id, (newest_at - EPOCH) // MICROSECOND, _seconds(at + timedelta(days=CONFIRM_DAYS)))

    @property
    def newest_at(self) -> datetime:
        """When that was: what was wished for a later comment was not asked."""
        return EPOCH + self.newest * MICROSECOND


@dataclass(frozen=True)
class LeaveLink:
    """No more mails of one wish, or all of an address. Works for as long as mails are there to be left."""

    purpose: ClassVar[str] = "leave"

    address_id: int
    choice_id: int  # the comment whose writer wished it
    kind: str  # "follows": no more new comments of this post; "all": nothing more about this comment


@dataclass(frozen=True)
class SubscribeLink:
    """The owner of an address wants what was asked for, once, until `until` (seconds since 1970)."""

    purpose: ClassVar[str] = "subscribe"

    address_id: int
    newest_id: int  # of the subscriptions that the mail was about
    until: int

    @classmethod
    def make(cls, address_id: int, newest_id: int, at: datetime) -> Self:
        return cls(address_id, newest_id, _seconds(at + timedelta(days=CONFIRM_DAYS)))


@dataclass(frozen=True)
class StopLink:
    """No more mails of one subscription. Works for as long as mails are there to be stopped."""

    purpose: ClassVar[str] = "stop"

    address_id: int
    subscription_id: int


@dataclass(frozen=True)
class SubscriptionsLink:
    """The page on which a subscriber changes what they get. Works as long as there is something to change."""

    purpose: ClassVar[str] = "subscriptions"

    address_id: int


@dataclass(frozen=True)
class StaffLeaveLink:
    """An account gets no more digests of one kind: "queue" or "own_posts". Emergencies still come."""

    purpose: ClassVar[str] = "staff"

    account_id: int
    kind: str


class SpentLink(Base):
    """A mail's link that has done its work, until it would have expired."""

    __tablename__ = "spent_links"

    hash: Mapped[str] = mapped_column(String(43), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def spend(cls, hash: str, expires_at: datetime) -> None:
        """Use up a link, in a transaction that locks it. Raises Refused when it was used before."""
        if cls.is_spent(hash):
            raise Refused("This link was used already.")
        db.session.add(cls(hash=hash, expires_at=expires_at))

    @classmethod
    def is_spent(cls, hash: str) -> bool:
        """Whether the link did its work before."""
        return db.session.get(cls, hash) is not None


SubscriberLink = SubscribeLink | StopLink | SubscriptionsLink
Link = DecideLink | ConfirmLink | LeaveLink | StaffLeaveLink | SubscriberLink
PURPOSES: dict[str, type[Link]] = {
    kind.purpose: kind
    for kind in (DecideLink, ConfirmLink, LeaveLink, StaffLeaveLink, SubscribeLink, StopLink, SubscriptionsLink)
}


def token_of(link: Link) -> str:
    """The secret part of the link's address: what it says, in plain words and numbers, and a signature over that."""
    said = (link.purpose, *(str(getattr(link, part.name)) for part in fields(link)))
    return _signer().sign("-".join(said)).decode()


def address_of(link: Link) -> str:
    """The whole address, for a mail."""
    return str(current_app.config["BLOG_SITE_URL"]) + url_for("mail.link", token=token_of(link))


def read(token: str) -> Link | None:
    """What the token allows; None when it was not made here. Whether its time is over says `is_expired`."""
    try:
        purpose, *said = _signer().unsign(token).decode().split("-")
        values: list[Any] = [int(word) if word.isdecimal() else word for word in said]
        link = PURPOSES[purpose](*values)
    except (BadSignature, UnicodeError, KeyError, TypeError):  # the last two: of another version of this site
        return None
    return link if token_of(link) == token else None  # a signature that is spelled otherwise would be a second link


def is_expired(link: Link) -> bool:
    """Whether it is too late to use it."""
    return isinstance(link, DecideLink | ConfirmLink | SubscribeLink) and link.until < _seconds(now())


def expires_at(link: DecideLink | ConfirmLink | SubscribeLink) -> datetime:
    """When it expires."""
    return datetime.fromtimestamp(link.until, UTC)


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="mail link", digest_method=hashlib.sha256)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
