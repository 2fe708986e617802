"""From draft to reader: reviews, publishing, scheduling, taking off, and who may do what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blog.accounts.models import RoleName
from blog.clock import now
from blog.database import begin_write, db
from blog.posts.models import Post, PostState
from tests.desk.forms import fields
from tests.desk.test_writing import WHOLE, begun, newest, sent, versions

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def editor(make, staff):
    """An editor; the team exists."""
    make.post("other")
    return staff(RoleName.EDITOR)


def state(app, address):
    with app.app_context():
        return db.session.get_one(Post, int(address.rsplit("/", 1)[1])).state


def do(client, address, what, **values):
    """Press a button of the editor."""
    return client.post(f"{address}/{what}", data=sent(client, address, **values))


class TestPublishing:
    def test_shows_what_was_saved_with_it(self, app, client, editor):
        """The text in the form is saved first, and that is what readers see."""
        address = begun(editor, **WHOLE)
        do(editor, address, "publish", body="## Now\r\n\r\nThe last words.")

        assert PostState.PUBLISHED == state(app, address)
        assert "The last words." in client.get("/posts/ubungen-fur-den-rucken").text

    def test_of_what_lacks_something_is_refused_and_saved(self, app, client, editor):
        """Nobody sees it, and nothing is lost."""
        address = begun(editor, **WHOLE)
        answer = do(editor, address, "publish", standfirst="", kicker="Kept")

        assert (422, PostState.DRAFT, "Kept") == (answer.status_code, state(app, address), newest(app).kicker)

    def test_saving_alone_changes_nothing_for_readers(self, client, editor):
        """A new version of what is out waits until an editor shows it."""
        address = begun(editor, **WHOLE)
        do(editor, address, "publish")
        editor.post(address, data=sent(editor, address, body="Not yet."))

        assert "Not yet." not in client.get("/posts/ubungen-fur-den-rucken").text
        assert "Newer version not shown" in editor.get("/desk/posts").text


class TestScheduling:
    @pytest.fixture
    def settings(self):
        return {"BLOG_TIME_ZONE": "Europe/Berlin"}

    def test_is_in_the_sites_zone_which_is_shown(self, app, clock, editor):
        """09:00 is 09:00 in the summer time of Berlin."""
        clock.freeze(NOON)
        address = begun(editor, **WHOLE)
        do(editor, address, "schedule", publish_at="2026-06-02 09:00")
        page = editor.get(address).text

        assert ("2 Jun 2026, 09:00" in page, "Europe/Berlin" in page) == (True, True)
        assert PostState.SCHEDULED == state(app, address)

    def test_brings_it_to_readers_at_its_minute_and_not_before(self, clock, client, editor):
        """On the list, in the feed and in the sitemap at once."""
        clock.freeze(NOON)
        do(editor, begun(editor, **WHOLE), "schedule", publish_at="2026-06-01 14:01")
        places = ("/", "/feed.atom", "/sitemap.xml", "/posts/ubungen-fur-den-rucken")
        seen = []
        for seconds in (59, 1):
            clock.advance(seconds=seconds)
            seen.append(["ubungen-fur-den-rucken" in client.get(place).text for place in places[:3]])
            seen.append(client.get(places[3]).status_code)

        assert [[False] * 3, 404, [True] * 3, 200] == seen

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("2027-03-28 02:30", "the clocks skip on that day in Europe/Berlin"),
            ("2026-10-25 02:30", "comes twice on that day in Europe/Berlin"),
            ("2026-06-01 13:59", "that moment is over"),
            ("soon", "must be a date"),
            ("", "Please say when"),
        ],
    )
    def test_of_a_moment_that_is_none_is_refused_and_the_text_saved(self, app, clock, editor, typed, said):
        """What is wrong with it is said; what was typed comes back."""
        clock.freeze(NOON)
        address = begun(editor, **WHOLE)
        answer = do(editor, address, "schedule", publish_at=typed, kicker="Kept")

        assert (422, True, True) == (answer.status_code, said in answer.text, f'value="{typed}"' in answer.text)
        assert (PostState.DRAFT, "Kept") == (state(app, address), newest(app).kicker)

    @pytest.mark.parametrize(("typed", "hour"), [("2026-10-25 02:30+02:00", 0), ("2026-10-25 02:30+01:00", 1)])
    def test_of_a_moment_that_comes_twice_takes_the_offset(self, app, clock, editor, typed, hour):
        """Each of the two can be said."""
        clock.freeze(NOON)
        address = begun(editor, **WHOLE)
        do(editor, address, "schedule", publish_at=typed)
        with app.app_context():
            at = db.session.get_one(Post, int(address.rsplit("/", 1)[1])).published_at

        assert datetime(2026, 10, 25, hour, 30, tzinfo=UTC) == at
        assert (2, 30) == (at.astimezone(ZoneInfo("Europe/Berlin")).hour, at.minute)


class TestTakingOff:
    PLACE = "/posts/ubungen-fur-den-rucken"

    @pytest.fixture
    def out(self, editor):
        """An article that readers see."""
        address = begun(editor, **WHOLE)
        do(editor, address, "publish")
        return address

    def test_asks_first(self, client, editor, out):
        """The question alone changes nothing, nor does an answer without a choice."""
        statuses = [editor.get(f"{out}/archive").status_code, editor.post(f"{out}/archive").status_code]

        assert ([200, 422], 200) == (statuses, client.get(self.PLACE).status_code)

    def test_says_that_it_is_gone_until_it_is_put_back(self, app, client, editor, out):
        """410 in between, and the same date afterwards."""
        editor.post(f"{out}/archive", data={"then": "gone"})
        gone = client.get(self.PLACE)
        do(editor, out, "publish")

        assert (410, True) == (gone.status_code, "This page has been removed" in gone.text)
        assert 200 == client.get(self.PLACE).status_code

    @pytest.mark.parametrize("typed", ["other", "/posts/other", "https://example.org/posts/other/"])
    def test_leads_to_another_article(self, client, editor, out, typed):
        """Typed as an address of any kind; renamed later, it is still found."""
        editor.post(f"{out}/archive", data={"then": "other", "other": typed})
        answer = client.get(self.PLACE)

        assert (301, "/posts/other") == (answer.status_code, answer.location)

    @pytest.mark.parametrize("typed", ["", "nothing-here", "ubungen-fur-den-rucken"])
    def test_leads_nowhere_else(self, client, editor, out, typed):
        """Nor to itself: told beside the field, and it stays on the site."""
        answer = editor.post(f"{out}/archive", data={"then": "other", "other": typed})

        assert (422, 200) == (answer.status_code, client.get(self.PLACE).status_code)
        assert "No other article on the site has this address." in answer.text

    @pytest.mark.parametrize("then", ["gone", "other"])
    def test_tells_nothing_of_what_was_never_out(self, clock, client, editor, then):
        """An article that was only scheduled is a 404 like any other."""
        clock.freeze(NOON)
        address = begun(editor, **WHOLE)
        do(editor, address, "schedule", publish_at="2026-06-02 09:00")
        editor.post(f"{address}/archive", data={"then": then, "other": "other"})

        assert 404 == client.get(self.PLACE).status_code


class TestComments:
    def test_are_closed_for_one_article(self, client, editor):
        """By a box in the editor."""
        address = begun(editor, **WHOLE)
        do(editor, address, "publish")
        data = sent(editor, address)
        data.pop("comments_open")
        editor.post(address, data=data)

        assert "This article is closed for new comments." in client.get("/posts/ubungen-fur-den-rucken").text

    def test_close_after_the_days_of_one_article(self, clock, client, editor):
        """The page from memory loses its form at the moment, and nothing is taken any more."""
        clock.freeze(NOON)
        do(editor, begun(editor, **WHOLE), "publish", comments_days="3")
        before = client.get("/posts/ubungen-fur-den-rucken").text
        clock.freeze(NOON + timedelta(days=3))
        after = client.get("/posts/ubungen-fur-den-rucken").text
        late = client.post(
            "/posts/ubungen-fur-den-rucken/comments", data={**fields(before), "name": "Ada", "body": "Too late?"}
        )

        closed = "This article is closed for new comments."
        assert (False, True, 409) == (closed in before, closed in after, late.status_code)

    @pytest.mark.parametrize("typed", ["many", "-1", "99999", "1.5"])
    def test_close_after_a_number_of_days_only(self, app, editor, typed):
        """Told beside the field; nothing is saved, and what was typed stays."""
        address = begun(editor, **WHOLE)
        answer = editor.post(address, data=sent(editor, address, comments_days=typed, kicker="Typed"))

        assert (422, True) == (answer.status_code, "Please enter a number of days" in answer.text)
        assert ("Typed", typed) == (fields(answer.text)["kicker"], fields(answer.text)["comments_days"])
        assert "Typed" != newest(app).kicker


class TestReviews:
    @pytest.fixture
    def asked(self, editor, staff):
        """An article that waits for a review, its author and a reviewer."""
        author = staff(RoleName.AUTHOR)
        address = begun(author, **WHOLE)
        do(author, address, "ask")
        return address, author, staff(RoleName.REVIEWER)

    def test_are_asked_for(self, app, asked):
        """The article is in review, and whoever reviews finds it."""
        address, _, reviewer = asked

        assert PostState.IN_REVIEW == state(app, address)
        assert "Übungen für den Rücken" in reviewer.get("/desk").text

    @pytest.mark.parametrize(("what", "said"), [("approve", "approved"), ("return", "sent it back")])
    def test_end_with_a_word(self, app, asked, what, said):
        """The author reads what came of it."""
        address, author, reviewer = asked
        reviewer.post(f"{address}/{what}", data={"note": "Step two is unclear.", "version": newest(app).id})
        page = author.get(address).text

        assert (PostState.DRAFT, True, True) == (state(app, address), said in page, "Step two is unclear." in page)

    def test_approve_the_version_that_was_read(self, app, asked):
        """What was saved meanwhile is not approved unread."""
        address, author, reviewer = asked
        read = newest(app).id
        author.post(address, data=sent(author, address, kicker="Changed"))

        assert 409 == reviewer.post(f"{address}/approve", data={"version": read}).status_code

    def test_need_words_to_send_it_back(self, app, asked):
        """Its author must know what to change."""
        address, _, reviewer = asked

        assert 409 == reviewer.post(f"{address}/return", data={"version": newest(app).id}).status_code

    def test_let_the_reviewer_read_and_not_write(self, asked):
        """All texts, no editor."""
        address, _, reviewer = asked
        page = reviewer.get(address).text

        assert ("It moves." in page, 'name="body"' in page) == (True, False)


# What each role may do with an article of somebody else, of its own, and with one that is out: the status it gets.
ACTS = ("show", "versions", "save", "ask", "restore", "notes", "publish", "schedule", "archive", "approve", "return")
ALL_OF_IT = set(ACTS) - {"approve", "return"}
MATRIX = {
    (RoleName.AUTHOR, "own"): ALL_OF_IT - {"publish", "schedule", "archive"},
    (RoleName.AUTHOR, "other's"): set(),
    (RoleName.EDITOR, "own"): ALL_OF_IT,
    (RoleName.EDITOR, "other's"): ALL_OF_IT,
    (RoleName.REVIEWER, "own"): {"show", "versions", "notes", "approve", "return"},
    (RoleName.REVIEWER, "other's"): {"show", "versions", "notes", "approve", "return"},
    (RoleName.MODERATOR, "own"): set(),
    (RoleName.MODERATOR, "other's"): set(),
    (RoleName.ADMIN, "own"): set(ACTS),
    (RoleName.ADMIN, "other's"): set(ACTS),
}


@pytest.mark.parametrize(("role", "whose"), MATRIX)
def test_each_role_may_do_what_the_matrix_says(app, make, staff, role, whose):
    """Whatever is not allowed is refused, 403 or 404, and changes nothing."""
    client, post = staff(role), make.post(published_at=None)
    with app.app_context():
        begin_write()
        db.session.get_one(Post, post.id).account_id = client.account_id if whose == "own" else None
        db.session.commit()
    version = newest(app).id
    form = {
        "seen": version,
        "version": version,
        "note": "A word.",
        "title": "T",
        "publish_at": "2030-01-01",
        "then": "gone",
    }
    allowed = set()
    for act in ACTS:
        address = f"/desk/posts/{post.id}" + ("" if act in ("show", "save") else f"/{act}")
        answer = client.get(address) if act in ("show", "versions") else client.post(address, data=form)
        form["seen"] = form["version"] = newest(app).id
        if answer.status_code not in (403, 404):
            allowed.add(act)

    assert MATRIX[role, whose] == allowed


def test_an_author_cannot_move_what_readers_see(app, make, staff):
    """Address and comments of a published article are an editor's matter."""
    author, post = staff(RoleName.AUTHOR), make.post("out", published_at=now() - timedelta(days=1))
    with app.app_context():
        begin_write()
        db.session.get_one(Post, post.id).account_id = author.account_id
        db.session.commit()
    author.post(f"/desk/posts/{post.id}", data=sent(author, f"/desk/posts/{post.id}", slug="moved"))
    with app.app_context():
        kept = db.session.get_one(Post, post.id)

        assert ("out", True) == (kept.slug, kept.comments_open)
    assert 1 == len(versions(app))
