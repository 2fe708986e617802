"""Addresses typed with capitals or a slash at the end: one redirect to the page, none to what is not there."""

from __future__ import annotations

import pytest

from blog.comments.models import State
from blog.posts import publishing
from blog.posts.models import Post
from tests.readers import change, status_of
from tests.visitors import nameless


@pytest.fixture
def post(app, make):
    """An article that had another address before."""
    made = make.post("old-one", tags=["desk-work"], muscles=["psoas"])
    change(app, Post, made.id, publishing.rename, "new-one")
    return made


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/posts/new-one/", "/posts/new-one"),
        ("/posts/New-One", "/posts/new-one"),
        ("/POSTS/NEW-ONE///", "/posts/new-one"),
        ("/posts/New-One/?comments=1", "/posts/new-one?comments=1"),
        ("/posts/Old-One/", "/posts/new-one"),
        ("/posts/New-One/comments", "/posts/new-one#comment-form"),
        ("/posts/new-one/comments.atom/", "/posts/new-one/comments.atom"),
        ("/Feed.atom", "/feed.atom"),
        ("/muscles/", "/muscles"),
        ("/Conditions", "/conditions"),
        ("/Tags/Desk-Work/", "/tags/desk-work"),
        ("/authors/Team", "/authors/team"),
    ],
)
def test_another_spelling_leads_to_the_page(client, post, asked, address):
    answer = client.get(asked)

    assert (True, address) == (answer.status_code in (301, 302), answer.location)
    assert 200 == client.get(address).status_code


def test_a_permalink_leads_to_its_place_at_once(make, client, post):
    comment = make.comment(post, state=State.APPROVED)

    assert f"/posts/new-one#comment-{comment.id}" == client.get(f"/posts/New-One/comments/{comment.id}/").location


@pytest.mark.parametrize("asked", ["/posts/Never-Was", "/posts/never-was/", "/Nowhere/", "/posts/new-one/comments/99/"])
def test_what_is_not_there_is_not_there(client, post, asked):
    assert 404 == client.get(asked, follow_redirects=True).status_code


def test_drafts_are_not_betrayed(client, make):
    make.post("hidden", published_at=None)

    assert nameless(client.get("/posts/Never-Was/")) == nameless(client.get("/posts/Hidden/"))


@pytest.mark.parametrize("asked", ["/Desk", "/desk/", "/Login", "/static/CSS/site.css"])
def test_other_addresses_are_as_they_were(client, asked):
    assert client.get(asked).status_code in (302, 404)


def test_a_secret_is_never_guessed_by_another_spelling(app, make, client):
    address = status_of(app, make.comment())

    assert [200, 404, 404] == [client.get(path).status_code for path in (address, address.upper(), address + "/")]


def test_nothing_is_sent_elsewhere(client, post):
    """A form that was sent to another spelling is not repeated as a question."""
    assert 404 == client.post("/posts/new-one/comments/", data={"body": "x"}).status_code
