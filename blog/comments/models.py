"""Comments: revisions, the pointer to the public one, and every rule of who sees what.

`Comment.visible()` is the one definition of "public". Nothing here approves anything: only a moderator's decision
(blog/moderation) sets the pointer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    and_,
    delete,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, contains_eager, joinedload, mapped_column, relationship

from blog.accounts.models import Account
from blog.checksums import Damaged, Summed, checksum_column
from blog.clock import now
from blog.comments import index
from blog.comments.bans import Ban
from blog.comments.urgency import Alarm, Finding, Urgency, place_in_queue
from blog.database import Base, db, enum_column, plain_read
from blog.folding import fold
from blog.keys import keyed_hash, look_up_hash
from blog.misread import ALWAYS
from blog.pagecache import keys
from blog.pagecache.changes import changed, changes
from blog.pages.models import Site
from blog.posts.models import Post
from blog.prepared import Among
from blog.revisions import append_only
from blog.text.sanitising import HTML_VERSION
from blog.triage import Flag, Span


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
ERASED_COLUMNS = "name", "body", "folded", "html", "html_version", "digest", "checksum", "signature", "erased_at"
SENDER_COUNTED = timedelta(days=1)  # the longest time over which anything of one sender is counted


def state_column(name: str) -> Enum:
    """The type of a column that holds a state, checked by the database under the column's `name`."""
    return enum_column(State, name, 12)


_PUBLIC: dict[str, Any] = {
    "sqlite_where": text("public_revision_id IS NOT NULL")
}  # for indexes of what is shown; see `narrow_on_postgresql`


