"""What readers asked to be told by mail: new articles, new articles about something, corrections of one article."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple, Self

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from blog.anatomy.models import Entry
from blog.clock import now
from blog.database import Base, db, enum_column
from blog.mail.preferences import DIGEST_HOUR
from blog.posts.models import Post, PostEntry

PER_SENDER = 10  # subscriptions that one sender may ask for in a day
PER_ADDRESS = 50
SENDER_COUNTED = timedelta(days=1)


class HowOften(StrEnum):
    """How often a subscriber is written to."""

    INSTANT = "instant"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    def due(self, at: datetime, zone: tzinfo) -> datetime:
        """When what happened at `at` is told: at once, on the next Monday, or on the first of the next month."""
        if self == HowOften.INSTANT:
            return at
        morning = at.astimezone(zone).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
        if self == HowOften.WEEKLY:
            monday = morning - timedelta(days=morning.weekday())
            return monday if monday > at else monday + timedelta(days=7)
        first = morning.replace(day=1)
        return first if first > at else (first + timedelta(days=32)).replace(day=1)


class Topic(NamedTuple):
    """What somebody wants to hear of. `name` is the same for the same topic, for ever."""

    name: str
    entry_id: int | None = None
    post_id: int | None = None

    @classmethod
    def about(cls, entry: Entry) -> Self:
        """New articles about an entry of the vocabulary."""
        return cls(f"entry {entry.id}", entry_id=entry.id)

    @classmethod
    def corrections(cls, post: Post) -> Self:
        """Corrections of an article."""
        return cls(f"post {post.id}", post_id=post.id)


ALL_ARTICLES = Topic("articles")


class Subscription(Base):
    """One topic that the owner of an address wants to hear of. Holds from the moment they confirm it."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("address_id", "topic"),
        {"sqlite_autoincrement": True},  # links to stop name the number, and have no end
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("mail_addresses.id"))
    topic: Mapped[str] = mapped_column(String(30), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    how_often: Mapped[HowOften] = mapped_column(enum_column(HowOften, "how_often", 12), default=HowOften.INSTANT)
    confirmed_at: Mapped[datetime | None]
    sender_hash: Mapped[str | None] = mapped_column(String(43), index=True)  # who asked, for a day: for the limit
    created_at: Mapped[datetime]

    entry: Mapped[Entry | None] = relationship(viewonly=True)
    post: Mapped[Post | None] = relationship(viewonly=True)

    @property
    def is_of_corrections(self) -> bool:
        return self.post_id is not None

    @property
    def subject(self) -> str:
        """What it is about, in words that follow "You asked us to write to you about"."""
        if self.post is not None:
            return f"corrections of “{self.post.title}”"
        if self.entry is not None:
            return f"new articles on {self.entry.name.lower()}"
        return "new articles"

    def forget_sender(self) -> None:
        self.sender_hash = None

    # Queries

    @classmethod
    def of(cls, address_id: int) -> Select[Self]:
        """All of an address, the oldest first, with what they are about."""
        about = joinedload(cls.entry).joinedload(Entry.revision), joinedload(cls.post).joinedload(Post.revision)
        return select(cls).where(cls.address_id == address_id).options(*about).order_by(cls.id)

    @classmethod
    def on(cls, address_id: int, topic: Topic) -> Self | None:
        """That of an address on a topic."""
        return db.session.scalar(select(cls).where(cls.address_id == address_id, cls.topic == topic.name))

    @classmethod
    def interested_in(cls, post: Post) -> Select[int, int, HowOften]:
        """Id, address and how often, of who asked for new articles such as this one; those who asked first on top.

        Of an address there may be several.
        """
        subjects = select(PostEntry.entry_id).where(PostEntry.post_id == post.id)
        wanted = or_(cls.topic == ALL_ARTICLES.name, cls.entry_id.in_(subjects))
        return (
            select(cls.id, cls.address_id, cls.how_often).where(wanted, cls.confirmed_at.is_not(None)).order_by(cls.id)
        )

    @classmethod
    def to_corrections_of(cls, post: Post) -> Select[int, int]:
        """Id and address of who asked to be told when this article is corrected."""
        mine = cls.topic == Topic.corrections(post).name
        return select(cls.id, cls.address_id).where(mine, cls.confirmed_at.is_not(None)).order_by(cls.id)

    @classmethod
    def asked_by(cls, sender_hash: str) -> int:
        """How many a sender has asked for within a day."""
        lately = cls.sender_hash == sender_hash, cls.created_at > now() - SENDER_COUNTED
        return db.session.scalar(select(func.count()).select_from(cls).where(*lately)) or 0

    @classmethod
    def confirmed(cls) -> int:
        """How many there are, for the desk."""
        return db.session.scalar(select(func.count()).select_from(cls).where(cls.confirmed_at.is_not(None))) or 0

    @classmethod
    def unconfirmed(cls, before: datetime) -> Select[Self]:
        """What was asked for before then and never confirmed."""
        return select(cls).where(cls.confirmed_at.is_(None), cls.created_at < before)

    @classmethod
    def with_sender(cls, before: datetime) -> Select[Self]:
        """What was asked for before then and still says by whom."""
        return select(cls).where(cls.sender_hash.is_not(None), cls.created_at < before)
