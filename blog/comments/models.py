"""Comments: revisions, the pointer to the public one, and every rule of who sees what.

`Comment.visible()` is the one definition of "public". Nothing here approves anything: only a moderator's decision
(blog/moderation) sets the pointer.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from functools import cache
from typing import Any, NamedTuple, Self

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Insert,
    Integer,
    Select,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Update,
    and_,
    bindparam,
    delete,
    distinct,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import (
    Mapped,
    aliased,
    contains_eager,
    joinedload,
    make_transient_to_detached,
    mapped_column,
    relationship,
)
from sqlalchemy.sql.dml import ReturningInsert

from blog.accounts.models import Account
from blog.clock import now
from blog.comments.bans import Ban
from blog.database import Base, UTCDateTime, db, enum_column, plain_write
from blog.errors import Refused
from blog.journal import EDIT, LogEntry
from blog.keys import keyed_hash, look_up_hash
from blog.network import neighbourhood
from blog.outbox import Event, EventKind
from blog.pagecache import changed, changes
from blog.pages.models import Site
from blog.posts.models import Post, PostRevision, PostSlug
from blog.revisions import append_only
from blog.text.characters import clean_line, clean_text
from blog.text.comments import comment_html
from blog.text.plain import plain
from blog.text.sanitising import HTML_VERSION
from blog.triage import Flag, Kind, Span, bands, signature

BIGGEST_ID = 2**63 - 1  # SQLite cannot even be asked for more
THREADS_PER_PAGE = 50  # comments on the article itself, with all replies to them


class State(StrEnum):
    """What became of a comment's newest revision. It never decides what is shown: the pointer does."""

    PENDING = "pending"
    HELD = "held"
    APPROVED = "approved"
    REJECTED = "rejected"
    SPAM = "spam"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


AWAITING = (State.PENDING, State.HELD)  # a moderator still has to decide
GONE = (State.WITHDRAWN, State.ERASED)  # its writer took it back


class Urgency(IntEnum):
    """How soon a moderator should look: the order of the queue."""

    EMERGENCY = 0
    NORMAL = 1
    LIKELY_SPAM = 2

    @classmethod
    def of(cls, flags: Sequence[Flag] | Sequence[CommentFlag]) -> Urgency:
        """What triage found decides; an emergency outweighs everything."""
        kinds = {flag.kind for flag in flags}
        if Kind.EMERGENCY in kinds:
            return cls.EMERGENCY
        return cls.LIKELY_SPAM if Kind.SPAM in kinds else cls.NORMAL


COUNTED = timedelta(days=1)  # the longest time over which anything of one sender is counted
SELF_HARM = "self_harm"  # the rule of triage whose writers are shown crisis lines


@dataclass(frozen=True)
class Alarm:
    """A text that may not wait for a moderator: what its writer is told at once."""

    body: bool  # something that an ambulance or a doctor should see
    crisis: bool  # thoughts of suicide or self-harm

    @classmethod
    def of(cls, flags: Sequence[Flag] | Sequence[CommentFlag]) -> Self | None:
        """None when nothing alarming was found."""
        rules = {flag.rule for flag in flags if flag.kind == Kind.EMERGENCY}
        return cls(bool(rules - {SELF_HARM}), SELF_HARM in rules) if rules else None


def state_column(name: str) -> Enum:
    """The type of a column that holds a state, checked by the database under the column's `name`."""
    return enum_column(State, name, 12)


class CannotAnswer(Refused):
    """The comment that a reader wants to answer cannot be answered by readers; the message says why."""


