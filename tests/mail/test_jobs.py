"""From what happened to a mail: what is sent, dropped, put off or given up."""

from __future__ import annotations

import pytest

from blog.accounts.models import Account, RoleName
from blog.comments import sending
from blog.comments.models import Comment
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.mail import jobs
from blog.mail.claiming import LEASE_MINUTES
from blog.mail.delivery import TIMEOUT_SECONDS
from blog.mail.kinds import NoticeKind, NoticeState
from blog.mail.models import Notice
from blog.mail.preferences import Cadence, Preference
from blog.moderation.models import Decision
from blog.moderation.verdicts import Verdict
from blog.posts import publishing
from blog.posts.models import Post
from blog.text.email import deliverable
from tests.mailing import ADA, BEA, EMERGENCY

MO = "mo@example.org"


@pytest.fixture
def moderator(make, mail):
    """Who wants mail about emergencies alone."""
    account = make.account(RoleName.MODERATOR, email=MO)
    mail.prefer(account, queue=Cadence.NEVER)
    return account


def outcome(mail):
    """What became of the only notice, and what the desk says of the server."""
    ((_, state),) = mail.states()
    return state, mail.problem()


class TestSending:
    def test_brings_a_mail_that_can_be_answered_by_leaving(self, publish, server, mail):
        """One click ends it; programs do not answer it; all about one comment is one thread."""
        comment = publish()
        mail.send()
        (received,) = server.to(ADA)
        message = received.message

        assert "auto-generated" == message["Auto-Submitted"]
        assert "List-Unsubscribe=One-Click" == message["List-Unsubscribe-Post"]
        assert message["List-Unsubscribe"].startswith("<http://localhost/mail/")
        assert f"<comment-{comment.id}." in message["References"]
        assert message["References"] == message["In-Reply-To"]
        assert "Words" in received.text

    def test_is_noted(self, publish, server, mail):
        """With the number of the mail, so that it can be found in the log of the mail server."""
        publish()
        mail.send()
        (notice,) = mail.notices()

        assert (NoticeState.SENT, server.mails[0].message["Message-ID"]) == (notice.state, notice.message_id)
        assert (None, "") == (notice.lease_until, mail.problem())

    def test_happens_once(self, publish, server, mail):
        """However often the job runs."""
        publish()
        for _ in range(3):
            mail.send()

        assert 1 == len(server.mails)

    def test_again_is_the_same_mail(self, app, publish, server, mail):
        """Killed between sending and noting it: the second has the number of the first."""
        publish()
        mail.send()
        with app.app_context():
            begin_write()
            (notice,) = db.session.scalars(db.select(Notice)).all()
            notice.state, notice.closed_at = NoticeState.WAITING, None
            db.session.commit()
        mail.send()

        assert (2, 1) == (len(server.mails), len({one.message["Message-ID"] for one in server.mails}))

    def test_goes_to_each_who_is_owed_one(self, make, mail, server, at_once):
        """Every kind of mail that there is, each to whom it concerns."""
        post = make.post("by-me", authors=["me"])
        author, moderator = make.account(email="me@example.org"), make.account(RoleName.MODERATOR, email=MO)
        mail.author(author, "me")
        mail.prefer(author, own_posts=Cadence.INSTANT)
        mail.prefer(moderator, queue=Cadence.INSTANT)
        make.comment(post, body="Help.", flags=[EMERGENCY])
        make.comment(post, body="A question.")
        mail.send()
        asked = make.comment(post, body="Who confirms?")
        mail.wish(asked, confirmed=False)
        mail.wish(make.comment(post, body="Who follows?"), BEA, outcome=False, follows=True)
        published, declined = make.comment(post, body="Good."), make.comment(post, body="Bad.")
        mail.wish(published, "cy@example.org")
        mail.wish(declined, "di@example.org")
        mail.decide(published)
        mail.decide(declined, Verdict.REJECT, reason="off-topic")
        with make.app.app_context():
            begin_write()
            Decision.reply(published.id, Words.prepare("Team", "An answer."), db.session.get_one(Account, moderator.id))
            db.session.commit()
        mail.send()
        mail.send()

        others = {"security", "flood", "subscribing", "new_article", "corrected"}  # have tests of their own
        assert {str(kind) for kind in NoticeKind} - others == {kind for kind, _ in mail.states()}
        assert {"sent", "dropped"} >= {state for _, state in mail.states()}
        assert {MO, ADA, BEA, "cy@example.org", "di@example.org", "me@example.org"} == {
            one.recipients[0] for one in server.mails
        }

    def test_gathers_a_digest(self, make, mail, server, clock, noon):
        """Three comments that wait are one mail."""
        clock.freeze(noon)
        make.account(RoleName.MODERATOR, email=MO)
        for number in range(3):
            make.comment(body=f"Question {number}.")
        mail.send()
        clock.advance(hours=1)
        mail.send()
        (received,) = server.mails

        assert all(f"Question {number}." in received.text for number in range(3))


