"""One sheet for a patient: all that it needs, and nothing that the public may not see."""

from __future__ import annotations

import pytest

from blog import sample
from blog.database import begin_write, db
from blog.pages.models import PageSlug
from blog.posts import publishing
from blog.posts.models import Post

SAFETY = {"red_flags": ["low-back-buttock"], "cautions": ["Ask before you press."]}


@pytest.fixture
def post(app, make):
    with app.app_context():
        sample.ensure_vocabulary()
    make.page(PageSlug.DISCLAIMER, title="Disclaimer", short="Not medical advice.", body="Full disclaimer.")
    return make.post("one", **make.whole_article(title="All of it", muscles=["psoas"], safety=SAFETY))


def test_says_what_a_patient_needs(post, client):
    text = client.get("/posts/one/handout").text

    parts = (
        "All of it",
        'class="handout__code"',
        "pain-close-psoas.svg",
        "When to get help",
        "Knee to chest",
        "Stop if it hurts.",
        "you have a new hip",
        "Ask before you press.",
        "Not medical advice. (Disclaimer, version 1.)",
        "/posts/one · Version",
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert sorted(places) == places  # warning signs stand above the stretches


def test_is_linked_from_its_article(post, client):
    assert 'href="/posts/one/handout"' in client.get("/posts/one").text


def test_is_not_found_for_a_draft(client, make):
    make.post("draft", published_at=None)

    assert 404 == client.get("/posts/draft/handout").status_code


def test_an_old_address_leads_on(app, post, client):
    with app.app_context():
        begin_write()
        publishing.rename(db.session.get_one(Post, post.id), "new")
        db.session.commit()
    answer = client.get("/posts/one/handout")

    assert (301, "/posts/new/handout") == (answer.status_code, answer.location)


def test_shows_a_new_version_at_once(app, post, client, make):
    client.get("/posts/one/handout")
    with app.app_context():
        revision = make.revision(post, title="Better")
        begin_write()
        publishing.publish(db.session.get_one(Post, post.id), revision)
        db.session.commit()

    assert "Better" in client.get("/posts/one/handout").text
