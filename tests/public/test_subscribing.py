"""Subscribing by mail: nothing is sent before the owner of an address says yes, and every mail can be stopped."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from blog.database import begin_write, db
from blog.mail.jobs import seal_addresses, tell
from blog.mail.models import Address, Notice
from blog.mail.subscribing import QUESTIONS_MOST
from blog.mail.subscriptions import PER_SENDER, HowOften, Subscription
from blog.posts import jobs, publishing
from blog.posts.models import Post, PostRevision
from blog.privacy import person
from tests.mailing import ADA, BEA
from tests.readers import change, hidden_token

pytestmark = pytest.mark.both_databases
MONDAY = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)


class Subscriber:
    """Somebody who uses the form as a browser does."""

    def __init__(self, app, address="198.51.100.7"):
        self.client = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address

    def ask(self, topic="articles", email=ADA, how_often="instant", query="", **more):
        page = self.client.get(f"/subscribe{query}").get_data(as_text=True)
        form = {"topic": topic, "email": email, "how_often": how_often, "website": "", "token": hidden_token(page)}
        return self.client.post("/subscribe", data={**form, **more})


@pytest.fixture
def reader(app):
    return Subscriber(app)


@pytest.fixture
def links(app, server, mail):
    """`links()`: sends what is due; the links of the last mail by what they are for, and its mail."""

    def sending():
        mail.send()
        text = server.mails[-1].text
        return {token.split("-")[0]: f"/mail/{token}" for token in re.findall(r"/mail/(\S+)", text)}

    return sending


@pytest.fixture
def subscribed(app, reader, links, client):
    """`subscribed(topic)`: somebody asked, and said yes; the links of the mail that asked."""

    def subscribing(topic="articles", **more):
        reader.ask(topic, **more)
        address = links()["subscribe"]
        page = client.get(address).get_data(as_text=True)
        numbers = re.findall(r'name="subscription" value="(\d+)"', page)
        assert 200 == client.post(address, data={"subscription": numbers}).status_code
        return address

    return subscribing


def announce(app):
    with app.app_context():
        jobs.announce_due_posts()


def subjects(server):
    return [one.subject for one in server.mails]


def rows(app, model):
    with app.app_context():
        return db.session.scalars(db.select(model)).all()


class TestAsking:
    def test_sends_one_question_and_nothing_else(self, app, make, mail, server, reader):
        """An article that comes out meanwhile is not told."""
        assert 303 == reader.ask().status_code
        make.post("one", published_at=make.days_ago(0))
        announce(app)
        mail.send()

        assert ["Do you want emails from Trigger Point Notes?"] == subjects(server)

    def test_says_the_same_to_everybody(self, reader, subscribed):
        """Whether the address is known is nobody's business."""
        subscribed()

        assert reader.ask().location == reader.ask(email=BEA).location == "/subscribe/sent"

    def test_names_what_the_link_was_about(self, make, reader):
        make.post("one", title="Necks", muscles=["psoas"])
        pages = [reader.client.get(f"/subscribe?{query}").text for query in ("muscle=psoas", "post=one")]

        assert "New articles about psoas" in pages[0]
        assert "Corrections to “Necks”" in pages[1]

    @pytest.mark.parametrize("query", ["post=draft", "muscle=none"])
    def test_knows_nothing_that_is_not_public(self, make, reader, query):
        make.post("draft", published_at=None)

        assert 404 == reader.client.get(f"/subscribe?{query}").status_code
        assert 404 == reader.client.post("/subscribe", data={"topic": query.replace("=", ":")}).status_code

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"email": "nonsense"}, "Please check the email address"),
            ({"email": ""}, "Please enter an email address"),
            ({"token": "x"}, "has expired"),
            ({"how_often": "hourly"}, "Not a valid choice"),
        ],
    )
    def test_comes_back_with_what_is_wrong(self, app, reader, more, says):
        """What was typed stays, and nothing is stored."""
        answer = reader.ask(**more)

        assert (422, True) == (answer.status_code, says.lower() in answer.text.lower().replace("e-mail", "email"))
        assert [] == rows(app, Subscription)

    def test_believes_no_machine_that_fills_in_everything(self, app, reader):
        assert "/subscribe/sent" == reader.ask(website="https://spam.example").location
        assert [] == rows(app, Subscription)

    def test_is_limited_for_each_sender(self, app, reader):
        """Others may still subscribe."""
        answers = [reader.ask(email=f"r{n}@example.org").status_code for n in range(PER_SENDER + 1)]

        assert [303] * PER_SENDER + [429] == answers
        assert 303 == Subscriber(app, "203.0.113.9").ask(email=BEA).status_code

    def test_asks_an_address_three_times_and_no_more(self, app, clock, mail, server):
        """A mail may be lost; but nobody can have others flooded."""
        clock.freeze(MONDAY)
        for day in range(QUESTIONS_MOST + 3):
            Subscriber(app, f"198.51.100.{day}").ask()
            mail.send()
            clock.advance(days=1)

        assert QUESTIONS_MOST == len(server.mails)

    def test_keeps_the_address_sealed(self, app, reader):
        """The database alone tells nobody's address; one from before is sealed in the night."""
        reader.ask()
        with app.app_context():
            stored = db.session.execute(db.text("SELECT email FROM mail_addresses")).scalar_one()
            begin_write()
            db.session.execute(db.text("UPDATE mail_addresses SET email = :typed"), {"typed": ADA})
            db.session.commit()
            seal_addresses()
            again = db.session.execute(db.text("SELECT email FROM mail_addresses")).scalar_one()
            read = db.session.scalars(db.select(Address.email)).one()

        assert (False, False, ADA) == ("ada" in stored, "ada" in again, read)


