"""What a mail's link opens and does, the choices of commenters and colleagues, and the desk's page of mails."""

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
from blog.mail.links import ConfirmLink, DecideLink, LeaveLink, StaffLeaveLink
from blog.mail.models import Address, Choice, Notice, NoticeState
from blog.mail.preferences import Cadence, Preference
from blog.mail.server import MailServer
from blog.moderation.models import Decision, DecisionItem
from blog.moderation.verdicts import Verdict
from tests.mail.conftest import ADA, BEA, EMERGENCY
from tests.readers import Reader, typed
from tests.visitors import StaffClient

MO = "mo@example.org"


@pytest.fixture
def dump(app):
    """`dump()`: every row of every table."""

    def dumping():
        with app.app_context():
            return {
                table: sorted(map(str, db.session.execute(db.text(f"SELECT * FROM {table}"))))
                for table in db.metadata.tables
            }

    return dumping


@pytest.fixture
def moderator(make):
    return make.account(RoleName.MODERATOR, email=MO, name="Mo Moderator")


@pytest.fixture
def sign_in(app):
    """`sign_in(account)`: a browser in which that account is signed in."""

    def signing(account):
        with app.app_context():
            fresh = db.session.get_one(Account, account.id)
            return StaffClient.signed_in(app, fresh.id, fresh.fs_uniquifier)

    return signing


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
        """
        GET and HEAD on every link of every kind of mail: not one row differs.
        """
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
        """
        By who got the mail, without signing in; the page before it shows the text and asks.
        """
        comment = make.comment(body="Is this safe?")
        where = decide_path(comment, moderator, verdict)
        shown = client.get(where)
        answer = client.post(where)

        assert (200, True, True) == (shown.status_code, "Is this safe?" in shown.text, "Mo Moderator" in shown.text)
        assert (200, state) == (answer.status_code, state_of(make, comment))
        with make.app.app_context():
            assert [moderator.id] == [one.account_id for one in db.session.scalars(db.select(Decision))]

    def test_with_a_reason_tells_it(self, make, client, moderator, decide_path):
        """
        The reason is one of the list.
        """
        comment = make.comment()
        client.post(decide_path(comment, moderator, Verdict.REJECT), data={"reason": "off-topic"})
        with make.app.app_context():
            assert ["off-topic"] == [one.reason for one in db.session.scalars(db.select(Decision))]

    def test_while_signed_in_is_the_same(self, make, moderator, sign_in, decide_path):
        """
        Who is signed in as the right account needs no form token either: the link is the token.
        """
        comment = make.comment()
        browser = sign_in(moderator)
        answer = super(StaffClient, browser).post(decide_path(comment, moderator))

        assert (200, State.APPROVED) == (answer.status_code, state_of(make, comment))

    def test_is_not_kept_by_anybody(self, make, client, moderator, decide_path):
        """
        No cache, no search engine, no cookie, and its address goes nowhere else.
        """
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
        [forged, cut, another_key, expired, replayed, replayed_after_undo, spelled_otherwise, another_moderator,
         deactivated, lost_role, stale, decided, withdrawn, erased],
    )  # fmt: skip
    def test_does_nothing_and_says_why(self, setting, dump, case):
        """
        A page with the right status, and not one row differs.
        """
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
        """
        Each in its own words: to be decided by a colleague is not to have changed.
        """
        _, where = case(setting)

        assert f"<h1>This comment {heading}</h1>" in setting.client.get(where).text

    def test_with_a_reason_that_is_gone_does_nothing(self, setting, dump, decide_path):
        """
        The list was changed while the page was open.
        """
        where = setting.path(verdict=Verdict.REJECT)
        before = dump()

        assert 409 == setting.client.post(where, data={"reason": "no-such-reason"}).status_code
        assert before == dump()

    def test_leaves_the_other_links_of_the_mail(self, setting):
        """
        Held by one link, it can still be approved by the other: each works once.
        """
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
        """
        Clicked twice in the same moment: one decision; the second is told that the link was used.
        """
        for number in range(self.ROUNDS):
            comment = make.comment(body=f"Text {number}.")
            statuses = at_once(app, *[decide_path(comment, moderator)] * 3)
            with app.app_context():
                items = db.session.scalars(db.select(DecisionItem).where(DecisionItem.comment_id == comment.id)).all()

            assert ([200, 410, 410], 1) == (sorted(statuses), len(items))

    def test_two_links_decide_once(self, app, make, moderator, decide_path):
        """
        Two moderators with two verdicts: one takes effect, the other is told of it.
        """
        other = make.account(RoleName.MODERATOR)
        for number in range(self.ROUNDS):
            comment = make.comment(body=f"Text {number}.")
            approve = decide_path(comment, moderator)
            statuses = at_once(app, approve, decide_path(comment, other, Verdict.REJECT))
            with app.app_context():
                items = db.session.scalars(db.select(DecisionItem).where(DecisionItem.comment_id == comment.id)).all()

            assert ([200, 409], 1) == (sorted(statuses), len(items))
            assert State.APPROVED if statuses[0] == 200 else State.REJECTED == state_of(make, comment)


