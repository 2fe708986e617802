"""The desk: what a moderator sees, decides, answers and takes back."""

from __future__ import annotations

import re
from html import unescape

import pytest

from blog.accounts.models import RoleName
from blog.comments import sending
from blog.comments.models import Comment, State
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.moderation.jobs import measure_waiting
from blog.moderation.models import Decision
from blog.moderation.queue import QUEUE_LENGTH
from blog.moderation.verdicts import Seen, Verdict
from blog.triage import Flag, Kind, Span
from tests.make import ANY_DAY


@pytest.fixture
def mo(staff):
    """A moderator at the desk."""
    return staff(RoleName.MODERATOR)


def seen(comment, decision=None):
    return f"{comment.id}:{comment.newest_revision_id}" + (f":{decision}" if decision else "")


def state_of(app, comment):
    with app.app_context():
        fresh = db.session.get_one(Comment, comment.id)
        return fresh.state, fresh.public_revision_id


def decisions(app):
    """All decisions as (verdict, reason, note, who), oldest first."""
    with app.app_context():
        found = list(db.session.scalars(db.select(Decision).order_by(Decision.id)))
        return [(str(one.verdict), one.reason, one.note, one.account.name if one.account else None) for one in found]


def replies(app):
    """Public replies from the team as (who wrote it, text), oldest first."""
    with app.app_context():
        found = db.session.scalars(Comment.visible().where(Comment.is_team).order_by(Comment.id))
        return [(comment.account_id, comment.public.body) for comment in found]


def other_decides(app, make, comment, verdict, name="Dr Other"):
    """A colleague is faster."""
    account = make.account(RoleName.MODERATOR, name=name)
    with app.app_context():
        begin_write()
        fresh = db.session.get_one(Comment, comment.id)
        decision = Decision.make([Seen(fresh.id, fresh.newest_revision_id)], verdict, account)
        db.session.commit()
        return decision.id


def change(app, comment, text):
    """Its writer changes the text; the number of the new version."""
    with app.app_context():
        begin_write()
        fresh = db.session.get_one(Comment, comment.id)
        sending.revise(fresh, Words.prepare("Reader", text), Sender.of("192.0.2.1", ""))
        db.session.commit()
        return fresh.newest_revision_id


def cards(page):
    """The texts of the cards of a queue, in order."""
    return [unescape(text) for text in re.findall(r'card__body comment__body" dir="auto"><p>(.*?)</p>', page)]


