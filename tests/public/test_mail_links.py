"""What a mail's link opens and does, and what it does when it comes too late."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from html import unescape

import pytest

from blog.accounts.models import Account, RoleName
from blog.comments import sending
from blog.comments.models import Comment, State
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.mail import links
from blog.mail.links import DecideLink
from blog.mail.preferences import Cadence
from blog.moderation.models import Decision, DecisionItem
from blog.moderation.verdicts import Verdict
from tests.mailing import BEA, EMERGENCY
from tests.visitors import StaffClient

MO = "mo@example.org"


@pytest.fixture
def moderator(make):
    return make.account(RoleName.MODERATOR, email=MO, name="Mo Moderator")


@pytest.fixture
def path(app):
    """`path(link)`: where a link of a mail leads."""

    def leading(link):
        with app.test_request_context():
            return f"/mail/{links.token_of(link)}"

    return leading


@pytest.fixture
def decide_path(app, path):
    """`decide_path(comment, account, verdict)`: the link in a moderator's mail."""

    def leading(comment, account, verdict=Verdict.APPROVE, at=None):
        made = DecideLink.make(verdict, account.id, comment.id, comment.newest_revision_id, at or comment.created_at)
        return path(made)

    return leading


def state_of(make, comment):
    with make.app.app_context():
        return db.session.get_one(Comment, comment.id).state


class TestScanners:
    """Programs that open every link of every mail before its reader does."""

    @pytest.fixture
    def opened(self, make, mail, server, moderator):
        """Every address that stands in any part of any kind of mail."""
        make.settings(mail_delay_minutes=0)
        post = make.post("by-me", authors=["me"])
        mail.author(moderator, "me")
        mail.prefer(moderator, queue=Cadence.INSTANT, own_posts=Cadence.INSTANT)
        make.comment(post, body="Help.", flags=[EMERGENCY])
        make.comment(post, body="A question.")
        mail.send()
        mail.wish(make.comment(post, body="Who follows?"), BEA, outcome=False, follows=True)
        good, bad = make.comment(post, body="Good."), make.comment(post, body="Bad.")
        mail.wish(good, "cy@example.org")
        mail.wish(bad, "di@example.org")
        mail.wish(make.comment(post, body="Who?"), confirmed=False)
        mail.decide(good)
        mail.decide(bad, Verdict.REJECT, reason="off-topic")
        colleague = make.account(RoleName.EDITOR)
        with make.app.app_context():
            begin_write()
            Decision.reply(good.id, Words.prepare("Team", "An answer."), db.session.get_one(Account, colleague.id))
            db.session.commit()
        mail.send()
        kinds = {kind for kind, state in mail.states() if state == "sent"}
        assert 8 == len(kinds), kinds
        found = set()
        for received in server.mails:
            parts = [str(part.get_content()) for part in received.message.walk() if not part.is_multipart()]
            parts.append(str(received.message["List-Unsubscribe"] or ""))
            found |= {unescape(url) for text in parts for url in re.findall(r'http://localhost([^\s">]*)', text)}
        return sorted(found)

    @pytest.mark.parametrize("signed_in", [False, True], ids=["a stranger", "the moderator"])
    def test_change_nothing(self, app, client, opened, sign_in, moderator, dump, signed_in):
        """GET and HEAD on every link of every kind of mail: not one row differs."""
        browser = sign_in(moderator) if signed_in else client
        before = dump()
        answers = {}
        for address in opened:
            answers[address] = browser.get(address).status_code, browser.head(address).status_code

        assert before == dump()
        assert {(200, 200)} == {one for address, one in answers.items() if address.startswith("/mail/")}
        assert len([one for one in opened if one.startswith("/mail/")]) >= 12


