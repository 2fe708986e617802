"""When somebody who wants mail together, and none at night, is written to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blog.mail.preferences import Cadence, Preference

BERLIN = ZoneInfo("Europe/Berlin")


class TestCadence:
    """`Preference.due`: when something that happens at a moment may be mailed."""

    @pytest.mark.parametrize(
        ("cadence", "at", "due"),
        [
            (Cadence.INSTANT, "2026-06-10 13:30", "2026-06-10 13:30"),
            (Cadence.HOURLY, "2026-06-10 13:30", "2026-06-10 14:00"),
            (Cadence.HOURLY, "2026-06-10 23:59", "2026-06-11 00:00"),
            (Cadence.DAILY, "2026-06-10 07:59", "2026-06-10 08:00"),
            (Cadence.DAILY, "2026-06-10 08:00", "2026-06-11 08:00"),
            (Cadence.DAILY, "2026-12-31 13:30", "2027-01-01 08:00"),
        ],
    )
    def test_is_at_once_or_with_the_next_digest(self, cadence, at, due):
        """At the full hour, or at eight in the morning."""
        assert _berlin(due) == Preference().due(cadence, _berlin(at), BERLIN)

    @pytest.mark.parametrize(
        ("at", "due"),
        [
            ("2026-06-10 21:59", "2026-06-10 21:59"),
            ("2026-06-10 22:00", "2026-06-11 07:00"),
            ("2026-06-11 00:30", "2026-06-11 07:00"),
            ("2026-06-11 06:59", "2026-06-11 07:00"),
            ("2026-06-11 07:00", "2026-06-11 07:00"),
        ],
    )
    def test_waits_until_quiet_hours_are_over(self, at, due):
        """Also those that go over midnight; the ends are as the clock on the wall says."""
        wants = Preference(quiet_from=22, quiet_until=7)

        assert _berlin(due) == wants.due(Cadence.INSTANT, _berlin(at), BERLIN)

    def test_of_a_digest_is_after_quiet_hours_too(self):
        """Who sleeps until nine has the morning's mail at nine."""
        wants = Preference(quiet_from=22, quiet_until=9)

        assert _berlin("2026-06-11 09:00") == wants.due(Cadence.DAILY, _berlin("2026-06-10 12:00"), BERLIN)

    def test_is_counted_in_the_sites_time_zone(self):
        """21:30 in London is 22:30 in Berlin, where it is quiet."""
        wants = Preference(quiet_from=22, quiet_until=7)
        at = datetime(2026, 6, 10, 20, 30, tzinfo=UTC)

        assert (_berlin("2026-06-11 07:00"), at) == (
            wants.due(Cadence.INSTANT, at, BERLIN),
            wants.due(Cadence.INSTANT, at, ZoneInfo("Europe/London")),
        )

    @pytest.mark.parametrize(
        ("at", "due"),
        [
            ("2026-03-29T00:30+00:00", "2026-03-29T05:00+00:00"),  # the night that loses an hour: 07:00 is 05:00 UTC
            ("2026-10-24T23:30+00:00", "2026-10-25T06:00+00:00"),  # the night that has one more: 07:00 is 06:00 UTC
            ("2026-10-25T01:30+00:00", "2026-10-25T06:00+00:00"),  # the second half past two of that night
        ],
    )
    def test_is_right_when_the_clocks_change(self, at, due):
        """Quiet until seven means seven on the wall, in long and in short nights."""
        wants = Preference(quiet_from=22, quiet_until=7)

        assert datetime.fromisoformat(due) == wants.due(Cadence.INSTANT, datetime.fromisoformat(at), BERLIN)

    @pytest.mark.parametrize("at", ["2026-03-29T00:30+00:00", "2026-10-25T00:30+00:00", "2026-10-25T01:30+00:00"])
    def test_each_hour_is_within_two_when_the_clocks_change(self, at):
        """The hourly digest is never in the past, and never long in coming."""
        happened = datetime.fromisoformat(at)
        due = Preference().due(Cadence.HOURLY, happened, BERLIN)

        assert happened < due <= happened + timedelta(hours=2)


def _berlin(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)