def decide(client, *comments, verdict="approve", **fields):
    return client.post("/desk/decisions", data={"comment": list(comments), "verdict": verdict, **fields})


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
        """
        The comment stands as the verdict says, and only an approval shows it.
        """
        comment = make.comment(make.post("one"), body="Marked text")
        answer = decide(mo, seen(comment), verdict=verdict)

        assert (303, state) == (answer.status_code, state_of(app, comment)[0])
        assert is_public is ("Marked text" in client.get("/posts/one").text)

    def test_names_the_decision_and_offers_to_undo_it(self, make, mo):
        """
        The way back to the queue says what was done.
        """
        answer = decide(mo, seen(make.comment()), verdict="hold")
        page = mo.get(answer.location).text

        assert "/desk/comments?decided=1" == answer.location
        assert ("<strong>Held</strong>: 1 comment" in page, 'action="/desk/decisions/1/undo' in page) == (True, True)

    def test_keeps_reason_note_and_who(self, app, make, mo):
        """
        All that was said is in the log.
        """
        decide(mo, seen(make.comment()), verdict="reject", reason="unkind", note="Second time")

        assert [("reject", "unkind", "Second time", "Mo Moderator")] == decisions(app)

    def test_takes_many_at_once(self, app, make, mo):
        """
        All that were chosen, in one decision.
        """
        comments = [make.comment() for _ in range(3)]
        decide(mo, *map(seen, comments), verdict="spam")

        assert ([State.SPAM] * 3, 1) == ([state_of(app, c)[0] for c in comments], len(decisions(app)))

    def test_decides_otherwise_when_the_last_decision_was_seen(self, app, make, mo):
        """
        The third part names the decision that is being replaced.
        """
        comment = make.comment()
        number = other_decides(app, make, comment, Verdict.REJECT)

        assert 303 == decide(mo, seen(comment, number)).status_code
        assert State.APPROVED == state_of(app, comment)[0]

    def test_is_stale_without_the_last_decision(self, app, make, mo):
        """
        Who saw it pending is told who was faster, and shown the text as it is now.
        """
        comment = make.comment(body="Fresh text")
        number = other_decides(app, make, comment, Verdict.APPROVE)
        answer = decide(mo, seen(comment), verdict="reject")

        assert (409, State.APPROVED) == (answer.status_code, state_of(app, comment)[0])
        assert "Already approved by Dr Other, " in answer.text
        assert ["Fresh text"] == cards(answer.text)
        assert f'value="{seen(comment, number)}"' in answer.text

    def test_shows_both_texts_when_its_writer_changed_it(self, app, make, mo):
        """
        What was seen stands beside what it is now, with the words that changed marked.
        """
        comment = make.comment(body="It hurts a little.")
        change(app, comment, "It hurts badly.")
        page = decide(mo, seen(comment)).text

        assert page.index("What you saw") < page.index("What it is now")
        assert ("little</del>" in page, 'mark--added">badly</ins>' in page) == (True, True)

    def test_says_who_said_the_same(self, app, make, mo):
        """
        The second moderator with the same verdict is told that it was done already, and changes nothing.
        """
        comment = make.comment()
        other_decides(app, make, comment, Verdict.APPROVE)
        answer = decide(mo, seen(comment))

        assert (303, 1) == (answer.status_code, len(decisions(app)))
        assert ", by Dr Other, " in mo.get(answer.location).text

    def test_takes_an_earlier_text_off_the_site(self, app, make, mo, client):
        """
        While an edit waits, the published text can be hidden by holding exactly that text, also twice.
        """
        comment = make.comment(make.post("one"), body="Published text", state=State.APPROVED)
        change(app, comment, "Edited text")
        card = mo.get("/desk/comments").text
        before = "Published text" in client.get("/posts/one").text
        answers = [decide(mo, seen(comment), verdict="hold").status_code for _ in range(2)]

        assert (True, True) == (before, "Take the earlier text off the site" in card and "Published text" in card)
        assert ([303, 303], False) == (answers, "Published text" in client.get("/posts/one").text)
        assert (State.HELD, None) == state_of(app, comment)

    def test_of_an_edit_leaves_the_earlier_text(self, app, make, mo, client):
        """
        Holding or rejecting the new text does not touch what was approved.
        """
        comment = make.comment(make.post("one"), body="Published text", state=State.APPROVED)
        number = change(app, comment, "Edited text")
        decide(mo, f"{comment.id}:{number}", verdict="hold")

        assert "Published text" in client.get("/posts/one").text

    def test_is_stale_on_an_older_decision(self, app, make, mo):
        """
        A decision seen is the last one, or it does not count.
        """
        comment = make.comment()
        first = other_decides(app, make, comment, Verdict.REJECT)
        decide(mo, seen(comment, first))

        assert 409 == decide(mo, seen(comment, first), verdict="spam").status_code

    def test_card_sends_the_last_decision_beside_what_was_seen(self, app, make, mo):
        """
        The card's own form names comment and revision alone, and in a field of its own that nobody had decided.
        """
        comment = make.comment()
        page = mo.get("/desk/comments").text
        other_decides(app, make, comment, Verdict.HOLD)
        answer = mo.post("/desk/decisions", data={"comment": seen(comment), "last": "0", "verdict": "approve"})

        assert f'name="comment" value="{seen(comment)}"' in page
        assert 'name="last" value="0"' in page
        assert (409, State.HELD) == (answer.status_code, state_of(app, comment)[0])

    def test_overrules_no_hold_that_was_not_seen(self, app, make, mo):
        """
        0 says that no decision was seen: a colleague who wants a second look at it is not passed over.
        """
        comment = make.comment()
        other_decides(app, make, comment, Verdict.HOLD)
        answer = decide(mo, f"{seen(comment)}:0")

        assert (409, State.HELD) == (answer.status_code, state_of(app, comment)[0])
        assert "Already held by Dr Other" in answer.text

    def test_goes_on_where_no_decision_was_made(self, app, make, mo):
        """
        The cards of the queue name what they show: nobody has decided yet.
        """
        comment = make.comment()
        page = mo.get("/desk/comments").text

        assert f'name="comment" value="{seen(comment)}:0"' in page
        assert 303 == decide(mo, f"{seen(comment)}:0").status_code

    def test_keeps_what_was_typed_when_it_is_stale(self, app, make, mo):
        """
        A reply, a reason and a note are not written twice because a colleague was faster.
        """
        comment, other = make.comment(), make.comment()
        for one in (comment, other):
            other_decides(app, make, one, Verdict.SPAM)
        answered = decide(mo, seen(comment), reply="A long reply").text
        rejected = decide(mo, seen(other), verdict="reject", reason="unkind", note="A long note").text

        assert re.search(r'data-opens="e" open>.*>A long reply</textarea>', answered, re.DOTALL)
        assert re.search(r'data-opens="r" open>.*value="unkind" selected.*value="A long note"', rejected, re.DOTALL)

    @pytest.mark.parametrize("field", ["reply", "note"])
    def test_gives_back_what_was_typed_when_signed_out(self, make, app, field):
        """
        The form has expired with the session; the words can be copied.
        """
        answer = decide(app.test_client(), seen(make.comment()), **{field: "Words <b>that took long"})

        assert (400, True) == (answer.status_code, "Words &lt;b&gt;that took long</textarea>" in answer.text)

    def test_is_stale_when_its_writer_took_it_back(self, make, mo):
        """
        A withdrawn comment is named, and nothing is decided.
        """
        answer = decide(mo, seen(make.comment(state=State.WITHDRAWN)))

        assert (409, True) == (answer.status_code, "withdrawn this comment meanwhile" in answer.text)

    def test_is_all_or_nothing(self, app, make, mo):
        """
        One stale comment leaves all as they were.
        """
        fresh, gone = make.comment(), make.comment(state=State.ERASED)

        assert 409 == decide(mo, seen(fresh), seen(gone)).status_code
        assert State.PENDING == state_of(app, fresh)[0]

    def test_said_again_changes_nothing(self, app, make, mo):
        """
        A second click leads to the same decision.
        """
        comment = make.comment()

        assert decide(mo, seen(comment)).location == decide(mo, seen(comment)).location
        assert 1 == len(decisions(app))

    @pytest.mark.parametrize(
        "text", ["", "1", "1:", ":1", "a:b", "1:2:3:4", "-1:2", "1:2:", "١:٢", "1 : 2", f"1:{'9' * 30}"]
    )
    def test_refuses_what_names_nothing(self, app, make, mo, text):
        """
        A comment is named by two or three numbers; anything else is no request of ours.
        """
        make.comment()

        assert (400, []) == (decide(mo, text).status_code, decisions(app))

    @pytest.mark.parametrize("number", ["7:7", f"{'9' * 18}:1", f"1:{'9' * 18}"])
    def test_finds_no_unknown_comment(self, app, make, mo, number):
        """
        Numbers that belong to nothing are stale, however large.
        """
        make.comment()

        assert (409, []) == (decide(mo, number).status_code, decisions(app))

    def test_refuses_an_empty_choice(self, make, mo):
        """
        Pressing a button with nothing chosen says so.
        """
        answer = decide(mo)

        assert (409, True) == (answer.status_code, "Choose at least one comment." in answer.text)

    @pytest.mark.parametrize(("field", "value"), [("verdict", "undo"), ("verdict", ""), ("reason", "gone-from-list")])
    def test_refuses_a_verdict_or_reason_that_is_none(self, app, make, mo, field, value):
        """
        422, and the comment still waits.
        """
        comment = make.comment()
        answer = decide(mo, seen(comment), **{"verdict": "reject", field: value})

        assert (422, State.PENDING) == (answer.status_code, state_of(app, comment)[0])

    def test_goes_back_to_the_queue_as_it_was_filtered(self, make, mo):
        """
        A decision does not lose the moderator's place.
        """
        answer = mo.post(
            "/desk/decisions?state=held&q=neck&after=1.5.7&other=x",
            data={"comment": seen(make.comment(state=State.HELD)), "verdict": "approve"},
        )

        assert {"state=held", "q=neck", "after=1.5.7", "decided=2"} == set(answer.location.partition("?")[2].split("&"))


