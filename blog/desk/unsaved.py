"""What stands in slots and in no version yet: one's own, to go on with, and that of others, to know of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from blog.accounts.models import Account
from blog.accounts.security import me
from blog.clock import now
from blog.database import db
from blog.desk.article_form import Sheet
from blog.desk.differences import Difference, differences
from blog.desk.names import Names
from blog.desk.sent import Opened, Sent
from blog.markup import moment
from blog.posts.autosaves import Autosave, seen_since
from blog.posts.models import Post, PostRevision
from blog.posts.presence import Presence


@dataclass(frozen=True)
class Unsaved:
    """One's own changes since the newest version, from another page or another day."""

    token: str
    saved_at: datetime
    differences: list[Difference]

    @classmethod
    def of(cls, post: Post, sheet: Sheet) -> Self | None:
        """None where the slot is empty or says what the newest version says, which stands in `sheet`."""
        slot = db.session.scalar(Autosave.of(post, me().id))
        if slot is None:
            return None
        changed = differences(sheet, Sheet.read(slot.typed))
        return cls(slot.token, slot.saved_at, changed) if changed or _place_differs(slot, post) else None


@dataclass(frozen=True)
class Conflict:
    """Another text came first: a version of somebody, or what one typed in another tab."""

    by: str  # empty for oneself in another tab
    at: datetime
    differences: list[Difference]

    @classmethod
    def with_version(cls, revision: PostRevision, sent: Sent) -> Self:
        """Somebody saved another version meanwhile."""
        theirs = Sheet.of(revision.document, sent.names)
        return cls(name_of(revision), revision.created_at, differences(theirs, sent.sheet))

    @classmethod
    def with_slot(cls, slot: Autosave, sent: Sent) -> Self | None:
        """The slot holds what another tab has sent; None if both say the same."""
        changed = differences(Sheet.read(slot.typed), sent.sheet)
        return cls("", slot.saved_at, changed) if changed else None


def others_words(post: Post) -> str:
    """Who else has the article open or has typed something here that no version holds; empty if nobody has."""
    return " ".join([*_open_words(post), *_typed_words(post)])


def newer_words(post: Post, seen: int | None) -> str:
    """Who saved another version since; empty if nobody did."""
    newest = seen_since(post, seen)
    if newest is None:
        return ""
    return f"{name_of(newest)} saved another version on {_words(newest.created_at)}. “Save” will show you both."


def why_overtaken(post: Post, sent: Sent, opened: Opened) -> str:
    """Why a page may not write into its sender's slot any more; empty if it may."""
    newest = seen_since(post, opened.seen)
    if newest is not None and newest.account_id == me().id:
        return f"You saved another version on {_words(newest.created_at)}, in another tab. “Save” will show you both."
    slot = db.session.scalar(Autosave.of(post, me().id))
    if slot is None or slot.is_from(opened.page, opened.continues) or slot.typed == sent.typed:
        return ""
    return f"You have other unsaved changes here, from {_words(slot.saved_at)}. “Save” will show you both."


def opened_slot(post: Post, token: str) -> Sent | None:
    """What one's own slot holds, if it is still the one with this token."""
    slot = db.session.scalar(Autosave.of(post, me().id)) if token else None
    return Sent.kept(slot) if slot is not None and slot.token == token else None


def name_of(revision: PostRevision) -> str:
    """Who saved a version."""
    account = db.session.get(Account, revision.account_id) if revision.account_id else None
    return account.name if account else "Somebody outside the desk"


def _open_words(post: Post) -> list[str]:
    names = [name for _, name in db.session.execute(Presence.of_others(post, me().id))]
    if not names:
        return []
    who = " and ".join([*filter(None, [", ".join(names[:-1])]), names[-1]])
    return [f"{who} {'has' if len(names) == 1 else 'have'} this article open just now."]


def _typed_words(post: Post) -> list[str]:
    slots = db.session.execute(Autosave.of_others(post, me().id)).all()
    newest = db.session.scalar(PostRevision.newest_of(post)) if slots else None
    if newest is None:
        return []
    sheet = Sheet.of(newest.document, Names.current())
    return [
        f"{name} has changes here that are not saved as a version yet, the last from {_words(slot.saved_at)}."
        for slot, name in slots
        if differences(sheet, Sheet.read(slot.typed))
    ]


def _words(at: datetime) -> str:
    """The time of day, with its day where that is another one."""
    day, _, time = moment(at).striptags().rpartition(", ")
    today = moment(now()).striptags().rpartition(", ")[0]
    return time if day == today else f"{day}, {time}"


def _place_differs(slot: Autosave, post: Post) -> bool:
    """Whether the slot holds another address, another choice about comments, or a moment to publish at."""
    typed = slot.typed
    days = "" if post.comments_close_days is None else str(post.comments_close_days)
    comments = ("comments_open" in typed, typed.get("comments_days", ""))
    comments_differ = "slug" in typed and comments != (post.comments_open, days)
    return typed.get("slug", post.slug) != post.slug or "publish_at" in typed or comments_differ
