"""The queue and its cards."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from blog.accounts.models import RoleName
from blog.comments.models import Comment, State
from blog.database import begin_write, db
from blog.moderation.queue import QUEUE_LENGTH
from blog.privacy import erasing
from blog.triage import Flag, FlagKind, Span
from tests.desk.moderating import cards, change, decide, other_decides, seen


class TestQueue:
    def test_begins_with_the_oldest(self, make, mo):
        """Who has waited longest comes first, with the article's title."""
        post = make.post(title="Necks")
        for body, days in (("second", 2), ("first", 3), ("third", 1)):
            make.comment(post, body=body, at=make.days_ago(days))
        page = mo.get("/desk/comments").text

        assert ["first", "second", "third"] == cards(page)
        assert (3, 1) == (page.count(">Necks</a>"), page.count("3 days ago"))

    @pytest.mark.parametrize("state", list(State))
    def test_shows_one_state(self, make, mo, state):
        """Exactly the comments in it; each count is the number of rows."""
        for one in State:
            make.comment(body=f"In {one}", state=one)
        page = mo.get(f"/desk/comments?state={state}").text
        counts = re.findall(r'filters__count">(\d+)<', page)

        assert ["1"] * len(State) == counts
        assert ([] if state == State.ERASED else [f"In {state}"]) == cards(page)

    def test_knows_no_other_state(self, mo):
        """404 for a state that is none."""
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
        """What is looked for is taken word for word, whatever it means in SQL."""
        make.comment(body="My neck", name="Ada")
        make.comment(body="My back", name="Grace")
        make.comment(body="It is 100% better", name="Eve")
        make.comment(body="snake_case", name="Dan")

        assert found == cards(mo.get("/desk/comments", query_string={"q": query}).text)

    def test_shows_one_article(self, make, mo):
        """The filter by article."""
        post = make.post()
        make.comment(post, body="Here")
        make.comment(body="There")

        assert ["Here"] == cards(mo.get(f"/desk/comments?post={post.id}").text)

    @pytest.mark.parametrize("post", ["7", "x", "-1", "9" * 30])
    def test_of_no_article_is_empty(self, make, mo, post):
        """Whatever names no article shows nothing, and breaks nothing."""
        make.comment()
        answer = mo.get(f"/desk/comments?post={post}")

        assert (200, []) == (answer.status_code, cards(answer.text))

    def test_shows_what_is_flagged(self, app, make, mo):
        """The filter by flag leaves what is not suspicious out."""
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
        """What does not fit is on the next page; the count is of all."""
        for number in range(QUEUE_LENGTH + 1):
            make.comment(body=f"Comment {number}", at=make.days_ago(QUEUE_LENGTH + 1 - number))
        first = mo.get("/desk/comments").text
        second = mo.get(unescape(re.search(r'rel="next" href="([^"]+)"', first)[1])).text

        assert (QUEUE_LENGTH, [f"Comment {QUEUE_LENGTH}"]) == (len(cards(first)), cards(second))
        assert f"{QUEUE_LENGTH + 1} comments, oldest first" in first

    @pytest.mark.parametrize("place", ["0", "-1", "x", "1.2.3", "9.9.9", "1.x.3", "9" * 30, ".".join(["9" * 17] * 3)])
    @pytest.mark.parametrize("way", ["after", "before"])
    def test_of_no_place_is_a_page_all_the_same(self, make, mo, way, place):
        """After the last comment of a page was decided, its address still opens."""
        make.comment()

        assert 200 == mo.get(f"/desk/comments?{way}={place}").status_code

    def test_says_when_it_is_empty(self, mo):
        """Nothing waits, and that is said."""
        assert "Nothing is waiting. Well done." in mo.get("/desk/comments").text

    def test_shows_markup_as_text(self, make, mo):
        """The desk is the place that an attacker would like best."""
        make.comment(body="<script>alert(1)</script>", name="<b>Eve</b>")
        page = mo.get("/desk/comments").text

        assert ("<script>alert" in page, "<b>Eve" in page, "&lt;b&gt;Eve" in page) == (False, False, True)

    def test_shows_what_a_reply_answers(self, make, mo):
        """A reply stands with the beginning of its parent."""
        post = make.post()
        parent = make.comment(post, body="The question", state=State.APPROVED)
        make.comment(post, body="The answer", parent=parent)

        assert "Answers Reader: The question" in mo.get("/desk/comments").text


