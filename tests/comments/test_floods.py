"""Floods begin and end by themselves, make it harder for senders who are new, and are told to moderators."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from blog.accounts.models import RoleName
from blog.comments import floods
from blog.comments.floods import CALM, Flood
from blog.comments.jobs import watch_for_floods
from blog.comments.models import Comment, State
from blog.comments.sending import NEW_IN_FLOOD
from blog.comments.urgency import Urgency
from blog.database import db
from blog.pages.models import FloodMode
from tests.make import ANY_DAY
from tests.readers import Reader


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch, clock):
    """Three comments in ten minutes are more than usual: thirty would take long to make."""
    monkeypatch.setattr(floods, "LEAST", 2)
    clock.freeze(ANY_DAY)


@pytest.fixture
def watch(app):
    """`watch()`: the job looks; whether there is a flood now."""

    def watching():
        with app.app_context():
            watch_for_floods()
            return db.session.scalar(Flood.lasting()) is not None

    return watching


@pytest.fixture
def flood(make, watch):
    """A site in the first moment of a flood; its article."""
    post = make.post("psoas")
    for _ in range(3):
        make.comment(post)
    assert watch()
    return post


def urgency_of_newest(app):
    with app.app_context():
        return db.session.scalars(select(Comment.urgency).order_by(Comment.newest_revision_id.desc())).first()


class TestWatch:
    @pytest.mark.both_databases
    @pytest.mark.parametrize(("count", "begins"), [(2, False), (3, True)])
    def test_flood_begins_above_what_is_usual(self, make, watch, count, begins):
        post = make.post()
        for _ in range(count):
            make.comment(post)

        assert begins is watch()

    def test_many_are_usual_where_many_are_approved(self, make, watch, monkeypatch, clock):
        monkeypatch.setattr(floods, "FAR_ABOVE", 5000)
        post = make.post()
        for _ in range(3):
            make.comment(post, state=State.APPROVED)
        clock.advance(days=1)
        for _ in range(3):
            make.comment(post)

        assert not watch()

    def test_yesterdays_flood_makes_no_flood_usual(self, make, watch, monkeypatch, clock):
        monkeypatch.setattr(floods, "FAR_ABOVE", 5000)
        post = make.post()
        for _ in range(3):
            make.comment(post, state=State.SPAM)
        clock.advance(days=1)
        for _ in range(3):
            make.comment(post)

        assert watch()

    def test_the_teams_answers_make_no_flood(self, make, watch):
        post = make.post()
        comment = make.comment(post, state=State.APPROVED)
        for number in range(3):
            make.comment(post, body=f"An answer {number}.", parent=comment)

        assert not watch()

    @pytest.mark.both_databases
    def test_flood_ends_when_it_was_calm_for_a_while(self, flood, watch, clock):
        clock.advance(minutes=CALM.total_seconds() / 60 - 1)
        still = watch()
        clock.advance(minutes=2)

        assert (True, False) == (still, watch())

    def test_flood_that_is_switched_off_ends(self, flood, watch, make):
        make.settings(flood_mode=FloodMode.OFF)

        assert not watch()

    def test_switched_off_none_begins(self, make, watch):
        make.settings(flood_mode=FloodMode.OFF)
        post = make.post()
        for _ in range(3):
            make.comment(post)

        assert not watch()


class TestInFlood:
    def test_unproved_comment_stands_under_likely_spam(self, app, flood):
        Reader(app).write("psoas")

        assert Urgency.LIKELY_SPAM == urgency_of_newest(app)

    def test_without_flood_it_does_not(self, app, make):
        make.post("psoas")
        Reader(app).write("psoas")

        assert Urgency.NORMAL == urgency_of_newest(app)

    def test_switched_on_by_hand_is_a_flood(self, app, make):
        make.post("psoas")
        make.settings(flood_mode=FloodMode.ON)
        Reader(app).write("psoas")

        assert Urgency.LIKELY_SPAM == urgency_of_newest(app)

    def test_emergency_comes_first_all_the_same(self, app, flood):
        Reader(app).write("psoas", body="I have crushing chest pain now and it goes into my left arm")

        assert Urgency.EMERGENCY == urgency_of_newest(app)

    def test_change_of_ones_own_comment_is_not_suspicious(self, app, make, watch):
        make.post("psoas")
        reader = Reader(app)
        private_page = reader.write("psoas")
        make.settings(flood_mode=FloodMode.ON)
        reader.client.post(f"{private_page}/edit", data={"name": "Ada", "body": "Other words about this."})

        assert Urgency.NORMAL == urgency_of_newest(app)

    @pytest.mark.both_databases
    def test_new_sender_may_send_few(self, app, flood):
        reader = Reader(app)
        statuses = [reader.send("psoas", body=f"Words {number}.").status_code for number in range(NEW_IN_FLOOD + 1)]

        assert [*NEW_IN_FLOOD * [303], 429] == statuses

    def test_sender_of_an_approved_comment_may_send_as_ever(self, app, make, flood):
        make.comment(flood, state=State.APPROVED, sender="198.51.100.7")
        reader = Reader(app)
        statuses = [reader.send("psoas", body=f"Words {number}.").status_code for number in range(NEW_IN_FLOOD + 1)]

        assert (NEW_IN_FLOOD + 1) * [303] == statuses


class TestTold:
    def test_moderators_are_told_once_by_mail(self, mail, make, flood, watch):
        make.account(RoleName.MODERATOR, email="mo@example.org")
        make.account(RoleName.AUTHOR, email="au@example.org")
        mail.send()
        watch()
        mail.send()

        assert [("flood", "mo@example.org")] == [told for told in mail.told() if told[0] == "flood"]
        assert ("flood", "sent") in mail.states()

    def test_no_mail_of_a_flood_that_is_over(self, mail, make, flood, watch, clock):
        make.account(RoleName.MODERATOR)
        clock.advance(hours=2)
        watch()
        mail.send()

        assert [("flood", "dropped")] == [state for state in mail.states() if state[0] == "flood"]

    @pytest.mark.parametrize("address", ["/desk", "/desk/comments"])
    def test_note_stands_at_the_desk_while_it_lasts(self, staff, flood, watch, clock, address):
        moderator = staff(RoleName.MODERATOR)
        during = moderator.get(address).text
        clock.advance(hours=2)
        watch()

        assert "Far more comments than usual" in during
        assert "Far more comments than usual" not in moderator.get(address).text
