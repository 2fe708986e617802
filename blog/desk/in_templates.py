"""What the templates of the desk ask: its menu, how the queue is filtered, and what was decided, in words."""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Flask, current_app, url_for
from flask_wtf.csrf import generate_csrf

from blog.accounts.models import RoleName
from blog.accounts.security import me
from blog.comments.floods import Flood
from blog.comments.models import State
from blog.comments.urgency import Alarm
from blog.database import db
from blog.desk.moderation import kept_filters, reasons
from blog.markup import kept_partial, menu_entries, rendered
from blog.moderation.cards import Card, Listed, is_late
from blog.moderation.log import describe
from blog.moderation.marks import marked
from blog.moderation.queue import FLAG_NAMES, Tab, emergencies
from blog.pages.models import Site
from blog.posts.rights import READERS

CARDS_KEPT = 120  # in each process, of some 10 kB each: what lies on the desks of a few moderators

Filters = tuple[tuple[str, str], ...]


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
        is_late=is_late,
        kept_filters=kept_filters,
        log_words=describe,
        marked_pieces=marked,
        menu_entries=menu_entries,
        plain_actions=plain_actions,
        queue_cards=queue_cards,
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


def queue_cards(cards: Iterable[Card], form: Any = None, answering: int | None = None, bulk: bool = False) -> str:
    """The cards of the queue, one after the other, with what was typed into `form` on the one that is answered.

    Cards differ little from one look at the queue to the next, so each is kept under all that it shows, without the
    token of its forms. They come from the database each time, so nothing old can come out.
    """
    shared = {"bulk": bulk, "filters": tuple(kept_filters().items()), "reasons": reasons(), "token": _TOKEN}
    made = []
    for card in cards:
        own = {"card": card, "draft": private_answer(card), "typed": None}
        if form is not None and card.comment.id == answering:
            template = current_app.jinja_env.get_template("desk/_card.html")
            made.append(template.render({**shared, **own, "typed": form}))
        else:
            made.append(kept_partial("desk/_card.html", CARDS_KEPT, **shared, **own))
    return rendered("".join(made).replace(_TOKEN, generate_csrf()))


def private_answer(card: Card) -> str:
    """A first draft of a private answer to somebody who may be in danger: calm words, and whom to call. Or nothing."""
    if not card.is_urgent:
        return ""
    site, alarm = Site.current(), Alarm.of(card.flags)
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


def plain_actions(comment: Listed, last_id: int, more: str, filters: Filters, **shown: Hashable) -> str:
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
        more=_MORE,
        reply_url=url_for("moderation.reply", comment_id=_ID, **dict(filters)) if is_public else "",  # type: ignore[arg-type]
        **shown,
    )
    its_own = ((_ID, comment.id), (_REVISION, comment.newest_revision_id), (_LAST, last_id))
    for number, own in its_own:
        row = row.replace(str(number), str(own))
    return row.replace(_MORE, more)