class TestConfirming:
    pytestmark = pytest.mark.both_databases

    @pytest.fixture
    def wish(self, make, mail):
        return mail.wish(make.comment(), confirmed=False)

    @pytest.fixture
    def where(self, app, mail, wish, path):
        (notice,) = mail.notices()
        return path(ConfirmLink.make(wish.address_id, wish.comment_id, notice.created_at))

    def confirmed(self, app):
        with app.app_context():
            return [
                one.confirmed_at is not None
                for one in db.session.scalars(db.select(Choice).order_by(Choice.comment_id))
            ]

    def test_needs_a_post(self, app, client, where):
        """
        Opening the link confirms nothing.
        """
        opened = client.get(where).status_code
        before = self.confirmed(app)
        answer = client.post(where).status_code

        assert (200, [False], 200, [True]) == (opened, before, answer, self.confirmed(app))

    def test_covers_what_the_mail_was_about(self, app, client, make, mail, where):
        """
        Who wrote with the address since then was not asked about, and may be somebody else.
        """
        mail.wish(make.comment(body="Two."), confirmed=False)
        client.post(where)

        assert [True, False] == self.confirmed(app)

    def test_works_once(self, client, where, dump):
        """
        The second time says that it is done, and changes nothing.
        """
        client.post(where)
        before = dump()

        assert [410, 410] == [client.get(where).status_code, client.post(where).status_code]
        assert before == dump()

    def test_ends_after_thirty_days(self, client, where, clock, mail, wish):
        """
        By then it may be asked again.
        """
        clock.freeze(mail.notices()[0].created_at + timedelta(days=30, seconds=1))

        assert (410, 410) == (client.get(where).status_code, client.post(where).status_code)

    def test_of_what_was_erased_does_nothing(self, client, make, mail, where, wish, dump):
        """
        Nobody wants mail there any more.
        """
        with make.app.app_context():
            mail.erase(db.session.get_one(Comment, wish.comment_id))
        before = dump()

        assert (410, 410) == (client.get(where).status_code, client.post(where).status_code)
        assert before == dump()


class TestLeaving:
    pytestmark = pytest.mark.both_databases

    @pytest.fixture
    def wish(self, make, mail):
        return mail.wish(make.comment(), follows=True)

    def test_is_one_click(self, app, client, path, wish):
        """
        As mail programs do it: a POST without cookies, Origin or Referer.
        """
        where = path(LeaveLink(wish.address_id, wish.comment_id, "all"))
        answer = client.post(where, data={"List-Unsubscribe": "One-Click"})

        assert 200 == answer.status_code
        with app.app_context():
            assert ([], [None]) == (
                db.session.scalars(db.select(Choice)).all(), db.session.scalars(db.select(Address.email)).all(),
            )  # fmt: skip

    @pytest.mark.parametrize("kind", ["all", "follows"])
    def test_again_is_the_same(self, client, path, wish, dump, kind):
        """
        Programs click twice; the second finds nothing to do and says the same.
        """
        where = path(LeaveLink(wish.address_id, wish.comment_id, kind))
        statuses = [client.post(where, data={"List-Unsubscribe": "One-Click"}).status_code]
        after = dump()
        statuses += [client.post(where, data={"List-Unsubscribe": "One-Click"}).status_code]
        statuses += [client.get(where).status_code]

        assert ([200, 200, 200], after) == (statuses, dump())

    def test_an_article_keeps_the_rest(self, app, client, path, wish):
        """
        No more about others' comments; what becomes of the own one is still told.
        """
        client.post(path(LeaveLink(wish.address_id, wish.comment_id, "follows")))
        with app.app_context():
            (choice,) = db.session.scalars(db.select(Choice)).all()

            assert (True, True, False) == (choice.outcome, choice.answers, choice.follows)

    @pytest.mark.parametrize(("fields", "left"), [({}, 1), ({"all": "1"}, 0)])
    def test_one_comment_or_all(self, app, client, path, make, mail, wish, fields, left):
        """
        The button for all is a choice of its own; the one click ends what the mail was about.
        """
        mail.wish(make.comment(body="Two."))
        client.post(path(LeaveLink(wish.address_id, wish.comment_id, "all")), data=fields)
        with app.app_context():
            assert left == len(db.session.scalars(db.select(Choice)).all())

    @pytest.mark.parametrize("fields", [{}, {"all": "1"}])
    def test_what_another_address_took_over_does_nothing(self, app, client, path, make, mail, wish, fields):
        """
        The comment's mails go elsewhere now: the old address cannot end them.
        """
        with app.app_context():
            mail.wish(db.session.get_one(Comment, wish.comment_id), BEA)
        client.post(path(LeaveLink(wish.address_id, wish.comment_id, "all")), data=fields)
        with app.app_context():
            assert [BEA] == [
                one.address.email for one in db.session.scalars(db.select(Choice).order_by(Choice.comment_id))
            ]

    @pytest.mark.parametrize("kind", ["queue", "own_posts"])
    def test_works_for_colleagues(self, app, client, path, moderator, kind):
        """
        No more digests of one kind, the other stays; without signing in.
        """
        answer = client.post(path(StaffLeaveLink(moderator.id, kind)), data={"List-Unsubscribe": "One-Click"})
        with app.app_context():
            kept = db.session.get_one(Preference, moderator.id)
            other = kept.own_posts if kind == "queue" else kept.queue

            assert (200, Cadence.NEVER) == (answer.status_code, getattr(kept, kind))
            assert other != Cadence.NEVER