class TestTruth:
    """What a mail would say is looked at again when it is sent."""

    pytestmark = pytest.mark.both_databases

    @pytest.fixture
    def owed(self, publish, mail):
        comment = publish()
        mail.tell()
        return comment

    def test_is_dropped_when_it_was_undone(self, app, owed, mail, server, moderator):
        """Nobody hears that something was published that is not."""
        with app.app_context():
            decision = Decision.last_on([owed.id])[owed.id]
            mail.undo(decision, moderator)
        mail.send()

        assert ([("published", "dropped")], []) == (mail.states(), server.mails)

    def test_is_dropped_when_another_text_is_shown(self, owed, mail, server, app):
        """Changed and approved anew before the mail left: one mail, about the text that is public."""
        with app.app_context():
            begin_write()
            words, sender = Words.prepare("Reader", "Newer."), Sender.of("192.0.2.1", "")
            sending.revise(db.session.get_one(Comment, owed.id), words, sender)
            db.session.commit()
        mail.decide(owed)
        mail.send()

        assert [("published", "dropped"), ("published", "sent")] == mail.states()
        assert [True] == ["Newer." in one.text for one in server.mails]

    def test_is_dropped_when_the_article_is_gone(self, owed, mail, server, app):
        """An archived article shows no comments."""
        with app.app_context():
            begin_write()
            publishing.archive(db.session.get_one(Post, owed.post_id))
            db.session.commit()
        mail.send()

        assert ([("published", "dropped")], []) == (mail.states(), server.mails)

    def test_is_dropped_when_it_was_erased(self, owed, mail, server):
        """Erased is erased, also what was to be sent."""
        mail.erase(owed)
        mail.send()

        assert ([("published", "dropped")], []) == (mail.states(), server.mails)

    def test_is_dropped_when_it_was_approved_after_all(self, make, mail, server, at_once):
        """Declined, and approved before the mail left: one mail, that it is published."""
        comment = make.comment()
        mail.wish(comment)
        mail.decide(comment, Verdict.REJECT)
        mail.tell()
        mail.decide(comment)
        mail.send()

        assert [("declined", "dropped"), ("published", "sent")] == mail.states()
        assert 1 == len(server.mails)

    def test_is_dropped_when_it_was_decided(self, make, mail, server, clock, noon):
        """A digest does not ask for what was done meanwhile, and goes out with the rest."""
        clock.freeze(noon)
        make.account(RoleName.MODERATOR, email=MO)
        done, left = make.comment(body="Done."), make.comment(body="Left.")
        mail.tell()
        mail.decide(done, Verdict.SPAM)
        clock.advance(hours=1)
        mail.send()

        assert [("arrived", "dropped"), ("arrived", "sent")] == mail.states()
        assert ("Left." in server.mails[0].text, "Done." in server.mails[0].text) == (True, False)
        assert left.id

    @pytest.mark.parametrize("change", ["deactivate", "lose the role"])
    def test_is_dropped_when_a_moderator_left(self, make, mail, server, app, change):
        """Before the mail: no comment goes to who may no longer read it."""
        account = make.account(RoleName.MODERATOR, email=MO)
        make.comment(flags=[EMERGENCY])
        mail.tell()
        with app.app_context():
            begin_write()
            fresh = db.session.get_one(Account, account.id)
            if change == "deactivate":
                fresh.deactivate()
            else:
                fresh.roles = []
            db.session.commit()
        mail.send()

        assert ([("emergency", "dropped")], []) == (mail.states(), server.mails)


