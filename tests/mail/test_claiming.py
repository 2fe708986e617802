"""Which mail goes next, and that nobody gets too many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from blog.accounts.models import RoleName
from blog.checksums import Damaged
from blog.clock import now
from blog.database import begin_write, db
from blog.mail import outcomes
from blog.mail.claiming import LEASE_MINUTES, RECIPIENT_PER_HOUR
from blog.mail.jobs import send_mail
from blog.mail.kinds import NoticeKind, NoticeState
from blog.mail.models import Address, Notice
from tests.mailing import ADA, BEA, EMERGENCY, claim, claimed, rows

both = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


class TestClaiming:
    """`claim`: the notices of the next mail."""

    pytestmark = both

    @pytest.fixture
    def owed(self, make, mail, clock, noon):
        """Makes published comments of which their writers are to hear now."""
        clock.freeze(noon)
        make.settings(mail_delay_minutes=0)

        def owing(*emails):
            for number, email in enumerate(emails):
                comment = make.comment(body=f"Words {number}.")
                mail.wish(comment, email)
                mail.decide(comment)
            return [one.id for one in mail.tell() if one.kind == NoticeKind.PUBLISHED]

        return owing

    def test_takes_what_is_due_first(self, owed):
        """In the order in which it was owed, each once."""
        ids = owed(ADA, BEA)

        assert [[ids[0]], [ids[1]], []] == [claim() for _ in range(3)]

    def test_takes_nothing_before_its_time(self, owed, clock, noon):
        """Due is due."""
        ids = owed(ADA)
        begin_write()
        db.session.get_one(Notice, ids[0]).due_at = noon + timedelta(minutes=1)
        db.session.commit()
        early = claim()
        clock.advance(minutes=1)

        assert ([], ids) == (early, claim())

    def test_keeps_the_order_of_a_recipient(self, owed):
        """While a mail to somebody is on its way, no other one to them begins."""
        ids = owed(ADA, ADA, BEA)

        assert [[ids[0]], [ids[2]], []] == [claim() for _ in range(3)]

    def test_keeps_the_order_when_the_first_is_put_off(self, owed, clock):
        """The second waits for the first; others do not."""
        ids = owed(ADA, ADA, BEA)
        claim()
        begin_write()
        outcomes.put_off(ids[:1], "451 later")
        db.session.commit()
        meanwhile = [claim(), claim()]
        clock.advance(minutes=2)

        assert ([[ids[2]], []], ids[:1]) == (meanwhile, claim())

    def test_takes_again_what_a_dead_worker_held(self, owed, clock):
        """After its lease, not before."""
        ids = owed(ADA)
        claim()
        clock.advance(minutes=LEASE_MINUTES - 1)
        held = claim()
        clock.advance(minutes=2)

        assert ([], ids) == (held, claim())

    def test_gathers_what_goes_out_as_one_mail(self, make, mail, clock, noon, moderator):
        """A digest holds all that wait for one moderator, and nobody else's."""
        clock.freeze(noon)
        other = make.account(RoleName.MODERATOR)
        for number in range(3):
            make.comment(body=f"Words {number}.")
        mail.tell()
        clock.advance(hours=1)
        sizes = [len({one.account_id for one in found}) * 10 + len(found) for found in (claimed(), claimed())]

        assert ([13, 13], []) == (sizes, claim())
        assert other.id

    def test_gathers_followed_comments_by_post(self, make, mail, clock, noon):
        """One mail for each article."""
        clock.freeze(noon)
        make.settings(mail_delay_minutes=0)
        posts = [make.post(), make.post()]
        for post in posts:
            mail.wish(make.comment(post, body="Mine."), outcome=False, follows=True)
        for post in (*posts, posts[0]):
            mail.decide(make.comment(post, body=f"Others'. {next(make.numbers)}"))
        mail.tell()
        first = claimed()
        begin_write()
        for notice in outcomes.among([one.id for one in first]):
            outcomes.close([notice.id], NoticeState.SENT, "<1>")
        db.session.commit()

        assert [2, 1] == [len(first), len(claimed())]

    def test_holds_back_who_had_many_in_an_hour(self, owed, clock, noon, make, mail):
        """So many for one recipient; others go on, and so do they after the hour."""
        ids = owed(*[ADA] * (RECIPIENT_PER_HOUR + 1), BEA)
        sent = []
        while found := claim():
            begin_write()
            outcomes.close(found[:1], NoticeState.SENT, f"<{found[0]}>")
            db.session.commit()
            sent += found
        clock.advance(minutes=61)

        assert ({*ids} - {ids[-2]}, [ids[-2]]) == ({*sent}, claim())

    def test_never_holds_back_an_emergency(self, make, mail, clock, noon, instant):
        """Neither the limit of the site nor of the recipient, nor another mail on its way to them."""
        clock.freeze(noon)
        for number in range(RECIPIENT_PER_HOUR + 1):
            make.comment(body=f"Words {number}.")
            mail.tell()
            found = claim()
            begin_write()
            for notice in outcomes.among(found):
                outcomes.close([notice.id], NoticeState.SENT, f"<{number}>")
            db.session.commit()
        make.comment(body="One more.")
        make.comment(body="Help.", flags=[EMERGENCY])
        mail.tell()

        assert [[NoticeKind.EMERGENCY], []] == [[one.kind for one in claimed(held_back=True)] for _ in range(2)]

    def test_takes_urgent_ones_first(self, make, mail, clock, noon, instant):
        """An emergency overtakes what was due before it."""
        clock.freeze(noon)
        make.comment()
        clock.advance(minutes=1)
        make.comment(body="Help.", flags=[EMERGENCY])
        mail.tell()

        assert [NoticeKind.EMERGENCY, NoticeKind.ARRIVED] == [claimed()[0].kind, _done(claimed)[0].kind]

    def test_takes_nothing_for_who_is_refused(self, owed):
        """The mail server said that there is nobody: nothing more is tried."""
        owed(ADA)
        begin_write()
        rows(Address)[0].suspended_at = now()
        db.session.commit()

        assert [] == claim()


def _done(ask):
    """What comes next when all that is on its way has been sent."""
    begin_write()
    for notice in rows(Notice):
        if notice.lease_until:
            outcomes.close([notice.id], NoticeState.SENT, f"<{notice.id}>")
    db.session.commit()
    return ask()


@pytest.mark.usefixtures("context")
def test_a_damaged_mail_keeps_others_waiting_for_one_tick(make, spoil):
    """It is held for its lease before it is read, and fails where it is made."""
    for email in ("a@example.org", "b@example.org"):
        account = make.account(RoleName.ADMIN, email=email)
        begin_write()
        Notice.send_words(account, "Subject", "text", "<p>text</p>")
        db.session.commit()
        if email == "a@example.org":
            spoil("notices.created_at", "xx")
    with pytest.raises(Damaged):
        send_mail()
    db.session.rollback()
    send_mail()

    assert ["waiting", "sent"] == db.session.scalars(select(Notice.state).order_by(Notice.id)).all()
