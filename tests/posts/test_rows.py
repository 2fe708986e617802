"""A post as a row says what it says as an object."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blog.database import begin_write, db
from blog.posts.models import Post
from blog.posts.page import on_page
from tests.make import ANY_DAY

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]

WHAT_BOTH_SAY = (
    "id",
    "slug",
    "published_at",
    "updated_at",
    "comments_open",
    "comments_close_days",
    "card",
    "accepts_comments",
    "is_updated",
    "order_key",
)
OF_THE_VERSION = ("id", "digest", "article", "rendered", "words", "reading_minutes", "lead_picture", "lead_muscle")
OF_AN_AUTHOR = ("slug", "name", "credentials", "is_team")


def said(thing, names):
    return [getattr(thing, name) for name in names]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"updated_at": ANY_DAY + timedelta(days=1)},
        {"comments_open": False},
        {"comments_close_days": 1},
        {"comments_close_days": 3000},
        {"card": "a" * 32},
    ],
)
def test_a_row_says_what_the_post_says(make, changed):
    made = make.post("one", authors=["ada", "team"])
    begin_write()
    post = db.session.get_one(Post, made.id)
    for name, value in changed.items():
        setattr(post, name, value)
    db.session.commit()
    row, _ = on_page("one")

    assert said(post, WHAT_BOTH_SAY) == said(row, WHAT_BOTH_SAY)
    assert said(post.revision, OF_THE_VERSION) == said(row.revision, OF_THE_VERSION)
    assert [said(one, OF_AN_AUTHOR) for one in post.authors] == [said(one, OF_AN_AUTHOR) for one in row.authors]