class TestCard:
    def test_marks_what_was_found_and_says_why(self, make, mo):
        """The kind, the rule, the words in the text as typed, and the reason."""
        found = Flag(FlagKind.ADVICE, "medicine_dose", [Span(5, 11, "400 mg")], "It names a dose.")
        make.comment(body="Take 400 mg daily", flags=[found])
        page = mo.get("/desk/comments").text

        assert 'Take <mark class="mark mark--advice" title="advice">400 mg</mark> daily' in page
        assert ("medicine dose" in page, "It names a dose." in page) == (True, True)

    def test_leads_to_all_that_a_rule_found(self, make, mo):
        """Many links, for example, and only those: to be looked at, and declined as a whole."""
        many = "a.example b.example c.example d.example"
        for rule, body in (("many_links", many), ("links", "a.example")):
            make.comment(body=body, flags=[Flag(FlagKind.SPAM, rule, [Span(0, 9, "a.example")], "Links.")])
        page = mo.get("/desk/comments?flag=many_links").text

        assert ([many], True) == (cards(page), "Only where triage found “many links”" in page)
        assert "All 1 comment in this filter" in mo.get("/desk/batches/new?flag=many_links").text

    def test_leads_to_all_on_its_article(self, make, mo):
        """One conversation at a time."""
        comment = make.comment()
        make.comment(body="Elsewhere")
        page = mo.get("/desk/comments").text

        assert f'href="/desk/comments?state=pending&amp;post={comment.post_id}">All on this article' in page

    def test_of_a_held_text_that_is_no_longer_kept_can_be_declined(self, app, make, mo):
        """Nothing stays in the queue for ever; there is nothing left to approve."""
        comment = make.comment(state=State.HELD)
        with app.app_context():
            begin_write()
            erasing.forget_text(db.session.get_one(Comment, comment.id))
            db.session.commit()
        page = mo.get("/desk/comments?state=held").text

        assert (True, False) == ('value="reject"' in page, 'name="verdict" value="approve" data-key' in page)

    def test_tells_of_the_senders_other_comments(self, make, mo):
        """How they were decided, and the way to them."""
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
        """Longer than readers are told: 48 hours while nothing was measured."""
        make.comment(at=make.days_ago(days))

        assert late is ("Overdue" in mo.get("/desk/comments").text)

    @pytest.mark.parametrize("state", [State.PENDING, State.HELD, State.APPROVED])
    def test_names_its_own_comment_alone(self, make, mo, state):
        """Rows of actions are made once for many: each names its comment, and the version that is shown."""
        comments = {comment.id: comment for comment in (make.comment(state=state), make.comment(state=state))}
        page = mo.get(f"/desk/comments?state={state}").text
        rows = re.findall(r'id="comment-(\d+)".*?<div class="card__actions(.*?)</article>', page, re.DOTALL)
        named = [set(re.findall(r'name="comment" value="(\d+:\d+)', row)) for _, row in rows]

        assert sorted(comments) == sorted(int(number) for number, _ in rows)
        assert [{f"{number}:{comments[int(number)].newest_revision_id}"} for number, _ in rows] == named
        assert [[number] for number, _ in rows] == [re.findall(r'id="reply-(\d+)"', row) for _, row in rows]
        assert [] == re.findall(r"\d{17}|(?:token|more)-[0-9a-f]{32}", page)

    def test_carries_the_filter_and_the_token(self, make, mo):
        """What is decided leads back to where it was decided, and only from a page of one's own."""
        make.comment(state=State.APPROVED)
        row = mo.get("/desk/comments?state=approved").text.partition('<div class="card__actions')[2]
        forms = re.findall(
            r'action="([^"]*)".*?name="csrf_token" value="([^"]*)"', row.partition("</article>")[0], re.DOTALL
        )

        assert [True] * 3 == [action.endswith("?state=approved") for action, _ in forms]
        assert {mo.csrf_token.partition(".")[0]} == {token.partition(".")[0] for _, token in forms}