class TestConfirming:
    def test_changes_nothing_by_looking(self, client, reader, links, dump):
        """A scanner that opens every link confirms nothing."""
        reader.ask()
        address = links()["subscribe"]
        before = dump()

        assert (200, True) == (client.get(address).status_code, before == dump())

    def test_ticks_only_what_the_mail_was_about(self, make, reader, links, client):
        """What was asked for since, perhaps by somebody else, is there to be ticked."""
        make.post("one", muscles=["psoas"])
        reader.ask()
        address = links()["subscribe"]
        reader.ask("muscle:psoas")
        boxes = re.findall(r'<input type="checkbox"[^>]*>', client.get(address).text)

        assert [True, False] == ["checked" in box for box in boxes]

    def test_works_once(self, client, subscribed):
        assert 410 == client.get(subscribed()).status_code

    def test_forgets_what_was_not_ticked(self, app, reader, links, client):
        reader.ask()
        client.post(links()["subscribe"])

        assert ([], [None]) == (rows(app, Subscription), [one.email for one in rows(app, Address)])


class TestNewArticles:
    def test_are_told_once(self, app, make, mail, server, subscribed):
        """Also to whom two of their subscriptions fit; announcing again tells nobody twice."""
        make.post("old", muscles=["psoas"])
        announce(app)
        subscribed()
        subscribed("muscle:psoas")
        post = make.post("new", title="Hips", muscles=["psoas"], published_at=make.days_ago(0))
        announce(app)
        mail.send()
        change(app, Post, post.id, publishing.announce)
        mail.send()

        assert ["New: Hips"] == subjects(server)[2:]
        assert "http://localhost/posts/new" in server.mails[-1].text

    def test_about_something_else_are_not_told(self, app, make, mail, server, subscribed):
        make.post("old", muscles=["psoas"])
        announce(app)
        subscribed("muscle:psoas")
        make.post("new", muscles=["soleus"], published_at=make.days_ago(0))
        announce(app)
        mail.send()

        assert 1 == len(server.mails)

    def test_of_long_ago_are_no_news(self, app, make, mail, server, subscribed):
        """Somebody imports a hundred old articles."""
        subscribed()
        make.post("old", published_at=make.days_ago(30))
        announce(app)
        mail.send()

        assert 1 == len(server.mails)

    def test_come_together_on_monday(self, app, make, mail, server, subscribed, clock):
        clock.freeze(MONDAY + timedelta(days=2))
        subscribed(how_often="weekly")
        for title in ("Necks", "Backs"):
            make.post(title=title, published_at=clock.advance(hours=1))
            announce(app)
        mail.send()
        early = len(server.mails)
        clock.freeze(MONDAY + timedelta(days=7, hours=1))
        mail.send()

        assert (1, 2) == (early, len(server.mails))
        assert "2 new articles on Trigger Point Notes" == server.mails[-1].subject
        assert all(title in server.mails[-1].text for title in ("Necks", "Backs"))

    def test_that_were_taken_back_are_not_told(self, app, make, mail, server, subscribed):
        subscribed()
        post = make.post("new", published_at=make.days_ago(0))
        announce(app)
        with app.test_request_context():
            tell()
        change(app, Post, post.id, publishing.archive)
        mail.send()

        assert 1 == len(server.mails)


