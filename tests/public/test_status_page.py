"""A comment's private page: what it says, and how its writer takes the comment back."""

from __future__ import annotations

import re
from html import unescape

import pytest

from blog.comments.models import State
from blog.database import db
from blog.moderation.verdicts import Verdict
from blog.posts import publishing
from blog.posts.models import Post
from tests.readers import change, decide, status_of, stored


class TestStatusPage:
    def test_is_private(self, app, make, client):
        """Stored nowhere, indexed nowhere, its address told to nobody."""
        answer = client.get(status_of(app, make.comment()))

        assert ("private, no-store", "noindex, nofollow", "same-origin") == (
            answer.headers["Cache-Control"],
            answer.headers["X-Robots-Tag"],
            answer.headers["Referrer-Policy"],
        )

    @pytest.mark.parametrize("token", ["x" * 43, "x", "%00", "x" * 3000, "ü"])
    @pytest.mark.parametrize("path", ["", "/withdraw", "/erase"])
    def test_of_an_unknown_token_is_none(self, make, client, token, path):
        """A guess finds nothing, for reading or for acting."""
        make.comment()
        send = client.post if path else client.get

        assert 404 == send(f"/comments/{token}{path}").status_code

    def test_has_links_that_lead_nowhere(self, app, make, client):
        """A spammer gains nothing from a page that shows the text to them alone."""
        comment = make.comment(body="See [my shop](https://shop.example) or <https://shop.example>.")
        page = client.get(status_of(app, comment)).text

        assert ("my shop" in page, 'href="https://shop.example' in page) == (True, False)

    def test_shows_the_text_as_it_will_appear(self, app, make, client):
        """Rendered, so that the writer sees what the moderator sees."""
        page = client.get(status_of(app, make.comment(body="Very *good*.", name="Ada"))).text

        assert "<p>Very <em>good</em>.</p>" in page

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (State.PENDING, "Your comment is waiting for a moderator."),
            (State.HELD, "Your comment is waiting for a moderator."),
            (State.APPROVED, "Published."),
            (State.REJECTED, "Not published."),
            (State.SPAM, "Not published."),
            (State.WITHDRAWN, "Withdrawn."),
            (State.ERASED, "Erased."),
        ],
    )
    def test_says_where_the_comment_stands(self, app, make, client, state, words):
        """One sentence for each state, and no other."""
        page = client.get(status_of(app, make.comment(state=state))).text
        said = re.search(r'role="status">\s*<p><strong>(.*?)</strong>', page)

        assert words == said[1].removeprefix("Thank you. ")

    def test_says_why_it_was_declined(self, app, make, client):
        """The reason's text for writers, not its label for moderators, and never the note."""
        comment = make.comment()
        decide(app, comment.id, Verdict.REJECT, reason="unkind", note="He always does this")
        page = client.get(status_of(app, comment)).text

        assert "We publish criticism, but not attacks on people." in page
        assert "He always does this" not in page

    def test_leads_to_the_published_comment(self, app, make, client):
        comment = make.comment(make.post("one"), state=State.APPROVED)

        assert f'href="/posts/one/comments/{comment.id}"' in client.get(status_of(app, comment)).text

    def test_does_not_name_an_article_that_is_gone(self, app, make, client):
        """What the public may not see is not told here either."""
        post = make.post("one", title="Gone soon")
        comment = make.comment(post)
        change(app, Post, post.id, publishing.archive)
        answer = client.get(status_of(app, comment))

        assert (200, False) == (answer.status_code, "Gone soon" in answer.text)


class TestTakingBack:
    @pytest.mark.parametrize("what", ["withdraw", "erase"])
    def test_needs_a_post(self, app, make, client, what):
        """A link that somebody, or a mail scanner, follows changes nothing."""
        address = f"{status_of(app, make.comment())}/{what}"

        assert (405, State.PENDING) == (client.get(address).status_code, stored(app)[0][2])

    @pytest.mark.parametrize(("what", "state"), [("withdraw", State.WITHDRAWN), ("erase", State.ERASED)])
    def test_may_be_said_twice(self, app, make, client, what, state):
        """A second click is no mistake."""
        address = status_of(app, make.comment())
        answers = [client.post(f"{address}/{what}") for _ in range(2)]

        assert [(303, address)] * 2 == [(answer.status_code, answer.location) for answer in answers]
        assert state == stored(app)[0][2]

    @pytest.mark.parametrize("what", ["withdraw", "erase"])
    def test_hides_an_approved_comment_everywhere(self, app, make, client, what):
        """Page, count, permalink and both feeds forget it at once."""
        post = make.post("one")
        comment = make.comment(post, body="Regretted words", state=State.APPROVED)
        places = ("/posts/one", "/comments.atom", "/posts/one/comments.atom")
        before = [place for place in places if "Regretted words" in client.get(place).text]

        client.post(f"{status_of(app, comment)}/{what}")

        assert (list(places), []) == (before, [p for p in places if "Regretted words" in client.get(p).text])
        assert "1 comment" not in client.get("/posts/one").text
        assert 404 == client.get(f"/posts/one/comments/{comment.id}").status_code

    def test_by_erasing_leaves_no_word(self, app, make, client):
        """Name, text, hashes, matched words and moderators' notes are gone from the database."""
        comment = make.comment(body="Marked words", name="Marked name")
        decide(app, comment.id, Verdict.REJECT, note="Marked note")
        address = status_of(app, comment)

        client.post(f"{address}/erase")

        with app.app_context():
            rows = [str(r) for t in db.metadata.tables for r in db.session.execute(db.text(f"SELECT * FROM {t}"))]
        assert [] == [row for row in rows if "Marked" in row]
        assert "Marked" not in client.get(address).text

    def test_by_withdrawing_keeps_it_erasable(self, app, make, client):
        address = status_of(app, make.comment())
        client.post(f"{address}/withdraw")
        client.post(f"{address}/erase")

        assert ("", "", State.ERASED) == stored(app)[0]

    def test_by_erasing_is_for_good(self, app, make, client):
        address = status_of(app, make.comment())
        client.post(f"{address}/erase")
        client.post(f"{address}/withdraw")

        assert State.ERASED == stored(app)[0][2]


