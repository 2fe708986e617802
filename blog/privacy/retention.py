"""What is kept for how long, in one table, and the queries that find what is overdue. The days are set at the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from blog.accounts.events import SecurityEvent
from blog.accounts.models import LoginFailure
from blog.accounts.sessions import StaffSession
from blog.comments.bans import Ban
from blog.comments.floods import FLOOD_DAYS, Flood
from blog.comments.models import SENDER_COUNTED, Comment, CommentRevision, State
from blog.comments.proofs import SpentProof
from blog.database import db
from blog.mail import subscribing
from blog.mail.kinds import NoticeState
from blog.mail.links import SpentLink
from blog.mail.models import ASK_AGAIN_DAYS, Address, Choice, Notice
from blog.mail.subscriptions import SENDER_COUNTED as SUBSCRIBER_COUNTED
from blog.mail.subscriptions import Subscription
from blog.moderation.models import Decision, DecisionItem
from blog.pages.models import Site
from blog.posts.autosaves import Autosave
from blog.posts.presence import Presence
from blog.posts.previews import PreviewLink
from blog.privacy import erasing

LOGIN_FAILURE_DAYS = 1
SESSION_DAYS = 30  # that a session nobody has used is kept, whatever the setting
AUTOSAVE_DAYS = 90  # that what somebody typed and never saved is kept
MAIL_DAYS = 30  # that a notice which was sent, dropped or given up is remembered


@dataclass(frozen=True)
class Rule:
    """Rows older than so many days, and what is done to each of them."""

    name: str
    days: Callable[[Site], int]
    overdue: Callable[[datetime], Select]
    drop: Callable[..., None]


def senders(before: datetime) -> Select[Comment]:
    """Comments that still hold a hash of who sent them."""
    hashes = or_(
        Comment.sender_hash.is_not(None), Comment.duplicate_hash.is_not(None), Comment.network_hash.is_not(None)
    )
    return select(Comment).where(hashes, Comment.created_at < before)


def senders_of_erased(before: datetime) -> Select[Comment]:
    """Erased comments that still hold the hash of who sent them, for the limits of its sender."""
    return select(Comment).where(
        Comment.state == State.ERASED, Comment.sender_hash.is_not(None), Comment.created_at < before
    )


def declined(before: datetime) -> Select[Comment]:
    """Rejected and spam comments whose text is still kept, by when that was decided."""
    return _kept_texts().where(Comment.state.in_((State.REJECTED, State.SPAM)), Comment.decided_at < before)


def withdrawn(before: datetime) -> Select[Comment]:
    """Withdrawn comments whose text is still kept."""
    return _kept_texts().where(Comment.state == State.WITHDRAWN, Comment.closed_at < before)


def set_aside(before: datetime) -> Select[CommentRevision]:
    """Versions that were replaced, or changes that were declined, and whose text is still kept."""
    newest = aliased(CommentRevision)
    is_replaced = and_(
        CommentRevision.id != newest.id,
        newest.created_at < before,
        or_(Comment.decided_at.is_(None), Comment.decided_at < before),
    )
    is_declined = and_(
        CommentRevision.id == newest.id,
        Comment.state.in_((State.REJECTED, State.SPAM)),
        Comment.decided_at < before,
    )
    return (
        select(CommentRevision)
        .join(Comment, Comment.id == CommentRevision.comment_id)
        .join(newest, newest.id == Comment.newest_revision_id)
        .where(
            CommentRevision.erased_at.is_(None),
            CommentRevision.id.is_distinct_from(Comment.public_revision_id),
            or_(is_replaced, is_declined),
        )
    )


def redacted_originals(before: datetime) -> Select[CommentRevision]:
    """Texts of which a redacted copy was published, with those before them."""
    return (
        select(CommentRevision)
        .join(DecisionItem, DecisionItem.comment_id == CommentRevision.comment_id)
        .join(Decision, Decision.id == DecisionItem.decision_id)
        .join(Comment, Comment.id == CommentRevision.comment_id)
        .where(
            DecisionItem.original_id >= CommentRevision.id,
            Decision.created_at < before,
            CommentRevision.erased_at.is_(None),
            CommentRevision.id != Comment.newest_revision_id,
            or_(Comment.public_revision_id.is_(None), CommentRevision.id != Comment.public_revision_id),
        )
        .distinct()
    )


def ended_bans(before: datetime) -> Select[Ban]:
    """Bans that are over."""
    return select(Ban).where(Ban.ends_at < before)


def unconfirmed_notices(before: datetime) -> Select[Notice]:
    """Mails due before then to somebody who never confirmed, or whose address is refused."""
    return select(Notice).where(Notice.state == NoticeState.WAITING, Notice.due_at < before, ~Notice.waiting())


def closed_notices(before: datetime) -> Select[Notice]:
    """Mails that were sent, dropped or given up."""
    closed = (NoticeState.SENT, NoticeState.DROPPED, NoticeState.FAILED)  # named, so that an index finds them
    return select(Notice).where(Notice.state.in_(closed), Notice.closed_at < before)


def spent_links(before: datetime) -> Select[SpentLink]:
    """Used links that would not work any more anyway."""
    return select(SpentLink).where(SpentLink.expires_at < before)


def unconfirmed_choices(before: datetime) -> Select[Choice]:
    """Wishes for mails that their address never confirmed, by when the comment was written."""
    return (
        select(Choice)
        .join(Comment, Comment.id == Choice.comment_id)
        .where(Choice.confirmed_at.is_(None), Comment.created_at < before)
    )


def unused_addresses(before: datetime) -> Select[Address]:
    """Addresses without any wish, of whose mails nothing is kept, by when they were last asked."""
    written_to = exists().where(Notice.address_id == Address.id)
    subscribed = exists().where(Subscription.address_id == Address.id)
    return select(Address).where(
        ~Address.choices.any(), ~subscribed, ~written_to, func.coalesce(Address.asked_at, Address.created_at) < before
    )


def _kept_texts() -> Select[Comment]:
    is_kept = CommentRevision.erased_at.is_(None), Comment.public_revision_id.is_(None)
    return select(Comment).join(Comment.newest).where(*is_kept)


RETENTION = (
    Rule("sender hashes", lambda site: site.keep_sender_days, senders, Comment.forget_sender),
    Rule("senders of what was erased", lambda site: SENDER_COUNTED.days, senders_of_erased, Comment.forget_sender),
    Rule("declined text", lambda site: site.keep_declined_days, declined, erasing.forget_text),
    Rule("texts set aside", lambda site: site.keep_declined_days, set_aside, Decision.forget_version),
    Rule("withdrawn text", lambda site: site.keep_withdrawn_days, withdrawn, erasing.forget_text),
    Rule("redacted originals", lambda site: site.keep_original_days, redacted_originals, Decision.forget_version),
    Rule("ended bans", lambda site: 0, ended_bans, db.session.delete),
    Rule("proofs of work that counted", lambda site: 0, SpentProof.before, db.session.delete),
    Rule("floods that are over", lambda site: FLOOD_DAYS, Flood.before, db.session.delete),
    Rule("unconfirmed mails", lambda site: ASK_AGAIN_DAYS, unconfirmed_notices, db.session.delete),
    Rule("sent mails", lambda site: MAIL_DAYS, closed_notices, db.session.delete),
    Rule("used links of mails", lambda site: 0, spent_links, db.session.delete),
    Rule("unconfirmed addresses", lambda site: ASK_AGAIN_DAYS, unconfirmed_choices, Choice.end),
    Rule("unconfirmed subscriptions", lambda site: ASK_AGAIN_DAYS, Subscription.unconfirmed, subscribing.drop),
    Rule("who subscribed", lambda site: SUBSCRIBER_COUNTED.days, Subscription.with_sender, Subscription.forget_sender),
    Rule("unused addresses", lambda site: ASK_AGAIN_DAYS, unused_addresses, db.session.delete),
    Rule("sessions of staff", lambda site: SESSION_DAYS, StaffSession.left_alone, db.session.delete),
    Rule(
        "log of security",
        lambda site: current_app.config["BLOG_SECURITY_LOG_DAYS"],
        SecurityEvent.before,
        db.session.delete,
    ),
    Rule("unsaved changes to articles", lambda site: AUTOSAVE_DAYS, Autosave.left_alone, db.session.delete),
    Rule("who had an article open", lambda site: 0, Presence.over, db.session.delete),
    Rule("links to unpublished articles", lambda site: 0, PreviewLink.over, db.session.delete),
    Rule("failed log-ins", lambda site: LOGIN_FAILURE_DAYS, LoginFailure.before, db.session.delete),
)