class TooMany(Exception):
    """One sender sent more than the limit; `minutes` is how long to wait."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"wait {minutes} minutes")
        self.minutes = minutes


@dataclass(frozen=True)
class Words:
    """A name and a text, cleaned and rendered. Made before any transaction, because it takes milliseconds."""

    name: str
    body: str
    html: str
    signature: tuple[int, ...] | None = None  # for finding nearly equal texts; tells nothing about the words

    @classmethod
    def prepare(cls, name: str, body: str) -> Self:
        """Clean what was typed; what is stored and decided on is what is left."""
        text = clean_text(body)
        return cls(clean_line(name), text, comment_html(text), signature(text))

    @property
    def say_something(self) -> bool:
        """Whether anything is left to read: "[]()" is a link without words."""
        return bool(self.name and plain(self.html).strip())

    def digest(self, parent_id: int | None) -> str:
        """Keyed digest over everything a moderator approves: name, text, place."""
        return keyed_hash("comment revision", self.name, self.body, parent_id or "")


@dataclass(frozen=True)
class Sender:
    """Who sent a comment, as far as the site wants to know: keyed hashes, never an address."""

    hash: str
    email_hash: str
    network_hash: str = ""

    @classmethod
    def of(cls, network: str, email: str) -> Self:
        """`network` is an IPv4 address or an IPv6 /64."""
        return cls(
            keyed_hash("sender", network),
            keyed_hash("email", email.strip().lower()) if email else "",
            keyed_hash("network", neighbourhood(network)),
        )


_PUBLIC = text("public_revision_id IS NOT NULL")


class Comment(Base):
    """A reader's comment or a team's reply. Pending from birth; shown only through `public_revision`."""

    __tablename__ = "comments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["public_revision_id", "id"], ["comment_revisions.id", "comment_revisions.comment_id"],
            name="fk_comments_public_revision", use_alter=True,
        ),
        ForeignKeyConstraint(
            ["newest_revision_id", "id"], ["comment_revisions.id", "comment_revisions.comment_id"],
            name="fk_comments_newest_revision", use_alter=True,
        ),
        Index("ix_comments_thread", "post_id", "root_id", "id"),
        Index("ix_comments_queue", "state", "created_at", "id"),
        Index("ix_comments_public", "post_id", "root_id", "id", sqlite_where=_PUBLIC, postgresql_where=_PUBLIC),
        Index("ix_comments_feed", "post_id", "id", sqlite_where=_PUBLIC, postgresql_where=_PUBLIC),
        Index("ix_comments_newest", "id", sqlite_where=_PUBLIC, postgresql_where=_PUBLIC),
        Index("ix_comments_sender", "sender_hash", "created_at"),
        Index("ix_comments_urgency", "state", "urgency", "created_at", "id"),
        Index("ix_comments_personal_data", "has_personal_data", "state", "urgency", "created_at", "id"),
        Index("ix_comments_advice", "has_advice", "state", "urgency", "created_at", "id"),
        Index("ix_comments_history", "sender_hash", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))  # first comment of its thread, maybe itself
    state: Mapped[State] = mapped_column(state_column("state"), default=State.PENDING)
    newest_revision_id: Mapped[int | None]
    public_revision_id: Mapped[int | None]
    is_team: Mapped[bool] = mapped_column(default=False)  # a reply from the team
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # who of the team wrote it
    secret: Mapped[str] = mapped_column(String(43))  # the random key its link is made from
    link_hash: Mapped[str] = mapped_column(String(43), unique=True)
    urgency: Mapped[int] = mapped_column(  # this and what was found, of the newest revision, so that queues are quick
        SmallInteger, default=Urgency.NORMAL, server_default=text("1")
    )
    has_personal_data: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_advice: Mapped[bool] = mapped_column(default=False, server_default=false())
    sender_hash: Mapped[str | None] = mapped_column(String(43))
    network_hash: Mapped[str | None] = mapped_column(String(43))  # of the sender's /24 or /48
    duplicate_hash: Mapped[str | None] = mapped_column(String(43), index=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]  # when a moderator last decided
    closed_at: Mapped[datetime | None]  # when it was withdrawn or erased

    post: Mapped[Post] = relationship(viewonly=True)
    newest: Mapped[CommentRevision] = relationship(
        foreign_keys="Comment.newest_revision_id",
        primaryjoin="Comment.newest_revision_id == CommentRevision.id",
        viewonly=True,
    )
    public: Mapped[CommentRevision | None] = relationship(
        foreign_keys="Comment.public_revision_id",
        primaryjoin="Comment.public_revision_id == CommentRevision.id",
        viewonly=True,
    )
    account: Mapped[Account | None] = relationship(viewonly=True)

    # Questions

    @property
    def token(self) -> str:
        """The secret part of its writer's link; made again for a duplicate or a later mail."""
        return keyed_hash("comment link", self.secret)

    @property
    def is_waiting(self) -> bool:
        """Whether a moderator still has to decide."""
        return self.state in AWAITING

    @property
    def is_gone(self) -> bool:
        """Whether its writer took it back."""
        return self.state in GONE

    @property
    def may_be_edited(self) -> bool:
        """Whether its writer may change it now."""
        return not self.why_not_edited

    @property
    def why_not_edited(self) -> str:
        """Why its writer may not change it now; empty when they may."""
        site = Site.current()
        if self.is_gone or self.is_team:
            return "This comment can no longer be changed."
        if self.state in (State.REJECTED, State.SPAM):
            return "A moderator has decided about this text. You may write a new comment."
        if not self.post.accepts_comments:
            return "This article is closed for comments, so the text stays as it is."
        if not site.edit_minutes:
            return "Comments cannot be changed on this site. You can withdraw this one and write again."
        if self.state not in AWAITING and now() >= self.created_at + site.edit_window:
            minutes = site.edit_minutes
            return f"A published comment can be changed for {minutes} minutes after it was sent. That time is over."
        return ""

    # Queries

    @classmethod
    def visible(cls) -> Select[Self]:
        """Comments with a public revision, on published posts: all the public may read. Unordered."""
        return select(cls).join(cls.post).where(cls.public_revision_id.is_not(None), Post.is_published)

    @classmethod
    def visible_on(cls, post_id: int | ColumnElement[int]) -> Select[*tuple[Any, ...]]:
        """What the public comments of a post show, as rows for `Shown`: thread by thread, oldest first."""
        return (
            cls.visible()
            .where(cls.post_id == post_id)
            .join(cls.public)
            .with_only_columns(
                cls.id, cls.parent_id, cls.root_id, cls.is_team, cls.is_sample, cls.created_at,
                CommentRevision.name, CommentRevision.html,
            )
            .order_by(cls.root_id, cls.id)
        )  # fmt: skip

    @classmethod
    def latest(cls) -> Select[Self]:
        """Public comments, newest first, with what they show. For feeds."""
        return (
            cls.visible()
            .options(joinedload(cls.public), joinedload(cls.account), joinedload(cls.post).joinedload(Post.revision))
            .order_by(cls.id.desc())
        )

    @classmethod
    def count_on(cls, post: Post) -> int:
        """How many public comments a post has."""
        visible = cls.visible().where(cls.post_id == post.id).subquery()
        return db.session.scalar(select(func.count()).select_from(visible)) or 0

    @classmethod
    def under_link(cls, token: str) -> Select[Self]:
        """The comment whose secret link holds `token`, with its post and newest revision."""
        return (
            select(cls)
            .where(cls.link_hash == look_up_hash(token))
            .options(joinedload(cls.newest), joinedload(cls.post).joinedload(Post.revision))
        )

    @classmethod
    def in_state(cls, *states: State) -> Select[Self]:
        """Comments in these states with all a moderator needs, oldest first. For staff and commands."""
        return (
            select(cls)
            .join(cls.newest)
            .where(cls.state.in_(states))
            .options(
                joinedload(cls.newest).selectinload(CommentRevision.flags),
                joinedload(cls.account),
                joinedload(cls.post).joinedload(Post.revision),
            )
            .order_by(cls.created_at, cls.id)
        )

    @classmethod
    def for_desk(cls) -> Select[Self]:
        """Comments with all that a card at the desk shows, in every state. Unordered. For staff."""
        return (
            select(cls)
            .join(cls.newest)
            .options(
                contains_eager(cls.newest).selectinload(CommentRevision.flags),
                joinedload(cls.account),
                joinedload(cls.post).joinedload(Post.revision),
            )
        )

    @classmethod
    def numbers(cls, narrowed: Mapping[str, Sequence[ColumnElement[bool]]], most: int | None) -> dict[str, int]:
        """How many comments meet each list of conditions, counted to `most` + 1 and no further. For staff."""
        columns = []
        for name, conditions in narrowed.items():
            found = select(cls.id).where(*conditions)
            found = found if most is None else found.limit(most + 1)
            columns.append(select(func.count()).select_from(found.subquery()).scalar_subquery().label(name))
        return dict(db.session.execute(select(*columns)).mappings().one()) if columns else {}

    @classmethod
    def histories(cls, sender_hashes: Collection[str]) -> dict[str, dict[State, int]]:
        """What was decided on the comments of these senders, by state. For staff."""
        found: dict[str, dict[State, int]] = {}
        if sender_hashes:
            rows = db.session.execute(
                select(cls.sender_hash, cls.state, func.count())
                .where(cls.sender_hash.in_(sender_hashes), cls.state.in_((State.APPROVED, State.REJECTED, State.SPAM)))
                .group_by(cls.sender_hash, cls.state)
            )
            for sender, state, count in rows:
                found.setdefault(str(sender), {})[state] = count
        return found

    @classmethod
    def matching(cls, query: str) -> ColumnElement[bool]:
        """Narrows `in_state` to comments whose newest name or text holds `query`."""
        pattern = "%" + query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        return or_(CommentRevision.body.ilike(pattern, escape="\\"), CommentRevision.name.ilike(pattern, escape="\\"))

    @classmethod
    def found_by(cls, rule: str) -> ColumnElement[bool]:
        """Narrows to comments in whose newest version this rule of triage found something."""
        return cls.newest_revision_id.in_(select(CommentFlag.revision_id).where(CommentFlag.rule == rule))

    @classmethod
    def subject(cls, slug: str) -> Subject | None:
        """What the published post under a slug is about."""
        found = db.session.connection().execute(_subject(), {"slug": slug}).one_or_none()
        return Subject._make(found) if found else None

    @classmethod
    def post_for(cls, slug: str) -> Post | None:
        """The published post under a slug, to be commented; it stays as it is until the transaction ends."""
        return db.session.scalar(_locked_post(), {"slug": slug})

    @classmethod
    def answered(cls, post: Post, parent_id: int | None) -> Self | None:
        """The comment of `post` that a reader wants to answer, if there is one and readers may."""
        if parent_id is None:
            return None
        try:
            return cls._answerable(post, parent_id, lock=False)
        except CannotAnswer:
            return None

    @classmethod
    def parents_of(cls, comments: Sequence[Comment]) -> dict[int, Comment]:
        """The comments that these answer, whatever their state. For staff."""
        wanted = {comment.parent_id for comment in comments if comment.parent_id}
        found = db.session.scalars(select(cls).where(cls.id.in_(wanted)).options(joinedload(cls.newest)))
        return {comment.id: comment for comment in found} if wanted else {}

    @classmethod
    def same_answer(cls, parent: Comment, words: Words, account: Account) -> Select[Self]:
        """Public replies to `parent` in which this account says these words already."""
        said = cls.public.has(CommentRevision.digest == words.digest(parent.id))
        return cls.visible().where(cls.parent_id == parent.id, cls.account_id == account.id, said).order_by(cls.id)

    @classmethod
    def counts(cls) -> dict[State, int]:
        """How many comments are in each state. For staff."""
        rows = db.session.execute(select(cls.state, func.count()).group_by(cls.state))
        found: dict[State, int] = dict(rows.all())
        return {state: found.get(state, 0) for state in State}

    @classmethod
    def with_sender_before(cls, moment: datetime) -> Select[Self]:
        """Comments from before `moment` that still hold the hashes of who sent them. For retention."""
        return select(cls).where(
            or_(cls.sender_hash.is_not(None), cls.duplicate_hash.is_not(None), cls.network_hash.is_not(None)),
            cls.created_at < moment,
        )

    @classmethod
    def erased_with_sender_before(cls, moment: datetime) -> Select[Self]:
        """Erased comments from before `moment` that still hold the hash of who sent them. For retention."""
        return select(cls).where(cls.state == State.ERASED, cls.sender_hash.is_not(None), cls.created_at < moment)

    @classmethod
    def declined_before(cls, moment: datetime) -> Select[Self]:
        """Rejected and spam comments decided before `moment` whose text is still kept. For retention."""
        return cls._kept_text().where(cls.state.in_((State.REJECTED, State.SPAM)), cls.decided_at < moment)

    @classmethod
    def withdrawn_before(cls, moment: datetime) -> Select[Self]:
        """Comments withdrawn before `moment` whose text is still kept. For retention."""
        return cls._kept_text().where(cls.state == State.WITHDRAWN, cls.closed_at < moment)

    @classmethod
    def _kept_text(cls) -> Select[Self]:
        return select(cls).join(cls.newest).where(CommentRevision.erased_at.is_(None), cls.public_revision_id.is_(None))

    @property
    def page_number(self) -> int:
        """The page of its post's comments it stands on, from 1."""
        before = (
            type(self).visible().where(Comment.post_id == self.post_id, Comment.root_id < self.root_id)
            .with_only_columns(func.count(distinct(Comment.root_id)))
        )  # fmt: skip
        return (db.session.scalar(before) or 0) // THREADS_PER_PAGE + 1

    # Verbs

    @classmethod
    def submit(
        cls,
        post: Post,
        words: Words,
        sender: Sender,
        shown: tuple[int | None, int | None],
        flags: Sequence[Flag] = (),
        parent_id: int | None = None,
    ) -> tuple[Self, bool]:
        """Store a reader's comment as pending: the comment, and whether it is new.

        The same undecided text by the same sender within minutes is the same comment. `shown` are the revisions of
        the disclaimer and the comment policy that the form showed; `flags` are what triage found; `parent_id` is the
        comment that it answers. Call inside `begin_write(lock=…sender…)` with `post` read in that transaction.
        Raises Refused when the post is closed, CannotAnswer, Banned, and TooMany beyond the limit.
        """
        if not post.accepts_comments:
            raise Refused("This article was closed for comments while you were writing.")
        site = Site.current()
        duplicate = keyed_hash(
            "duplicate", post.id, sender.hash, sender.email_hash, words.name, words.body, parent_id or ""
        )
        about = {
            "sender": sender.hash,
            "network": sender.network_hash,
            "duplicate": duplicate,
            "same_from": now() - timedelta(minutes=site.duplicate_minutes),
            "counted_from": now() - site.comment_window,
        }
        banned_until, same_id, recent = plain_write().execute(_standing(), about).one()
        Ban.refuse_until(banned_until)
        parent = cls._answerable(post, parent_id, lock=True) if parent_id is not None else None
        if same_id is not None:
            return db.session.get_one(cls, same_id), False
        if recent >= site.comment_limit:
            raise TooMany(site.comment_limit_minutes)
        comment = cls._new(
            post, words, parent, shown, flags=flags,
            sender_hash=sender.hash, network_hash=sender.network_hash, duplicate_hash=duplicate,
        )  # fmt: skip
        Event.note(EventKind.SUBMITTED, comment_id=comment.id, revision_id=comment.newest_revision_id)
        return comment, True

    def revise(self, words: Words, sender: Sender, flags: Sequence[Flag] = ()) -> bool:
        """Its writer changes it: a new revision waits for a moderator, an approved one stays public meanwhile.

        False when the words are what they were. Call inside `begin_write(lock=…its own…)` with the comment read and
        locked in that transaction. Raises Refused, Banned, and TooMany after as many changes as comments are allowed.
        """
        if self.why_not_edited:
            raise Refused(self.why_not_edited)
        Ban.refuse(sender.hash, sender.network_hash)
        before = db.session.get_one(CommentRevision, self.newest_revision_id)
        if words.digest(self.parent_id) == before.digest:
            return False
        site = Site.current()
        recent = db.session.scalar(
            select(func.count()).where(
                CommentRevision.comment_id == self.id, CommentRevision.created_at > now() - site.comment_window
            )
        )
        if (recent or 0) > site.comment_limit:
            raise TooMany(site.comment_limit_minutes)
        self._add_revision(words, (before.disclaimer_revision_id, before.policy_revision_id), now(), flags)
        self.state = State.PENDING
        Event.note(EventKind.SUBMITTED, comment_id=self.id, revision_id=self.newest_revision_id)
        LogEntry.note(EDIT, None, comment_id=self.id, revision_id=self.newest_revision_id)
        return True

    @classmethod
    def answer(cls, parent: Comment, words: Words, account: Account | None, at: datetime | None = None) -> Self:
        """A team's reply, pending until its writer's decision in the same transaction. Samples have no account."""
        account_id = account.id if account else None
        return cls._new(parent.post, words, parent, (None, None), at, is_team=True, account_id=account_id)

    @classmethod
    def sample(cls, post: Post, words: Words, at: datetime) -> Self:
        """A comment of the sample site, pending, as if sent at `at`."""
        return cls._new(post, words, None, (None, None), at, is_sample=True)

    def redact(self, words: Words) -> CommentRevision:
        """Make a new version of the newest one, with words masked by a moderator. Not yet shown."""
        original = db.session.get_one(CommentRevision, self.newest_revision_id)
        self._add_revision(words, (original.disclaimer_revision_id, original.policy_revision_id), now(), ())
        return db.session.get_one(CommentRevision, self.newest_revision_id)

    def restore(self, revision_id: int) -> None:
        """Make an earlier version the newest again. Not yet shown."""
        self.newest_revision_id = revision_id
        self._line_up(db.session.get_one(CommentRevision, revision_id).flags)

    def withdraw(self) -> None:
        """Its writer takes it back: off the site at once, never decided again."""
        if self.is_gone:
            return
        self.public_revision_id = None
        self.state = State.WITHDRAWN
        self.closed_at = now()

    def erase(self) -> None:
        """Blank name and text of every revision and all that was kept beside them.

        The empty row stays, so that replies keep their place and the log its numbers. A young one still counts for
        the limits of its sender, or erasing would open them again; the hash goes a day later, by retention.
        """
        self.public_revision_id = None
        self.state = State.ERASED
        self.closed_at = now()
        counts = self.sender_hash if self.created_at > now() - COUNTED else None
        self.forget_sender()
        self.sender_hash = counts
        self.forget_text()

    def forget_text(self) -> None:
        """Blank name and text of every revision, and what triage matched in them."""
        for revision in db.session.scalars(CommentRevision.of(self)):
            if revision.erased_at is None:
                revision.erase()
        Ban.forget_notes(self.id)
        db.session.flush()

    def forget_sender(self) -> None:
        """Drop the keyed hashes of who sent it."""
        self.sender_hash = None
        self.network_hash = None
        self.duplicate_hash = None

    @classmethod
    def _new(
        cls,
        post: Post,
        words: Words,
        parent: Comment | None,
        shown: tuple[int | None, int | None],
        at: datetime | None = None,
        flags: Sequence[Flag] | None = None,
        **more: Any,
    ) -> Self:
        """A comment with its first version. `more` are further columns: one insert is cheaper than changes after it."""
        moment = at or now()
        secret = secrets.token_urlsafe(32)
        row = {
            "post_id": post.id,
            "parent_id": parent.id if parent else None,
            "secret": secret,
            "link_hash": look_up_hash(keyed_hash("comment link", secret)),
            "created_at": moment,
            **cls._place(flags or ()),
            **more,
        }
        # Plain statements cost a third of a flush. What they stored is then an object as if it had been read.
        comment_id = plain_write().scalars(_new_comment(), row).one()
        pointers = {
            "root_id": parent.root_id if parent else comment_id,
            "newest_revision_id": cls._store(comment_id, row["parent_id"], words, shown, moment, flags),
        }
        plain_write().execute(_point(), {"comment_id": comment_id, **pointers})
        comment = cls(id=comment_id, **row, **pointers)
        make_transient_to_detached(comment)
        db.session.add(comment)
        return comment

    def _add_revision(
        self,
        words: Words,
        shown: tuple[int | None, int | None],
        at: datetime,
        flags: Sequence[Flag] | None = None,
    ) -> None:
        """Make a new newest version. `flags` are what triage found in it; None where it was not asked."""
        self.newest_revision_id = self._store(self.id, self.parent_id, words, shown, at, flags)
        if flags is not None:
            self._line_up(flags)
        db.session.expire(self, ["newest"])

    @staticmethod
    def _store(
        comment_id: int,
        parent_id: int | None,
        words: Words,
        shown: tuple[int | None, int | None],
        at: datetime,
        flags: Sequence[Flag] | None,
    ) -> int:
        """Store a version of a comment with what was found in it; its number."""
        signature = words.signature if flags is not None else None
        version = {
            "comment_id": comment_id,
            "name": words.name,
            "body": words.body,
            "html": words.html,
            "html_version": HTML_VERSION,
            "digest": words.digest(parent_id),
            "signature": list(signature) if signature else None,
            "disclaimer_revision_id": shown[0],
            "policy_revision_id": shown[1],
            "created_at": at,
        }
        connection = plain_write()
        revision_id: int = connection.scalars(_new_revision(), version).one()
        if signature:
            alike = [{"band": band, "revision_id": revision_id} for band in sorted(set(bands(signature)))]
            connection.execute(_new_bands(), alike)
        db.session.add_all(CommentFlag.of(revision_id, flag) for flag in flags or ())
        return revision_id

    def _line_up(self, flags: Sequence[Flag] | Sequence[CommentFlag]) -> None:
        """Take the place in the queue that the newest revision's flags give it."""
        for column, value in self._place(flags).items():
            setattr(self, column, value)

    @staticmethod
    def _place(flags: Sequence[Flag] | Sequence[CommentFlag]) -> dict[str, Any]:
        return {
            "urgency": Urgency.of(flags),
            "has_personal_data": any(flag.kind == Kind.PERSONAL_DATA for flag in flags),
            "has_advice": any(flag.kind == Kind.ADVICE for flag in flags),
        }

    @classmethod
    def _answerable(cls, post: Post, parent_id: int, lock: bool) -> Self:
        """The visible comment of `post` that a reader may answer; `lock` keeps it so. Raises CannotAnswer."""
        deepest = Site.current().reply_depth
        if not deepest:
            raise CannotAnswer("Only the team answers comments here. You can write a comment of your own.")
        visible = cls.visible().where(cls.id == parent_id, cls.post_id == post.id)
        parent = db.session.scalar(visible.with_for_update(of=cls, read=True) if lock else visible)
        if parent is None:
            raise CannotAnswer("The comment that you answer is not there any more. You can still send a new one.")
        depth, above = 1, parent.parent_id
        while above is not None:
            depth += 1
            above = db.session.scalar(select(cls.parent_id).where(cls.id == above))
        if depth > deepest:
            raise CannotAnswer("This conversation is as deep as it can be here. Please write a new comment.")
        return parent


