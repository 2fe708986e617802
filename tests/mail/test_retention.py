"""What is kept of mails, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blog.comments.models import State
from blog.database import begin_write, db
from blog.mail.links import SpentLink
from blog.mail.models import ASK_AGAIN_DAYS, Address, Choice, Notice
from blog.moderation.verdicts import Verdict
from blog.privacy.jobs import drop_by_retention
from blog.privacy.retention import MAIL_DAYS
from tests.mailing import ADA

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


@pytest.fixture
def run_after(clock, noon):
    """Lets the job run a minute before, and a minute after, so many days are over; what it asks, after each."""
    clock.freeze(noon)

    def running(days, ask):
        found = []
        for minutes in (-1, 1):
            clock.freeze(noon + timedelta(days=days, minutes=minutes))
            drop_by_retention()
            db.session.rollback()
            found.append(ask())
        return found

    return running


def emails():
    return list(db.session.scalars(db.select(Address.email)))


def count(model):
    return len(db.session.scalars(db.select(model)).all())


def test_a_wish_that_is_never_confirmed_ends(run_after, make, mail):
    """With the address: thirty days after the comment."""
    comment = make.comment()
    mail.wish(comment, confirmed=False)

    assert [(1, [ADA]), (0, [])] == run_after(ASK_AGAIN_DAYS, lambda: (count(Choice), [one for one in emails() if one]))


def test_a_wish_that_was_confirmed_stays(run_after, make, mail):
    """Somebody may answer after years."""
    mail.wish(make.comment())

    assert [[ADA], [ADA]] == run_after(2000, emails)


def test_what_is_left_of_an_address_goes(run_after, make, mail, noon):
    """The hash is there so that nobody is asked twice in thirty days, and no longer."""
    comment = make.comment()
    mail.wish(comment)
    mail.erase(comment)

    assert [[None], []] == run_after(ASK_AGAIN_DAYS, emails)


def test_an_address_stays_as_long_as_its_mails(run_after, make, mail, clock, noon, server):
    """Written to on the last day and left at once: the row goes when the mails do, and the job does not fail."""
    make.settings(mail_delay_minutes=0)
    comment = make.comment()
    mail.wish(comment)
    clock.advance(days=20)
    mail.decide(comment)
    mail.send()
    mail.erase(comment)

    assert [[None], [None]] == run_after(ASK_AGAIN_DAYS + 1, emails)
    assert [[None], []] == run_after(20 + MAIL_DAYS, emails)


def test_mails_that_were_sent_are_forgotten(run_after, make, mail, server):
    """Thirty days later nobody needs to know who was written to."""
    mail.wish(make.comment(), confirmed=False)
    mail.send()

    assert [1, 0] == run_after(MAIL_DAYS, lambda: count(Notice))


def test_what_may_never_be_sent_is_forgotten(run_after, make, mail):
    """Owed to somebody who does not confirm."""
    make.settings(mail_delay_minutes=0)
    comment = make.comment()
    mail.wish(comment, confirmed=False)
    mail.decide(comment)
    mail.tell()
    begin_write()
    Notice.cancel(Notice.kind == "confirm")
    db.session.commit()

    assert [2, 0] == run_after(MAIL_DAYS, lambda: count(Notice))


@pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN])
def test_a_wish_goes_with_the_text(run_after, make, mail, state):
    """When a comment's text is dropped there is nothing left to write about."""
    make.settings(keep_declined_days=50, keep_withdrawn_days=50)
    comment = make.comment(state=State.WITHDRAWN if state == State.WITHDRAWN else State.PENDING)
    if state == State.REJECTED:
        mail.decide(comment, Verdict.REJECT)
    mail.wish(comment)

    assert [(1, [ADA]), (0, [])] == run_after(50, lambda: (count(Choice), [one for one in emails() if one]))


def test_used_links_are_forgotten_when_they_end(run_after, noon):
    """They would not work any more anyway."""
    begin_write()
    SpentLink.spend("x" * 43, noon + timedelta(days=7))
    db.session.commit()

    assert [1, 0] == run_after(7, lambda: count(SpentLink))
