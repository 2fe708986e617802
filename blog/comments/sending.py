"""Comments on their way in: what is stored for a new text, a changed one, a reply of the team, a redacted copy.

Nothing here makes anything public: what is stored waits for a decision.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import make_transient_to_detached

from blog.accounts.models import Account
from blog.clock import now
from blog.comments.bans import Ban
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.standing import Standing
from blog.comments.storing import NewVersion, is_taken, point, store, store_versions
from blog.comments.urgency import place_in_queue
from blog.comments.words import Sender, Words
from blog.database import db, plain_read, plain_write, share
from blog.errors import Refused
from blog.journal import EDIT, LogEntry
from blog.keys import keyed_hash, look_up_hash
from blog.outbox import Event, EventKind
from blog.pages.models import Site
from blog.posts.models import Post, PostRevision, PostSlug, is_closed
from blog.posts.rows import PublicPost
from blog.prepared import Prepared, together
from blog.text.characters import clean_line, clean_text
from blog.triage import Flag

NEW_IN_FLOOD = 2  # comments that a sender may send instead of the usual limit, while there is a flood


NUMBERS_FROM, NUMBERS = 100_000_000, 900_000_000  # of comments: nine digits


class CannotAnswer(Refused):
    """The comment that a reader wants to answer cannot be answered by readers; the message says why."""


class TooMany(Exception):
    """One sender sent more than the limit; `minutes` is how long to wait."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"wait {minutes} minutes")
        self.minutes = minutes


class Subject(NamedTuple):
    """As much of a post as is needed to look at a comment on it."""

    id: int
    title: str


class ShownTexts(NamedTuple):
    """The revisions of the disclaimer and of the comment policy that stood beside the form, if any."""

    disclaimer_id: int | None = None
    policy_id: int | None = None


class Receipt(NamedTuple):
    """What whoever sent a comment is led by, in place of the comment itself: making an object of it costs more."""

    id: int
    token: str  # of its link
    urgency: int

    @classmethod
    def of(cls, comment: Comment) -> Self:
        """Of one that was stored before."""
        return cls(comment.id, comment.token, comment.urgency)


class LockedPost(NamedTuple):
    """As much of a published post as decides whether it takes comments, while nobody can change it."""

    id: int
    comments_open: bool
    comments_close_days: int | None
    published_at: datetime

    @property
    def accepts_comments(self) -> bool:
        """Whether a reader may comment at this moment."""
        return self.comments_open and not is_closed(self.published_at, self.comments_close_days)


# Asking


def subject(slug: str) -> Subject | None:
    """What the published post under a slug is about."""
    row = _SUBJECT.first(plain_read(), {"slug": slug})
    return Subject._make(row) if row else None


def lock_post(post_id: int) -> LockedPost | None:
    """A post to be commented, if it is published; it stays as it is until the transaction ends."""
    row = _LOCKED_POST.first(plain_write(), {"post_id": post_id})
    return LockedPost._make(row) if row else None


def answered(post: Post | PublicPost, parent_id: int | None) -> Comment | None:
    """The comment of `post` that a reader wants to answer, if there is one and readers may."""
    if parent_id is None:
        return None
    try:
        return _answerable(post, parent_id, lock=False)
    except CannotAnswer:
        return None


def same_answer(parent: Comment, words: Words, account: Account) -> Select[Comment]:
    """Public replies to `parent` in which this account says these words already."""
    said = Comment.public.has(CommentRevision.digest == words.digest(parent.id))
    mine = Comment.parent_id == parent.id, Comment.account_id == account.id
    return Comment.visible().where(*mine, said).order_by(Comment.published_at, Comment.id)


def refuse_too_many(post_id: int, sender: Sender, name: str, body: str, parent_id: int | None) -> Standing:
    """Whether `submit` would refuse its sender anyhow, asked before anything is rendered: a flood must cost little.

    `name` and `body` are as typed; what was sent already is no more than the limit. What is known of the sender, if it
    is not refused. Raises Banned and TooMany.
    """
    duplicate = _duplicate(post_id, sender, clean_line(name), clean_text(body), parent_id)
    standing = Standing.of(plain_read(), sender, duplicate)
    Ban.refuse_until(standing.banned_until)
    if standing.same_id is None:
        _refuse_too_many(standing)
    return standing


# Verbs


