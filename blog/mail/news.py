"""What mails to subscribers say, asked when they are sent: of articles that are out, to who still wants to hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from blog.addresses import absolute
from blog.database import db
from blog.mail import links
from blog.mail.models import Notice
from blog.mail.subscriptions import Subscription
from blog.posts.models import Post


@dataclass(frozen=True)
class News:
    """One article in a mail."""

    title: str
    text: str  # what it is about, in a sentence or two
    url: str


def question(notice: Notice) -> dict[str, Any] | None:
    """Whether the owner of an address wants what was asked for; None when there is nothing to ask."""
    if notice.address is None:
        return None
    asked = [one for one in db.session.scalars(Subscription.of(notice.address.id)) if one.confirmed_at is None]
    if not asked:
        return None
    link = links.SubscribeLink.make(notice.address.id, asked[-1].id, notice.created_at)
    return {
        "subjects": [one.subject for one in asked],
        "confirm_url": links.address_of(link),
        "days": links.CONFIRM_DAYS,
    }


def about(notice: Notice) -> dict[str, Any] | None:
    """The article, and why it is told; None when it is not public, or nobody asked any more."""
    wanted = notice.subscription
    post = db.session.scalar(Post.published().where(Post.id == notice.post_id))
    if wanted is None or wanted.confirmed_at is None or post is None or post.revision is None:
        return None
    post.revision.must_be_whole(post.revision.CARD)  # until then the mail waits
    url = absolute(url_for("posts.show", slug=post.slug))
    return {"item": News(post.title, post.revision.standfirst, url), "subject_of": wanted.subject, "post": post}


def choose_url(notice: Notice) -> str:
    """Where a subscriber may change what they get; empty for everybody else."""
    if notice.subscription is None:
        return ""
    return links.address_of(links.SubscriptionsLink(notice.subscription.address_id))
