"""From notices to a mail: what it says, in plain text and simple HTML, and its headers.

Whether each notice is still true is asked here, when it is sent. Templates are templates/mail/KIND.txt, whose first
line is the subject, and KIND.html. Nothing that a reader typed gets into a header except through `one_line`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from blog.accounts.models import RoleName
from blog.addresses import absolute
from blog.comments.floods import WINDOW, Flood
from blog.comments.models import AWAITING, Comment, State
from blog.database import db
from blog.keys import keyed_hash
from blog.mail import links, news
from blog.mail.kinds import OF_ONE_POST, NoticeKind
from blog.mail.models import SUBJECT_MAX_CHARS, Notice
from blog.mail.quoting import quoted
from blog.moderation.models import Decision
from blog.moderation.verdicts import Verdict
from blog.pages.models import Site
from blog.posts.models import Post
from blog.text.characters import clean_line
from blog.text.email import deliverable
from blog.text.plain import excerpt, plain

MOST_IN_ONE = 30  # comments that a digest shows; it says how many more there are
COMMENTS_A_QUERY = 500
MODERATING = (RoleName.MODERATOR, RoleName.ADMIN)
_VERDICTS = (Verdict.APPROVE, Verdict.REJECT, Verdict.HOLD, Verdict.SPAM)


@dataclass(frozen=True)
class Letter:
    """A mail, ready to be sent. `to` is one bare address."""

    kind: NoticeKind
    to: str
    subject: str
    text: str
    html: str
    message_id: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One comment in a mail. `text` is an excerpt on one line; `blog.mail.quoting` makes it."""

    name: str
    text: str
    title: str  # of the post
    url: str
    flags: Sequence[tuple[str, str]] = ()  # what triage found, and why
    actions: Sequence[tuple[str, str]] = ()  # a verdict, and the link that asks for it


def letter_of(notices: Sequence[Notice]) -> tuple[Letter | None, list[Notice]]:
    """The mail for notices that were claimed together, and those of them that are not true any more.

    Needs a request context for addresses, as `blog.mail.jobs` makes one. No letter when none is true.
    """
    first = notices[0]
    to = _recipient(first)
    said: list[tuple[Notice, dict[str, Any]]] = []
    true: set[int] = set()
    read = 0
    for notice in notices if to else ():
        if len(said) == MOST_IN_ONE:
            break
        read += 1
        values = _about(notice)
        if values is not None:
            said.append((notice, values))
            true.add(notice.id)
    true |= _still_true(notices[read:]) if to else set()
    untrue = [notice for notice in notices if notice.id not in true]
    if not said:
        return None, untrue
    if first.kind == NoticeKind.SECURITY:
        return _letter(first, to, first.subject, first.text, first.html), untrue
    notice, values = said[0]
    items = [values["item"] for _, values in said if "item" in values]
    return compose(notice, to, {**values, "items": items, "more": len(true) - len(said)}), untrue


def compose(notice: Notice, to: str, values: dict[str, Any]) -> Letter:
    """Render a mail with what the templates of its kind want."""
    leave = _leaving(notice)
    values = {
        "site": Site.current(),
        "choose_url": news.choose_url(notice),
        "leave_url": links.address_of(leave) if leave else "",
        **values,
    }
    subject, _, text = render_template(f"mail/{notice.kind}.txt", **values).partition("\n")
    html = render_template(f"mail/{notice.kind}.html", **values, subject=one_line(subject))
    return _letter(notice, to, subject, text, html, leave)


def _letter(notice: Notice, to: str, subject: str, text: str, html: str, leave: links.Link | None = None) -> Letter:
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if leave:
        headers["List-Unsubscribe"] = f"<{links.address_of(leave)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    thread = _thread(notice)
    if thread:
        headers["In-Reply-To"] = headers["References"] = _message_id(thread)
    message_id = _message_id(f"{notice.kind}-{notice.id}")  # the same when it has to be sent again
    return Letter(notice.kind, to, one_line(subject), text.strip() + "\n", html.strip() + "\n", message_id, headers)