changes(Comment.public_revision_id, lambda comment: (f"comments:{comment.post_id}", "comments"))


@append_only(may_change=frozenset({"name", "body", "html", "html_version", "digest", "signature", "erased_at"}))
class CommentRevision(Base):
    """One version of a comment: exactly what a moderator decides on. Only erasing blanks it."""

    __tablename__ = "comment_revisions"
    __table_args__ = (UniqueConstraint("id", "comment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    html_version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[list[Any] | None] = mapped_column(default=None)
    disclaimer_revision_id: Mapped[int | None] = mapped_column(ForeignKey("page_revisions.id"))
    policy_revision_id: Mapped[int | None] = mapped_column(ForeignKey("page_revisions.id"))
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    flags: Mapped[list[CommentFlag]] = relationship(viewonly=True, order_by="CommentFlag.id")

    @classmethod
    def of(cls, comment: Comment) -> Select[Self]:
        """All versions of a comment, oldest first."""
        return select(cls).where(cls.comment_id == comment.id).order_by(cls.id)

    @classmethod
    def among(cls, ids: Iterable[int]) -> Select[Self]:
        """The versions with these numbers. Unordered. For staff."""
        return select(cls).where(cls.id.in_(list(ids)))

    @classmethod
    def newest_id(cls) -> int:
        """The number of the newest version of all comments: whatever is written later has a larger one."""
        return db.session.scalar(select(func.max(cls.id))) or 0

    @classmethod
    def outdated(cls) -> Select[Self]:
        """Versions whose HTML was made by older rules. For `flask comments rerender`."""
        return select(cls).where(cls.html_version < HTML_VERSION, cls.erased_at.is_(None)).order_by(cls.id)

    @classmethod
    def set_aside_before(cls, moment: datetime) -> Select[Self]:
        """Versions that were replaced, or changes that were declined, before `moment`, still kept. For retention."""
        newest = aliased(cls)
        replaced = and_(
            cls.id != newest.id,
            newest.created_at < moment,
            or_(Comment.decided_at.is_(None), Comment.decided_at < moment),
        )
        declined = and_(
            cls.id == newest.id, Comment.state.in_((State.REJECTED, State.SPAM)), Comment.decided_at < moment
        )
        return (
            select(cls)
            .join(Comment, Comment.id == cls.comment_id)
            .join(newest, newest.id == Comment.newest_revision_id)
            .where(
                cls.erased_at.is_(None), cls.id.is_distinct_from(Comment.public_revision_id), or_(replaced, declined)
            )
        )

    def rerender(self) -> None:
        """Make its HTML anew from the text as typed, under today's rules."""
        self.html = comment_html(self.body)
        self.html_version = HTML_VERSION
        post_id = db.session.scalar(select(Comment.post_id).where(Comment.public_revision_id == self.id))
        if post_id is not None:
            changed(f"comments:{post_id}", "comments")

    @property
    def alarm(self) -> Alarm | None:
        """What its writer must be told at once, if anything."""
        return Alarm.of(self.flags)

    def erase(self) -> None:
        """Blank what a person wrote, and everything that was made from it."""
        self.name = self.body = self.html = self.digest = ""
        self.signature = None
        self.erased_at = now()
        for flag in self.flags:
            flag.matched = []
            flag.why = ""
        db.session.execute(delete(CommentBand).where(CommentBand.revision_id == self.id))


class CommentFlag(Base):
    """What triage found in a revision: the kind, the rule, and each place as [start, end, words]."""

    __tablename__ = "comment_flags"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("comment_revisions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(60))
    matched: Mapped[list[Any]]
    why: Mapped[str] = mapped_column(Text, default="")  # one plain sentence for the moderator
    in_name: Mapped[bool] = mapped_column(default=False)  # the places lie in the name, not in the text

    @classmethod
    def of(cls, revision_id: int, flag: Flag) -> Self:
        """A finding, to be stored with the revision it was found in."""
        return cls(
            revision_id=revision_id, kind=str(flag.kind), rule=flag.rule[:60], why=flag.why, in_name=flag.in_name,
            matched=[list(span) for span in flag.matched],
        )  # fmt: skip

    @property
    def spans(self) -> list[Span]:
        """Where the words stand in the text as typed, or in the name."""
        return [Span(*place) for place in self.matched]


class CommentBand(Base):
    """A part of a revision's signature: nearly equal texts share at least one. Deleted when the text is erased."""

    __tablename__ = "comment_bands"

    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(ForeignKey("comment_revisions.id"), primary_key=True, index=True)


class Subject(NamedTuple):
    """As much of a post as is needed to look at a comment on it."""

    id: int
    title: str


# Statements of storing a comment, built once: building them takes longer than running them.


@cache
def _subject() -> Select[int, str]:
    found = select(Post.id, PostRevision.title).join(Post.revision).join(PostSlug, PostSlug.post_id == Post.id)
    return found.where(PostSlug.slug == bindparam("slug"), Post.is_published)


@cache
def _locked_post() -> Select[Post]:
    """Without what it says: only what decides whether it takes comments."""
    slug = PostSlug.slug == bindparam("slug")
    found = select(Post).join(PostSlug, PostSlug.post_id == Post.id).where(slug, Post.is_published)
    return found.with_for_update(of=Post, read=True)


@cache
def _standing() -> Select[datetime | None, int | None, int]:
    """Until when a `sender` is banned, its oldest undecided comment with the hash `duplicate`, and how many it sent."""
    same = select(func.min(Comment.id)).where(
        Comment.duplicate_hash == bindparam("duplicate"),
        Comment.state.in_(AWAITING),
        Comment.created_at > bindparam("same_from", type_=UTCDateTime()),
    )
    recent = select(func.count(Comment.id)).where(
        Comment.sender_hash == bindparam("sender"), Comment.created_at > bindparam("counted_from", type_=UTCDateTime())
    )
    return select(Ban.latest_end().scalar_subquery(), same.scalar_subquery(), recent.scalar_subquery())


@cache
def _new_comment() -> ReturningInsert[int]:
    table = Base.metadata.tables[Comment.__tablename__]
    return insert(table).returning(table.c.id)


@cache
def _point() -> Update:
    table = Base.metadata.tables[Comment.__tablename__]
    return (
        update(table)
        .where(table.c.id == bindparam("comment_id"))
        .values(root_id=bindparam("root_id"), newest_revision_id=bindparam("newest_revision_id"))
    )


@cache
def _new_revision() -> ReturningInsert[int]:
    table = Base.metadata.tables[CommentRevision.__tablename__]
    return insert(table).returning(table.c.id)


@cache
def _new_bands() -> Insert:
    return insert(Base.metadata.tables[CommentBand.__tablename__])


class Shown(NamedTuple):
    """What a page shows of a public comment. Plain values: fifty objects of two tables take as long as all the rest."""

    id: int
    parent_id: int | None
    root_id: int
    is_team: bool
    is_sample: bool
    created_at: datetime
    name: str
    html: str


class Line(NamedTuple):
    """One row of a thread as shown: a comment, or an empty place above visible replies."""

    id: int
    depth: int
    comment: Shown | None


@dataclass(frozen=True)
class Threads:
    """One page of a post's public comments."""

    lines: list[Line]
    count: int
    page: int
    pages: int

    @classmethod
    def of(cls, post: Post, page: int) -> Self:
        """Page `page` (from 1) of a post's comments, whole threads only; an empty list beyond the last page."""
        here = {"post_id": post.id, "skip": (page - 1) * THREADS_PER_PAGE}
        comments = [Shown._make(row) for row in db.session.execute(_page_of_threads(), here)]
        found = list(dict.fromkeys(comment.root_id for comment in comments))
        if page == 1 and len(found) <= THREADS_PER_PAGE:
            return cls(_lines(comments), len(comments), 1, 1)
        visible = Comment.visible().where(Comment.post_id == post.id)
        count, threads = db.session.execute(
            visible.with_only_columns(func.count(Comment.id), func.count(distinct(Comment.root_id)))
        ).one()
        roots = set(found[:THREADS_PER_PAGE])
        lines = _lines([comment for comment in comments if comment.root_id in roots])
        return cls(lines, count, page, max(1, -(-threads // THREADS_PER_PAGE)))


@cache
def _page_of_threads() -> Select[*tuple[Any, ...]]:
    """The public comments of so many threads of `post_id`, after `skip`, and of the thread after them. Built once."""
    post_id = bindparam("post_id", type_=Integer)
    roots = (
        Comment.visible()
        .where(Comment.post_id == post_id)
        .with_only_columns(Comment.root_id)
        .distinct()
        .order_by(Comment.root_id)
        .offset(bindparam("skip", type_=Integer))
        .limit(THREADS_PER_PAGE + 1)  # one more tells whether there is a next page
        .subquery()
    )
    return Comment.visible_on(post_id).where(Comment.root_id.in_(select(roots.c.root_id)))


def _lines(comments: Sequence[Shown]) -> list[Line]:
    """Comments of whole threads in reading order, each followed by its replies. A hidden parent keeps its place."""
    known = {comment.id: comment for comment in comments}
    parents = {comment.id: comment.parent_id for comment in comments}
    while hidden := {parent for parent in parents.values() if parent is not None and parent not in parents}:
        rows = db.session.execute(select(Comment.id, Comment.parent_id).where(Comment.id.in_(hidden)))
        parents.update(rows.all())
    children: dict[int | None, list[int]] = {}
    for child in sorted(parents, reverse=True):
        children.setdefault(parents[child], []).append(child)
    lines: list[Line] = []
    stack = [(child, 0) for child in children.get(None, [])]
    while stack:
        at, depth = stack.pop()
        lines.append(Line(at, depth, known.get(at)))
        stack.extend((child, depth + 1) for child in children.get(at, []))
    return lines