class TestAnswers:
    """What a mail server says decides what becomes of the mail, and of whom it is said."""

    def test_later_is_tried_later(self, publish, mail, server, clock, noon):
        """The recipient's server is busy; ours is well. Delivered when the pause is over, once."""
        clock.freeze(noon)
        server.behave.answers[ADA] = "450 busy"
        publish()
        mail.send()
        first = (*outcome(mail), mail.notices()[0].tries, mail.notices()[0].problem)
        server.behave.answers.clear()
        mail.send()
        early = len(server.mails)
        clock.advance(minutes=2)
        mail.send()

        assert ("waiting", "", 1, "450 busy", 0, 1) == (*first, early, len(server.mails))

    def test_never_suspends_the_address(self, publish, mail, server, app):
        """Nothing more is tried there, and the desk can see why."""
        server.behave.answers["RCPT"] = "550 nobody here"
        publish()
        mail.send()
        server.behave.answers.clear()
        publish()
        mail.send()

        assert ([("published", "failed"), ("published", "waiting")], []) == (mail.states(), server.mails)
        assert ("550 nobody here", "550 nobody here") == (mail.notices()[0].problem, mail.address().problem)

    def test_never_suspends_a_colleagues_mails(self, make, mail, server, app, moderator):
        """An account stays an account; its mails end."""
        server.behave.answers["RCPT"] = "550 nobody here"
        make.comment(flags=[EMERGENCY])
        mail.send()
        with app.app_context():
            kept = db.session.get_one(Preference, moderator.id)

            assert ("failed", "550 nobody here") == (mail.states()[0][1], kept.problem)
            assert kept.suspended_at is not None

    def test_no_to_one_mail_is_about_that_mail(self, publish, mail, server):
        """The next one to the same address goes out."""
        server.behave.answers["DATA"] = "554 looks like spam"
        publish()
        mail.send()
        server.behave.answers.clear()
        publish()
        mail.send()

        assert [("published", "failed"), ("published", "sent")] == mail.states()
        assert "554 looks like spam" == mail.notices()[0].problem

    @pytest.mark.usefixtures("impatient")
    @pytest.mark.parametrize("trouble", ["refused", "hangs", "hangs after DATA", "cut", "no sender", "noise"])
    def test_trouble_with_the_server_is_nobodys_fault(self, publish, mail, server, clock, noon, trouble):
        """One attempt, then it rests; every mail waits, and is delivered once when it is back."""
        clock.freeze(noon)
        for email in (ADA, BEA):
            publish(email)
        begin(server, trouble)
        mail.send()
        mail.send()
        states, problem, tries = mail.states(), mail.problem(), [one.tries for one in mail.notices()]
        end(server, trouble)
        clock.advance(minutes=2)
        mail.send()

        assert ([("published", "waiting")] * 2, True, [0, 0]) == (states, bool(problem), tries)
        assert ([("published", "sent")] * 2, "") == (mail.states(), mail.problem())
        assert (1, 1) == (len(server.to(ADA)), len(server.to(BEA)))

    def test_nobody_is_tried_for_ever(self, publish, mail, server, clock, noon):
        """After three days the reason is told at the desk."""
        clock.freeze(noon)
        server.stop()
        publish()
        for _ in range(14):
            mail.send()
            clock.advance(hours=6)
        state, problem = mail.notices()[0].state, mail.notices()[0].problem

        assert (NoticeState.FAILED, True) == (state, problem.startswith("Given up after 3 days: "))
        assert server.mails == []

    def test_what_cannot_be_made_stops_nobody(self, publish, mail, server, monkeypatch):
        """A mail that breaks while it is written fails alone, and is in the log."""
        make_letter = jobs.letter_of

        def broken(notices):
            if notices[0].address.email == ADA:
                raise RuntimeError("no luck")
            return make_letter(notices)

        monkeypatch.setattr(jobs, "letter_of", broken)
        publish(ADA)
        publish(BEA)
        mail.send()

        assert [("published", "failed"), ("published", "sent")] == mail.states()
        assert "It could not be made: RuntimeError" == mail.notices()[0].problem