class TestCommenting:
    pytestmark = pytest.mark.both_databases

    def test_with_the_tick_asks_the_address(self, app, make, mail):
        """
        A wish that waits for its confirmation, and the question.
        """
        make.post("open")
        Reader(app).write("open", email=ADA, notify="y")

        assert [("confirm", ADA)] == mail.told()

    @pytest.mark.parametrize("fields", [{}, {"email": ADA}])
    def test_without_the_tick_keeps_no_address(self, app, make, mail, fields):
        """
        The address is for nothing else.
        """
        make.post("open")
        Reader(app).write("open", **fields)

        assert [] == mail.told()
        with app.app_context():
            assert [] == db.session.scalars(db.select(Address)).all()

    @pytest.mark.parametrize(
        "address",
        ["", "ada", "ada@", "@example.org", "a@b.c, d@e.f", "a@b.c\nBcc: x", "a@b.c\r\nBcc: x@y.z", "<x@y.org>",
         "Ada <ada@example.org>", "ada@example.org\x00", "ada\x0b@example.org", "ada\u2028@example.org",
         "ada@example.org%0aBcc:x@y.z", "ada@exa mple.org", "ädä@example.org", '"a b"@example.org', "ada@[127.0.0.1]",
         "a" * 250 + "@example.org", "ada@example.org;bea@example.org", "a@@example.org", "=?utf-8?Q?a?=@example.org"],
    )  # fmt: skip
    def test_with_no_good_address_comes_back(self, app, make, mail, address):
        """
        Told beside the field, with the text kept; nothing is stored.
        """
        make.post("open")
        answer = Reader(app).send("open", email=address, notify="y", body="Words to keep.")

        assert (422, "Words to keep.") == (answer.status_code, typed(answer.text)["body"])
        assert re.search(r'id="[^"]*email[^"]*error|email-error', answer.text)
        assert [] == mail.events()

    @pytest.mark.parametrize("address", ["ada@example.org ", "ada+blog@example.org", "ada@bücher.example", "a@c.test"])
    def test_takes_every_address_that_can_be_written_to(self, app, make, mail, address):
        """
        The domain may have letters beyond ASCII; what is stored is as mail servers want it.
        """
        make.post("open")
        Reader(app).write("open", email=address, notify="y")

        assert mail.told()[0][1].isascii()

    def test_from_many_places_asks_the_address_once(self, app, make, mail, server):
        """
        However many comments somebody sends with the address of another: one mail, without a word of theirs.
        """
        make.post("open")
        for number in range(8):
            reader = Reader(app, f"198.51.{number}.7")
            reader.write("open", email=ADA, notify="y", name="Buy pills", body=f"Spam and malice {number}.")
        mail.send()
        mail.send()
        (received,) = server.to(ADA)

        assert not [word for word in ("Buy pills", "malice") if word in received.raw.decode()]

    def test_erasing_ends_it(self, app, make, mail):
        """
        Through the private page: wish, address and what was to be sent.
        """
        make.post("open")
        reader = Reader(app)
        status_page = reader.write("open", email=ADA, notify="y")
        reader.client.post(status_page + "/erase")
        with app.app_context():
            assert ([], [None]) == (
                db.session.scalars(db.select(Choice)).all(), db.session.scalars(db.select(Address.email)).all(),
            )  # fmt: skip
        assert [("confirm", "dropped")] == mail.states() or NoticeState.WAITING == mail.notices()[0].state
        mail.send()
        assert [("confirm", "dropped")] == mail.states()


