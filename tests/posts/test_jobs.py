"""What happens once when a post becomes due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blog.clock import frozen, now
from blog.database import db
from blog.posts.jobs import announce_due_posts
from blog.posts.models import Post

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


def announced(post):
    db.session.rollback()
    return db.session.get_one(Post, post.id, populate_existing=True).announced_at


def test_a_post_that_is_out_is_announced(make):
    """
    The moment is noted.
    """
    post = make.post()
    with frozen(now()):
        announce_due_posts()

        assert now() == announced(post)


def test_a_post_is_announced_once(make):
    """
    The next tick finds nothing to do.
    """
    post = make.post()
    announce_due_posts()
    first = announced(post)
    announce_due_posts()

    assert first == announced(post)


def test_a_scheduled_post_waits_for_its_time(make):
    """
    Before: nothing. After: announced.
    """
    post = make.post(published_at=now() + timedelta(minutes=5))
    announce_due_posts()
    before = announced(post)
    with frozen(now() + timedelta(minutes=5)):
        announce_due_posts()

    assert (None, True) == (before, announced(post) is not None)


@pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}], ids=["draft", "archived"])
def test_hidden_posts_are_not_announced(make, hidden):
    """
    What nobody can read is nobody's news.
    """
    post = make.post(**hidden)
    announce_due_posts()

    assert None is announced(post)
