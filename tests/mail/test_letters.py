"""What a mail says, and what nobody who writes a comment can make it say."""

from __future__ import annotations

import re

import pytest

from blog.accounts.models import RoleName
from blog.database import begin_write, db
from blog.mail.letters import MOST_IN_ONE, one_line
from blog.mail.models import SUBJECT_MAX_CHARS, Notice
from blog.mail.preferences import Cadence
from blog.moderation.verdicts import Verdict
from blog.triage import Flag, FlagKind, Span
from tests.mail.test_headers import HOSTILE
from tests.mailing import ADA, BEA, SPAM

MO = "mo@example.org"
HEADERS = {
    "subject",
    "from",
    "to",
    "date",
    "message-id",
    "auto-submitted",
    "x-auto-response-suppress",
    "mime-version",
    "content-type",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "in-reply-to",
    "references",
}


@pytest.fixture
def moderator(make, mail):
    account = make.account(RoleName.MODERATOR, email=MO)
    mail.prefer(account, queue=Cadence.INSTANT)
    return account


class TestOneLine:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_is_one_line(self, text):
        """Whatever line ends there are in the world, and nothing that becomes one."""
        line = one_line(text)

        assert [line] == (line.splitlines() or [line])
        assert "=?" not in line
        assert len(line) <= SUBJECT_MAX_CHARS

    def test_leaves_what_is_harmless(self):
        """A title stays as its writer wrote it."""
        title = "Why does it hurt? “Süß” & sour = 50 %: a question…"

        assert title == one_line(title)


class TestHostileTexts:
    """Sent, and looked at on the wire."""

    @pytest.mark.parametrize("text", HOSTILE)
    def test_add_no_header_and_no_recipient(self, make, mail, server, moderator, text):
        """As a commenter's name and words, as an article's title and as the reason of triage."""
        make.settings(mail_delay_minutes=0)
        post = make.post(title=one_line(text)[:100] if "\n" in text or "\r" in text else text[:150])
        flags = [Flag(FlagKind.ADVICE, "asks", [Span(0, 1, "I")], text[:100])]
        comment = make.comment(post, name=text[:60], body=f"{text[:900]} words", flags=flags)
        mail.wish(comment)
        mail.send()
        mail.decide(comment)
        mail.send()
        mail.wish(make.comment(post, name=text[:60], body="Who?"), BEA, confirmed=False)
        mail.send()

        assert {MO, ADA, BEA} == {one.recipients[0] for one in server.mails}
        for one in server.mails:
            assert [str(one.message["To"])] == one.recipients
            assert {name.lower() for name in one.message.keys()} <= HEADERS  # noqa: SIM118
            assert "evil" not in str(one.message.get_all("bcc")) + str(one.message["From"])
            assert one.raw.isascii()
            assert max(map(len, one.raw.split(b"\r\n"))) <= 998


class TestModerators:
    def test_read_what_it_is_about(self, make, mail, server, moderator):
        """Excerpt, what triage found and why, and a link for each verdict."""
        flags = [Flag(FlagKind.ADVICE, "asks", [Span(0, 1, "I")], "Asks about themselves")]
        make.comment(make.post(title="The hip"), name="Ada", body="Should I stretch it?", flags=flags)
        mail.send()
        text = server.to(MO)[0].text

        assert all(word in text for word in ("Ada", "Should I stretch it?", "The hip", "Asks about themselves"))
        assert 4 == len(set(re.findall(r"/mail/decide-(\w+)-", text)))

    def test_read_nobodys_address(self, make, mail, server, moderator):
        """A commenter's address is for the commenter's mails alone."""
        mail.wish(make.comment(body="A question."))
        mail.send()

        assert ADA not in server.to(MO)[0].raw.decode()

    def test_never_read_likely_spam(self, make, mail, server, moderator):
        """Not in a mail of its own, and not in the mail about others."""
        make.comment(body="SPAMWORDS", flags=[SPAM])
        make.comment(body="A question.")
        mail.send()

        assert "SPAMWORDS" not in "".join(one.raw.decode() for one in server.mails)

    def test_read_how_many_more_there_are(self, make, mail, server, clock, noon, moderator):
        """A digest shows so many and says how many wait beside them; it is sent once for all."""
        clock.freeze(noon)
        mail.prefer(moderator, queue=Cadence.DAILY)
        post = make.post()
        for number in range(MOST_IN_ONE + 3):
            make.comment(post, body=f"Question {number}.")
        mail.send()
        clock.advance(days=1)
        mail.send()
        (received,) = server.mails

        assert MOST_IN_ONE == len(set(re.findall(r"Question \d+\.", received.text)))
        assert "3 more wait" in received.text
        assert {("arrived", "sent")} == set(mail.states())


class TestCommenters:
    @pytest.fixture
    def told(self, make, mail, server):
        """What the writer of a comment is told of a decision."""
        make.settings(mail_delay_minutes=0)

        def deciding(verdict, reason=""):
            comment = make.comment(make.post(title="The hip"))
            mail.wish(comment)
            mail.decide(comment, verdict, reason=reason)
            mail.send()
            return server.to(ADA)[-1]

        return deciding

    def test_read_why_it_was_declined(self, told):
        """The reason in the words of the settings."""
        received = told(Verdict.REJECT, "off-topic")

        assert "It was not about this article." in " ".join(received.text.split())
        assert "The hip" in received.subject

    def test_read_that_it_is_published(self, told):
        """With the way to it, and to the private page."""
        received = told(Verdict.APPROVE)

        assert "is published" in received.subject
        assert re.search(r"http://localhost/posts/[\w-]+/comments/\d+", received.text)
        assert re.search(r"http://localhost/comments/[\w-]{43}", received.text)

    def test_who_have_not_confirmed_read_no_word_of_anybody(self, make, mail, server):
        """The question holds nothing that the sender of the form typed."""
        mail.wish(make.comment(name="NAMEWORD", body="BODYWORD"), confirmed=False)
        mail.send()
        (received,) = server.mails

        assert not {word for word in ("NAMEWORD", "BODYWORD") if word in received.raw.decode()}
        assert received.message["List-Unsubscribe"] is None


def test_a_mail_of_security_holds_its_own_words(app, make, mail, server, moderator):
    """Its subject is cleaned like all others."""
    with app.app_context():
        begin_write()
        account = db.session.merge(moderator, load=True)
        Notice.send_words(account, "New\r\nBcc: x@evil.example password", "Text", "<p>Text</p>")
        db.session.commit()
    mail.send()
    (received,) = server.mails

    assert ("New Bcc: x@evil.example password", [MO]) == (received.subject, received.recipients)
    assert received.message["Bcc"] is None
