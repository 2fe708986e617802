"""Text that is believed to be HTML."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from blog.anatomy.pictures import Picture
from blog.comments.threads import Line, Shown
from blog.markup import kept_lines, kept_partial
from blog.posts.leads import NO_LEAD, Lead
from blog.posts.rows import OtherPost, Words

CARD = "components/_post_card.html"
POST = OtherPost(
    datetime(2026, 5, 1, tzinfo=UTC), 1, "one", Words(1, "A <title>", "", "What it is about", 400, "", "", "", "")
)


@pytest.fixture(autouse=True)
def _request(app):
    with app.test_request_context():
        yield


def card(post: OtherPost = POST, **shown: Any) -> str:
    return kept_partial(CARD, **{"post": post, "lead": NO_LEAD, "level": 2, "featured": False, "why": "", **shown})


class TestKeptPartials:
    def test_are_made_once(self):
        assert card() is card(POST._replace())

    @pytest.mark.parametrize(
        ("changed", "seen"),
        [
            ({"post": POST._replace(slug="two")}, "/posts/two"),
            ({"post": POST._replace(published_at=datetime(2026, 5, 2, tzinfo=UTC))}, "2 May 2026"),
            ({"post": POST._replace(revision=POST.revision._replace(title="Another"))}, "Another"),
            ({"post": POST._replace(revision=POST.revision._replace(standfirst="Else"))}, "Else"),
            ({"post": POST._replace(revision=POST.revision._replace(words=4000))}, "18 min"),
            ({"lead": Lead(drawn=Picture("/media/drawing.svg", 3, 4, ""))}, "/media/drawing.svg"),
            ({"level": 3}, "<h3"),
            ({"why": "Both about the same"}, "Both about the same"),
        ],
    )
    def test_are_made_anew_for_whatever_they_show(self, changed, seen):
        before = card()

        assert (False, True) == (seen in before, seen in card(**changed))

    def test_escape_what_they_show(self):
        assert "A &lt;title&gt;" in card()


COMMENT = Shown(7, None, 7, datetime(2026, 5, 1, tzinfo=UTC), False, False, "Ann", "<p>What was approved</p>")


def line(depth: int = 0, answered_depth: int = 0, **changed: Any) -> str:
    lines = [Line(7, depth, COMMENT._replace(**changed))]
    return kept_lines(
        "components/_comment.html", lines, comment_links="/c", answer_link="/p", answered_depth=answered_depth
    )


class TestKeptLines:
    @pytest.mark.parametrize(
        ("changed", "seen"),
        [
            ({"html": "<p>Another text</p>"}, "<p>Another text</p>"),
            ({"name": "<Bob>"}, "&lt;Bob&gt;"),
            ({"published_at": datetime(2026, 5, 2, tzinfo=UTC)}, "2 May 2026"),
            ({"is_team": True}, "Reply from the team"),
            ({"is_sample": True}, "Sample"),
            ({"depth": 1}, "comment--reply"),
            ({"answered_depth": 1}, "?reply=7"),
        ],
    )
    def test_are_made_anew_for_whatever_they_show(self, changed, seen):
        before = line()

        assert (False, True) == (seen in before, seen in line(**changed))

    def test_leave_a_place_where_a_comment_is_gone(self):
        line()
        gone = kept_lines(
            "components/_comment.html", [Line(7, 0, None)], comment_links="/c", answer_link="/p", answered_depth=0
        )

        assert (True, False) == ("This comment is not shown." in gone, "What was approved" in gone)
