"""Deciding at the desk, and taking it back."""

from __future__ import annotations

import re

import pytest

from blog.comments.models import State
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from tests.desk.moderating import cards, change, decide, decisions, other_decides, seen, state_of


class TestDecide:
    @pytest.mark.parametrize(
        ("verdict", "state", "is_public"),
        [
            ("approve", State.APPROVED, True),
            ("reject", State.REJECTED, False),
            ("spam", State.SPAM, False),
            ("hold", State.HELD, False),
        ],
    )
    def test_takes_each_verdict(self, app, make, mo, client, verdict, state, is_public):
        """The comment stands as the verdict says, and only an approval shows it."""
        comment = make.comment(make.post("one"), body="Marked text")
        answer = decide(mo, seen(comment), verdict=verdict)

        assert (303, state) == (answer.status_code, state_of(app, comment)[0])
        assert is_public is ("Marked text" in client.get("/posts/one").text)

    def test_names_the_decision_and_offers_to_undo_it(self, make, mo):
        """The way back to the queue says what was done."""
        answer = decide(mo, seen(make.comment()), verdict="hold")
        page = mo.get(answer.location).text

        assert "/desk/comments?decided=1" == answer.location
        assert ("<strong>Held</strong>: 1 comment" in page, 'action="/desk/decisions/1/undo' in page) == (True, True)

    def test_keeps_reason_note_and_who(self, app, make, mo):
        """All that was said is in the log."""
        decide(mo, seen(make.comment()), verdict="reject", reason="unkind", note="Second time")

        assert [("reject", "unkind", "Second time", "Mo Moderator")] == decisions(app)

    def test_takes_many_at_once(self, app, make, mo):
        """All that were chosen, in one decision."""
        comments = [make.comment() for _ in range(3)]
        decide(mo, *map(seen, comments), verdict="spam")

        assert ([State.SPAM] * 3, 1) == ([state_of(app, c)[0] for c in comments], len(decisions(app)))

    def test_decides_otherwise_when_the_last_decision_was_seen(self, app, make, mo):
        """The third part names the decision that is being replaced."""
        comment = make.comment()
        number = other_decides(app, make, comment, Verdict.REJECT)

        assert 303 == decide(mo, seen(comment, number)).status_code
        assert State.APPROVED == state_of(app, comment)[0]

    def test_is_stale_without_the_last_decision(self, app, make, mo):
        """Who saw it pending is told who was faster, and shown the text as it is now."""
        comment = make.comment(body="Fresh text")
        number = other_decides(app, make, comment, Verdict.APPROVE)
        answer = decide(mo, seen(comment), verdict="reject")

        assert (409, State.APPROVED) == (answer.status_code, state_of(app, comment)[0])
        assert "Already approved by Dr Other, " in answer.text
        assert ["Fresh text"] == cards(answer.text)
        assert f'value="{seen(comment, number)}"' in answer.text

    def test_shows_both_texts_when_its_writer_changed_it(self, app, make, mo):
        """What was seen stands beside what it is now, with the words that changed marked."""
        comment = make.comment(body="It hurts a little.")
        change(app, comment, "It hurts badly.")
        page = decide(mo, seen(comment)).text

        assert page.index("What you saw") < page.index("What it is now")
        assert ("little</del>" in page, 'mark--added">badly</ins>' in page) == (True, True)

    def test_says_who_said_the_same(self, app, make, mo):
        """The second moderator with the same verdict is told that it was done already, and changes nothing."""
        comment = make.comment()
        other_decides(app, make, comment, Verdict.APPROVE)
        answer = decide(mo, seen(comment))

        assert (303, 1) == (answer.status_code, len(decisions(app)))
        assert ", by Dr Other, " in mo.get(answer.location).text

    def test_takes_an_earlier_text_off_the_site(self, app, make, mo, client):
        """While an edit waits, the published text can be hidden by holding exactly that text, also twice."""
        comment = make.comment(make.post("one"), body="Published text", state=State.APPROVED)
        change(app, comment, "Edited text")
        card = mo.get("/desk/comments").text
        before = "Published text" in client.get("/posts/one").text
        answers = [decide(mo, seen(comment), verdict="hold").status_code for _ in range(2)]

        assert (True, True) == (before, "Take the earlier text off the site" in card and "Published text" in card)
        assert ([303, 303], False) == (answers, "Published text" in client.get("/posts/one").text)
        assert (State.HELD, None) == state_of(app, comment)

    def test_of_an_edit_leaves_the_earlier_text(self, app, make, mo, client):
        """Holding or rejecting the new text does not touch what was approved."""
        comment = make.comment(make.post("one"), body="Published text", state=State.APPROVED)
        number = change(app, comment, "Edited text")
        decide(mo, f"{comment.id}:{number}", verdict="hold")

        assert "Published text" in client.get("/posts/one").text

    def test_is_stale_on_an_older_decision(self, app, make, mo):
        """A decision seen is the last one, or it does not count."""
        comment = make.comment()
        first = other_decides(app, make, comment, Verdict.REJECT)
        decide(mo, seen(comment, first))

        assert 409 == decide(mo, seen(comment, first), verdict="spam").status_code

    def test_card_sends_the_last_decision_beside_what_was_seen(self, app, make, mo):
        """The card's own form names comment and revision alone, and in a field of its own that nobody had decided."""
        comment = make.comment()
        page = mo.get("/desk/comments").text
        other_decides(app, make, comment, Verdict.HOLD)
        answer = mo.post("/desk/decisions", data={"comment": seen(comment), "last": "0", "verdict": "approve"})

        assert f'name="comment" value="{seen(comment)}"' in page
        assert 'name="last" value="0"' in page
        assert (409, State.HELD) == (answer.status_code, state_of(app, comment)[0])

    def test_overrules_no_hold_that_was_not_seen(self, app, make, mo):
        """0 says that no decision was seen: a colleague who wants a second look at it is not passed over."""
        comment = make.comment()
        other_decides(app, make, comment, Verdict.HOLD)
        answer = decide(mo, f"{seen(comment)}:0")

        assert (409, State.HELD) == (answer.status_code, state_of(app, comment)[0])
        assert "Already held by Dr Other" in answer.text

    def test_goes_on_where_no_decision_was_made(self, app, make, mo):
        """The cards of the queue name what they show: nobody has decided yet."""
        comment = make.comment()
        page = mo.get("/desk/comments").text

        assert f'name="comment" value="{seen(comment)}:0"' in page
        assert 303 == decide(mo, f"{seen(comment)}:0").status_code

    def test_keeps_what_was_typed_when_it_is_stale(self, app, make, mo):
        """A reply, a reason and a note are not written twice because a colleague was faster."""
        comment, other = make.comment(), make.comment()
        for one in (comment, other):
            other_decides(app, make, one, Verdict.SPAM)
        answered = decide(mo, seen(comment), reply="A long reply").text
        rejected = decide(mo, seen(other), verdict="reject", reason="unkind", note="A long note").text

        assert re.search(r'data-opens="e" open>.*>A long reply</textarea>', answered, re.DOTALL)
        assert re.search(r'data-opens="r" open>.*value="unkind" selected.*value="A long note"', rejected, re.DOTALL)

    @pytest.mark.parametrize("field", ["reply", "note"])
    def test_gives_back_what_was_typed_when_signed_out(self, make, app, field):
        """The form has expired with the session; the words can be copied."""
        answer = decide(app.test_client(), seen(make.comment()), **{field: "Words <b>that took long"})

        assert (400, True) == (answer.status_code, "Words &lt;b&gt;that took long</textarea>" in answer.text)

    def test_is_stale_when_its_writer_took_it_back(self, make, mo):
        """A withdrawn comment is named, and nothing is decided."""
        answer = decide(mo, seen(make.comment(state=State.WITHDRAWN)))

        assert (409, True) == (answer.status_code, "withdrawn this comment meanwhile" in answer.text)

    def test_is_all_or_nothing(self, app, make, mo):
        """One stale comment leaves all as they were."""
        fresh, gone = make.comment(), make.comment(state=State.ERASED)

        assert 409 == decide(mo, seen(fresh), seen(gone)).status_code
        assert State.PENDING == state_of(app, fresh)[0]

    def test_said_again_changes_nothing(self, app, make, mo):
        """A second click leads to the same decision."""
        comment = make.comment()

        assert decide(mo, seen(comment)).location == decide(mo, seen(comment)).location
        assert 1 == len(decisions(app))

    @pytest.mark.parametrize(
        "text", ["", "1", "1:", ":1", "a:b", "1:2:3:4", "-1:2", "1:2:", "١:٢", "1 : 2", f"1:{'9' * 30}"]
    )
    def test_refuses_what_names_nothing(self, app, make, mo, text):
        """A comment is named by two or three numbers; anything else is no request of ours."""
        make.comment()

        assert (400, []) == (decide(mo, text).status_code, decisions(app))

    @pytest.mark.parametrize("number", ["7:7", f"{'9' * 18}:1", f"1:{'9' * 18}"])
    def test_finds_no_unknown_comment(self, app, make, mo, number):
        """Numbers that belong to nothing are stale, however large."""
        make.comment()

        assert (409, []) == (decide(mo, number).status_code, decisions(app))

    def test_refuses_an_empty_choice(self, make, mo):
        """Pressing a button with nothing chosen says so."""
        answer = decide(mo)

        assert (409, True) == (answer.status_code, "Choose at least one comment." in answer.text)

    @pytest.mark.parametrize(("field", "value"), [("verdict", "undo"), ("verdict", ""), ("reason", "gone-from-list")])
    def test_refuses_a_verdict_or_reason_that_is_none(self, app, make, mo, field, value):
        """422, and the comment still waits."""
        comment = make.comment()
        answer = decide(mo, seen(comment), **{"verdict": "reject", field: value})

        assert (422, State.PENDING) == (answer.status_code, state_of(app, comment)[0])

    def test_goes_back_to_the_queue_as_it_was_filtered(self, make, mo):
        """A decision does not lose the moderator's place."""
        answer = mo.post(
            "/desk/decisions?state=held&q=neck&after=1.5.7&other=x",
            data={"comment": seen(make.comment(state=State.HELD)), "verdict": "approve"},
        )

        assert {"state=held", "q=neck", "after=1.5.7", "decided=2"} == set(answer.location.partition("?")[2].split("&"))


