"""What the templates of the desk ask: its menu, how the queue is filtered, and what was decided, in words."""

from __future__ import annotations

import secrets
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import Flask, url_for

from blog.accounts.models import RoleName
from blog.accounts.security import me
from blog.clock import now
from blog.comments.floods import Flood
from blog.comments.models import Comment, State
from blog.comments.urgency import Alarm
from blog.database import db
from blog.desk.moderation import kept_filters
from blog.markup import kept_partial, menu_entries
from blog.moderation.log import describe
from blog.moderation.marks import marked
from blog.moderation.queue import FLAG_NAMES, Tab, emergencies
from blog.pages.models import Site
from blog.posts.rights import READERS


@dataclass(frozen=True)
class Link:
    """An entry of a menu."""

    label: str
    url: str


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        desk_links=desk_links,
        emergencies_waiting=emergencies_waiting,
        flag_names=FLAG_NAMES,
        flood_now=flood_now,
        history_words=history_words,
        is_late=is_late,
        kept_filters=kept_filters,
        log_words=describe,
        marked_pieces=marked,
        menu_entries=menu_entries,
        plain_actions=plain_actions,
        private_answer=private_answer,
    )


def desk_links() -> list[Link]:
    """The parts of the desk that this account may open."""
    account = me()
    links = []
    if account.has_any_role(*READERS):
        links.append(Link("Articles", url_for("articles.index")))
    if account.has_any_role(RoleName.AUTHOR, RoleName.EDITOR):
        links.append(Link("Media", url_for("media_desk.index")))
    if account.has_any_role(RoleName.MODERATOR):
        links.append(Link("Comments", url_for("moderation.queue")))
        links.append(Link("Log", url_for("moderation.log")))
        links.append(Link("Bans", url_for("bans.index")))
        links.append(Link("Triage", url_for("triage.show")))
    if account.has_any_role(RoleName.EDITOR):
        links.append(Link("Pages", url_for("editing.pages")))
        links.append(Link("Vocabulary", url_for("vocabulary.vocabulary")))
    if account.has_any_role(RoleName.ADMIN):
        links.append(Link("People", url_for("people.index")))
        links.append(Link("Privacy", url_for("privacy.index")))
        links.append(Link("Settings", url_for("settings.section", name="site")))
        links.append(Link("Mail", url_for("mail_desk.index")))
        links.append(Link("Operations", url_for("operations_desk.index")))
    return links


def emergencies_waiting() -> Tab | None:
    """The comments that may be about an emergency and wait, for those who moderate; None when none does."""
    account = me()
    return emergencies() if account.is_authenticated and account.has_any_role(RoleName.MODERATOR) else None


def flood_now() -> Flood | None:
    """The flood of comments that was noticed and is not over."""
    return db.session.scalar(Flood.lasting())


def history_words(history: dict[str, int], own_state: str = "") -> str:
    """What was decided on a sender's other comments: "2 approved, 1 rejected"; `own_state` counts one less."""
    others = {state: count - (state == own_state) for state, count in history.items()}
    return ", ".join(f"{count} {state}" for state, count in others.items() if count)


def is_late(at: datetime) -> bool:
    """Whether a comment sent then has waited longer than readers are told."""
    return now() - at > Site.current().promised


def private_answer(comment: Comment) -> str:
    """A first draft of a private answer to somebody who may be in danger: calm words, and whom to call."""
    site, alarm = Site.current(), Alarm.of(comment.newest.flags)
    is_crisis = alarm is not None and alarm.crisis
    lines = site.crisis_numbers if is_crisis else site.emergency_numbers
    numbers = "\n".join(f"{line.number}: {line.label}" for line in lines)
    return f"{site.crisis_text if is_crisis else site.emergency_advice}\n\n{numbers}"


class Acted(NamedTuple):
    """What the row of actions below a comment needs of it, under the names of `Comment`."""

    id: int
    state: State
    is_team: bool


# What stands for that of one comment in a row of actions that is made for many. No text can hold these: they are new in
# each process.
_ID, _REVISION, _LAST = (10**17 + secrets.randbelow(10**17) for _ in range(3))
_TOKEN, _MORE = (f"{what}-{secrets.token_hex(16)}" for what in ("token", "more"))


def plain_actions(comment: Comment, last_id: int, more: str, token: str, **shown: Hashable) -> str:
    """What can be done with a comment, `more` among it, where nothing of it was typed and nobody is in danger.

    The rows of a page differ in a few numbers; making them takes a sixth of it, so one of a kind is made, and the
    numbers are laid in.
    """
    is_public = comment.state == State.APPROVED
    row = kept_partial(
        "desk/_card_actions.html",
        comment=Acted(_ID, comment.state, comment.is_team),
        seen=f"{_ID}:{_REVISION}",
        seen_fully=f"{_ID}:{_REVISION}:{_LAST}",
        last_id=_LAST,
        token=_TOKEN,
        more=_MORE,
        reply_url=url_for("moderation.reply", comment_id=_ID, **kept_filters()) if is_public else "",  # type: ignore[arg-type]
        **shown,
    )
    its_own = ((_ID, comment.id), (_REVISION, comment.newest_revision_id), (_LAST, last_id))
    for number, own in its_own:
        row = row.replace(str(number), str(own))
    return row.replace(_TOKEN, token).replace(_MORE, more)