class TestDeciding:
    pytestmark = pytest.mark.both_databases

    @pytest.mark.parametrize(
        ("verdict", "state"),
        [
            (Verdict.APPROVE, State.APPROVED),
            (Verdict.REJECT, State.REJECTED),
            (Verdict.HOLD, State.HELD),
            (Verdict.SPAM, State.SPAM),
        ],
    )
    def test_happens_with_a_post(self, make, client, moderator, decide_path, verdict, state):
        """By who got the mail, without signing in; the page before it shows the text and asks."""
        comment = make.comment(body="Is this safe?")
        where = decide_path(comment, moderator, verdict)
        shown = client.get(where)
        answer = client.post(where)

        assert (200, True, True) == (shown.status_code, "Is this safe?" in shown.text, "Mo Moderator" in shown.text)
        assert (200, state) == (answer.status_code, state_of(make, comment))
        with make.app.app_context():
            assert [moderator.id] == [one.account_id for one in db.session.scalars(db.select(Decision))]

    def test_with_a_reason_tells_it(self, make, client, moderator, decide_path):
        """The reason is one of the list."""
        comment = make.comment()
        client.post(decide_path(comment, moderator, Verdict.REJECT), data={"reason": "off-topic"})
        with make.app.app_context():
            assert ["off-topic"] == [one.reason for one in db.session.scalars(db.select(Decision))]

    def test_while_signed_in_is_the_same(self, make, moderator, sign_in, decide_path):
        """Who is signed in as the right account needs no form token either: the link is the token."""
        comment = make.comment()
        browser = sign_in(moderator)
        answer = super(StaffClient, browser).post(decide_path(comment, moderator))

        assert (200, State.APPROVED) == (answer.status_code, state_of(make, comment))

    def test_is_not_kept_by_anybody(self, make, client, moderator, decide_path):
        """No cache, no search engine, no cookie, and its address goes nowhere else."""
        headers = client.get(decide_path(make.comment(), moderator)).headers

        assert ("no-store" in headers["Cache-Control"], "noindex" in headers["X-Robots-Tag"]) == (True, True)
        assert ("same-origin", None) == (headers["Referrer-Policy"], headers.get("Set-Cookie"))


def forged(setting):
    return 404, "/mail/decide-approve-1-1-1-4000000000.AAAA"


def cut(setting):
    return 404, setting.path()[:-1]


def another_key(setting):
    setting.app.config["SECRET_KEY"] = "another key, long enough to be accepted"
    where = setting.path()
    setting.app.config["SECRET_KEY"] = setting.key
    return 404, where


def expired(setting):
    return 410, setting.path(at=setting.comment.created_at - timedelta(days=8))


def replayed(setting):
    assert setting.client.post(setting.path()).status_code == 200
    return 410, setting.path()


def replayed_after_undo(setting):
    assert setting.client.post(setting.path()).status_code == 200
    with setting.app.app_context():
        setting.mail.undo(Decision.last_on([setting.comment.id])[setting.comment.id], setting.moderator)
    return 410, setting.path()


def spelled_otherwise(setting):
    """The last character of a signature holds bits that nobody reads."""
    where = setting.path()
    setting.client.post(where)
    with setting.app.app_context():
        setting.mail.undo(Decision.last_on([setting.comment.id])[setting.comment.id], setting.moderator)
    return 404, where + "="


def another_moderator(setting):
    setting.client = setting.sign_in(setting.make.account(RoleName.MODERATOR))
    return 403, setting.path()


def deactivated(setting):
    setting.change(lambda account: account.deactivate())
    return 403, setting.path()


def lost_role(setting):
    setting.change(lambda account: setattr(account, "roles", []))
    return 403, setting.path()


def stale(setting):
    where = setting.path()
    with setting.app.app_context():
        begin_write()
        comment = db.session.get_one(Comment, setting.comment.id)
        sending.revise(comment, Words.prepare("Reader", "Other words."), Sender.of("192.0.2.1", ""))
        db.session.commit()
    return 409, where


def decided(setting):
    setting.mail.decide(setting.comment, Verdict.REJECT)
    return 409, setting.path()


def withdrawn(setting):
    with setting.app.app_context():
        begin_write()
        db.session.get_one(Comment, setting.comment.id).withdraw()
        db.session.commit()
    return 409, setting.path()


def erased(setting):
    setting.mail.erase(setting.comment)
    return 409, setting.path()


class Setting:
    """A comment that waits, and a moderator with a link to approve it."""

    def __init__(self, app, client, make, mail, moderator, decide_path, sign_in):
        self.app, self.client, self.make, self.mail = app, client, make, mail
        self.moderator, self.sign_in, self.key = moderator, sign_in, app.config["SECRET_KEY"]
        self.comment = make.comment(sender="192.0.2.1")
        self.path = lambda **values: decide_path(self.comment, moderator, **values)

    def change(self, act):
        with self.app.app_context():
            begin_write()
            act(db.session.get_one(Account, self.moderator.id))
            db.session.commit()