class TestUndo:
    def test_hides_again_what_was_approved(self, app, make, mo, client):
        """
        The comment waits again, and nobody sees it.
        """
        comment = make.comment(make.post("one"), body="Marked text")
        decide(mo, seen(comment))
        before = "Marked text" in client.get("/posts/one").text
        answer = mo.post("/desk/decisions/1/undo")

        assert (303, State.PENDING) == (answer.status_code, state_of(app, comment)[0])
        assert (True, False) == (before, "Marked text" in client.get("/posts/one").text)

    def test_is_at_hand_later(self, app, make, mo):
        """
        From the card and from the log, also for what a colleague decided; undoing itself cannot be undone.
        """
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
        """
        And offers nothing more to undo.
        """
        decide(mo, seen(make.comment()))
        page = mo.get(mo.post("/desk/decisions/1/undo").location).text

        assert ("<strong>Undone</strong>" in page, "/undo" in page) == (True, False)

    def test_is_refused_when_somebody_decided_since(self, app, make, mo):
        """
        409 names who.
        """
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
        """
        404, however large the number.
        """
        assert 404 == mo.post(f"/desk/decisions/{number}/undo").status_code

    def test_needs_a_post(self, make, mo, app):
        """
        Opening the address changes nothing.
        """
        comment = make.comment(state=State.APPROVED)

        assert (405, State.APPROVED) == (mo.get("/desk/decisions/1/undo").status_code, state_of(app, comment)[0])


