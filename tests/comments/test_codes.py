"""What stands for a sender and for a comment: codes that change every year, numbers that are drawn."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from blog.comments import sending
from blog.comments.bans import Ban, Banned, Scope
from blog.comments.knowledge import is_suspect
from blog.comments.models import State
from blog.comments.sending import NUMBERS_FROM, TooMany, refuse_too_many
from blog.comments.words import Sender
from blog.database import begin_write, db

NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 58, tzinfo=UTC)
ADDRESS = "192.0.2.1"


def test_code_is_another_one_each_year(context, clock):
    clock.freeze(NEW_YEARS_EVE)
    before = Sender.of(ADDRESS, "")
    clock.advance(minutes=2)
    after = Sender.of(ADDRESS, "")

    assert before.hash != after.hash
    assert before.network_hash != after.network_hash


@pytest.mark.both_databases
class TestSenders:
    def test_limits_reach_over_new_year(self, context, make, clock):
        make.settings(comment_limit=1)
        clock.freeze(NEW_YEARS_EVE)
        post = make.post()
        make.comment(post, sender=ADDRESS)
        clock.advance(minutes=4)

        with pytest.raises(TooMany):
            refuse_too_many(post.id, Sender.of(ADDRESS, ""), "Ada", "Other words.", None)

    def test_what_was_decided_is_known_over_new_year(self, context, make, clock):
        clock.freeze(NEW_YEARS_EVE)
        make.comment(state=State.SPAM, sender=ADDRESS)
        clock.advance(minutes=4)

        assert (True, False) == (is_suspect(Sender.of(ADDRESS, "")), is_suspect(Sender.of("192.0.2.2", "")))

    @pytest.mark.parametrize("scope", list(Scope))
    def test_longest_ban_for_the_oldest_code_holds_to_its_end(self, context, clock, scope):
        """Made with a code that was kept for a year, for a year: it ends in the second year after the code's own."""
        clock.freeze(NEW_YEARS_EVE)
        sender = Sender.of(ADDRESS, "")
        clock.advance(days=365)
        begin_write()
        Ban.put(scope, sender.hash if scope == Scope.SENDER else sender.network_hash, 365, None, None, "")
        db.session.commit()
        clock.advance(days=364)

        with pytest.raises(Banned):
            Ban.refuse(Sender.of(ADDRESS, ""))


@pytest.mark.both_databases
class TestNumbers:
    def test_numbers_of_comments_do_not_count(self, context, make):
        """Neither how many were sent in between nor which was the first can be told from them."""
        post = make.post()
        numbers = [make.comment(post).id for _ in range(4)]

        assert all(number >= NUMBERS_FROM for number in numbers)
        assert {1} != {later - earlier for earlier, later in itertools.pairwise(numbers)}

    def test_number_that_is_taken_is_drawn_again(self, context, make, monkeypatch):
        drawn = iter([7, 7, 7, 8])
        monkeypatch.setattr(sending.secrets, "randbelow", lambda most: next(drawn))
        post = make.post()

        assert [NUMBERS_FROM + 7, NUMBERS_FROM + 8] == [make.comment(post).id, make.comment(post).id]
