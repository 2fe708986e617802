"""What the site keeps about one person: found, told, erased everywhere; of the team only told."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import joinedload

from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.models import Account, Person
from blog.comments.models import Comment, CommentRevision, State
from blog.database import db
from blog.folding import fold, folded
from blog.keys import keyed_hash
from blog.mail.models import Address, Choice, Notice
from blog.mail.subscriptions import Subscription
from blog.media import portraits
from blog.moderation.models import Decision, DecisionItem
from blog.privacy import erasing, erasures

FOUND_MOST = 200  # comments on the page; more of one person are told in words


@dataclass(frozen=True)
class Wanted:
    """Whom to look for. Each given part finds by itself, and all that is found is shown."""

    email: str = ""
    name: str = ""
    comment_id: int | None = None  # whoever sent this comment

    @property
    def says_something(self) -> bool:
        return bool(self.email.strip() or self.name.strip() or self.comment_id)


@dataclass(frozen=True)
class Match:
    """A comment, and why it may be theirs."""

    comment: Comment
    why: str  # "e-mail", "sender" or "name"


@dataclass(frozen=True)
class Erased:
    """What a receipt says: numbers and a moment, nothing about the person."""

    number: int
    at: datetime
    comments: Sequence[int]
    had_address: bool
    digest: str


def found(wanted: Wanted) -> list[Match]:
    """The comments that may be of this person, the surest first. A name is nobody's alone: a person must look."""
    matches: dict[int, Match] = {}
    for why, narrowed in _ways(wanted):
        for comment in db.session.scalars(narrowed.limit(FOUND_MOST)):
            matches.setdefault(comment.id, Match(comment, why))
    return list(matches.values())[:FOUND_MOST]


def address_of(email: str) -> Address | None:
    """The address of a commenter, as far as it is kept."""
    hashed = keyed_hash("mail address", email.strip().lower())
    return db.session.scalar(select(Address).where(Address.email_hash == hashed)) if email.strip() else None


def bylines_of(email: str) -> Sequence[Person]:
    """The names under which whoever signs in with this address writes."""
    account = db.session.scalar(Account.with_email(email)) if email.strip() else None
    return db.session.scalars(Person.of(account)).all() if account else ()


def told(comment_ids: Iterable[int], email: str) -> dict[str, Any]:
    """Everything that is kept of these comments and this address, as it goes into a file for the person.

    Of somebody of the team also what readers see beside their name, with the portrait. Raises Away.
    """
    address = address_of(email)
    comments = db.session.scalars(_comments().where(Comment.id.in_(list(comment_ids))).order_by(Comment.created_at))
    return {
        "address": _address(address) if address else None,
        "comments": [_comment(comment) for comment in comments],
        "bylines": [_byline(person) for person in bylines_of(email)],
    }


def wipe(comment_ids: Iterable[int], email: str) -> Erased:
    """Erase these comments and this address, with all that hangs on them. Needs `begin_write()`.

    Notes them for the backups, too: `erasures` repeats it after a restore.
    """
    comments = db.session.scalars(
        _comments().where(Comment.id.in_(list(comment_ids))).order_by(Comment.created_at)
    ).all()
    for comment in comments:
        erasing.erase(comment)
        comment.forget_sender()  # whoever asks to be forgotten does not count for limits any more
    address = address_of(email)
    if address is not None:
        _drop(address)
    numbers = [comment.id for comment in comments]
    words = f"{len(numbers)} comments" + (", an address" if address is not None else "")
    SecurityEvent.note(EventKind.ERASED, None, words)
    event = db.session.scalars(SecurityEvent.newest().limit(1)).one()
    return Erased(event.id, event.created_at, numbers, address is not None, event.digest)


def repeat(folder: Any = None) -> int:
    """Erase again, after a restore, what was erased since that backup; how many comments. Needs `begin_write()`."""
    listed = erasures.read(folder or current_app.config["BLOG_INSTANCE_PATH"])
    numbers = [number for group in listed for number in group.comments]
    links = [link for group in listed for link in group.links]  # the same comment, not only its number
    theirs = Comment.id.in_(numbers), Comment.link_hash.in_(links), Comment.state != State.ERASED
    again = db.session.scalars(_comments().where(*theirs)).all()
    for comment in again:
        erasing.erase(comment)
        comment.forget_sender()
    hashes = [group.address for group in listed if group.address]
    for address in db.session.scalars(select(Address).where(Address.email_hash.in_(hashes))).all():
        _drop(address)
    return len(again)