class TestReply:
    def test_goes_with_an_approval(self, app, make, mo, client):
        """
        Approve and answer: both are public, in one decision, under the moderator's name.
        """
        comment = make.comment(make.post("one"), body="A question")
        answer = decide(mo, seen(comment), reply="An answer.")
        page = client.get("/posts/one").text

        assert (303, [(mo.account_id, "An answer.")]) == (answer.status_code, replies(app))
        assert page.index("A question") < page.index("Mo Moderator") < page.index("An answer.")
        assert 1 == len(decisions(app))

    def test_is_not_counted_beside_the_comment(self, make, mo):
        """
        Somebody approved one comment and answered it: one comment is said to be approved, not two.
        """
        answer = decide(mo, seen(make.comment()), reply="Yes, both work.")

        assert "<strong>Approved</strong>: 1 comment." in mo.get(answer.location).text

    def test_goes_with_an_approval_once(self, app, make, mo):
        """
        A second click does not answer twice.
        """
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
        """
        What is not shown cannot be answered.
        """
        comment = make.comment()
        answer = decide(mo, seen(comment), verdict=verdict, reply="An answer.")

        assert (422, State.PENDING, []) == (answer.status_code, state_of(app, comment)[0], replies(app))

    def test_goes_with_one_comment(self, app, make, mo):
        """
        One answer to two comments is refused.
        """
        answer = decide(mo, seen(make.comment()), seen(make.comment()), reply="An answer.")

        assert (422, []) == (answer.status_code, replies(app))

    def test_comes_back_when_something_is_wrong(self, make, mo):
        """
        A long answer is not lost because the list of reasons changed.
        """
        comment = make.comment()
        answer = decide(mo, seen(comment), reason="gone-from-list", reply="A long answer.")

        assert 422 == answer.status_code
        assert re.search(r"<textarea[^>]*>\s*A long answer\.</textarea>", answer.text)

    def test_may_follow_later(self, app, make, mo):
        """
        A public comment is answered at any time.
        """
        comment = make.comment(state=State.APPROVED)
        answer = mo.post(f"/desk/comments/{comment.id}/replies", data={"reply": "An answer."})

        assert (303, [(mo.account_id, "An answer.")]) == (answer.status_code, replies(app))

    def test_may_follow_later_once(self, app, make, mo):
        """
        The same words again are the same reply; others are another.
        """
        comment = make.comment(state=State.APPROVED)
        for text in ("An answer.", "An answer.", "One more."):
            mo.post(f"/desk/comments/{comment.id}/replies", data={"reply": text})

        assert ["An answer.", "One more."] == [text for _, text in replies(app)]

    @pytest.mark.parametrize("state", [State.PENDING, State.HELD, State.REJECTED, State.WITHDRAWN, State.ERASED])
    def test_to_a_hidden_comment_is_refused(self, app, make, mo, state):
        """
        409: what readers cannot see is not answered in public.
        """
        comment = make.comment(state=state)
        answer = mo.post(f"/desk/comments/{comment.id}/replies", data={"reply": "An answer."})

        assert (409, []) == (answer.status_code, replies(app))

    @pytest.mark.parametrize("number", ["7", "9" * 30])
    def test_to_no_comment_is_refused(self, mo, number):
        """
        A number that belongs to nothing.
        """
        assert mo.post(f"/desk/comments/{number}/replies", data={"reply": "An answer."}).status_code in (404, 409)

    @pytest.mark.parametrize("text", ["", "  \u200b ", "x" * 5001])
    def test_is_not_empty_and_not_too_long(self, app, make, mo, text):
        """
        422 with what was typed.
        """
        comment = make.comment(state=State.APPROVED)
        answer = mo.post(f"/desk/comments/{comment.id}/replies?state=approved", data={"reply": text})

        assert (422, []) == (answer.status_code, replies(app))
        assert f"{text}</textarea>" in answer.text

    def test_shows_markup_as_text(self, make, mo, client):
        """
        A moderator's answer passes the same cleaning.
        """
        comment = make.comment(make.post("one"), state=State.APPROVED)
        mo.post(f"/desk/comments/{comment.id}/replies", data={"reply": "<script>alert(1)</script>"})

        assert ("<script>alert" in client.get("/posts/one").text) is False