class TestDecidingTooLate:
    pytestmark = pytest.mark.both_databases

    @pytest.fixture
    def setting(self, app, client, make, mail, moderator, decide_path, sign_in):
        return Setting(app, client, make, mail, moderator, decide_path, sign_in)

    @pytest.mark.parametrize(
        "case",
        [
            forged,
            cut,
            another_key,
            expired,
            replayed,
            replayed_after_undo,
            spelled_otherwise,
            another_moderator,
            deactivated,
            lost_role,
            stale,
            decided,
            withdrawn,
            erased,
        ],
    )
    def test_does_nothing_and_says_why(self, setting, dump, case):
        """A page with the right status, and not one row differs."""
        status, where = case(setting)
        before = dump()
        answers = (
            setting.client.get(where),
            super(StaffClient, setting.client).post(where)
            if isinstance(setting.client, StaffClient)
            else setting.client.post(where),
        )

        assert [status, status] == [answer.status_code for answer in answers]
        assert all("<h1>" in answer.text for answer in answers)
        assert before == dump()

    @pytest.mark.parametrize(
        ("case", "heading"), [(stale, "has changed"), (decided, "was decided already"), (withdrawn, "is gone")]
    )
    def test_names_what_happened(self, setting, case, heading):
        """Each in its own words: to be decided by a colleague is not to have changed."""
        _, where = case(setting)

        assert f"<h1>This comment {heading}</h1>" in setting.client.get(where).text

    def test_with_a_reason_that_is_gone_does_nothing(self, setting, dump, decide_path):
        """The list was changed while the page was open."""
        where = setting.path(verdict=Verdict.REJECT)
        before = dump()

        assert 409 == setting.client.post(where, data={"reason": "no-such-reason"}).status_code
        assert before == dump()

    def test_leaves_the_other_links_of_the_mail(self, setting):
        """Held by one link, it can still be approved by the other: each works once."""
        held = setting.client.post(setting.path(verdict=Verdict.HOLD)).status_code
        approved = setting.client.post(setting.path()).status_code

        assert (200, 200, State.APPROVED) == (held, approved, state_of(setting.make, setting.comment))


def at_once(app, *paths):
    """POST to each at the same moment; the statuses."""
    barrier = threading.Barrier(len(paths))
    statuses = [0] * len(paths)

    def run(index, where):
        client = app.test_client()
        barrier.wait()
        statuses[index] = client.post(where).status_code

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(paths)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


@pytest.mark.both_databases
@pytest.mark.slow
class TestAtOnce:
    ROUNDS = 6

    def test_one_link_decides_once(self, app, make, moderator, decide_path):
        """Clicked twice in the same moment: one decision; the second is told that the link was used."""
        for number in range(self.ROUNDS):
            comment = make.comment(body=f"Text {number}.")
            statuses = at_once(app, *[decide_path(comment, moderator)] * 3)
            with app.app_context():
                items = db.session.scalars(db.select(DecisionItem).where(DecisionItem.comment_id == comment.id)).all()

            assert ([200, 410, 410], 1) == (sorted(statuses), len(items))

    def test_two_links_decide_once(self, app, make, moderator, decide_path):
        """Two moderators with two verdicts: one takes effect, the other is told of it."""
        other = make.account(RoleName.MODERATOR)
        for number in range(self.ROUNDS):
            comment = make.comment(body=f"Text {number}.")
            approve = decide_path(comment, moderator)
            statuses = at_once(app, approve, decide_path(comment, other, Verdict.REJECT))
            with app.app_context():
                items = db.session.scalars(db.select(DecisionItem).where(DecisionItem.comment_id == comment.id)).all()

            assert ([200, 409], 1) == (sorted(statuses), len(items))
            assert (State.APPROVED if statuses[0] == 200 else State.REJECTED) == state_of(make, comment)


def test_no_log_line_holds_a_link(make, client, moderator, decide_path, caplog):
    """Neither when it is opened nor when it is used, nor when somebody tries one that was never made."""
    where = decide_path(make.comment(), moderator)
    with caplog.at_level("DEBUG"):
        for address in (where, where + "x"):
            client.get(address)
            client.post(address)
    said = " ".join(str(vars(record)) for record in caplog.records if record.name[:4] == "blog")

    assert "'status': 404" in said
    assert where.removeprefix("/mail/") not in said
