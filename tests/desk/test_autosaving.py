"""What is typed is kept by itself, over nothing else: two tabs, two people, a late answer, a publication."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from blog.accounts.models import RoleName
from blog.database import db
from blog.posts.autosaves import Autosave
from blog.posts.models import Post, PostRevision
from blog.posts.presence import Presence
from blog.privacy.jobs import drop_by_retention
from blog.privacy.retention import AUTOSAVE_DAYS
from tests.desk.forms import fields
from tests.desk.test_writing import WHOLE, begun, sent, versions

ROUNDS = 50
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
OUTCOMES = ((303, 200), (303, 409))  # of publishing and typing at once: the slot came before, or not at all any more


@pytest.fixture
def author(make, staff):
    make.post("other")
    return staff(RoleName.AUTHOR)


@pytest.fixture
def article(author):
    """The address of an article with one version."""
    return begun(author, **WHOLE)


def type_in(client, page, address, count=1, **typed):
    """What an open page sends by itself after `typed` was typed into it."""
    page.update(typed)
    return client.post(f"{address}/autosave", data={**page, "count": str(count)})


def slots(app):
    """What stands in all slots."""
    with app.app_context():
        return [slot.typed["body"] for slot in db.session.scalars(db.select(Autosave).order_by(Autosave.account_id))]


def shown(app, address):
    """The text that readers see."""
    with app.app_context():
        post = db.session.get_one(Post, int(address.rsplit("/", 1)[1]))
        return db.session.get_one(PostRevision, post.public_revision_id).document["body"]


def again(answer, client, address):
    """Press “Save” on the page that came back."""
    return client.post(address, data=fields(answer.text))


class TestNew:
    def test_the_first_text_makes_the_draft(self, app, author):
        """Opening made none; the page is told which article it is."""
        page = sent(author, "/desk/posts/new")
        answer = type_in(author, page, "/desk/posts", body="Half a sent")

        assert [answer.json["seen"]] == versions(app)
        assert "Half a sent" in author.get(f"/desk/posts/{answer.json['article']}").text

    @pytest.mark.both_databases
    def test_the_same_form_makes_one_article(self, app, author):
        """Sent again because the answer was lost, and then saved by hand."""
        page = sent(author, "/desk/posts/new")
        first, second = (type_in(author, page, "/desk/posts", n, body=f"Text {n}") for n in (1, 2))
        saved = author.post("/desk/posts/new", data={**page, "body": "Text 3"})

        assert first.json["article"] == second.json["article"] == int(saved.location.rsplit("/", 1)[1])
        assert (2, []) == (len(versions(app)), slots(app))

    def test_nothing_typed_makes_none(self, app, author):
        answer = type_in(author, sent(author, "/desk/posts/new"), "/desk/posts")

        assert (None, []) == (answer.json.get("article"), versions(app))


class TestSlot:
    @pytest.mark.both_databases
    def test_stands_apart_from_the_versions(self, app, author, article):
        """However often something is typed, the history has what was saved by name."""
        page = sent(author, article)
        answers = [type_in(author, page, article, n, body=f"Text {n}") for n in (1, 2, 3)]

        assert ([200] * 3, ["Text 3"], 1) == ([a.status_code for a in answers], slots(app), len(versions(app)))
        assert all("Text" not in answer.text for answer in answers)

    def test_takes_no_text_that_comes_late(self, app, author, article):
        """A page's earlier text that arrives after its later one changes nothing."""
        page = sent(author, article)
        for count, body in ((2, "Later"), (1, "Earlier")):
            type_in(author, page, article, count, body=body)

        assert ["Later"] == slots(app)

    def test_is_offered_when_the_editor_is_opened(self, author, article):
        """Whoever closed the browser in mid-sentence goes on with it; the version itself stands in the fields."""
        type_in(author, sent(author, article), article, body="In mid-sent")
        page = author.get(article).text
        link = re.search(r'href="([^"]+continue=[^"]+)"', page)[1]

        assert "It moves." in fields(page)["body"]
        assert "In mid-sent" == fields(author.get(link).text)["body"]

    def test_that_says_what_the_version_says_is_not_offered(self, author, article):
        type_in(author, sent(author, article), article)

        assert "?continue=" not in author.get(article).text

    def test_goes_with_the_version_that_is_saved(self, app, author, article):
        """By the page that filled it, or by the one that went on with it."""
        type_in(author, sent(author, article), article, body="In mid-sent")
        link = re.search(r'href="([^"]+continue=[^"]+)"', author.get(article).text)[1]
        saved = author.post(article, data={**sent(author, link), "body": "In mid-sentence."})

        assert (303, []) == (saved.status_code, slots(app))

    def test_is_discarded_with_what_was_typed_kept(self, app, author, article):
        """Only the one that was offered, and no field is emptied by it."""
        type_in(author, sent(author, article), article, body="In mid-sent")
        do = re.search(r'value="(discard:[^"]+)"', author.get(article).text)[1]
        page = sent(author, article, kicker="Typed")
        other = author.post(article, data={**page, "do": do + "0"})
        before = slots(app)
        answer = author.post(article, data={**page, "do": do})

        assert (["In mid-sent"], []) == (before, slots(app))
        assert {"Typed"} == {fields(one.text)["kicker"] for one in (other, answer)}

    def test_of_another_article_is_refused(self, author, article):
        """What is not theirs is not found."""
        assert 404 == author.post("/desk/posts/1/autosave", data={**sent(author, article), "count": "1"}).status_code

    @pytest.mark.both_databases
    def test_is_erased_with_retention(self, app, author, article, clock):
        """What nobody ever saved is not kept for ever."""
        type_in(author, sent(author, article), article, body="In mid-sent")
        clock.advance(days=AUTOSAVE_DAYS - 1)
        with app.app_context():
            drop_by_retention()
        before = slots(app)
        clock.advance(days=2)
        with app.app_context():
            drop_by_retention()

        assert (["In mid-sent"], []) == (before, slots(app))