class TestQueue:
    def test_begins_with_the_oldest(self, make, mo):
        """
        Who has waited longest comes first, with the article's title.
        """
        post = make.post(title="Necks")
        for body, days in (("second", 2), ("first", 3), ("third", 1)):
            make.comment(post, body=body, at=make.days_ago(days))
        page = mo.get("/desk/comments").text

        assert ["first", "second", "third"] == cards(page)
        assert (3, 1) == (page.count(">Necks</a>"), page.count("3 days ago"))

    @pytest.mark.parametrize("state", list(State))
    def test_shows_one_state(self, make, mo, state):
        """
        Exactly the comments in it; each count is the number of rows.
        """
        for one in State:
            make.comment(body=f"In {one}", state=one)
        page = mo.get(f"/desk/comments?state={state}").text
        counts = re.findall(r'filters__count">(\d+)<', page)

        assert ["1"] * len(State) == counts
        assert ([] if state == State.ERASED else [f"In {state}"]) == cards(page)

    def test_knows_no_other_state(self, mo):
        """
        404 for a state that is none.
        """
        assert 404 == mo.get("/desk/comments?state=lost").status_code

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("neck", ["My neck"]),
            ("NECK", ["My neck"]),
            ("grace", ["My back"]),
            ("100%", ["It is 100% better"]),
            ("%", ["It is 100% better"]),
            ("_", ["snake_case"]),
            ("'", []),
            ("nothing of it", []),
        ],
    )
    def test_finds_names_and_texts(self, make, mo, query, found):
        """
        What is looked for is taken word for word, whatever it means in SQL.
        """
        make.comment(body="My neck", name="Ada")
        make.comment(body="My back", name="Grace")
        make.comment(body="It is 100% better", name="Eve")
        make.comment(body="snake_case", name="Dan")

        assert found == cards(mo.get("/desk/comments", query_string={"q": query}).text)

    def test_shows_one_article(self, make, mo):
        """
        The filter by article.
        """
        post = make.post()
        make.comment(post, body="Here")
        make.comment(body="There")

        assert ["Here"] == cards(mo.get(f"/desk/comments?post={post.id}").text)

    @pytest.mark.parametrize("post", ["7", "x", "-1", "9" * 30])
    def test_of_no_article_is_empty(self, make, mo, post):
        """
        Whatever names no article shows nothing, and breaks nothing.
        """
        make.comment()
        answer = mo.get(f"/desk/comments?post={post}")

        assert (200, []) == (answer.status_code, cards(answer.text))

    def test_shows_what_is_flagged(self, app, make, mo):
        """
        The filter by flag leaves what is not suspicious out.
        """
        post = make.post("one")
        with app.app_context():
            from_form = app.test_client().get("/posts/one").text
        token = re.search(r'name="token"[^>]*value="([^"]+)"', from_form)[1]
        app.test_client().post(
            "/posts/one/comments", data={"name": "Bot", "body": "Buy now", "website": "x", "token": token}
        )
        make.comment(post, body="Unsuspicious")
        page = mo.get("/desk/comments?flag=spam").text

        assert ["Buy now"] == cards(page)

    def test_is_paged(self, make, mo):
        """
        What does not fit is on the next page; the count is of all.
        """
        for number in range(QUEUE_LENGTH + 1):
            make.comment(body=f"Comment {number}", at=make.days_ago(QUEUE_LENGTH + 1 - number))
        first = mo.get("/desk/comments").text
        second = mo.get(unescape(re.search(r'rel="next" href="([^"]+)"', first)[1])).text

        assert (QUEUE_LENGTH, [f"Comment {QUEUE_LENGTH}"]) == (len(cards(first)), cards(second))
        assert f"{QUEUE_LENGTH + 1} comments, oldest first" in first

    @pytest.mark.parametrize("place", ["0", "-1", "x", "1.2.3", "9.9.9", "1.x.3", "9" * 30, ".".join(["9" * 17] * 3)])
    @pytest.mark.parametrize("way", ["after", "before"])
    def test_of_no_place_is_a_page_all_the_same(self, make, mo, way, place):
        """
        After the last comment of a page was decided, its address still opens.
        """
        make.comment()

        assert 200 == mo.get(f"/desk/comments?{way}={place}").status_code

    def test_says_when_it_is_empty(self, mo):
        """
        Nothing waits, and that is said.
        """
        assert "Nothing is waiting. Well done." in mo.get("/desk/comments").text

    def test_shows_markup_as_text(self, make, mo):
        """
        The desk is the place that an attacker would like best.
        """
        make.comment(body="<script>alert(1)</script>", name="<b>Eve</b>")
        page = mo.get("/desk/comments").text

        assert ("<script>alert" in page, "<b>Eve" in page, "&lt;b&gt;Eve" in page) == (False, False, True)

    def test_shows_what_a_reply_answers(self, make, mo):
        """
        A reply stands with the beginning of its parent.
        """
        post = make.post()
        parent = make.comment(post, body="The question", state=State.APPROVED)
        make.comment(post, body="The answer", parent=parent)

        assert "Answers Reader: The question" in mo.get("/desk/comments").text