class TestKeptCards:
    """Cards are made once and laid out again and again, and yet nothing is shown that is not true at that moment."""

    def test_show_the_text_of_this_moment(self, app, make, mo):
        """Its writer changed it after somebody had looked."""
        comment = make.comment(body="Before")
        before = mo.get("/desk/comments").text
        number = change(app, comment, "After")
        after = mo.get("/desk/comments").text

        assert (["Before"], ["After"]) == (cards(before), cards(after))
        assert (False, True) == (f'"{comment.id}:{number}"' in before, f'"{comment.id}:{number}"' in after)

    def test_name_the_decision_of_a_moment_ago(self, app, make, mo):
        """It was decided twice between two looks: the buttons must name the last decision."""
        comment = make.comment()
        number = other_decides(app, make, comment, "hold")
        before = mo.get("/desk/comments?state=held").text
        for at, verdict in ((number, "spam"), (number + 1, "hold")):
            assert 303 == decide(mo, seen(comment, at), verdict=verdict).status_code
        after = mo.get("/desk/comments?state=held").text

        assert [number, number + 2] == [
            int(re.search(r'name="last" value="(\d+)"', page)[1]) for page in (before, after)
        ]
        assert ("by Dr Other" in before, "by Dr Other" in after) == (True, False)

    def test_say_how_long_ago_it_is_now(self, make, mo, clock):
        """Time alone changes a card, too."""
        make.comment(at=make.days_ago(2) + timedelta(minutes=3), body="Old")
        make.comment(body="New")
        before = mo.get("/desk/comments").text
        clock.advance(minutes=5)
        after = mo.get("/desk/comments").text

        assert ("0 seconds ago" in before, "5 minutes ago" in after) == (True, True)
        assert (0, 1) == (before.count("Overdue"), after.count("Overdue"))

    def test_hold_no_text_that_was_erased(self, app, make, mo):
        """Neither does the next look."""
        comment = make.comment(body="A secret", state=State.HELD)
        before = mo.get("/desk/comments?state=held").text
        with app.app_context():
            begin_write()
            erasing.forget_text(db.session.get_one(Comment, comment.id))
            db.session.commit()
        after = mo.get("/desk/comments?state=held").text

        assert ("A secret" in before, "A secret" in after) == (True, False)

    def test_carry_the_token_of_who_looks(self, make, staff):
        """Two moderators at one process: neither could send a form with the other's."""
        make.comment()
        for name in ("one", "two"):
            moderator = staff(RoleName.MODERATOR, email=f"{name}@example.org")
            page = moderator.get("/desk/comments").text
            tokens = {token.partition(".")[0] for token in re.findall(r'name="csrf_token" value="([^"]*)"', page)}

            assert {moderator.csrf_token.partition(".")[0]} == tokens

    def test_come_back_with_what_was_typed_on_one_alone(self, make, mo):
        """A reply that was refused stands on its comment, and is gone with the next look."""
        comment, _ = make.comment(state=State.APPROVED), make.comment(state=State.APPROVED)
        long = "x" * 20_000
        refused = mo.post(f"/desk/comments/{comment.id}/replies?state=approved", data={"reply": long})
        after = mo.get("/desk/comments?state=approved").text

        assert (422, 1, 0) == (refused.status_code, refused.text.count(long), after.count(long))


class TestEmergencies:
    @pytest.mark.parametrize("path", ["/desk", "/desk/comments", "/desk/log", "/desk/styles"])
    def test_are_named_on_every_page(self, make, mo, path):
        """While one waits, and with the way to it."""
        before = mo.get(path).text
        make.comment(flags=[Flag(FlagKind.EMERGENCY, "chest_pain", [Span(0, 1, "A")], "Why.")])
        after = mo.get(path).text

        assert ('class="urgent"' in before, "1 comment may be about an emergency" in after) == (False, True)

    def test_are_not_shown_to_those_who_do_not_moderate(self, make, staff):
        """An author has no way to look."""
        make.comment(flags=[Flag(FlagKind.EMERGENCY, "chest_pain", [Span(0, 1, "A")], "Why.")])

        assert "may be about an emergency" not in staff(RoleName.AUTHOR).get("/desk").text
