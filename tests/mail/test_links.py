"""Links in mails: what they say cannot be changed, and no other text says the same."""

from __future__ import annotations

import hashlib
import string
from datetime import timedelta

import pytest
from itsdangerous import Signer

from blog.mail import links
from blog.mail.links import CONFIRM_DAYS, DECIDE_DAYS, ConfirmLink, DecideLink, LeaveLink, StaffLeaveLink
from blog.moderation.verdicts import Verdict

pytestmark = pytest.mark.usefixtures("context")

EACH = [
    DecideLink("approve", 1, 2, 3, 4_000_000_000),
    ConfirmLink(1, 2, 4_000_000_000),
    LeaveLink(1, 2, "follows"),
    StaffLeaveLink(1, "queue"),
]


def signed(key, salt, said):
    return Signer(key, salt=salt, digest_method=hashlib.sha256).sign(said).decode()


@pytest.mark.parametrize("link", EACH)
def test_say_what_they_were_made_for(link):
    """Read again, each is what it was."""
    assert link == links.read(links.token_of(link))


@pytest.mark.parametrize("link", EACH)
def test_are_the_same_when_the_mail_is_made_again(link):
    """A mail that is sent twice has links that work once."""
    assert links.token_of(link) == links.token_of(link)


@pytest.mark.parametrize("link", EACH)
def test_cannot_be_changed(link):
    """Each character of a token counts: another one in its place, or none, and it is no link."""
    token = links.token_of(link)
    letters = string.ascii_letters + string.digits + "-_"
    changed = [
        token[:at] + other + token[at + 1 :]
        for at in range(len(token))
        for other in (*letters[:: 1 if at == len(token) - 1 else 13], "")
        if token[at] != other
    ]

    assert [] == [text for text in changed if links.read(text) is not None]


@pytest.mark.parametrize("more", ["=", "==", "\n", " ", ".", "A", "%20", "/"])
def test_hold_nothing_else(more):
    """What is added is not ignored: a second text for the same link would be a second use of it."""
    token = links.token_of(EACH[0])

    assert {None} == {links.read(token + more), links.read(more + token), links.read(token.replace(".", more + "."))}


@pytest.mark.parametrize(
    "text",
    ["", ".", "a", "a.b", "x" * 600, "é.ü", "\x00", "W10.AAAA", ".eJw.AAAA", "None", "[]"],
)
def test_are_not_made_of_anything(text):
    """Whatever somebody types is no link, and breaks nothing."""
    assert links.read(text) is None


@pytest.mark.parametrize(
    ("key", "salt"), [("another key, long enough to be accepted", "mail link"), (None, "another use")]
)
def test_are_made_here_alone(app, key, salt):
    """Neither another site's key nor another use of our own makes one."""
    assert links.read(signed(key or app.config["SECRET_KEY"], salt, "confirm-1-2-4000000000")) is None


@pytest.mark.parametrize("said", ["nothing-1", "confirm", "confirm-1", "confirm-1-2-3-4", "", "-", "confirm-01-2-3"])
def test_of_another_version_are_none(app, said):
    """Signed by us, but not in today's form."""
    assert links.read(signed(app.config["SECRET_KEY"], "mail link", said)) is None


def test_hold_nothing_of_anybody():
    """Numbers and a verdict: who sees a link learns no address and no name."""
    assert "decide-approve-1-2-3-4000000000" == links.token_of(EACH[0]).partition(".")[0]


def test_end_when_their_days_are_over(clock, noon):
    """Seven days for a decision, thirty for a confirmation; leaving is always possible."""
    clock.freeze(noon)
    decide, confirm = DecideLink.make(Verdict.APPROVE, 1, 2, 3, noon), ConfirmLink.make(1, noon, noon)
    seen = []
    for days in (DECIDE_DAYS, CONFIRM_DAYS):
        for late in (0, 1):
            clock.freeze(noon + timedelta(days=days, seconds=late))
            seen.append((links.is_expired(decide), links.is_expired(confirm), links.is_expired(EACH[2])))

    assert [(False, False, False), (True, False, False), (True, False, False), (True, True, False)] == seen


def test_are_short_enough_for_every_mail_program(app):
    """With the biggest numbers there are, still below the 998 characters that a line may have."""
    with app.test_request_context():
        biggest = DecideLink("approve", 2**63 - 1, 2**63 - 1, 2**63 - 1, 2**40)

        assert links.read(links.token_of(biggest)) == biggest
        assert len(links.address_of(biggest)) < 400
