"""What stands around the comments of an article comes from memory: never an old one, and never a comment with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blog.comments.models import State
from blog.moderation.verdicts import Verdict
from blog.pagecache import keys, pieces
from blog.pagecache.notes import expires_at, shows, taking_notes
from blog.pagecache.pieces import keep_piece, kept_piece
from blog.posts.models import Post
from tests.pagecache.steps import A_DAY, change, decide, of, uncached_app
from tests.test_statements import counting

SHOWN, APART = "a", "b"  # keys


@pytest.fixture
def page(app, cache):
    """Make a page: its slots are copied, then what it is given runs."""

    def make(action, is_proven=True, snapshots=0):
        with app.app_context(), taking_notes(cache.slots.copy(), is_proven) as notes:
            notes.snapshots = snapshots
            return action(), notes

    return make


def keep():
    shows(SHOWN, APART)
    keep_piece("name", "value", without=APART)


def look():
    return kept_piece("name")


class TestProof:
    def test_a_piece_stands_in_the_next_page_with_its_keys(self, page, clock):
        """But for the key without which it was kept; and the page ends when the first one would have."""
        clock.freeze(A_DAY)
        page(lambda: (expires_at(A_DAY + timedelta(hours=1)), keep()))
        value, notes = page(look)

        assert ("value", {keys.SITE, SHOWN}) == (value, notes.keys)
        assert A_DAY + timedelta(hours=1) == notes.until

    @pytest.mark.parametrize(("touched", "expected"), [(SHOWN, None), (keys.SITE, None), (APART, "value")])
    def test_a_change_of_what_it_shows_drops_it(self, page, cache, touched, expected):
        page(keep)
        cache.slots.touch([touched])

        assert expected == page(look)[0]

    def test_a_change_while_it_was_made_drops_it(self, page, cache):
        """What was read before or after it, nobody knows."""
        page(lambda: (cache.slots.touch([SHOWN]), keep()))

        assert page(look)[0] is None

    def test_it_is_over_at_its_moment(self, page, clock):
        clock.freeze(A_DAY)
        page(lambda: (expires_at(A_DAY + timedelta(minutes=1)), keep()))
        clock.advance(minutes=1)

        assert page(look)[0] is None

    def test_a_piece_from_the_future_is_not_shown(self, page, clock):
        clock.freeze(A_DAY)
        page(keep)
        clock.advance(minutes=-1)

        assert page(look)[0] is None

    @pytest.mark.parametrize("unsure", [{"is_proven": False}, {"snapshots": 2}])
    def test_what_is_not_proven_is_not_kept(self, page, unsure):
        page(keep, **unsure)

        assert page(look)[0] is None

    def test_without_proof_none_is_shown(self, page):
        page(keep)

        assert page(look, is_proven=False)[0] is None

    def test_outside_of_a_page_there_is_none(self, app, page):
        page(keep)
        with app.app_context():
            keep_piece("other", "value", without=APART)

            assert kept_piece("name") is None
        assert page(lambda: kept_piece("other"))[0] is None

    def test_those_used_last_are_kept(self, page, cache, monkeypatch):
        monkeypatch.setattr(pieces, "PIECES_KEPT", 2)
        for name in "abc":
            page(lambda name=name: keep_piece(name, name, without=APART))
            page(lambda: kept_piece("a"))

        assert ["a", None, "c"] == [page(lambda name=name: kept_piece(name))[0] for name in "abc"]


class TestArticle:
    @pytest.fixture
    def post(self, make, client):
        """An article with a comment, whose page was made."""
        post = make.post("one")
        make.comment(post, body="FIRST", state=State.APPROVED)
        client.get("/posts/one")
        return post

    def fresh(self, app, cache, client, address="/posts/one"):
        with uncached_app(app, cache):
            return client.get(address).text

    @pytest.mark.both_databases
    def test_each_decision_is_seen_at_once(self, app, make, client, cache, post):
        """One after the other: the page around which the comments were laid shows their key, too."""
        comment = make.comment(post, body="SECOND")
        seen = []
        for verdict in (Verdict.APPROVE, Verdict.HOLD, Verdict.APPROVE, Verdict.SPAM):
            decide(app, comment, verdict)
            text = client.get("/posts/one").text
            seen.append("SECOND" in text)
            assert self.fresh(app, cache, client) == text

        assert [True, False, True, False] == seen

    def test_the_count_for_machines_follows(self, app, make, client, post):
        assert '"commentCount":1,"comment":[' in client.get("/posts/one").text
        decide(app, make.comment(post))
        assert '"commentCount":2,"comment":[' in client.get("/posts/one").text

    @pytest.mark.parametrize("argument", ["comments", "reply"])
    def test_a_page_that_was_asked_for_otherwise_is_made_whole(self, app, make, client, cache, post, argument):
        make.settings(reply_depth=2)
        comment = make.comment(post, body="SECOND", state=State.APPROVED)
        client.get("/posts/one")
        address = f"/posts/one?{argument}={comment.id if argument == 'reply' else 1}"
        text = client.get(address).text

        assert self.fresh(app, cache, client, address) == text
        assert (argument == "reply") == ("You answer" in text)

    def test_nobody_is_given_the_answer_that_another_begins(self, app, make, client, cache, post):
        make.settings(reply_depth=2)
        comment = make.comment(post, body="SECOND", state=State.APPROVED)
        client.get(f"/posts/one?reply={comment.id}")

        assert "You answer" not in client.get("/posts/one").text

    def test_a_form_that_came_back_is_nobody_elses(self, app, make, client, cache, post):
        """What somebody typed stays in their answer."""
        answer = client.post("/posts/one/comments", data={"name": "Typed by one", "body": ""})
        decide(app, make.comment(post))

        assert "Typed by one" in answer.text
        assert "Typed by one" not in client.get("/posts/one").text

    def test_another_version_of_the_article_is_made_whole(self, app, make, client, cache, post):
        make.settings(name="Another name")
        with counting(app) as sent:
            text = client.get("/posts/one").text

        assert ("Another name" in text, len(sent) > 2) == (True, True)

    def test_after_a_closed_form_the_comments_have_no_way_to_answer(self, app, make, client, post):
        make.settings(reply_depth=2)
        client.get("/posts/one")
        change(app, of(Post, post, setattr, "comments_open", False))

        assert "comment__answer" not in client.get("/posts/one").text