class TestCorrections:
    @pytest.fixture(autouse=True)
    def at_once(self, make):
        """Nobody waits until a change can no longer be undone."""
        make.settings(mail_delay_minutes=0)

    def test_are_told_to_who_asked(self, app, make, mail, server, subscribed):
        post = make.post("one", title="Necks")
        subscribed("post:one")
        revision = make.revision(post, title="Necks, corrected")
        change(app, Post, post.id, lambda one: publishing.publish(one, db.session.get_one(PostRevision, revision.id)))
        mail.send()

        assert ["Changed: Necks, corrected"] == subjects(server)[1:]

    def test_of_other_articles_are_not(self, app, make, mail, server, subscribed):
        make.post("one")
        subscribed("post:one")
        post = make.post("two")
        revision = make.revision(post, title="Other")
        change(app, Post, post.id, lambda one: publishing.publish(one, db.session.get_one(PostRevision, revision.id)))
        mail.send()

        assert 1 == len(server.mails)


class TestLeaving:
    @pytest.fixture
    def told(self, app, make, subscribed, links):
        """Two subscriptions, and the links of the mail about a new article."""
        make.post("old", muscles=["psoas"])
        announce(app)
        subscribed()
        subscribed("muscle:psoas")
        make.post("new", title="Hips", published_at=make.days_ago(0))
        announce(app)
        return links()

    def test_takes_one_click_of_the_mail_program(self, app, client, server, told, dump):
        """RFC 8058; looking changes nothing."""
        lines = dict(line.split(b": ", 1) for line in server.mails[-1].header_lines if b": " in line)
        header = lines[b"List-Unsubscribe"].decode().strip("<>").removeprefix("http://localhost")
        before = dump()
        looked = client.get(header).status_code, before == dump()
        client.post(header, data={"List-Unsubscribe": "One-Click"})

        assert (200, True) == looked
        assert told["stop"] == header
        assert b"List-Unsubscribe=One-Click" == lines[b"List-Unsubscribe-Post"]
        assert 1 == len(rows(app, Subscription))

    def test_ends_everything_and_forgets_the_address(self, app, client, told):
        client.post(told["stop"], data={"all": "1"})

        assert ([], [None]) == (rows(app, Subscription), [one.email for one in rows(app, Address)])
        assert "ended already" in client.get(told["stop"]).text

    def test_or_changing_needs_no_account(self, app, client, told):
        one, two = rows(app, Subscription)
        page = client.get(told["subscriptions"]).text
        client.post(told["subscriptions"], data={f"often-{one.id}": "monthly", f"often-{two.id}": "stop"})

        assert all(f'name="often-{number}"' in page for number in (one.id, two.id))
        assert [(one.id, HowOften.MONTHLY)] == [(row.id, row.how_often) for row in rows(app, Subscription)]

    def test_of_others_is_not_possible(self, app, client, told, reader, links):
        """A link opens what belongs to its own address."""
        forged = told["stop"].replace("stop-1-", "stop-2-")

        assert (404, 2) == (client.post(forged).status_code, len(rows(app, Subscription)))


def test_a_person_gets_and_erases_their_subscriptions(app, subscribed):
    """As /desk/privacy does it."""
    subscribed()
    with app.app_context():
        told = person.told([], ADA)["address"]["subscriptions"]
        begin_write()
        person.wipe([], ADA)
        db.session.commit()

    assert [("new articles", "instant")] == [(one["to"], one["how often"]) for one in told]
    assert ([], [], []) == (rows(app, Subscription), rows(app, Address), rows(app, Notice))


def test_mails_hold_nothing_that_counts_readers(app, make, mail, server, subscribed):
    """No picture, and no address but the article's own and the reader's links to choose and to stop."""
    subscribed()
    make.post("new", published_at=make.days_ago(0))
    announce(app)
    mail.send()
    html = server.mails[-1].message.get_body(("html",)).get_content()
    addresses = {re.sub(r"/mail/(\w+)-.*", r"/mail/\1", one) for one in re.findall(r'(?:href|src)="([^"]+)"', html)}

    assert "<img" not in html
    assert {"http://localhost" + path for path in ("/", "/posts/new", "/mail/stop", "/mail/subscriptions")} == addresses