def submit(
    post: Post | LockedPost,
    words: Words,
    sender: Sender,
    shown: ShownTexts,
    flags: Sequence[Flag] = (),
    parent_id: int | None = None,
) -> tuple[Receipt, bool]:
    """Store a reader's comment as pending: what leads to it, and whether it is new.

    The same undecided text by the same sender within minutes is the same comment. `flags` are what triage found;
    `parent_id` is the comment that it answers. `post` was read in a transaction that only one submission of this
    sender has at a time. Raises Refused when the post is closed, CannotAnswer, Banned, and TooMany beyond the limit.
    """
    if not post.accepts_comments:
        raise Refused("This article was closed for comments while you were writing.")
    duplicate = _duplicate(post.id, sender, words.name, words.body, parent_id)
    number = _drawn_number()
    standing = Standing.of(plain_write(), sender, duplicate, number=number)
    Ban.refuse_until(standing.banned_until)
    parent = _answerable(post, parent_id, lock=True) if parent_id is not None else None
    if standing.same_id is not None:
        return Receipt.of(db.session.get_one(Comment, standing.same_id)), False
    _refuse_too_many(standing)
    with together(plain_write()):
        row = _stored(
            _free_number() if standing.is_taken else number,
            post,
            parent,
            at := now(),
            flags,
            sender_hash=sender.hash,
            network_hash=sender.network_hash,
            duplicate_hash=duplicate,
        )
        share(_store_first_versions, NewVersion.of(row["id"], row["parent_id"], words, shown, at, flags))
    return Receipt(row["id"], _token(row["secret"]), row["urgency"]), True


def revise(comment: Comment, words: Words, sender: Sender, flags: Sequence[Flag] = ()) -> bool:
    """Its writer changes it: a new revision waits for a moderator, an approved one stays public meanwhile.

    False when the words are what they were. `comment` was locked in this transaction. Raises Refused, Banned, and
    TooMany after as many changes as comments are allowed.
    """
    if comment.why_not_edited:
        raise Refused(comment.why_not_edited)
    Ban.refuse(sender)
    before = db.session.get_one(CommentRevision, comment.newest_revision_id)
    if words.digest(comment.parent_id) == before.digest:
        return False
    site = Site.current()
    recent = db.session.scalar(
        select(func.count()).where(
            CommentRevision.comment_id == comment.id, CommentRevision.created_at > now() - site.comment_window
        )
    )
    if (recent or 0) > site.comment_limit:
        raise TooMany(site.comment_limit_minutes)
    _add_revision(comment, words, before, flags)
    comment.state = State.PENDING
    Event.note(EventKind.SUBMITTED, comment_id=comment.id, revision_id=comment.newest_revision_id)
    LogEntry.note(EDIT, None, comment_id=comment.id, revision_id=comment.newest_revision_id)
    return True


def answer(parent: Comment, words: Words, account: Account | None, at: datetime | None = None) -> Comment:
    """A team's reply, pending until its writer's decision in the same transaction. Samples have no account."""
    account_id = account.id if account else None
    return _new(parent.post, words, parent, ShownTexts(), at, is_team=True, account_id=account_id)


def sample(post: Post, words: Words, at: datetime) -> Comment:
    """A comment of the sample site, pending, as if sent at `at`."""
    return _new(post, words, None, ShownTexts(), at, is_sample=True)


def redact(comment: Comment, words: Words) -> CommentRevision:
    """Make a new version of the newest one, with words redacted by a moderator. Not yet shown."""
    original = db.session.get_one(CommentRevision, comment.newest_revision_id)
    _add_revision(comment, words, original, ())
    return db.session.get_one(CommentRevision, comment.newest_revision_id)


def _answerable(post: Post | PublicPost | LockedPost, parent_id: int, lock: bool) -> Comment:
    """The visible comment of `post` that a reader may answer; `lock` keeps it so. Raises CannotAnswer."""
    deepest = Site.current().reply_depth
    if not deepest:
        raise CannotAnswer("Only the team answers comments here. You can write a comment of your own.")
    visible = Comment.visible().where(Comment.id == parent_id, Comment.post_id == post.id)
    parent = db.session.scalar(visible.with_for_update(of=Comment, read=True) if lock else visible)
    if parent is None or parent.public is None or not parent.public.is_readable:
        raise CannotAnswer("The comment that you answer is not there any more. You can still send a new one.")
    depth, above = 1, parent.parent_id
    while above is not None and depth <= deepest:  # no further: a damaged row may answer itself
        depth += 1
        above = db.session.scalar(select(Comment.parent_id).where(Comment.id == above))
    if depth > deepest:
        raise CannotAnswer("This conversation is as deep as it can be here. Please write a new comment.")
    return parent


