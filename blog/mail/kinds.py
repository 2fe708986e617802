"""What notices tell, what may become of them, and which go together or before others. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class NoticeKind(StrEnum):
    """What a notice tells."""

    EMERGENCY = "emergency"  # to moderators
    FLOOD = "flood"
    ARRIVED = "arrived"
    ON_YOUR_POSTS = "on_your_posts"  # to authors
    SECURITY = "security"  # to an account; holds its own words
    CONFIRM = "confirm"  # to commenters
    PUBLISHED = "published"
    DECLINED = "declined"
    ANSWERED = "answered"
    FOLLOWED = "followed"
    SUBSCRIBING = "subscribing"  # to subscribers
    NEW_ARTICLE = "new_article"
    CORRECTED = "corrected"


URGENT = (NoticeKind.EMERGENCY, NoticeKind.FLOOD, NoticeKind.SECURITY)  # no cap and no pause of others holds these back
GATHERED = (  # several go out as one mail
    NoticeKind.ARRIVED,
    NoticeKind.ON_YOUR_POSTS,
    NoticeKind.FOLLOWED,
    NoticeKind.NEW_ARTICLE,
    NoticeKind.CORRECTED,
)
OF_ONE_POST = (NoticeKind.FOLLOWED, NoticeKind.CORRECTED)  # those about the same article
QUESTIONS = (NoticeKind.CONFIRM, NoticeKind.SUBSCRIBING)  # the only mails to addresses that confirmed nothing
NEWS = (NoticeKind.NEW_ARTICLE,)  # to many at once: all others go first
ONCE = (NoticeKind.ON_YOUR_POSTS, NoticeKind.ANSWERED, NoticeKind.FOLLOWED)  # a comment: a change of it is no news


class NoticeState(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"  # it was not true any more when it was due
    FAILED = "failed"


class About(NamedTuple):
    """The text that a notice is about, and the post it stands on if that gathers notices."""

    comment_id: int
    revision_id: int | None
    post_id: int | None


Draft = dict[str, Any]  # a notice that is not stored yet, as a row
