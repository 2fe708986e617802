"""What the site does with data of people, as its settings are: read on the privacy page and in the owner's record.

Each activity says why, whose data, what is kept and until when. A new thing that is kept belongs in here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blog.comments.floods import FLOOD_DAYS
from blog.comments.models import SENDER_COUNTED
from blog.comments.proofs import HOURS
from blog.mail.models import ASK_AGAIN_DAYS
from blog.mail.subscriptions import SENDER_COUNTED as SUBSCRIBER_COUNTED
from blog.pages.models import EmailField, Site
from blog.privacy.retention import AUTOSAVE_DAYS, LOGIN_FAILURE_DAYS, MAIL_DAYS, SESSION_DAYS
from blog.words import count_of

READERS, TEAM = "Readers who comment", "People who work on the site"
INTEREST = "legitimate interest, Art. 6 (1) (f) GDPR"
ON_REQUEST = "consent, Art. 6 (1) (a) GDPR; each email has a link that withdraws it"
ALWAYS = "as long as the site exists"


@dataclass(frozen=True)
class Kept:
    """One thing that is kept, and for how long, in words."""

    what: str
    how_long: str


@dataclass(frozen=True)
class Activity:
    """One thing that the site does with data, as Art. 30 GDPR asks for it. `basis` is a proposal to the owner."""

    name: str
    why: str
    people: str
    kept: Sequence[Kept]
    basis: str
    seen_by: str = "moderators and administrators of the site"
    is_about_readers: bool = True


def activities(site: Site, config: Mapping[str, Any]) -> list[Activity]:
    """All of them, those about readers first; `config` are the settings of the machine."""
    found = [_comments(site)]
    if site.comment_email != EmailField.HIDDEN:
        found.append(_mails(config))
    return [*found, _news(config), _protection(site), _team(config), _operation(config)]


def _comments(site: Site) -> Activity:
    return Activity(
        "Comments",
        "To publish what readers write, once a moderator has read it.",
        READERS,
        (
            Kept("Name and text of a published comment", "until its writer erases it, through their private link"),
            Kept("The text of a declined comment, and earlier versions of a text", _days(site.keep_declined_days)),
            Kept("The text of a withdrawn comment", _days(site.keep_withdrawn_days)),
            Kept("The original of a text that was published with words redacted", _days(site.keep_original_days)),
            Kept("Moderators' notes on a text, and private answers to its writer", "as long as the text"),
            Kept("Which comment was decided how, when and by whom, without its words", ALWAYS),
        ),
        f"{INTEREST}; what writers say of their health: Art. 9 (2) (a) GDPR, as they send it on purpose",
        "everybody, once it is published; moderators and administrators before",
    )


def _news(config: Mapping[str, Any]) -> Activity:
    return Activity(
        "Emails to those who subscribed",
        "To tell those who asked for it, and confirmed it, of new articles and corrections. Nothing in these emails "
        "tells whether they were read.",
        "Readers who subscribe",
        (
            Kept("The email address, encrypted, and what was asked for", "until the last of it is stopped"),
            Kept("An address whose owner did not confirm it", _days(ASK_AGAIN_DAYS)),
            Kept("The code of who asked, to limit how much one sender can ask for", _days(SUBSCRIBER_COUNTED.days)),
            Kept("That an email was sent, without what it said", _days(MAIL_DAYS)),
        ),
        ON_REQUEST,
        f"administrators; {_carrier(config)}",
    )


def _carrier(config: Mapping[str, Any]) -> str:
    return "the mail server that the site uses" if config["BLOG_MAIL_URL"] else "no mail server is set up yet"


def _mails(config: Mapping[str, Any]) -> Activity:
    return Activity(
        "Emails to those who commented",
        "To tell those who ticked the box, and confirmed it, what became of their comment.",
        READERS,
        (
            Kept("The email address, if emails were asked for", "until they are stopped, or the comment is erased"),
            Kept("An address whose owner did not confirm it", _days(ASK_AGAIN_DAYS)),
            Kept("That an email was sent, without what it said", _days(MAIL_DAYS)),
        ),
        ON_REQUEST,
        f"administrators; {_carrier(config)}",
    )


def _protection(site: Site) -> Activity:
    limit = f"{count_of(site.comment_limit, 'comment')} in {count_of(site.comment_limit_minutes, 'minute')}"
    return Activity(
        "Protection against advertising and abuse",
        f"To stop one sender from sending more than {limit}, to find advertising, and to keep out those who do "
        "harm. A program on this server marks texts; a person decides about each.",
        READERS,
        (
            Kept(
                "A code made from the network address, which itself is not kept, with a key that changes every year",
                _days(site.keep_sender_days),
            ),
            Kept("The same for a comment that its writer erased", _days(SENDER_COUNTED.days)),
            Kept("The code of a sender who may not comment for a while", "until that ends, a year at most"),
            Kept("What the program marked in a text", "as long as the text"),
            Kept(
                "How often words occur in published comments and in advertising",
                "until the next night, when they are counted anew",
            ),
            Kept("That a browser solved a puzzle, which nobody sees, to show that it is no machine", _hours(HOURS)),
            Kept("How many comments came in a flood, nothing about senders", _days(FLOOD_DAYS)),
        ),
        INTEREST,
    )


def _team(config: Mapping[str, Any]) -> Activity:
    return Activity(
        "Accounts of the team",
        "So that only the team can work on the site, and can see later who did what.",
        TEAM,
        (
            Kept("Name, email address, role, and a password that nobody can read", ALWAYS),
            Kept(
                "A portrait beside the name above articles, if they brought one, and the picture that it was cut from",
                "until it is taken away, the account ends or the name is given to another",
            ),
            Kept(
                f"A cookie and a row for each session, with the device in words, which end after "
                f"{_hours(config['BLOG_SESSION_IDLE_HOURS'])} without use",
                _days(SESSION_DAYS),
            ),
            Kept(
                "Who signed in, and what was changed about accounts and rights", _days(config["BLOG_SECURITY_LOG_DAYS"])
            ),
            Kept("Failed sign-ins, as codes", _days(LOGIN_FAILURE_DAYS)),
            Kept("What was typed into an article and never saved", _days(AUTOSAVE_DAYS)),
            Kept("Who has an article open at the desk, for colleagues at the same article", _days(1)),
            Kept("What was changed at the desk, and by whom", ALWAYS),
        ),
        "the contract or agreement with each of them, Art. 6 (1) (b) GDPR; " + INTEREST,
        "administrators",
        is_about_readers=False,
    )


def _operation(config: Mapping[str, Any]) -> Activity:
    kept = [
        Kept(
            "The log of the server: page, time and result, no address of anybody",
            "as long as the machine keeps its logs",
        )
    ]
    if config["BLOG_BACKUP_KEEP"]:
        copies = count_of(config["BLOG_BACKUP_KEEP"], "day")
        kept.append(Kept("Backups of everything; what was erased is erased again when one is used", copies))
    seen_by = "whoever runs the machine"
    if config["BLOG_PURGE_URL"]:
        seen_by += "; a content delivery network, which hands out the public pages and sees who asks for them"
    return Activity(
        "Running the site", "To keep it working, and to find faults.", "Everybody who uses it", kept, INTEREST, seen_by
    )


def _days(days: int) -> str:
    return count_of(days, "day")


def _hours(hours: int) -> str:
    return count_of(hours, "hour")