class TestUndo:
    def test_hides_again_what_was_approved(self, app, make, mo, client):
        """The comment waits again, and nobody sees it."""
        comment = make.comment(make.post("one"), body="Marked text")
        decide(mo, seen(comment))
        before = "Marked text" in client.get("/posts/one").text
        answer = mo.post("/desk/decisions/1/undo")

        assert (303, State.PENDING) == (answer.status_code, state_of(app, comment)[0])
        assert (True, False) == (before, "Marked text" in client.get("/posts/one").text)

    def test_is_at_hand_later(self, app, make, mo):
        """From the card and from the log, also for what a colleague decided; undoing itself cannot be undone."""
        comment = make.comment()
        number = other_decides(app, make, comment, Verdict.REJECT)
        way = f"/desk/comments?decided={number}"
        offered = mo.get("/desk/comments?state=rejected").text, mo.get("/desk/log").text
        asked = mo.get(way).text
        mo.post(f"/desk/decisions/{number}/undo")

        assert (f"decided={number}&amp;state=rejected" in offered[0], way in offered[1]) == (True, True)
        assert f'action="/desk/decisions/{number}/undo' in asked
        assert (State.PENDING, None) == state_of(app, comment)
        assert f"decided={number + 1}" not in mo.get("/desk/log").text

    def test_is_said_on_the_next_page(self, make, mo):
        """And offers nothing more to undo."""
        decide(mo, seen(make.comment()))
        page = mo.get(mo.post("/desk/decisions/1/undo").location).text

        assert ("<strong>Undone</strong>" in page, "/undo" in page) == (True, False)

    def test_is_refused_when_somebody_decided_since(self, app, make, mo):
        """409 names who."""
        comment = make.comment()
        decide(mo, seen(comment))
        with app.app_context():
            begin_write()
            Decision.make([Seen(comment.id, comment.newest_revision_id, 1)], Verdict.SPAM, None)
            db.session.commit()
        answer = mo.post("/desk/decisions/1/undo")

        assert (409, True) == (answer.status_code, "has decided again" in answer.text)

    @pytest.mark.parametrize("number", ["7", "9" * 30])
    def test_finds_no_unknown_decision(self, mo, number):
        """404, however large the number."""
        assert 404 == mo.post(f"/desk/decisions/{number}/undo").status_code

    def test_needs_a_post(self, make, mo, app):
        """Opening the address changes nothing."""
        comment = make.comment(state=State.APPROVED)

        assert (405, State.APPROVED) == (mo.get("/desk/decisions/1/undo").status_code, state_of(app, comment)[0])
