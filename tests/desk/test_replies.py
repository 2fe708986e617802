"""The team's replies."""

from __future__ import annotations

import re

import pytest

from blog.comments.models import State
from blog.moderation.verdicts import Verdict
from tests.desk.moderating import decide, decisions, other_decides, replies, seen, state_of


class TestReply:
    def test_goes_with_an_approval(self, app, make, mo, client):
        """Approve and answer: both are public, in one decision, under the moderator's name."""
        comment = make.comment(make.post("one"), body="A question")
        answer = decide(mo, seen(comment), reply="An answer.")
        page = client.get("/posts/one").text.partition("<main")[2]

        assert (303, [(mo.account_id, "An answer.")]) == (answer.status_code, replies(app))
        assert page.index("A question") < page.index("Mo Moderator") < page.index("An answer.")
        assert 1 == len(decisions(app))

    def test_is_not_counted_beside_the_comment(self, make, mo):
        """Somebody approved one comment and answered it: one comment is said to be approved, not two."""
        answer = decide(mo, seen(make.comment()), reply="Yes, both work.")

        assert "<strong>Approved</strong>: 1 comment." in mo.get(answer.location).text

    def test_goes_with_an_approval_once(self, app, make, mo):
        """A second click does not answer twice."""
        comment = make.comment()
        for _ in range(2):
            decide(mo, seen(comment), reply="An answer.")

        assert [(mo.account_id, "An answer.")] == replies(app)

    def test_after_a_colleagues_approval_is_the_writers_own(self, app, make, mo):
        """
        Somebody else approved meanwhile: the answer is published by a decision of its own, under its writer's name.
        """
        comment = make.comment()
        other_decides(app, make, comment, Verdict.APPROVE)
        decide(mo, seen(comment), reply="An answer.")

        assert [(mo.account_id, "An answer.")] == replies(app)
        assert ["Dr Other", "Mo Moderator"] == [who for *_, who in decisions(app)]

    @pytest.mark.parametrize("verdict", ["reject", "spam", "hold"])
    def test_goes_with_nothing_else(self, app, make, mo, verdict):
        """What is not shown cannot be answered."""
        comment = make.comment()
        answer = decide(mo, seen(comment), verdict=verdict, reply="An answer.")

        assert (422, State.PENDING, []) == (answer.status_code, state_of(app, comment)[0], replies(app))

    def test_goes_with_one_comment(self, app, make, mo):
        """One answer to two comments is refused."""
        answer = decide(mo, seen(make.comment()), seen(make.comment()), reply="An answer.")

        assert (422, []) == (answer.status_code, replies(app))

    def test_comes_back_when_something_is_wrong(self, make, mo):
        """A long answer is not lost because the list of reasons changed."""
        comment = make.comment()
        answer = decide(mo, seen(comment), reason="gone-from-list", reply="A long answer.")

        assert 422 == answer.status_code
        assert re.search(r"<textarea[^>]*>\s*A long answer\.</textarea>", answer.text)

    def test_may_follow_later(self, app, make, mo):
        """A public comment is answered at any time."""
        comment = make.comment(state=State.APPROVED)
        answer = mo.post(f"/desk/comments/{comment.id}/replies", data={"reply": "An answer."})

        assert (303, [(mo.account_id, "An answer.")]) == (answer.status_code, replies(app))

    def test_may_follow_later_once(self, app, make, mo):
        """The same words again are the same reply; others are another."""
        comment = make.comment(state=State.APPROVED)
        for text in ("An answer.", "An answer.", "One more."):
            mo.post(f"/desk/comments/{comment.id}/replies", data={"reply": text})

        assert ["An answer.", "One more."] == [text for _, text in replies(app)]

    @pytest.mark.parametrize("state", [State.PENDING, State.HELD, State.REJECTED, State.WITHDRAWN, State.ERASED])
    def test_to_a_hidden_comment_is_refused(self, app, make, mo, state):
        """409: what readers cannot see is not answered in public."""
        comment = make.comment(state=state)
        answer = mo.post(f"/desk/comments/{comment.id}/replies", data={"reply": "An answer."})

        assert (409, []) == (answer.status_code, replies(app))

    @pytest.mark.parametrize("number", ["7", "9" * 30])
    def test_to_no_comment_is_refused(self, mo, number):
        """A number that belongs to nothing."""
        assert mo.post(f"/desk/comments/{number}/replies", data={"reply": "An answer."}).status_code in (404, 409)

    @pytest.mark.parametrize("text", ["", "  \u200b ", "x" * 5001])
    def test_is_not_empty_and_not_too_long(self, app, make, mo, text):
        """422 with what was typed."""
        comment = make.comment(state=State.APPROVED)
        answer = mo.post(f"/desk/comments/{comment.id}/replies?state=approved", data={"reply": text})

        assert (422, []) == (answer.status_code, replies(app))
        assert f"{text}</textarea>" in answer.text

    def test_shows_markup_as_text(self, make, mo, client):
        """A moderator's answer passes the same cleaning."""
        comment = make.comment(make.post("one"), state=State.APPROVED)
        mo.post(f"/desk/comments/{comment.id}/replies", data={"reply": "<script>alert(1)</script>"})

        assert ("<script>alert" in client.get("/posts/one").text) is False
