"""What happens once when a post becomes due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blog.clock import frozen, now
from blog.database import db
from blog.posts.jobs import announce_due_posts, rerender_posts
from blog.posts.models import Post, PostRevision
from blog.revisions import digest

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


def announced(post):
    db.session.rollback()
    return db.session.get_one(Post, post.id, populate_existing=True).announced_at


def test_a_post_that_is_out_is_announced(make):
    """The moment is noted."""
    post = make.post()
    with frozen(now()):
        announce_due_posts()

        assert now() == announced(post)


def test_a_post_is_announced_once(make):
    """The next tick finds nothing to do."""
    post = make.post()
    announce_due_posts()
    first = announced(post)
    announce_due_posts()

    assert first == announced(post)


def test_a_scheduled_post_waits_for_its_time(make):
    """Before: nothing. After: announced."""
    post = make.post(published_at=now() + timedelta(minutes=5))
    announce_due_posts()
    before = announced(post)
    with frozen(now() + timedelta(minutes=5)):
        announce_due_posts()

    assert (None, True) == (before, announced(post) is not None)


@pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}], ids=["draft", "archived"])
def test_hidden_posts_are_not_announced(make, hidden):
    """What nobody can read is nobody's news."""
    post = make.post(**hidden)
    announce_due_posts()

    assert None is announced(post)


def made_by_older_rules(make, post, **document):
    """The public version as version 1 left it, perhaps with a text that was taken then; its number."""
    number = db.session.get_one(Post, post.id).public_revision_id
    revision = db.session.get_one(PostRevision, number)
    old = {**revision.rendered, "body": [["html", "<p>&lt;!-- MARKPRIVATE --&gt; a</p>"]]}
    document = {**revision.document, **document}
    db.session.rollback()
    columns = {"rendered": old, "html_version": 1, "document": document, "digest": digest(document)}
    make.rewrite(PostRevision, number, **columns)
    return number


@pytest.mark.parametrize("body", ["<!-- MARKPRIVATE --> a", "<!-- MARKPRIVATE --> a <div>"])
def test_old_html_is_made_anew(make, client, body):
    """Also where today's rules would refuse the text: what was private is gone from the page at once."""
    number = made_by_older_rules(make, make.post("shown"), body=body)
    before = client.get("/posts/shown").text
    rerender_posts()
    after = client.get("/posts/shown").text
    revision = db.session.get_one(PostRevision, number, populate_existing=True)

    assert [True, False] == ["MARKPRIVATE" in page for page in (before, after)]
    assert [["html", "<p> a</p>"]] == [[kind, html.replace("a ", "a")] for kind, html in revision.rendered["body"]]


def test_an_article_that_cannot_be_read_stops_no_other(make):
    """It keeps its HTML, and the log names it."""
    broken = made_by_older_rules(make, make.post(), title="")
    sound = made_by_older_rules(make, make.post())
    rerender_posts()
    versions = [db.session.get_one(PostRevision, n, populate_existing=True).html_version for n in (broken, sound)]

    assert 1 == versions[0] < versions[1]
