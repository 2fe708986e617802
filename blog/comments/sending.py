"""Comments on their way in: what is stored for a new text, a changed one, a reply of the team, a redacted copy.

Nothing here makes anything public: what is stored waits for a decision.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Insert, Select, Update, bindparam, func, insert, select, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.sql.dml import ReturningInsert

from blog.accounts.models import Account
from blog.clock import now
from blog.comments import floods
from blog.comments.bans import Ban
from blog.comments.models import AWAITING, Comment, CommentBand, CommentFlag, CommentRevision, State
from blog.comments.urgency import place_in_queue
from blog.comments.words import Sender, Words
from blog.database import Base, UTCDateTime, built_once, db, plain_write
from blog.errors import Refused
from blog.journal import EDIT, LogEntry
from blog.keys import keyed_hash, look_up_hash
from blog.outbox import Event, EventKind
from blog.pages.models import Site
from blog.posts.models import Post, PostRevision, PostSlug
from blog.text.characters import clean_line, clean_text
from blog.text.sanitising import HTML_VERSION
from blog.triage import Flag, bands

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


class Standing(NamedTuple):
    """What the site knows of a sender at the moment it sends something."""

    banned_until: datetime | None
    same_id: int | None  # an undecided comment of it that says the same
    recent: int  # comments within the time over which they are counted
    approved: int  # since its code is kept
    flood_began_at: datetime | None

    def refuse_too_many(self, site: Site) -> None:
        """Raises TooMany beyond the limit, which is tighter in a flood for whoever is new here."""
        most = site.comment_limit
        if not self.approved and floods.is_on(self.flood_began_at):
            most = min(most, NEW_IN_FLOOD)
        if self.recent >= most:
            raise TooMany(site.comment_limit_minutes)


# Asking


def subject(slug: str) -> Subject | None:
    """What the published post under a slug is about."""
    row = db.session.connection().execute(_subject(), {"slug": slug}).one_or_none()
    return Subject._make(row) if row else None


def lock_post(post_id: int) -> Post | None:
    """A post to be commented, if it is published; it stays as it is until the transaction ends."""
    return db.session.scalar(_locked_post(), {"post_id": post_id})


def answered(post: Post, parent_id: int | None) -> Comment | None:
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


def refuse_too_many(post_id: int, sender: Sender, name: str, body: str, parent_id: int | None) -> None:
    """Whether `submit` would refuse its sender anyhow, asked before anything is rendered: a flood must cost little.

    `name` and `body` are as typed; what was sent already is no more than the limit. Raises Banned and TooMany.
    """
    site = Site.current()
    duplicate = _duplicate(post_id, sender, clean_line(name), clean_text(body), parent_id)
    standing = Standing(*db.session.execute(_standing(), _about(site, sender, duplicate)).one())
    Ban.refuse_until(standing.banned_until)
    if standing.same_id is None:
        standing.refuse_too_many(site)


# Verbs


def submit(
    post: Post,
    words: Words,
    sender: Sender,
    shown: ShownTexts,
    flags: Sequence[Flag] = (),
    parent_id: int | None = None,
) -> tuple[Comment, bool]:
    """Store a reader's comment as pending: the comment, and whether it is new.

    The same undecided text by the same sender within minutes is the same comment. `flags` are what triage found;
    `parent_id` is the comment that it answers. `post` was read in a transaction that only one submission of this
    sender has at a time. Raises Refused when the post is closed, CannotAnswer, Banned, and TooMany beyond the limit.
    """
    if not post.accepts_comments:
        raise Refused("This article was closed for comments while you were writing.")
    site = Site.current()
    duplicate = _duplicate(post.id, sender, words.name, words.body, parent_id)
    standing = Standing(*plain_write().execute(_standing(), _about(site, sender, duplicate)).one())
    Ban.refuse_until(standing.banned_until)
    parent = _answerable(post, parent_id, lock=True) if parent_id is not None else None
    if standing.same_id is not None:
        return db.session.get_one(Comment, standing.same_id), False
    standing.refuse_too_many(site)
    comment = _new(
        post,
        words,
        parent,
        shown,
        flags=flags,
        sender_hash=sender.hash,
        network_hash=sender.network_hash,
        duplicate_hash=duplicate,
    )
    Event.note(EventKind.SUBMITTED, comment_id=comment.id, revision_id=comment.newest_revision_id)
    return comment, True


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


def _answerable(post: Post, parent_id: int, lock: bool) -> Comment:
    """The visible comment of `post` that a reader may answer; `lock` keeps it so. Raises CannotAnswer."""
    deepest = Site.current().reply_depth
    if not deepest:
        raise CannotAnswer("Only the team answers comments here. You can write a comment of your own.")
    visible = Comment.visible().where(Comment.id == parent_id, Comment.post_id == post.id)
    parent = db.session.scalar(visible.with_for_update(of=Comment, read=True) if lock else visible)
    if parent is None:
        raise CannotAnswer("The comment that you answer is not there any more. You can still send a new one.")
    depth, above = 1, parent.parent_id
    while above is not None:
        depth += 1
        above = db.session.scalar(select(Comment.parent_id).where(Comment.id == above))
    if depth > deepest:
        raise CannotAnswer("This conversation is as deep as it can be here. Please write a new comment.")
    return parent


# Storing


def _new(
    post: Post,
    words: Words,
    parent: Comment | None,
    shown: ShownTexts,
    at: datetime | None = None,
    flags: Sequence[Flag] | None = None,
    **more: Any,
) -> Comment:
    """A comment with its first version. `more` are further columns: one insert is cheaper than changes after it."""
    moment = at or now()
    secret = secrets.token_urlsafe(32)
    row = {
        "post_id": post.id,
        "parent_id": parent.id if parent else None,
        "secret": secret,
        "link_hash": look_up_hash(keyed_hash("comment link", secret)),
        "created_at": moment,
        **place_in_queue(flags or ()),
        **more,
    }
    comment_id = _insert(Comment, {"id": _drawn_number(), **row})
    pointers = {
        "root_id": parent.root_id if parent else comment_id,
        "newest_revision_id": _version(comment_id, row["parent_id"], words, shown, moment, flags),
    }
    plain_write().execute(_point(), {"comment_id": comment_id, **pointers})
    comment = Comment(id=comment_id, **row, **pointers)
    make_transient_to_detached(comment)  # from here on it is an object as if it had been read
    db.session.add(comment)
    return comment


def _drawn_number() -> int:
    """A free number for a comment: drawn, because counted ones would tell how many were sent and never shown."""
    while True:
        number = NUMBERS_FROM + secrets.randbelow(NUMBERS)
        if plain_write().scalar(_taken(), {"number": number}) is None:
            return number


def _add_revision(comment: Comment, words: Words, before: CommentRevision, flags: Sequence[Flag]) -> None:
    """Make a new newest version, by a writer who saw the same texts beside the form as `before`."""
    shown = ShownTexts(before.disclaimer_revision_id, before.policy_revision_id)
    comment.newest_revision_id = _version(comment.id, comment.parent_id, words, shown, now(), flags)
    comment.line_up(flags)
    db.session.expire(comment, ["newest"])


def _version(
    comment_id: int,
    parent_id: int | None,
    words: Words,
    shown: ShownTexts,
    at: datetime,
    flags: Sequence[Flag] | None,
) -> int:
    """Store a version of a comment; its number. `flags` are what triage found in it; None where it was not asked."""
    signature = words.signature if flags is not None else None
    version = {
        "comment_id": comment_id,
        "name": words.name,
        "body": words.body,
        "html": words.html,
        "html_version": HTML_VERSION,
        "digest": words.digest(parent_id),
        "signature": list(signature) if signature else None,
        "disclaimer_revision_id": shown.disclaimer_id,
        "policy_revision_id": shown.policy_id,
        "created_at": at,
    }
    revision_id = _insert(CommentRevision, version)
    if signature:
        alike = [{"band": band, "revision_id": revision_id} for band in sorted(set(bands(signature)))]
        plain_write().execute(_insert_into(CommentBand), alike)
    db.session.add_all(CommentFlag.of(revision_id, flag) for flag in flags or ())
    return revision_id


def _insert(model: type[Comment] | type[CommentRevision], row: dict[str, Any]) -> int:
    """Store a row past the session; its number.

    The session's flush takes three times as long for the same row, and while a comment is stored everybody else
    waits for the database's one write lock.
    """
    return plain_write().scalars(_insert_one(model), row).one()


@built_once
def _insert_one(model: type[Base]) -> ReturningInsert[int]:
    return _insert_into(model).returning(Base.metadata.tables[model.__tablename__].c.id)


@built_once
def _insert_into(model: type[Base]) -> Insert:
    return insert(Base.metadata.tables[model.__tablename__])


@built_once
def _point() -> Update:
    table = Base.metadata.tables[Comment.__tablename__]
    return (
        update(table)
        .where(table.c.id == bindparam("comment_id"))
        .values(root_id=bindparam("root_id"), newest_revision_id=bindparam("newest_revision_id"))
    )


@built_once
def _taken() -> Select[int]:
    table = Base.metadata.tables[Comment.__tablename__]
    return select(table.c.id).where(table.c.id == bindparam("number"))


@built_once
def _subject() -> Select[int, str]:
    mine = select(Post.id, PostRevision.title).join(Post.revision).join(PostSlug, PostSlug.post_id == Post.id)
    return mine.where(PostSlug.slug == bindparam("slug"), Post.is_published)


@built_once
def _locked_post() -> Select[Post]:
    """Without what it says: only what decides whether it takes comments."""
    mine = select(Post).where(Post.id == bindparam("post_id"), Post.is_published)
    return mine.with_for_update(of=Post, read=True)


def _duplicate(post_id: int, sender: Sender, name: str, body: str, parent_id: int | None) -> str:
    """What is the same for the same words from the same sender at the same place."""
    return keyed_hash("duplicate", post_id, sender.hash, sender.email_hash, name, body, parent_id or "")


def _about(site: Site, sender: Sender, duplicate: str) -> dict[str, Any]:
    """What `_standing` asks about."""
    return {
        "senders": sender.hashes,
        "networks": sender.network_hashes,
        "duplicate": duplicate,
        "same_from": now() - timedelta(minutes=site.duplicate_minutes),
        "counted_from": now() - site.comment_window,
    }


@built_once
def _standing() -> Select[datetime | None, int | None, int, int, datetime | None]:
    """The columns of Standing, for the hashes `senders` and the hash `duplicate` of what is said."""
    same = select(func.min(Comment.id)).where(
        Comment.duplicate_hash == bindparam("duplicate"),
        Comment.state.in_(AWAITING),
        Comment.created_at > bindparam("same_from", type_=UTCDateTime()),
    )
    is_theirs = Comment.sender_hash.in_(bindparam("senders", expanding=True))
    recent = select(func.count(Comment.id)).where(
        is_theirs, Comment.created_at > bindparam("counted_from", type_=UTCDateTime())
    )
    approved = select(func.count(Comment.id)).where(is_theirs, Comment.state == State.APPROVED)
    parts = (Ban.latest_end(), same, recent, approved)
    return select(*(part.scalar_subquery() for part in parts), floods.Flood.began())