class TestTwoTabs:
    def test_fill_no_slot_over_each_other(self, app, author, article):
        """The later one is told, and its text waits in the browser."""
        one, two = sent(author, article), sent(author, article)
        type_in(author, one, article, body="One")
        answer = type_in(author, two, article, body="Two")

        assert (409, ["One"]) == (answer.status_code, slots(app))
        assert "You have other unsaved changes here" in answer.json["problem"]

    def test_are_both_kept_when_one_is_saved(self, app, author, article):
        """The later save shows both texts; saving again keeps the other one as the version before."""
        one, two = sent(author, article), sent(author, article)
        type_in(author, one, article, body="One moves.")
        refused = author.post(article, data={**two, "body": "Two moves."})
        before = len(versions(app))
        saved = again(refused, author, article)
        with app.app_context():
            bodies = [r.document["body"] for r in db.session.scalars(db.select(PostRevision).order_by(PostRevision.id))]

        assert (409, 1, 303, []) == (refused.status_code, before, saved.status_code, slots(app))
        assert ["One moves.", "Two moves."] == bodies[-2:]
        assert ("in another tab" in refused.text, "mark--added" in refused.text) == (True, True)

    def test_know_of_the_version_that_the_other_saved(self, app, author, article):
        """What the first still holds fills no slot behind the version's back."""
        one, two = sent(author, article), sent(author, article)
        author.post(article, data={**two, "body": "Two"})
        answer = type_in(author, one, article, body="One")

        assert (409, []) == (answer.status_code, slots(app))
        assert "You saved another version" in answer.json["problem"]


class TestTwoPeople:
    @pytest.fixture
    def editor(self, sign_in, make):
        return sign_in(make.account(RoleName.EDITOR, name="Edda Editor"))

    def test_have_a_slot_each(self, app, author, editor, article):
        """And each is told that the other is writing."""
        type_in(author, sent(author, article), article, body="Mine")
        answer = type_in(editor, sent(editor, article), article, body="Theirs")

        assert ["Mine", "Theirs"] == slots(app)
        assert "Mo Moderator has changes here" in answer.json["others"]
        assert "Edda Editor has changes here" in author.get(article).text

    def test_are_not_told_of_who_changed_nothing(self, author, editor, article):
        """A slot that says what the version says is no change."""
        type_in(editor, sent(editor, article), article)

        assert "has changes here" not in author.get(article).text

    def test_are_told_of_a_version_while_they_write(self, app, author, editor, article):
        """The slot goes on being filled; saving it shows both."""
        page = sent(author, article)
        editor.post(article, data=sent(editor, article, kicker="Theirs"))
        answer = type_in(author, page, article, body="Mine")
        refused = author.post(article, data=page)

        assert "Edda Editor saved another version" in answer.json["newer"]
        assert (["Mine"], 409) == (slots(app), refused.status_code)
        assert (303, []) == (again(refused, author, article).status_code, slots(app))