class TestLog:
    def test_says_who_decided_what(self, app, make, mo):
        """
        Newest first: who, what, on which revision, from which state to which, and why.
        """
        comment = make.comment(make.post("one"))
        other_decides(app, make, comment, Verdict.APPROVE)
        decide(mo, seen(comment, 1), verdict="reject", reason="unkind", note="Look at the end")
        page = mo.get("/desk/log").text
        rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)][1:]

        assert ["Mo Moderator", "Dr Other"] == [re.search("Mo Moderator|Dr Other", row)[0] for row in rows]
        assert [] == [
            part
            for part in ("reject", "Unkind to somebody", "Look at the end", f"version {comment.newest_revision_id}",
                         "approved → rejected", "(one)")
            if part not in rows[0]
        ]  # fmt: skip

    def test_is_empty_at_first(self, mo):
        """
        And says so.
        """
        assert "Nobody has decided anything yet." in mo.get("/desk/log").text


class TestCard:
    def test_marks_what_was_found_and_says_why(self, make, mo):
        """
        The kind, the rule, the words in the text as typed, and the reason.
        """
        found = Flag(Kind.ADVICE, "medicine_dose", [Span(5, 11, "400 mg")], "It names a dose.")
        make.comment(body="Take 400 mg daily", flags=[found])
        page = mo.get("/desk/comments").text

        assert 'Take <mark class="mark mark--advice" title="advice">400 mg</mark> daily' in page
        assert ("medicine dose" in page, "It names a dose." in page) == (True, True)

    def test_leads_to_all_that_a_rule_found(self, make, mo):
        """
        Many links, for example, and only those: to be looked at, and declined as a whole.
        """
        many = "a.example b.example c.example d.example"
        for rule, body in (("many_links", many), ("links", "a.example")):
            make.comment(body=body, flags=[Flag(Kind.SPAM, rule, [Span(0, 9, "a.example")], "Links.")])
        page = mo.get("/desk/comments?flag=many_links").text

        assert ([many], True) == (cards(page), "Only where triage found “many links”" in page)
        assert "All 1 comment in this filter" in mo.get("/desk/batches/new?flag=many_links").text

    def test_leads_to_all_on_its_article(self, make, mo):
        """
        One conversation at a time.
        """
        comment = make.comment()
        make.comment(body="Elsewhere")
        page = mo.get("/desk/comments").text

        assert f'href="/desk/comments?state=pending&amp;post={comment.post_id}">All on this article' in page

    def test_of_a_held_text_that_is_no_longer_kept_can_be_declined(self, app, make, mo):
        """
        Nothing stays in the queue for ever; there is nothing left to approve.
        """
        comment = make.comment(state=State.HELD)
        with app.app_context():
            begin_write()
            db.session.get_one(Comment, comment.id).forget_text()
            db.session.commit()
        page = mo.get("/desk/comments?state=held").text

        assert (True, False) == ('value="reject"' in page, 'name="verdict" value="approve" data-key' in page)

    def test_tells_of_the_senders_other_comments(self, make, mo):
        """
        How they were decided, and the way to them.
        """
        post = make.post()
        for state in (State.APPROVED, State.APPROVED, State.REJECTED, State.PENDING):
            make.comment(post, body=f"Text {state} {id(state)} {len(state)}", sender="192.0.2.9", state=state)
        make.comment(post, body="Another", sender="192.0.2.10")
        page = mo.get("/desk/comments").text
        link = unescape(re.search(r'href="([^"]+)">All by this sender', page)[1])

        assert "Same sender: 1 approved, 1 rejected before." in page or "2 approved, 1 rejected before" in page
        assert 1 == len(cards(mo.get(link).text))

    @pytest.mark.parametrize(("days", "late"), [(1, False), (3, True)])
    def test_says_when_the_promise_is_broken(self, make, mo, days, late):
        """
        Longer than readers are told: 48 hours while nothing was measured.
        """
        make.comment(at=make.days_ago(days))

        assert late is ("Waits longer than promised" in mo.get("/desk/comments").text)


