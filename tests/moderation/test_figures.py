"""Numbers of the desk's front page, and the time that readers are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from blog.moderation.figures import CHART_DAYS, MEASURED_LEAST, chart, days, usual_hours
from blog.moderation.verdicts import Verdict
from blog.words import duration

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


def waits(*hours, verdict=Verdict.APPROVE, at=NOON):
    return [(at, at - timedelta(hours=one), verdict) for one in hours]


class TestUsualHours:
    @pytest.mark.parametrize(
        ("hours", "band"),
        [(0.5, 1), (1, 1), (1.01, 4), (4, 4), (11, 12), (23, 24), (25, 48), (49, 72), (100, 168), (336, 336)],
    )
    def test_are_the_smallest_band_that_holds(self, hours, band):
        """What readers are told is true for four comments of five."""
        slow = [hours] * (MEASURED_LEAST * 8 // 10) + [9999] * (MEASURED_LEAST * 2 // 10)

        assert band == usual_hours(waits(*slow))

    def test_are_not_said_of_few(self):
        """Nineteen decisions are chance."""
        assert 0 == usual_hours(waits(*[1] * (MEASURED_LEAST - 1)))

    def test_are_not_said_beyond_the_longest_band(self):
        """Three weeks are no promise."""
        assert 0 == usual_hours(waits(*[500] * MEASURED_LEAST))

    def test_do_not_count_spam_and_holds(self):
        """Spam is quick to see, and a hold is no answer."""
        quick = waits(*[0] * 50, verdict=Verdict.SPAM) + waits(*[0] * 50, verdict=Verdict.HOLD)

        assert 24 == usual_hours(quick + waits(*[20] * MEASURED_LEAST))


class TestDays:
    def test_hold_each_day_once(self):
        """The last days, oldest first, also those on which nothing happened; the median is of that day."""
        found = days([*waits(1, 2, 9), *waits(5, at=NOON - timedelta(days=1))], [(NOON, 40)], NOON.date(), UTC)

        assert (CHART_DAYS, NOON.date()) == (len(found), found[-1].day)
        assert [(0, None), (1, timedelta(hours=5)), (43, timedelta(hours=2))] == [
            (day.decisions, day.median) for day in found[-3:]
        ]


class TestChart:
    def test_stays_within_its_frame(self):
        """The tallest bar and the slowest day touch the top, and nothing passes it."""
        drawn = chart(days([*waits(1, 2, 9), *waits(5, at=NOON - timedelta(days=1))], [], NOON.date(), UTC))

        assert (drawn.top, drawn.top) == (
            min(bar.y for bar in drawn.bars),
            min(bar.dot_y for bar in drawn.bars if bar.dot_y),
        )
        assert all(drawn.left <= bar.x and bar.x + bar.width <= drawn.width for bar in drawn.bars)

    @pytest.mark.parametrize("found", [[], [(NOON, NOON, Verdict.APPROVE)]])
    def test_of_nothing_and_of_no_time_is_drawn(self, found):
        """No division by zero on the first day, nor when all was decided at once."""
        assert len(found) == chart(days(found, [], NOON.date(), UTC)).total


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=5), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=90), "1.5 hours"),
        (timedelta(hours=14, minutes=20), "14 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_durations_are_said_in_words(time, words):
    """With one decimal only where it matters."""
    assert words == duration(time)