@pytest.mark.both_databases
class TestPresence:
    @pytest.fixture
    def editor(self, staff):
        return staff(RoleName.EDITOR, name="Ed Editor")

    def opens(self, client, article, **said):
        """What an open editor is told when it tells that it is open."""
        return client.post(f"{article}/open", data={"seen": "", **said}).json["others"]

    def test_colleagues_hear_who_has_it_open(self, author, editor, article):
        """Though nobody types; oneself is nobody else."""
        told = [self.opens(author, article), self.opens(editor, article), self.opens(author, article)]

        assert ["", "Mo Moderator has this article open just now.", "Ed Editor has this article open just now."] == told
        assert "Mo Moderator has this article open" in editor.get(article).text

    def test_who_has_left_is_not_named(self, author, editor, article, clock):
        """Three minutes after their editor was heard of last, or as soon as it says so."""
        clock.freeze(NOON)
        self.opens(author, article)
        clock.advance(minutes=2)
        before = self.opens(editor, article, over="1")
        clock.advance(minutes=2)

        assert ("Mo Moderator" in before, "") == (True, self.opens(editor, article, over="1"))
        assert "" == self.opens(author, article)

    def test_is_erased_with_retention(self, app, author, article, clock):
        """Nothing says later who had what open."""
        clock.freeze(NOON)
        self.opens(author, article)
        clock.advance(minutes=4)
        with app.app_context():
            drop_by_retention()
            rows = db.session.scalar(db.select(db.func.count()).select_from(Presence))

        assert 0 == rows

    def test_is_for_those_who_may_write_it(self, staff, article):
        """Who only reads it tells nothing; what is not theirs is not found."""
        answers = [
            staff(role, email=f"{role}2@example.org").post(f"{article}/open").status_code
            for role in (RoleName.REVIEWER, RoleName.AUTHOR)
        ]

        assert [403, 404] == answers


class TestPublication:
    @pytest.fixture
    def editor(self, make, staff):
        make.post("other")
        return staff(RoleName.EDITOR)

    def test_by_the_clock_is_no_conflict(self, app, editor, clock, client):
        """Whoever writes while their article comes out saves as before."""
        clock.freeze(NOON)
        address = begun(editor, **WHOLE)
        editor.post(f"{address}/schedule", data=sent(editor, address, publish_at="2026-06-01 15:00"))
        page = sent(editor, address)
        clock.advance(hours=3)
        kept = type_in(editor, page, address, body="Text.")
        saved = editor.post(address, data=page)

        assert 200 == client.get("/posts/ubungen-fur-den-rucken").status_code
        assert (200, "", 303) == (kept.status_code, kept.json["newer"], saved.status_code)

    @pytest.mark.both_databases
    def test_and_a_slot_filled_at_once_lose_nothing(self, app, make, sign_in):
        """Whichever comes first: readers see what was sent with “Publish”, and no older text is offered afterwards."""
        make.post("other")
        account = make.account(RoleName.EDITOR)
        one, two = sign_in(account), sign_in(account)
        address, wrong = begun(one, **WHOLE), []
        page = sent(one, address)
        with ThreadPoolExecutor(2) as both:
            for number in range(ROUNDS):
                page |= {"body": f"Text {number}", "page": f"page{number}", "seen": str(max(versions(app)))}
                publishing = both.submit(one.post, f"{address}/publish", data=dict(page))
                typing = both.submit(two.post, f"{address}/autosave", data={**page, "count": "1"})
                answers = publishing.result().status_code, typing.result().status_code
                if (shown(app, address), slots(app)) != (f"Text {number}", []) or answers not in OUTCOMES:
                    wrong.append((number, shown(app, address), slots(app), answers))

        assert [] == wrong