def one_line(text: str) -> str:
    """What may stand in a header: one line without anything hidden, not too long.

    The standard library reads "=?…?=" as an encoded word, which may hold a line end, so none must begin.
    """
    return excerpt(clean_line(text).replace("=?", "= ?"), SUBJECT_MAX_CHARS)


def _recipient(notice: Notice) -> str:
    """The address, or nothing when nobody is there to be written to."""
    if notice.account is not None:
        return _in_ascii(notice.account.email) if notice.account.active else ""
    return notice.address.email or "" if notice.address is not None else ""


def _in_ascii(email: str) -> str:
    """An account's address with its domain as every mail server takes it."""
    try:
        return deliverable(email)
    except ValueError:  # such as admin@intranet, which some server of one's own may know
        return email


def _about(notice: Notice) -> dict[str, Any] | None:
    """What a notice says, for the templates; None when it is not true any more."""
    match notice.kind:
        case NoticeKind.SECURITY:
            return {} if notice.text else None
        case NoticeKind.FLOOD:
            return _flood()
        case NoticeKind.CONFIRM:
            return _confirmation(notice)
        case NoticeKind.SUBSCRIBING:
            return news.question(notice)
        case NoticeKind.NEW_ARTICLE | NoticeKind.CORRECTED:
            return news.about(notice)
        case NoticeKind.EMERGENCY | NoticeKind.ARRIVED:
            return _waiting(notice)
        case NoticeKind.DECLINED:
            return _declined(notice)
        case _:
            return _shown(notice)


