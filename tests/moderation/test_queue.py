"""The queue: order, filters, counts and pages, on the model."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from blog.comments import sending
from blog.comments.models import Comment, State
from blog.comments.urgency import Urgency
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.moderation import queue
from blog.moderation.cards import cards
from blog.moderation.queue import Filter, Place, counted, emergencies, tabs, waiting
from blog.triage import Flag, FlagKind, Span

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]

EMERGENCY = Flag(FlagKind.EMERGENCY, "numbness", [Span(0, 1, "A")], "Why.")
PERSONAL = Flag(FlagKind.PERSONAL_DATA, "phone", [Span(0, 1, "A")], "Why.")
SPAM = Flag(FlagKind.SPAM, "links", [Span(0, 1, "A")], "Why.")
ADVICE = Flag(FlagKind.ADVICE, "dose", [Span(0, 1, "A")], "Why.")


def texts(page):
    return [comment.body for comment in page.items]


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr(queue, "QUEUE_LENGTH", 3)


class TestOrder:
    def test_emergencies_come_first_then_the_oldest(self, make):
        """Urgency, then age."""
        make.comment(body="B", at=make.days_ago(5))
        make.comment(body="C", at=make.days_ago(4), flags=[ADVICE])
        make.comment(body="A", at=make.days_ago(1), flags=[EMERGENCY, SPAM])

        assert ["A", "B", "C"] == texts(Filter().page())

    def test_likely_spam_is_kept_apart_newest_first(self, make):
        """It is not in the plain list, and in its own the oldest is last; whoever looks for something finds it."""
        post = make.post()
        make.comment(post, body="Old", at=make.days_ago(5), flags=[SPAM])
        make.comment(post, body="New", at=make.days_ago(1), flags=[SPAM])
        make.comment(post, body="Good", at=make.days_ago(3))

        assert ["Good"] == texts(Filter().page())
        assert ["New", "Old"] == texts(Filter(flag="spam").page())
        assert ["Good", "Old", "New"] == texts(Filter(post=post.id).page())

    def test_what_is_decided_begins_with_the_newest(self, make):
        """Whoever looks back looks at the last days first."""
        for body, days in (("Old", 3), ("New", 1)):
            make.comment(body=body, state=State.APPROVED, at=make.days_ago(days))

        assert ["New", "Old"] == texts(Filter(State.APPROVED).page())

    def test_a_new_version_has_the_place_of_its_own_flags(self, make):
        """Urgency belongs to the newest revision."""
        comment = make.comment(body="A", flags=[EMERGENCY, PERSONAL])
        begin_write()
        fresh = db.session.get_one(Comment, comment.id)
        sending.revise(fresh, Words.prepare("Reader", "Calm"), Sender.of("192.0.2.1", ""), [ADVICE])
        db.session.commit()
        fresh = db.session.get_one(Comment, comment.id)

        assert (Urgency.NORMAL, False, True) == (fresh.urgency, fresh.has_personal_data, fresh.has_advice)


class TestFilter:
    @pytest.mark.parametrize(
        ("narrowed", "found"),
        [
            ({"flag": "emergency"}, {"A"}),
            ({"flag": "personal_data"}, {"P"}),
            ({"flag": "advice"}, {"D"}),
            ({"flag": "spam"}, {"S"}),
            ({"flag": "no-such"}, set()),
            ({"query": "reader"}, {"A", "P", "D", "S", "N"}),
            ({"query": "p"}, {"P"}),
            ({"post": 0}, set()),
            ({"author": "nobody"}, set()),
        ],
    )
    def test_narrows(self, make, narrowed, found):
        """By what triage found, by text and name, by article, by sender."""
        for body, flags in (("A", [EMERGENCY]), ("P", [PERSONAL]), ("D", [ADVICE]), ("S", [SPAM]), ("N", [])):
            make.comment(body=body, flags=flags, name="Reader" if narrowed.get("query") != "p" else "Eva")

        assert found == set(texts(Filter(**narrowed).page()))

    def test_narrows_to_one_sender(self, make):
        """All comments under one keyed hash, with what was decided on the others."""
        post = make.post()
        first = make.comment(post, body="One", sender="192.0.2.7", state=State.APPROVED)
        make.comment(post, body="Two", sender="192.0.2.7", state=State.REJECTED)
        make.comment(post, body="Three", sender="192.0.2.7")
        make.comment(post, body="Other")

        assert ["Three"] == texts(Filter(author=first.sender_hash).page())
        assert {first.sender_hash: {State.APPROVED: 1, State.REJECTED: 1}} == Comment.histories(
            {first.sender_hash, "x"}
        )

    @pytest.mark.parametrize(
        "one", [Filter(), Filter(State.HELD, "spam", 7, "x" * 43, "neck 100%"), Filter(post=0), Filter(query="a&b=c")]
    )
    def test_survives_an_address(self, one):
        """What a batch stores and a link carries is the same filter again."""
        assert one == Filter.read(one.arguments)


class TestCounts:
    def test_equal_the_rows(self, make):
        """Every tab says exactly what opening it shows."""
        for state in State:
            make.comment(body=f"In {state}", state=state)
        for flag in (EMERGENCY, PERSONAL, SPAM, ADVICE):
            make.comment(body="A", flags=[flag])
        states, flags, asked = tabs(Filter())

        assert [len(tab.narrowed.page().items) for tab in (*states, *flags)] == [tab.count for tab in (*states, *flags)]
        assert (4, 1) == (asked, waiting()["spam"])

    def test_stop_at_a_thousand(self, make, monkeypatch):
        """A flood does not slow the queue down, and the number does not lie; a confirmation counts on."""
        monkeypatch.setattr(queue, "MOST_COUNTED", 2)
        for _ in range(4):
            make.comment()

        assert ("3", "2+", 4) == (str(tabs(Filter())[2]), tabs(Filter())[0][0].count_text, Filter().count())
        assert ("1,000", "1,000+") == (_with_thousand(monkeypatch, 1000), _with_thousand(monkeypatch, 1001))

    def test_find_the_emergencies(self, make):
        """Those that wait; decided ones are none any more."""
        assert emergencies() is None
        make.comment(flags=[EMERGENCY], state=State.APPROVED)
        assert emergencies() is None
        make.comment(flags=[EMERGENCY], state=State.HELD)
        assert (State.HELD, 1) == (emergencies().state, emergencies().count)
        make.comment(flags=[EMERGENCY])
        assert (State.PENDING, 1) == (emergencies().state, emergencies().count)


def _with_thousand(monkeypatch, number):
    monkeypatch.setattr(queue, "MOST_COUNTED", 1000)
    return counted(number)


@pytest.mark.usefixtures("short_pages")
class TestPages:
    @pytest.mark.parametrize("narrowed", [Filter(), Filter(flag="spam"), Filter(State.APPROVED)])
    def test_follow_each_other_both_ways(self, make, narrowed):
        """Forward and back: each comment once, in the same order, also at the same moment."""
        for number in range(8):
            flags = [SPAM] if narrowed.flag else [EMERGENCY] if number > 5 else []
            state = narrowed.state
            make.comment(body=f"{number}", at=make.days_ago(9 - number // 2), flags=flags, state=state)
        pages = [narrowed.page()]
        while pages[-1].later:
            pages.append(narrowed.page(after=pages[-1].later))
        back = [pages[-1]]
        while back[-1].earlier:
            back.append(narrowed.page(before=back[-1].earlier))

        assert [3, 3, 2] == [len(page.items) for page in pages]
        assert 8 == len({text for page in pages for text in texts(page)})
        assert list(map(texts, pages)) == list(map(texts, reversed(back)))

    def test_stay_where_they_are_while_comments_leave(self, make):
        """What is decided on the first page does not push anything past the second."""
        comments = [make.comment(body=f"{number}", at=make.days_ago(9 - number)) for number in range(6)]
        place = Filter().page().later
        begin_write()
        for comment in comments[:3]:
            db.session.get_one(Comment, comment.id).withdraw()
        db.session.commit()

        assert ["3", "4", "5"] == texts(Filter().page(after=place))

    def test_survive_an_address(self, make):
        """A place is what a link carries, to the microsecond."""
        place = Place.of(make.comment())

        assert place == Place.read(str(place))


def statements_of_a_page():
    asked = []

    def listen(*arguments):
        asked.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    assert all(card.comment.post_title and card.flags for card in cards(Filter().page().items))
    event.remove(db.engine, "before_cursor_execute", listen)
    return asked


def test_a_page_costs_the_same_number_of_queries_however_long(make):
    """Nothing is asked card by card."""
    counts = []
    for more in (2, 10):
        post = make.post()
        for _ in range(more):
            make.comment(post, flags=[PERSONAL])
        db.session.expunge_all()
        counts.append(len(statements_of_a_page()))

    assert counts[0] == counts[1] <= 5