class TestPrivatePage:
    pytestmark = pytest.mark.both_databases

    @pytest.fixture
    def reader(self, app):
        return Reader(app)

    @pytest.fixture
    def page(self, make, reader):
        make.post("open")
        return reader.write("open")

    def test_takes_a_wish(self, app, reader, page, mail):
        """
        Also from who did not tick the box when writing.
        """
        answer = reader.client.post(page + "/mails", data={"email": ADA, "outcome": "y", "follows": "y"})

        assert (303, [("confirm", ADA)]) == (answer.status_code, mail.told())
        with app.app_context():
            (choice,) = db.session.scalars(db.select(Choice)).all()
            assert (True, False, True) == (choice.outcome, choice.answers, choice.follows)

    def test_keeps_the_address_when_none_is_given(self, app, reader, page, mail):
        """
        Who changes only the ticks need not type it again.
        """
        for fields in ({"email": ADA, "outcome": "y"}, {"answers": "y"}):
            reader.client.post(page + "/mails", data=fields)
        with app.app_context():
            (choice,) = db.session.scalars(db.select(Choice)).all()
            assert (False, True, ADA) == (choice.outcome, choice.answers, choice.address.email)

    def test_ends_a_wish(self, app, reader, page, mail):
        """
        No tick is no mail, and no address.
        """
        for fields in ({"email": ADA, "outcome": "y"}, {"email": ""}):
            reader.client.post(page + "/mails", data=fields)
        with app.app_context():
            assert ([], [None]) == (
                db.session.scalars(db.select(Choice)).all(), db.session.scalars(db.select(Address.email)).all(),
            )  # fmt: skip

    @pytest.mark.parametrize("address", ["", "ada", "a@b.c, d@e.f", "a@b.c\nBcc: x"])
    def test_refuses_what_is_no_address(self, reader, page, mail, dump, address):
        """
        Told on the page; nothing changes.
        """
        before = dump()

        assert 422 == reader.client.post(page + "/mails", data={"email": address, "outcome": "y"}).status_code
        assert before == dump()

    @pytest.mark.parametrize("act", ["withdraw", "erase"])
    def test_takes_no_wish_for_what_was_taken_back(self, reader, page, dump, act):
        """
        There is nothing to write about.
        """
        reader.client.post(f"{page}/{act}")
        before = dump()

        assert 409 == reader.client.post(page + "/mails", data={"email": ADA, "outcome": "y"}).status_code
        assert before == dump()


class TestColleagues:
    def test_choose_what_they_want(self, app, moderator, sign_in):
        """
        How often, and when not.
        """
        browser = sign_in(moderator)
        fields = {"queue": "daily", "own_posts": "never", "quiet_from": "22", "quiet_until": "7"}
        answer = browser.post("/account/mails", data=fields)
        with app.app_context():
            kept = db.session.get_one(Preference, moderator.id)

            assert (303, "daily", "never", 22, 7) == (
                answer.status_code, kept.queue, kept.own_posts, kept.quiet_from, kept.quiet_until,
            )  # fmt: skip
        assert 200 == browser.get("/account/mails").status_code

    @pytest.mark.parametrize(
        "wrong",
        [{"quiet_from": "22"}, {"quiet_until": "7"}, {"quiet_from": "7", "quiet_until": "7"}, {"queue": "often"},
         {"quiet_from": "24", "quiet_until": "7"}, {"quiet_from": "x", "quiet_until": "7"}, {"own_posts": ""}],
    )  # fmt: skip
    def test_cannot_choose_what_makes_no_sense(self, moderator, sign_in, dump, wrong):
        """
        Told beside the field; nothing changes.
        """
        fields = {"queue": "daily", "own_posts": "never", "quiet_from": "", "quiet_until": "", **wrong}
        browser = sign_in(moderator)
        before = dump()

        assert 422 == browser.post("/account/mails", data=fields).status_code
        assert before == dump()

    def test_choose_for_themselves(self, client):
        """
        Strangers are sent to the log-in.
        """
        assert 302 == client.get("/account/mails").status_code