def _flood() -> dict[str, Any] | None:
    flood = db.session.scalar(Flood.lasting())
    return {"flood": flood, "minutes": WINDOW // timedelta(minutes=1)} if flood else None


def _confirmation(notice: Notice) -> dict[str, Any] | None:
    if notice.address is None:
        return None
    wishes = notice.address.unconfirmed
    if not wishes:
        return None
    titles = list(dict.fromkeys(choice.comment.post.title for choice in wishes if choice.comment.post.is_published))
    link = links.ConfirmLink.make(notice.address.id, wishes[-1].comment.created_at, notice.created_at)
    return {"titles": titles, "confirm_url": links.address_of(link), "days": links.CONFIRM_DAYS}


def _waiting(notice: Notice) -> dict[str, Any] | None:
    comment = _waiting_comment(notice)
    account = notice.account
    if comment is None or account is None or not account.has_any_role(*MODERATING):
        return None
    flags = [(flag.kind.replace("_", " "), flag.why or flag.rule.replace("_", " ")) for flag in comment.newest.flags]
    actions = [
        (
            verdict,
            links.address_of(
                links.DecideLink.make(verdict, account.id, comment.id, comment.newest.id, notice.created_at)
            ),
        )
        for verdict in _VERDICTS
    ]
    where = absolute(url_for("moderation.queue", state=comment.state, _anchor=f"comment-{comment.id}"))
    item = Item(quoted(comment.newest.name), quoted(comment.newest.body), comment.post.title, where, flags, actions)
    return {"item": item, "days": links.DECIDE_DAYS}


def _declined(notice: Notice) -> dict[str, Any] | None:
    declined = _declined_comment(notice)
    if declined is None or notice.choice is None or not notice.choice.outcome:
        return None
    comment, decision = declined
    reason = Site.current().reason(decision.reason)
    return {
        "title": comment.post.title,
        "reason": reason.text if reason else "",
        "status_url": absolute(url_for("comments.status", token=comment.token)),
        "policy_url": absolute(url_for("pages.show", slug="comment-policy")),
    }


def _shown(notice: Notice) -> dict[str, Any] | None:
    comment = _shown_comment(notice)
    if comment is None or comment.public is None or not comment.public.is_readable or not _is_wanted(notice):
        return None
    url = absolute(url_for("comments.permalink", slug=comment.post.slug, comment_id=comment.id))
    item = Item(quoted(comment.public.name), quoted(plain(comment.public.html)), comment.post.title, url)
    own = notice.choice.comment if notice.choice else None
    status_url = absolute(url_for("comments.status", token=own.token)) if own else ""
    return {"item": item, "is_team": comment.is_team, "status_url": status_url}


def _shown_comment(notice: Notice) -> Comment | None:
    """The comment it is about, if its text of then is public now."""
    return db.session.scalar(
        Comment.visible()
        .where(Comment.id == notice.comment_id, Comment.public_revision_id == notice.revision_id)
        .options(joinedload(Comment.public), joinedload(Comment.post).joinedload(Post.revision))
    )


def _waiting_comment(notice: Notice) -> Comment | None:
    """The comment it is about, if its text of then still waits for a decision."""
    return db.session.scalar(
        Comment.for_desk().where(
            Comment.id == notice.comment_id,
            Comment.newest_revision_id == notice.revision_id,
            Comment.state.in_(AWAITING),
        )
    )


def _still_true(notices: Sequence[Notice]) -> set[int]:
    """Which of these notices of one gathered kind are still true: those that a mail only counts, thousands perhaps."""
    if notices and notices[0].subscription_id:
        return {notice.id for notice in notices if news.about(notice) is not None}
    true: set[int] = set()
    for start in range(0, len(notices), COMMENTS_A_QUERY):
        some = notices[start : start + COMMENTS_A_QUERY]
        about = Comment.id.in_([notice.comment_id for notice in some])
        if some[0].kind == NoticeKind.ARRIVED:
            now = select(Comment.id, Comment.newest_revision_id).where(about, Comment.state.in_(AWAITING))
        else:
            now = Comment.visible().with_only_columns(Comment.id, Comment.public_revision_id).where(about)
        texts = dict(db.session.execute(now).all())
        true |= {
            notice.id
            for notice in some
            if texts.get(notice.comment_id or 0, 0) == notice.revision_id and _is_wanted(notice)
        }
    return true


def _declined_comment(notice: Notice) -> tuple[Comment, Decision] | None:
    """The comment it is about, if its text of then is still declined, with the decision that says why."""
    comment = db.session.scalar(
        select(Comment)
        .where(
            Comment.id == notice.comment_id,
            Comment.newest_revision_id == notice.revision_id,
            Comment.state == State.REJECTED,
        )
        .options(joinedload(Comment.post).joinedload(Post.revision))
    )
    decision = Decision.last_on([comment.id]).get(comment.id) if comment else None
    return (comment, decision) if comment and decision else None


def _is_wanted(notice: Notice) -> bool:
    choice = notice.choice
    match notice.kind:
        case NoticeKind.PUBLISHED:
            return choice is not None and choice.outcome
        case NoticeKind.ANSWERED:
            return choice is not None and choice.answers
        case NoticeKind.FOLLOWED:
            return choice is not None and choice.follows
        case _:
            return True


def _leaving(notice: Notice) -> links.Link | None:
    """The link by which its recipient gets no more like this."""
    if notice.kind == NoticeKind.ARRIVED and notice.account_id:
        return links.StaffLeaveLink(notice.account_id, "queue")
    if notice.kind == NoticeKind.ON_YOUR_POSTS and notice.account_id:
        return links.StaffLeaveLink(notice.account_id, "own_posts")
    if notice.subscription is not None:
        return links.StopLink(notice.subscription.address_id, notice.subscription.id)
    if notice.choice is not None and notice.kind != NoticeKind.CONFIRM:
        kind = "follows" if notice.kind == NoticeKind.FOLLOWED else "all"
        return links.LeaveLink(notice.choice.address_id, notice.choice.comment_id, kind)
    return None


def _thread(notice: Notice) -> str:
    """What mails of one conversation have in common."""
    if notice.kind in (NoticeKind.PUBLISHED, NoticeKind.DECLINED, NoticeKind.ANSWERED):
        return f"comment-{notice.choice_id}"
    return f"post-{notice.post_id}" if notice.kind in OF_ONE_POST else ""


def _message_id(name: str) -> str:
    return f"<{name}.{keyed_hash('message id', name)[:20]}@{_host()}>"


def _host() -> str:
    return urlsplit(current_app.config["BLOG_SITE_URL"]).hostname or "localhost"
