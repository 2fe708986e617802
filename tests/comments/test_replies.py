"""Readers answering readers: off at first, never deeper than the setting, never shown before a moderator said so."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from blog.comments import sending
from blog.comments.models import Comment, State
from blog.comments.sending import CannotAnswer, ShownTexts
from blog.comments.threads import Threads
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.posts.models import Post
from tests.readers import Reader, hidden_token, typed

HIDDEN = (State.PENDING, State.HELD, State.REJECTED, State.SPAM, State.WITHDRAWN, State.ERASED)


def answer(parent, body="An answer.", approved=False):
    words = Words.prepare("Reader", body)
    begin_write()
    post = db.session.get_one(Post, parent.post_id)
    receipt, _ = sending.submit(post, words, Sender.of("192.0.2.9", ""), ShownTexts(), parent_id=parent.id)
    comment = db.session.get_one(Comment, receipt.id)
    if approved:
        comment.public_revision_id, comment.state = comment.newest_revision_id, State.APPROVED
    db.session.commit()
    return comment


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestRules:
    def test_only_the_team_answers_at_first(self, make):
        with pytest.raises(CannotAnswer):
            answer(make.comment(state=State.APPROVED))

    def test_readers_answer_where_the_owner_allows_it(self, make):
        make.settings(reply_depth=1)
        parent = make.comment(state=State.APPROVED)
        reply = answer(parent)

        assert (parent.id, parent.id, State.PENDING, None) == (
            reply.parent_id,
            reply.root_id,
            reply.state,
            reply.public_revision_id,
        )

    @pytest.mark.parametrize("deepest", [1, 2, 4])
    def test_no_deeper_than_the_setting(self, make, deepest):
        """So many answers below each other, and one more is refused."""
        make.settings(reply_depth=deepest, comment_limit=100)
        at = make.comment(state=State.APPROVED)
        for number in range(deepest):
            at = answer(at, body=f"Answer {number}", approved=True)

        with pytest.raises(CannotAnswer):
            answer(at, body="One more")

    @pytest.mark.parametrize("state", HIDDEN)
    def test_never_to_what_is_hidden(self, make, state):
        make.settings(reply_depth=4)

        with pytest.raises(CannotAnswer):
            answer(make.comment(state=state))

    def test_never_on_another_article(self, make):
        make.settings(reply_depth=4)
        parent, other = make.comment(state=State.APPROVED), make.post()
        words = Words.prepare("Reader", "Words.")
        begin_write()

        with pytest.raises(CannotAnswer):
            sending.submit(
                db.session.get_one(Post, other.id),
                words,
                Sender.of("192.0.2.9", ""),
                ShownTexts(),
                parent_id=parent.id,
            )

    def test_of_two_parents_are_two_comments(self, make):
        """The same words below two comments are no duplicate."""
        make.settings(reply_depth=1)
        post = make.post()
        first, second = (make.comment(post, state=State.APPROVED) for _ in range(2))

        assert answer(first).id != answer(second).id

    def test_are_not_shown_before_their_time(self, make):
        """A waiting answer is on no page, and not counted."""
        make.settings(reply_depth=1)
        parent = make.comment(state=State.APPROVED)
        answer(parent)
        threads = Threads.of(db.session.get_one(Post, parent.post_id), 1)

        assert (1, [parent.id]) == (threads.count, [line.id for line in threads.lines])


def without_request(page):
    """An error's page without what names this one request."""
    return re.sub(r"request <code>\w+</code>", "", page)


class TestForm:
    @pytest.fixture
    def reader(self, app):
        return Reader(app)

    def test_is_not_offered_at_first(self, make, reader):
        """No link below a comment; the address of such a form does not exist."""
        comment = make.comment(make.post("one"), state=State.APPROVED)

        assert "reply=" not in reader.open("one")
        assert 404 == reader.client.get(f"/posts/one?reply={comment.id}").status_code

    def test_says_whom_it_answers(self, app, make, reader):
        """By a plain link to the same article with the form made ready; what is sent hangs on that comment."""
        make.settings(reply_depth=1)
        comment = make.comment(make.post("one"), name="Ben", body="My words", state=State.APPROVED)
        link = unescape(re.search(r'href="(/posts/one\?reply=[^"]*)"', reader.open("one"))[1])
        page = reader.client.get(link).text
        sent = reader.send("one", token=hidden_token(page), parent_id=str(comment.id))

        assert f"/posts/one?reply={comment.id}#comment-form" == link
        assert f'name="parent_id" type="hidden" value="{comment.id}"' in page
        assert "You answer <strong" in page
        with app.app_context():
            reply = db.session.scalars(select(Comment).order_by(Comment.newest_revision_id.desc())).first()
            assert (303, comment.id) == (sent.status_code, reply.parent_id)

    @pytest.mark.parametrize("number", ["0", "99", "x", "99999999999999999999999", "-1"])
    def test_for_no_comment_does_not_exist(self, make, reader, number):
        """A number without a public comment of this article: 404."""
        make.settings(reply_depth=1)
        make.comment(make.post("one"), state=State.APPROVED)

        assert 404 == reader.client.get(f"/posts/one?reply={number}").status_code

    def test_for_a_hidden_comment_looks_like_none(self, make, reader):
        """Nobody learns that a comment waits."""
        make.settings(reply_depth=1)
        comment = make.comment(make.post("one"))
        pages = [reader.client.get(f"/posts/one?reply={number}") for number in (comment.id, 99)]

        assert [404, 404] == [page.status_code for page in pages]
        assert without_request(pages[0].text) == without_request(pages[1].text)

    @pytest.mark.parametrize("depth", [0, 1])
    @pytest.mark.parametrize("number", ["99", "x", "9" * 30])
    def test_sent_to_no_comment_comes_back(self, app, make, reader, depth, number):
        """422 with a clear sentence and the text; sent again, it is a comment of its own."""
        make.settings(reply_depth=depth)
        make.post("one")
        back = reader.send("one", body="Kept words", parent_id=number)
        again = reader.send("one", token=hidden_token(back.text), **typed(back.text))

        assert (422, "Kept words") == (back.status_code, typed(back.text)["body"])
        assert ("not there any more" in back.text) or ("Only the team answers" in back.text)
        assert 303 == again.status_code

    def test_is_the_same_for_everybody(self, make, reader, app):
        """Also this page sets no cookie and can be kept."""
        make.settings(reply_depth=1)
        comment = make.comment(make.post("one"), state=State.APPROVED)
        first, second = (
            Reader(app, address).client.get(f"/posts/one?reply={comment.id}") for address in ("192.0.2.1", "192.0.2.2")
        )

        assert first.data == second.data
        assert "Set-Cookie" not in first.headers

    def test_closes_with_the_article(self, make, reader):
        make.settings(reply_depth=2)
        make.comment(make.post("one"), state=State.APPROVED)
        closed = make.post("two", published_at=make.days_ago(9))
        make.comment(closed, state=State.APPROVED)
        make.settings(comments_close_days=5)

        assert "reply=" not in reader.open("two")