def note_for_backups(receipt: Erased, email: str) -> None:
    """After the commit: write down what a restored backup must lose again."""
    links = db.session.scalars(select(Comment.link_hash).where(Comment.id.in_(receipt.comments))).all()
    hashed = keyed_hash("mail address", email.strip().lower()) if email.strip() else ""
    noted = erasures.Erasure(list(receipt.comments), list(links), hashed)
    erasures.append(current_app.config["BLOG_INSTANCE_PATH"], noted)


def _ways(wanted: Wanted) -> Iterable[tuple[str, Select[Comment]]]:
    """Each way to find them, the surest first."""
    newest_first = _comments().where(Comment.state != State.ERASED).order_by(Comment.created_at.desc(), Comment.id)
    address = address_of(wanted.email)
    if address is not None:
        yield (
            "e-mail",
            newest_first.join(Choice, Choice.comment_id == Comment.id).where(Choice.address_id == address.id),
        )
    if wanted.comment_id:
        own = db.session.get(Comment, wanted.comment_id)
        if own is not None:
            same = Comment.id == own.id
            yield (
                "sender",
                newest_first.where(same | (Comment.sender_hash == own.sender_hash) if own.sender_hash else same),
            )
    if wanted.name.strip():
        named = select(CommentRevision.comment_id).where(
            folded(CommentRevision.name) == fold(wanted.name.strip()), CommentRevision.erased_at.is_(None)
        )
        yield "name", newest_first.where(Comment.id.in_(named))


def _comments() -> Select[Comment]:
    return (
        select(Comment).where(Comment.is_team.is_(False)).options(joinedload(Comment.newest), joinedload(Comment.post))
    )


def _address(address: Address) -> dict[str, Any]:
    return {
        "email": address.email,
        "asked": _moment(address.asked_at),
        "confirmed": _moment(address.confirmed_at),
        "refused": address.problem,
        "kept since": _moment(address.created_at),
        "subscriptions": [
            {"to": one.subject, "how often": str(one.how_often), "confirmed": _moment(one.confirmed_at)}
            for one in db.session.scalars(Subscription.of(address.id))
        ],
        "mails": [
            {"kind": str(notice.kind), "state": str(notice.state), "due": _moment(notice.due_at)}
            for notice in db.session.scalars(select(Notice).where(Notice.address_id == address.id).order_by(Notice.id))
        ],
    }


def _byline(person: Person) -> dict[str, Any]:
    portrait = portraits.whole(person.portrait) if person.portrait else None
    original = portraits.original(person.portrait) if person.portrait else None
    return {
        "name": person.name,
        "credentials": person.credentials,
        "about": person.bio,
        "interests": person.interests,
        "portrait shows": person.portrait_words if person.portrait else None,
        "portrait": _picture(portrait),
        "picture that the portrait was cut from": _picture(original),
    }


def _picture(jpeg: bytes | None) -> str | None:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" if jpeg else None


def _comment(comment: Comment) -> dict[str, Any]:
    choice = Choice.of(comment)
    decisions = (
        select(Decision)
        .join(DecisionItem, DecisionItem.decision_id == Decision.id)
        .where(DecisionItem.comment_id == comment.id)
        .order_by(Decision.id)
    )
    return {
        "number": comment.id,
        "article": comment.post.slug,
        "answers comment": comment.parent_id,
        "state": str(comment.state),
        "sent": _moment(comment.created_at),
        "published": _moment(comment.published_at),
        "code of the sender kept": comment.sender_hash is not None,
        "mails wished": {"decision": choice.outcome, "answers": choice.answers, "follows": choice.follows}
        if choice
        else None,
        "versions": [_version(revision) for revision in db.session.scalars(CommentRevision.of(comment))],
        "decisions": [
            {"verdict": str(one.verdict), "reason": one.reason, "note": one.note, "at": _moment(one.created_at)}
            for one in db.session.scalars(decisions)
        ],
    }


def _version(revision: CommentRevision) -> dict[str, Any]:
    return {
        "name": revision.name,
        "text": revision.body,
        "written": _moment(revision.created_at),
        "erased": _moment(revision.erased_at),
        "found by triage": [
            {"kind": flag.kind, "rule": flag.rule, "words": [span.words for span in flag.spans], "why": flag.why}
            for flag in revision.flags
        ],
    }


def _drop(address: Address) -> None:
    for choice in db.session.scalars(select(Choice).where(Choice.address_id == address.id)).all():
        choice.end()
    db.session.execute(delete(Notice).where(Notice.address_id == address.id))
    db.session.execute(delete(Subscription).where(Subscription.address_id == address.id))
    db.session.flush()
    db.session.execute(delete(Address).where(Address.id == address.id))


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