# Into the database


def _new(
    post: Post,
    words: Words,
    parent: Comment | None,
    shown: ShownTexts,
    at: datetime | None = None,
    **more: Any,
) -> Comment:
    """A comment of the site's own with its first version, as an object. `more` are further columns."""
    row = _stored(_free_number(), post, parent, at := at or now(), None, **more)
    (row["newest_revision_id"],) = _store_first([NewVersion.of(row["id"], row["parent_id"], words, shown, at, None)])
    comment = Comment(**row)
    make_transient_to_detached(comment)  # from here on it is an object as if it had been read
    db.session.add(comment)
    return comment


def _stored(
    number: int,
    post: Post | LockedPost,
    parent: Comment | None,
    at: datetime,
    flags: Sequence[Flag] | None,
    **more: Any,
) -> dict[str, Any]:
    """A comment that has no version yet, as columns. `more` are further ones: one insert costs less than a change."""
    secret = secrets.token_urlsafe(32)
    return store(
        {
            "id": number,
            "post_id": post.id,
            "parent_id": parent.id if parent else None,
            "root_id": parent.root_id if parent else number,
            "secret": secret,
            "link_hash": look_up_hash(_token(secret)),
            "created_at": at,
            **place_in_queue(flags or ()),
            **more,
        }
    )


def _store_first(versions: Sequence[NewVersion]) -> list[int]:
    """The first versions of as many comments; their numbers."""
    numbers = store_versions(versions)
    point(*zip((version.columns["comment_id"] for version in versions), numbers, strict=True))
    return numbers


def _store_first_versions(versions: Sequence[NewVersion]) -> None:
    """The same for readers' comments, of which somebody has to be told."""
    written = zip(versions, _store_first(versions), strict=True)
    about = ({"comment_id": version.columns["comment_id"], "revision_id": number} for version, number in written)
    Event.note_all(EventKind.SUBMITTED, about)


def _token(secret: str) -> str:
    """As `Comment.token` is."""
    return keyed_hash("comment link", secret)


def _drawn_number() -> int:
    """A number for a comment, drawn: counted ones would tell how many were sent and never shown."""
    return NUMBERS_FROM + secrets.randbelow(NUMBERS)


def _free_number() -> int:
    """A drawn number that no comment has."""
    while is_taken(number := _drawn_number()):
        pass
    return number


def _add_revision(comment: Comment, words: Words, before: CommentRevision, flags: Sequence[Flag]) -> None:
    """Make a new newest version, by a writer who saw the same texts beside the form as `before`."""
    shown = ShownTexts(before.disclaimer_revision_id, before.policy_revision_id)
    version = NewVersion.of(comment.id, comment.parent_id, words, shown, now(), flags)
    (comment.newest_revision_id,) = store_versions([version])
    comment.line_up(flags)
    db.session.expire(comment, ["newest"])


def _refuse_too_many(standing: Standing) -> None:
    """Raises TooMany beyond the limit, which is tighter in a flood for whoever is new here."""
    site = Site.current()
    most = site.comment_limit
    if not standing.approved and standing.is_in_flood:
        most = min(most, NEW_IN_FLOOD)
    if standing.recent >= most:
        raise TooMany(site.comment_limit_minutes)


def _duplicate(post_id: int, sender: Sender, name: str, body: str, parent_id: int | None) -> str:
    """What is the same for the same words from the same sender at the same place."""
    return keyed_hash("duplicate", post_id, sender.hash, sender.email_hash, name, body, parent_id or "")


def _subject() -> Select[int, str]:
    mine = select(Post.id, PostRevision.title).join(Post.revision).join(PostSlug, PostSlug.post_id == Post.id)
    return mine.where(PostSlug.slug == bindparam("slug"), Post.is_published)


def _locked_post() -> Select[int, bool, int | None, datetime | None]:
    """Without what it says: only what decides whether it takes comments."""
    mine = select(Post.id, Post.comments_open, Post.comments_close_days, Post.published_at)
    published = mine.where(Post.id == bindparam("post_id"), Post.is_published)
    return published.with_for_update(of=Post, read=True)


_SUBJECT = Prepared(_subject)
_LOCKED_POST = Prepared(_locked_post)