class Comment(Base):
    """A reader's comment or a team's reply. Pending from birth; shown only through `public_revision`."""

    __tablename__ = "comments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["public_revision_id", "id"],
            ["comment_revisions.id", "comment_revisions.comment_id"],
            name="fk_comments_public_revision",
            use_alter=True,
        ),
        ForeignKeyConstraint(
            ["newest_revision_id", "id"],
            ["comment_revisions.id", "comment_revisions.comment_id"],
            name="fk_comments_newest_revision",
            use_alter=True,
        ),
        Index("ix_comments_thread", "post_id", "root_id", "id"),
        Index("ix_comments_queue", "state", "created_at", "id"),
        Index("ix_comments_public", "post_id", "root_id", "published_at", **_PUBLIC),
        Index("ix_comments_feed", "post_id", "published_at", "id", **_PUBLIC),
        Index("ix_comments_newest", "published_at", "id", **_PUBLIC),
        Index("ix_comments_sender", "sender_hash", "created_at"),
        Index("ix_comments_urgency", "state", "urgency", "created_at", "id"),
        Index("ix_comments_personal_data", "has_personal_data", "state", "urgency", "created_at", "id"),
        Index("ix_comments_advice", "has_advice", "state", "urgency", "created_at", "id"),
        Index("ix_comments_history", "sender_hash", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # drawn (sending.py): orders nothing
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    # first comment of its thread, maybe itself
    root_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), info=ALWAYS)
    state: Mapped[State] = mapped_column(state_column("state"), default=State.PENDING)
    newest_revision_id: Mapped[int | None] = mapped_column(info=ALWAYS)
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
    # since when it is shown, or was when it was hidden
    published_at: Mapped[datetime | None] = mapped_column(info={"with": "public_revision_id"})
    updated_at: Mapped[datetime | None]  # when what is shown of it was last corrected
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
    def shown_since(self) -> datetime:
        """Since when everybody reads what stands there now. Only of a comment that was published."""
        moment = self.updated_at or self.published_at
        if moment is None:
            raise Damaged(self.__tablename__, self.id)
        return moment

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
    def latest(cls) -> Select[Self]:
        """Public comments, those published last first, with what they show. For feeds."""
        return (
            cls.visible()
            .options(joinedload(cls.public), joinedload(cls.account), joinedload(cls.post).joinedload(Post.revision))
            .order_by(cls.published_at.desc(), cls.id.desc())
        )

    @classmethod
    def under_link(cls, token: str) -> Select[Self]:
        """The comment whose secret link holds `token`, with its post and newest revision."""
        return (
            select(cls)
            .where(cls.link_hash == look_up_hash(token))
            .options(joinedload(cls.newest), joinedload(cls.post))
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
        if not narrowed:
            return {}
        counts = db.session.execute(cls.counting(narrowed.values(), most)).one()
        return dict(zip(narrowed, counts, strict=True))

    @classmethod
    def counting(cls, narrowed: Iterable[Sequence[ColumnElement[bool]]], most: int | None) -> Select[*tuple[int, ...]]:
        """The statement behind `numbers`: one row, a count for each list of conditions."""
        columns = []
        for conditions in narrowed:
            query = select(cls.id).where(*conditions)
            query = query if most is None else query.limit(most + 1)
            columns.append(select(func.count()).select_from(query.subquery()).scalar_subquery())
        return select(*columns)

    @classmethod
    def histories(cls, sender_hashes: Collection[str]) -> dict[str, dict[State, int]]:
        """What was decided on the comments of these senders, by state. For staff."""
        history: dict[str, dict[State, int]] = {}
        for sender, state, count in _HISTORIES.rows(plain_read(), sender_hashes) if sender_hashes else ():
            history.setdefault(sender, {})[state] = count
        return history

    @classmethod
    def found_by(cls, rule: str) -> ColumnElement[bool]:
        """Narrows to comments in whose newest version this rule of triage found something."""
        return cls.newest_revision_id.in_(select(CommentFlag.revision_id).where(CommentFlag.rule == rule))

    @classmethod
    def to_check_for(cls, kind: str) -> ColumnElement[bool]:
        """Narrows to comments in whose newest version something of this kind asks for a second look."""
        of_kind = select(CommentFlag.revision_id).where(CommentFlag.kind == kind)
        return and_(cls.has_advice.is_(True), cls.newest_revision_id.in_(of_kind))

    @classmethod
    def answers_of_team(cls, comment: Comment) -> Select[Self]:
        """The team's public answers to a comment, those published first before the others."""
        mine = cls.parent_id == comment.id, cls.is_team
        return cls.visible().where(*mine).options(joinedload(cls.public)).order_by(cls.published_at, cls.id)

    # Verbs

    def show(self, revision_id: int | None, at: datetime) -> None:
        """From now on everybody reads this version, or none; a moderator decided so at `at`.

        A hidden comment that is shown is published at that moment, also if it was public once before. Another
        version of one that is shown is a correction.
        """
        if revision_id is not None and self.public_revision_id is None:
            self.published_at, self.updated_at = at, None
        self._point_at(revision_id, at)

    def show_again(self, revision_id: int | None, at: datetime) -> None:
        """Put back what was read before a decision that is undone at `at`: what was hidden by a slip is not news."""
        self._point_at(revision_id, at)

    def _point_at(self, revision_id: int | None, at: datetime) -> None:
        before = self.public_revision_id
        if None not in (before, revision_id) and before != revision_id:
            self.updated_at = at
        self.public_revision_id = revision_id

    def restore(self, revision_id: int) -> None:
        """Make an earlier version the newest again. Not yet shown."""
        self.newest_revision_id = revision_id
        self.line_up(db.session.get_one(CommentRevision, revision_id).flags)

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
        counts = self.sender_hash if self.created_at > now() - SENDER_COUNTED else None
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

    def line_up(self, flags: Collection[Finding]) -> None:
        """Take the place in the queue that the newest revision's flags give it."""
        for column, value in place_in_queue(flags).items():
            setattr(self, column, value)


def _counted_by_sender(here: ColumnElement[bool]) -> Select[str | None, State, int]:
    decided = or_(*(Comment.state == state for state in (State.APPROVED, State.REJECTED, State.SPAM)))
    by = Comment.sender_hash, Comment.state
    return select(*by, func.count()).where(here, decided).group_by(*by)


_HISTORIES = Among(Comment.sender_hash, _counted_by_sender)

# This pointer alone decides what is public. Wherever it is set, pages that show the comment, or did, are dropped.
changes(Comment.public_revision_id, lambda comment: (keys.comments_of(comment.post_id), keys.COMMENTS))


def _folded(context: Any) -> str:
    row = context.get_current_parameters()
    return index.folded_words(row["name"], row["body"])


@append_only(may_change=frozenset(ERASED_COLUMNS))
class CommentRevision(Summed, Base):
    """One version of a comment: exactly what a moderator decides on. Only erasing blanks it."""

    __tablename__ = "comment_revisions"
    __table_args__ = (UniqueConstraint("id", "comment_id"),)

    SUMMED = ("comment_id", "name", "html"), ("body",)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    html_version: Mapped[int]
    folded: Mapped[str] = mapped_column(  # to be searched; the database keeps an index over it (blog/comments/index.py)
        Text, default=_folded, server_default="", deferred=True
    )
    digest: Mapped[str] = mapped_column(String(64))
    checksum: Mapped[str] = checksum_column(SUMMED)
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
    def says(cls, query: str) -> ColumnElement[bool]:
        """Narrows to versions whose name or text holds `query`, without case and accents."""
        return cls.folded.contains(fold(query), autoescape=True)

    @classmethod
    def outdated(cls, after: int = 0) -> Select[Self]:
        """Versions above number `after` whose HTML was made by older rules."""
        old = cls.html_version < HTML_VERSION, cls.erased_at.is_(None), cls.id > after
        return select(cls).where(*old).order_by(cls.id)

    def show_as(self, html: str) -> None:
        """Keep `html`, made from the same text by today's rules. Raises Damaged."""
        self.rewrite(html=html, html_version=HTML_VERSION)
        post_id = db.session.scalar(select(Comment.post_id).where(Comment.public_revision_id == self.id))
        if post_id is not None:
            changed(keys.comments_of(post_id), keys.COMMENTS)

    @property
    def alarm(self) -> Alarm | None:
        """What its writer must be told at once, if anything."""
        return Alarm.of(self.flags)

    def erase(self) -> None:
        """Blank what a person wrote, and everything that was made from it."""
        self.name = self.body = self.folded = self.html = self.digest = ""
        self.checksum = self.summed()
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

    @staticmethod
    def columns_of(revision_id: int, flag: Flag) -> dict[str, Any]:
        """A finding, to be stored with the revision it was found in."""
        return {
            "revision_id": revision_id,
            "kind": str(flag.kind),
            "rule": flag.rule[:60],
            "why": flag.why,
            "in_name": flag.in_name,
            "matched": [list(span) for span in flag.matched],
        }

    @property
    def spans(self) -> list[Span]:
        """Where the words stand in the text as typed, or in the name."""
        return [Span(*place) for place in self.matched]


class CommentBand(Base):
    """A part of a revision's signature: nearly equal texts share at least one. Deleted when the text is erased."""

    __tablename__ = "comment_bands"

    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(ForeignKey("comment_revisions.id"), primary_key=True, index=True)