def begin(server, trouble):
    behave = server.behave
    match trouble:
        case "refused":
            server.stop()
        case "hangs":
            behave.hangs.add("MAIL")
        case "hangs after DATA":
            behave.hangs.add("DATA")
        case "cut":
            behave.cuts_data = True
        case "no sender":
            behave.answers["MAIL"] = "550 not from you"
        case "noise":
            behave.answers["MAIL"] = "tea?"


def end(server, trouble):
    behave = server.behave
    behave.hangs.clear()
    behave.answers.clear()
    behave.cuts_data = False
    if trouble == "refused":
        server.start()


class TestWordsOfSecurity:
    pytestmark = pytest.mark.both_databases

    def send_mail(self, app, recipient):
        util = app.extensions["security"]._mail_util
        util.send_mail("welcome", "Choose a new password", recipient, "x@y", "Go to SECRET", "<p>SECRET</p>")

    def test_are_sent_like_all_mails(self, app, mail, server, moderator):
        """Flask-Security's mails go through the same outbox; the words are forgotten when they are sent."""
        with app.app_context():
            self.send_mail(app, MO)
        before = mail.notices()[0].text
        mail.send()
        (notice,) = mail.notices()

        assert ("Go to SECRET", "Choose a new password") == (before, server.to(MO)[0].subject)
        assert "SECRET" in server.to(MO)[0].text
        assert ("", "", "", NoticeState.SENT) == (notice.subject, notice.text, notice.html, notice.state)

    def test_are_part_of_what_caused_them(self, app, mail, moderator):
        """Rolled back, nothing is sent."""
        with app.app_context():
            begin_write()
            self.send_mail(app, MO)
            db.session.rollback()

        assert [] == mail.notices()

    def test_go_to_accounts_alone(self, app, mail, moderator):
        """Nobody else is written to."""
        with app.app_context():
            self.send_mail(app, "stranger@example.org")

        assert [] == mail.notices()


class TestWithoutServer:
    def test_mails_become_files(self, app, publish, mail):
        """One for each, and the notices count as sent."""
        publish()
        mail.send()
        (file,) = (app.config["BLOG_INSTANCE_PATH"] / "outbox").iterdir()

        assert ("sent", "") == outcome(mail)
        assert b"\r\nTo: ada@example.org\r\n" in file.read_bytes()

    def test_a_folder_that_cannot_be_written_is_told(self, app, publish, mail):
        """Nothing is lost: it is tried again."""
        (app.config["BLOG_INSTANCE_PATH"] / "outbox").write_text("in the way")
        publish()
        mail.send()
        state, problem = outcome(mail)

        assert ("waiting", True) == (state, "outbox cannot be written" in problem)


def test_no_log_line_holds_an_address_or_a_token(publish, make, mail, server, moderator, caplog):
    """Neither when it goes well nor when it does not."""
    server.behave.answers["RCPT"] = "550 <ada@example.org> nobody"
    publish()
    make.comment(flags=[EMERGENCY])
    with caplog.at_level("DEBUG"):
        mail.send()
    said = " ".join(str(record.msg) + record.getMessage() for record in caplog.records if record.name[:4] == "blog")

    assert "emergency" in said
    assert not [secret for secret in (ADA, MO, "/mail/", "/comments/") if secret in said]


def test_addresses_are_kept_as_they_are_sent_to(app, mail, publish, server):
    """A name with letters beyond ASCII in its domain is written as every server takes it."""
    publish(deliverable("ada@bücher.example"))
    mail.send()

    assert ["ada@xn--bcher-kva.example"] == server.mails[0].recipients


def test_holds_a_mail_for_longer_than_it_can_take():
    """Every answer of a mail server that takes its full time, and the lease is still there."""
    answers = 12  # connect, greeting, EHLO, STARTTLS, handshake, EHLO, AUTH (2), NOOP, MAIL, RCPT, DATA and its end

    assert (answers + 1) * TIMEOUT_SECONDS < LEASE_MINUTES * 60
