"""Every error is a page of this site: plain words, no traceback, no session."""

from __future__ import annotations

import re

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError

from blog.accounts.models import RoleName
from blog.errors import MESSAGES, Refused
from blog.pages.models import PageSlug, Site

SECRET = "the inside of the machine"


@pytest.fixture
def broken(app):
    """Addresses that fail in every way."""

    @app.get("/fails/<int:code>")
    def fails(code):
        abort(code, description=SECRET)

    @app.get("/refuses")
    def refuses():
        raise Refused("You cannot have two of these.")

    @app.get("/crashes")
    def crashes():
        raise RuntimeError(SECRET)

    @app.get("/locked")
    def locked():
        raise OperationalError(SECRET, {"body": SECRET}, Exception(SECRET))

    return app.test_client()


@pytest.mark.parametrize("code", [403, 404, 405, 409, 410, 413, 422, 429, 500, 503])
class TestPages:
    def test_have_the_sites_look(self, broken, code):
        """Header, style, a heading in plain words and the way home."""
        page = broken.get(f"/fails/{code}").text
        parts = (
            'class="site-header"',
            "/assets/css/site.",
            f"<h1>{MESSAGES[code][0]}</h1>",
            'href="/"',
            f"Error {code}",
        )

        assert [] == [part for part in parts if part not in page]

    def test_have_their_status(self, broken, code):
        """The number is the one meant, and nobody keeps the page."""
        answer = broken.get(f"/fails/{code}")

        assert (code, "no-store") == (answer.status_code, answer.headers["Cache-Control"])

    def test_tell_nothing_of_the_inside(self, broken, code):
        """What the code said stays inside."""
        assert SECRET not in broken.get(f"/fails/{code}").text

    def test_touch_no_session(self, broken, code):
        """No cookie is set or asked for."""
        answer = broken.get(f"/fails/{code}")

        assert ("Set-Cookie" in answer.headers, "Cookie" in answer.headers.get("Vary", "")) == (False, False)


class TestCrash:
    def test_is_a_page_without_a_traceback(self, broken):
        """500, and not a word of what broke."""
        answer = broken.get("/crashes")

        assert (500, False, False) == (answer.status_code, "Traceback" in answer.text, SECRET in answer.text)

    def test_is_a_page_even_when_the_settings_cannot_be_read(self, broken, monkeypatch):
        """An error page from 500 on builds on nothing that may be broken."""
        monkeypatch.setattr(Site, "_read", lambda: 1 / 0)

        assert [500, 503, 500] == [broken.get(path).status_code for path in ("/crashes", "/locked", "/")]

    def test_of_the_database_says_when_to_try_again(self, broken):
        """503 with Retry-After, and no statement."""
        answer = broken.get("/locked")

        assert (503, "30", False) == (answer.status_code, answer.headers["Retry-After"], SECRET in answer.text)


@pytest.mark.parametrize("column", ["pages.slug", "page_revisions.created_at"])
def test_what_is_not_there_is_said_also_where_the_frame_of_the_site_is_damaged(client, make, spoil, column):
    """A page of errors that could not be made would be another error."""
    for slug in PageSlug:
        make.page(slug)
    spoil(column, b"\xff\x00")
    answer = client.get("/nowhere")

    assert 404 == answer.status_code
    assert MESSAGES[404][0] in answer.text


def test_a_rule_that_says_no_is_told(broken):
    """409 with the rule's own words."""
    answer = broken.get("/refuses")

    assert (409, True) == (answer.status_code, "You cannot have two of these." in answer.text)


@pytest.mark.parametrize(("method", "path"), [("put", "/"), ("delete", "/feed.atom"), ("get", "/comments/x/erase")])
def test_a_wrong_method_names_the_right_ones(client, method, path):
    """405 says in Allow what works, as HTTP wants it."""
    answer = getattr(client, method)(path)

    assert 405 == answer.status_code
    assert re.search(r"\b(GET|POST)\b", answer.headers["Allow"])


def test_a_comment_beyond_all_measure_is_refused(make, client):
    """413 before anything is read."""
    make.post("one")

    assert 413 == client.post("/posts/one/comments", data={"body": "x" * 300_000}).status_code


@pytest.mark.parametrize(("path", "expected"), [("/nowhere", False), ("/desk/nowhere", True)])
def test_staff_are_led_back_to_the_desk(client, path, expected):
    """And readers are not."""
    assert expected is ("Go to the desk" in client.get(path).text)


@pytest.mark.parametrize(
    "query", ["endpoint=x", "_method=POST", "_scheme=javascript", "_external=1", "values=x", "self=x"]
)
def test_a_strange_question_is_answered(make, client, query):
    """No parameter, whatever its name, breaks an article."""
    make.post("one")

    assert 200 == client.get(f"/posts/one?{query}").status_code


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("path", "code"),
    [("/posts/one", 200), ("/posts/one%00", 404), ("/tags/%00", 404), ("/muscles/%00", 404), ("/mail/%00", 404)],
)
def test_a_character_that_no_database_takes_names_nothing(make, client, path, code):
    """Nobody can fill the log with errors of the database by asking for NUL."""
    make.post("one")

    assert code == client.get(path).status_code


@pytest.mark.both_databases
@pytest.mark.parametrize(("query", "code"), [("q=text", 200), ("q=%00", 404)])
def test_a_character_that_no_database_takes_is_not_searched_for(staff, query, code):
    """Neither at the desk."""
    assert code == staff(RoleName.MODERATOR).get(f"/desk/comments?{query}").status_code