class TestEmergencies:
    @pytest.mark.parametrize("path", ["/desk", "/desk/comments", "/desk/log", "/desk/styles"])
    def test_are_named_on_every_page(self, make, mo, path):
        """
        While one waits, and with the way to it.
        """
        before = mo.get(path).text
        make.comment(flags=[Flag(Kind.EMERGENCY, "chest_pain", [Span(0, 1, "A")], "Why.")])
        after = mo.get(path).text

        assert ('class="urgent"' in before, "1 comment may be about an emergency" in after) == (False, True)

    def test_are_not_shown_to_those_who_do_not_moderate(self, make, staff):
        """
        An author has no way to look.
        """
        make.comment(flags=[Flag(Kind.EMERGENCY, "chest_pain", [Span(0, 1, "A")], "Why.")])

        assert "may be about an emergency" not in staff(RoleName.AUTHOR).get("/desk").text


class TestPromise:
    def test_is_measured_from_real_decisions(self, app, make, client, clock):
        """
        From twenty on, readers are told the band in which four of five were decided; below, what the owner wrote.
        """
        clock.freeze(ANY_DAY)
        moderator, post, said = make.account(RoleName.MODERATOR), make.post("one"), []
        for more in (19, 1):
            comments = [make.comment(post, body=f"Text {more} {n}") for n in range(more)]
            clock.advance(hours=20)
            with app.app_context():
                for one in comments:
                    begin_write()
                    Decision.make([Seen(one.id, one.newest_revision_id)], Verdict.APPROVE, moderator)
                    db.session.commit()
                measure_waiting()
            said.append(re.search(r"usually reads them ([^.]+)\.", client.get("/posts/one").text)[1])

        assert ["within two working days", "within a day"] == said