class TestDesk:
    @pytest.fixture
    def admin(self, staff):
        return staff(RoleName.ADMIN)

    @pytest.fixture
    def failed(self, make, mail, server):
        """A mail that the server refused for good."""
        server.behave.answers["RCPT"] = "550 nobody here"
        mail.wish(make.comment(), confirmed=False)
        mail.send()
        server.behave.answers.clear()
        return next(one for one in mail.notices() if one.state == NoticeState.FAILED)

    def test_shows_what_failed_and_why(self, admin, failed):
        """
        With what can be done about it.
        """
        page = admin.get("/desk/mail").text

        assert "550 nobody here" in page
        assert f"/desk/mail/notices/{failed.id}/retry" in page

    def test_shows_no_commenters_address(self, admin, failed):
        """
        Who runs the site needs to know that it failed, not who somebody is.
        """
        assert ADA not in admin.get("/desk/mail").text

    def test_shows_trouble_with_the_server(self, app, server, admin):
        """
        Since when, and why.
        """
        with app.app_context():
            begin_write()
            MailServer.kept().failed("535 wrong password")
            db.session.commit()

        assert "535 wrong password" in admin.get("/desk/mail").text

    def test_says_that_there_is_no_server(self, admin):
        """
        And where the mails are.
        """
        assert "outbox" in admin.get("/desk/mail").text

    @pytest.mark.parametrize("where", ["/desk/mail/notices/{}/retry", "/desk/mail/retry"])
    def test_tries_again(self, admin, failed, mail, server, where):
        """
        One, or all that failed.
        """
        answer = admin.post(where.format(failed.id), headers={"Referer": "http://localhost/desk/mail"})
        mail.send()

        assert (303, 1, ("confirm", "sent")) == (answer.status_code, len(server.mails), mail.states()[0])

    def test_wakes_the_server_at_once(self, app, admin, make, mail, server):
        """
        Nobody has to wait for the end of a pause.
        """
        with app.app_context():
            begin_write()
            MailServer.kept().failed("refused")
            db.session.commit()
        mail.wish(make.comment(), confirmed=False)
        mail.send()
        resting = len(server.mails)
        admin.post("/desk/mail/retry")
        mail.send()

        assert (0, 1) == (resting, len(server.mails))

    @pytest.mark.parametrize(("number", "status"), [(1, 409), (7, 404), (2**70, 404)])
    def test_tries_nothing_that_did_not_fail(self, admin, make, mail, dump, number, status):
        """
        What waits is sent anyway; what is not there is not there.
        """
        mail.wish(make.comment(), confirmed=False)
        before = dump()

        assert status == admin.post(f"/desk/mail/notices/{number}/retry").status_code
        assert before == dump()

    @pytest.mark.parametrize(("name", "status"), [("send_mail", 303), ("drop_by_retention", 303), ("no_such_job", 404)])
    def test_runs_a_job(self, admin, name, status):
        """
        Those that there are.
        """
        assert status == admin.post(f"/desk/mail/jobs/{name}").status_code


def test_no_log_line_holds_a_link(make, client, moderator, decide_path, caplog):
    """
    Neither when it is opened nor when it is used, nor when somebody tries one that was never made.
    """
    where = decide_path(make.comment(), moderator)
    with caplog.at_level("DEBUG"):
        for address in (where, where + "x"):
            client.get(address)
            client.post(address)
    said = " ".join(str(vars(record)) for record in caplog.records if record.name[:4] == "blog")

    assert "'status': 404" in said
    assert where.removeprefix("/mail/") not in said


def test_nothing_is_sent_to_who_left_after_confirming(app, client, make, mail, server, path):
    """
    The whole way: confirmed, published, left before the mail went out.
    """
    make.settings(mail_delay_minutes=0)
    comment = make.comment()
    wish = mail.wish(comment)
    mail.decide(comment)
    mail.tell()
    client.post(path(LeaveLink(wish.address_id, wish.comment_id, "all")))
    mail.send()

    assert [] == server.mails
    with app.app_context():
        assert NoticeState.DROPPED == db.session.scalars(db.select(Notice)).one().state