class TestLink:
    def test_is_there_to_be_saved_before_all_else(self, app, make, client):
        """The whole address in a field that can be selected; there is no other key."""
        address = status_of(app, make.comment())
        page = client.get(address).text
        field = re.search(r'<input[^>]*id="own-link"[^>]*>', page)

        assert f'value="http://localhost{address}"' in field[0]
        assert " readonly" in field[0]
        assert page.index("<h1>") < page.index("Save this link") < page.index('role="status"')

    def test_is_not_offered_when_there_is_nothing_left_to_change(self, app, make, client):
        assert "own-link" not in client.get(status_of(app, make.comment(state=State.ERASED))).text


class TestAnswer:
    def test_of_the_team_is_shown(self, app, make, client):
        comment = make.comment(state=State.APPROVED)
        make.comment(parent=comment, name="Dr Ada", body="It *often* does.", state=State.APPROVED)
        page = client.get(status_of(app, comment)).text

        assert ("The team's answer" in unescape(page), "<p>It <em>often</em> does.</p>" in page) == (True, True)

    @pytest.mark.parametrize("state", [State.PENDING, State.REJECTED, State.WITHDRAWN])
    def test_is_not_shown_before_everybody_reads_it(self, app, make, client, state):
        comment = make.comment(state=State.APPROVED)
        make.comment(parent=comment, body="Not yet.", state=state)

        assert "Not yet." not in client.get(status_of(app, comment)).text


class TestChoices:
    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (State.PENDING, ["Withdrawing means that no moderator publishes it.", "Changed your mind?"]),
            (State.HELD, ["Withdrawing means that no moderator publishes it.", "Changed your mind?"]),
            (State.APPROVED, ["Withdrawing takes it off the site at once.", "Changed your mind?"]),
            (State.REJECTED, ["for 90 days after the decision", "What we still keep"]),
            (State.SPAM, ["for 90 days after the decision", "What we still keep"]),
            (State.WITHDRAWN, ["We delete the text 30 days after you withdrew it", "What we still keep"]),
            (State.ERASED, []),
        ],
    )
    def test_fit_the_state(self, app, make, client, state, words):
        """What was never on the site cannot be taken off it, and nobody withdraws what was declined."""
        page = client.get(status_of(app, make.comment(state=state))).text
        every = {
            "Withdrawing means that no moderator publishes it.",
            "Withdrawing takes it off the site at once.",
            "for 90 days after the decision",
            "We delete the text 30 days after you withdrew it",
            "Changed your mind?",
            "What we still keep",
        }

        assert set(words) == {sentence for sentence in every if sentence in page}


class TestSaving:
    def send(self, client, address, **fields):
        return client.post(f"{address}/edit", data={"name": "Ada", "body": "Words.", "website": "", **fields})

    def test_a_new_text_says_so(self, app, make, client):
        """Also before the first decision, when the page says what it said before."""
        address = status_of(app, make.comment(name="Ada", body="Words."))
        page = client.get(self.send(client, address, body="Other words.").location).text

        assert ("Your new text is saved." in page, "<title>Saved: " in page) == (True, True)

    def test_the_same_text_says_that_nothing_changed(self, app, make, client):
        address = status_of(app, make.comment(name="Ada", body="Words."))

        assert "so nothing was changed" in client.get(self.send(client, address).location).text

    @pytest.mark.parametrize("what", ["", "?saved=x", "?saved=<b>"])
    def test_is_not_claimed_without_it(self, app, make, client, what):
        page = client.get(status_of(app, make.comment()) + what).text

        assert [] == [word for word in ("is saved.", "nothing was changed", "<b>") if word in page]
