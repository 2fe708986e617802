"""What programs read: the same as people, in pages that follow each other, and errors that say what was wrong."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from blog import sample
from blog.comments.models import Comment, State
from blog.database import db
from blog.moderation.verdicts import Verdict
from blog.posts import publishing
from blog.posts.models import Post
from blog.public.api import views
from tests.readers import change, decide

ORIGIN = {"Origin": "https://elsewhere.example"}


def told(client, address, **query):
    answer = client.get(address, query_string=query or None)
    assert (200, "application/json") == (answer.status_code, answer.mimetype), answer.text
    return answer.get_json()


def walked(client, address, **query):
    """The items of a list, through all its pages."""
    found = []
    while address:
        part = told(client, address, **query)
        found, address, query = found + part["items"], part["next"], {}
    return found


def problem(answer):
    """Status and detail of an answer that must be a problem."""
    body = answer.get_json()
    assert ("application/problem+json", answer.status_code) == (answer.mimetype, body["status"])
    return answer.status_code, body["detail"]


@pytest.mark.both_databases
class TestLists:
    def test_go_on_where_the_last_page_ended(self, make, client):
        """Also where two articles came out in the same moment; each is told once, newest first."""
        for number in range(5):
            make.post(f"p{number}", published_at=make.days_ago(5 - number // 2))

        assert ["p4", "p3", "p2", "p1", "p0"] == [one["slug"] for one in walked(client, "/api/v1/posts", limit=2)]

    def test_miss_nothing_that_comes_while_they_are_read(self, make, client):
        """What is new stands before the place that was told, not behind it."""
        for number in range(4):
            make.post(f"p{number}", published_at=make.days_ago(9 - number))
        first = told(client, "/api/v1/posts", limit=2)
        make.post("new", published_at=make.days_ago(1))

        assert ["p1", "p0"] == [one["slug"] for one in walked(client, first["next"])]

    @pytest.mark.parametrize(
        "under", ["muscle:psoas", "pain_area:buttock", "condition:sciatica", "tag:desk", "author:ada"]
    )
    def test_of_articles_are_narrowed(self, make, client, under):
        links = {"muscles": ["psoas"], "pain_areas": ["buttock"], "conditions": ["sciatica"]}
        make.post("one", **links, tags=["desk"], authors=["ada"], published_at=make.days_ago(3))
        make.post("two", **links, tags=["desk"], authors=["ada"], published_at=make.days_ago(2))
        make.post("other")

        assert ["two", "one"] == [one["slug"] for one in walked(client, "/api/v1/posts", limit=1, under=under)]

    def test_of_comments_go_on_where_the_last_page_ended(self, make, client):
        post = make.post("one")
        for number in range(3):
            make.comment(post, body=f"Text {number}", state=State.APPROVED)
        texts = [one["html"] for one in walked(client, "/api/v1/posts/one/comments", limit=1)]

        assert ["<p>Text 2</p>", "<p>Text 1</p>", "<p>Text 0</p>"] == [text.strip() for text in texts]
        assert texts == [one["html"] for one in walked(client, "/api/v1/comments", limit=1)]


class TestArticles:
    def test_are_whole(self, make, client):
        """With the warning signs above the self-help, as on the page."""
        make.post("whole", **make.whole_article(title="Backs & <necks>", authors=["ada"]))
        post = told(client, "/api/v1/posts/whole")

        assert ("Backs & <necks>", ["Ada"], ["psoas"], ["desk-work"]) == (
            post["title"],
            [one["name"] for one in post["authors"]],
            [one["slug"] for one in post["muscles"]],
            [one["slug"] for one in post["tags"]],
        )
        parts = ("It moves.", "it is bad", "Rest first.", "Knee to chest")
        assert sorted(parts, key=post["html"].index) == list(parts)

    def test_have_the_id_that_feeds_have(self, make, client):
        make.post("one")

        assert told(client, "/api/v1/posts/one")["id"] == client.get("/feed.json").get_json()["items"][0]["id"]

    def test_are_found_under_their_old_address(self, app, make, client):
        post = make.post("old")
        change(app, Post, post.id, lambda one: publishing.rename(one, "new"))

        assert (301, "/api/v1/posts/new") == (
            client.get("/api/v1/posts/old").status_code,
            client.get("/api/v1/posts/old").location,
        )

    def test_change_with_what_they_show(self, app, make, client):
        """Kept in memory, and dropped with the article."""
        post = make.post("one")
        before = told(client, "/api/v1/posts")["items"]
        change(app, Post, post.id, publishing.archive)

        assert (1, 0, 404) == (
            len(before),
            len(told(client, "/api/v1/posts")["items"]),
            client.get("/api/v1/posts/one").status_code,
        )


class TestComments:
    def test_appear_with_the_approval_and_go_with_the_withdrawal(self, app, make, client):
        """On both lists, though both were in memory."""
        comment = make.comment(make.post("one"))
        addresses = ("/api/v1/comments", "/api/v1/posts/one/comments")

        def shown():
            return [len(told(client, address)["items"]) for address in addresses]

        before = shown()
        decide(app, comment.id, Verdict.APPROVE)
        approved = shown()
        change(app, Comment, comment.id, Comment.withdraw)

        assert ([0, 0], [1, 1], [0, 0]) == (before, approved, shown())

    def test_name_what_they_answer_only_if_that_is_public(self, app, make, client):
        parent = make.comment(make.post("one"), state=State.APPROVED)
        make.comment(parent=parent, state=State.APPROVED)
        answer, question = told(client, "/api/v1/comments")["items"]
        change(app, Comment, parent.id, Comment.withdraw)

        assert (question["id"], True) == (answer["in_reply_to"], answer["is_team"])
        assert [None] == [one["in_reply_to"] for one in told(client, "/api/v1/comments")["items"]]


@pytest.fixture
def vocabulary(app):
    with app.app_context():
        sample.ensure_vocabulary()


class TestVocabulary:
    @pytest.mark.parametrize("plural", ["muscles", "pain-areas", "conditions"])
    def test_leads_from_each_list_to_whole_entries(self, client, vocabulary, plural):
        """With warning signs, and to the page of each."""
        items = told(client, f"/api/v1/{plural}")["items"]
        entry = told(client, items[0]["api_url"])

        assert items[0] == {name: entry[name] for name in items[0]}
        assert entry["warning_signs"][0]["items"]
        assert 200 == client.get(entry["url"]).status_code

    def test_leads_to_the_articles_about_an_entry(self, make, client, vocabulary):
        make.post("one", muscles=["psoas"])
        entry = told(client, "/api/v1/muscles/psoas")

        assert ["one"] == [one["slug"] for one in told(client, entry["posts_url"])["items"]]

    def test_has_no_other_kinds(self, client, vocabulary):
        """Warning signs and sources are no pages of their own."""
        assert 404 == problem(client.get("/api/v1/red-flags"))[0]


class TestSearch:
    def test_leads_with_the_area_that_hurts(self, make, client, vocabulary):
        make.post("one", title="Buttocks", pain_areas=["buttock"])
        found = told(client, "/api/v1/search", q="pain in my left buttock")

        assert ("Buttock", "pain_area") == (found["answer"]["title"], found["answer"]["kind"])
        assert "http://localhost/api/v1/posts/one" in [one["api_url"] for one in found["items"]]

    def test_goes_on(self, make, client):
        for number in range(15):
            make.post(f"z-{number}", title=f"Zebra {number}")

        assert 15 == len({one["url"] for one in walked(client, "/api/v1/search", q="zebra")})

    def test_can_be_narrowed_to_a_part_of_the_body(self, client, vocabulary):
        """To those that the answer names."""
        asked = {"q": "front"}
        regions = {one["slug"]: one["answers"] for one in told(client, "/api/v1/search", **asked)["regions"]}
        few = min(regions, key=lambda slug: regions[slug])
        narrowed = told(client, "/api/v1/search", region=few, **asked)

        assert len(regions) > 1
        assert regions[few] == len(narrowed["items"]) + bool(narrowed["answer"])

    def test_cannot_be_narrowed_to_what_is_no_part_of_the_body(self, client, vocabulary):
        assert 404 == problem(client.get("/api/v1/search?q=front&region=moon"))[0]

    @pytest.mark.parametrize("words", ["\x00", '"" OR 1=1', "👩🏽‍⚕️", "﷽" * 200])
    def test_takes_any_words(self, client, words):
        assert [] == told(client, "/api/v1/search", q=words)["items"]


class TestProblems:
    @pytest.mark.parametrize(
        ("address", "detail"),
        [
            ("/api/v1/posts?limit=0", "limit must be a whole number from 1 to 50."),
            ("/api/v1/posts?limit=051", "limit must be a whole number from 1 to 50."),
            ("/api/v1/posts?after=yesterday", "after must be what a list has told as its next place."),
            ("/api/v1/posts?under=muscle", "under must look like muscle:psoas."),
            ("/api/v1/posts?under=region:arm", "under must look like muscle:psoas."),
            ("/api/v1/search?q=hip&region=A+B", "region must be the slug of a part of the body."),
            ("/api/v1/search", "q must be a question of 1 to 200 characters."),
            ("/api/v1/search?q=" + 201 * "x", "q must be a question of 1 to 200 characters."),
        ],
    )
    def test_say_which_parameter_cannot_be_meant(self, client, address, detail):
        status, said = problem(client.get(address))

        assert (400, detail) == (status, said[: len(detail)])

    @pytest.mark.parametrize(
        "address", ["/api/v2", "/api/v1/nothing", "/api/v1/posts/none", "/api/v1/posts?under=tag:none"]
    )
    def test_say_that_there_is_nothing(self, client, address):
        assert 404 == problem(client.get(address))[0]

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_say_that_nothing_can_be_changed(self, client, method):
        answer = client.open("/api/v1/posts", method=method)

        assert (405, {"GET", "HEAD", "OPTIONS"}) == (problem(answer)[0], set(answer.allow))

    @pytest.mark.parametrize(
        ("fault", "status"), [(RuntimeError("inside"), 500), (OperationalError("inside", {}, Exception("inside")), 503)]
    )
    def test_tell_nothing_of_the_inside(self, client, monkeypatch, fault, status):
        def fail(*_):
            raise fault

        monkeypatch.setattr(views.listing, "show_schedule", fail)
        answer = client.get("/api/v1/posts")

        assert (status, False) == (problem(answer)[0], "inside" in answer.text)

    def test_are_pages_for_people_elsewhere(self, client):
        """Also at the address of the page that describes all this."""
        assert ("text/html", "text/html") == (client.get("/nowhere").mimetype, client.post("/api").mimetype)


class TestOtherSites:
    @pytest.mark.parametrize("address", ["/api/v1/posts", "/api/v1/nothing"])
    def test_may_read(self, client, address):
        """Answers and problems, made or from memory."""
        answers = [client.get(address, headers=ORIGIN) for _ in range(2)]

        assert ["*", "*"] == [answer.headers["Access-Control-Allow-Origin"] for answer in answers]

    def test_may_ask_whether_something_changed(self, client):
        """A browser asks whether it may send the condition, and lets the answer through only with the header."""
        asked = client.options("/api/v1/posts", headers={**ORIGIN, "Access-Control-Request-Headers": "if-none-match"})
        etag = client.get("/api/v1/posts").headers["ETag"]
        again = client.get("/api/v1/posts", headers={**ORIGIN, "If-None-Match": etag})

        assert "If-None-Match" == asked.headers["Access-Control-Allow-Headers"]
        assert (304, "*", b"") == (again.status_code, again.headers["Access-Control-Allow-Origin"], again.data)

    def test_may_read_nothing_else(self, client):
        assert [None, None] == [
            client.get(address, headers=ORIGIN).headers.get("Access-Control-Allow-Origin") for address in ("/", "/api")
        ]


def test_a_list_is_a_few_statements(app, make, client):
    """As many for twenty articles as for one; kept, none."""
    for number in range(20):
        make.post(f"p{number}", tags=["a", "b"], authors=["ada", "bob"])
    client.get("/")  # what all pages share
    rendered = app.extensions["pagecache"].rendered
    for _ in range(2):
        assert 20 == len(told(client, "/api/v1/posts")["items"])
    with app.app_context():
        assert 20 == len(db.session.scalars(Post.published_ids()).all())

    assert 1 == app.extensions["pagecache"].rendered - rendered