class TestHome:
    def test_draws_decisions_and_names_who_made_them(self, app, make, mo):
        """
        A chart with a name, the same numbers as a table, and who decided how much.
        """
        for verdict in (Verdict.APPROVE, Verdict.REJECT):
            other_decides(app, make, make.comment(), verdict, name="Dr Busy")
        page = mo.get("/desk").text

        assert ('role="img" aria-labelledby="chart-name chart-text"' in page, "<td>2</td>" in page) == (True, True)
        assert page.count("Dr Busy") == 2

    def test_counts_what_was_found(self, make, mo):
        """
        Each kind of flag among what waits.
        """
        make.comment(flags=[Flag(Kind.SPAM, "links", [], "Why.")])
        page = mo.get("/desk").text

        assert ["0", "0", "1", "0"] == re.findall(r'figures__number">(\d+)<', page)[:4]

    def test_tells_what_waits(self, make, mo):
        """
        How many wait, how long the oldest, how many are held: the same numbers as the rows.
        """
        for days, state in ((3, State.PENDING), (1, State.PENDING), (9, State.HELD), (9, State.APPROVED)):
            make.comment(state=state, at=make.days_ago(days))
        page = mo.get("/desk").text

        assert [] == [
            words for words in ("2 comments waiting", "The oldest has waited 3 days.", "1 held") if words not in page
        ]
        assert 2 == len(cards(mo.get("/desk/comments").text))

    def test_tells_when_nothing_waits(self, make, mo):
        """
        A reward instead of a zero.
        """
        make.comment(state=State.APPROVED)

        assert "Nothing is waiting. Well done." in mo.get("/desk").text

    def test_names_articles_that_are_not_out(self, make, mo):
        """
        Drafts and scheduled articles, not those that are out or archived.
        """
        make.post("out", title="Out")
        make.post("gone", title="Gone", archived=True)
        make.post("draft", published_at=None)
        make.post("later", title="Later", published_at=make.days_ago(-2))
        page = mo.get("/desk").text
        items = re.findall(r"<li>([^<:]+): (\w+)", page)

        assert {("draft", "draft"), ("Later", "scheduled")} == set(items)

    @pytest.mark.parametrize(("role", "expected"), [(RoleName.MODERATOR, True), (RoleName.AUTHOR, False)])
    def test_tells_each_role_its_own(self, make, staff, role, expected):
        """
        Who does not moderate is not told about the queue.
        """
        make.comment(at=ANY_DAY)

        assert expected is ("1 comment waiting" in staff(role).get("/desk").text)
