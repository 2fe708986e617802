"""Moments as people type them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from blog.clock import frozen
from blog.posts.moments import Typed, is_usual, read_moment

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def read(text, zone="UTC"):
    with frozen(NOW):
        return read_moment(text, ZoneInfo(zone))


def slip(text, zone="UTC"):
    with pytest.raises(ValueError, match=r"^(?:must|is) ") as caught:
        read(text, zone)
    return str(caught.value)


class TestReadMoment:
    @pytest.mark.parametrize(
        ("text", "zone", "expected"),
        [
            ("2026-05-04", "UTC", "2026-05-04 00:00"),
            ("2026-05-04", "America/New_York", "2026-05-04 04:00"),
            ("2026-05-04", "Pacific/Auckland", "2026-05-03 12:00"),
            ("2026-05-04 09:00", "Europe/Berlin", "2026-05-04 07:00"),
            ("2026-05-04T09:00", "Europe/Berlin", "2026-05-04 07:00"),
            ("2026-05-04T09:00Z", "Europe/Berlin", "2026-05-04 09:00"),
            ("2026-05-04t09:00:30.5z", "Europe/Berlin", "2026-05-04 09:00"),
            ("2026-05-04 09:00:00 +0200", "UTC", "2026-05-04 07:00"),
            (" 2026-05-04 ", "UTC", "2026-05-04 00:00"),
        ],
    )
    def test_takes_days_and_times_of_here(self, text, zone, expected):
        """A day begins at midnight of the site's zone; an offset that is typed wins."""
        assert expected == f"{read(text, zone):%Y-%m-%d %H:%M}"

    @pytest.mark.parametrize(
        "text",
        [
            *("", "soon", "2026", "2026-05", "20260504", "2026-W19-1", "4.5.2026", "2026-13-45", "2026-05-04T25:00"),
            *(
                "2026-05-04T9:00",
                "2026-05-04T09:00+25:00",
                "2026-05-04 09:00 Europe/Berlin",
                "２０２６-05-04",
                "0000-01-01",
            ),
        ],
    )
    def test_names_the_form(self, text):
        """What is neither a day nor a moment is told how one looks."""
        assert slip(text).startswith("must be a date such as 2026-05-04")

    @pytest.mark.parametrize(
        "text",
        [
            *("0001-01-01", "0026-05-04", "1026-05-04", "1989-12-31", "2036-06-03", "9999-12-31"),
            *("0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"),
        ],
    )
    @pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
    def test_refuses_what_nobody_can_mean(self, text, zone):
        """Before 1990 or more than ten years ahead is a slip of the pen."""
        assert "must be between 1990-01-01 and 2036-06-01, ten years ahead" == slip(text, zone)

    @pytest.mark.parametrize("text", ["1990-01-01", "2036-05-31"])
    @pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
    def test_takes_the_ends_of_what_can_be_meant(self, text, zone):
        """Also where the day begins earlier or later than in London."""
        assert text == f"{read(text, zone).astimezone(ZoneInfo(zone)):%Y-%m-%d}"

    def test_says_which_times_the_clocks_skip(self):
        """In spring an hour is missing."""
        assert slip("2026-03-29 02:30", "Europe/Berlin").startswith("is a time that the clocks skip on that day")

    def test_says_which_times_come_twice(self):
        """In autumn an hour comes twice: only an offset says which is meant."""
        assert slip("2026-10-25 02:30", "Europe/Berlin").endswith("add the offset, such as 2026-10-25T02:30+02:00")

    @pytest.mark.parametrize(
        ("text", "expected"), [("2026-10-25T02:30+02:00", "00:30"), ("2026-10-25T02:30+01:00", "01:30")]
    )
    def test_takes_either_with_its_offset(self, text, expected):
        """As the slip proposes."""
        assert expected == f"{read(text, 'Europe/Berlin'):%H:%M}"

    def test_takes_a_day_without_midnight(self):
        """Where the clocks skip midnight, the day begins at one."""
        assert "03:00" == f"{read('2018-11-04', 'America/Sao_Paulo'):%H:%M}"

    def test_says_which_days_were_left_out(self):
        """Samoa crossed the date line."""
        assert "is a day that was left out in Pacific/Apia" == slip("2011-12-30", "Pacific/Apia")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(1990, 1, 1, tzinfo=UTC), True),
        (datetime(1989, 12, 30, tzinfo=UTC), False),
        (datetime(2036, 5, 1, tzinfo=UTC), True),
        (datetime(2036, 7, 1, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
    ],
)
def test_is_usual_knows_both_ends(moment, expected):
    """What an article can have, whoever asks."""
    with frozen(NOW):
        assert expected == is_usual(moment)


class TestClocks:
    """Both changes of three zones; a change at another hour, and the other half of the world."""

    @pytest.mark.parametrize(
        ("zone", "text", "expected"),
        [
            ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29 00:59"),
            ("Europe/Berlin", "2026-03-29 02:30", "skip"),
            ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00"),
            ("Europe/Berlin", "2026-10-25 01:59", "2026-10-24 23:59"),
            ("Europe/Berlin", "2026-10-25 02:30", "twice"),
            ("Europe/Berlin", "2026-10-25 02:30+02:00", "2026-10-25 00:30"),
            ("Europe/Berlin", "2026-10-25 02:30+01:00", "2026-10-25 01:30"),
            ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00"),
            ("America/New_York", "2026-11-01 01:30", "twice"),
            ("America/New_York", "2026-11-01 02:00", "2026-11-01 07:00"),
            ("America/New_York", "2027-03-14 02:30", "skip"),
            ("America/New_York", "2027-03-14 03:00", "2027-03-14 07:00"),
            ("Australia/Lord_Howe", "2026-10-04 02:15", "skip"),
            ("Australia/Lord_Howe", "2026-10-04 02:30", "2026-10-03 15:30"),
            ("Australia/Lord_Howe", "2027-04-04 01:45", "twice"),
            ("Australia/Lord_Howe", "2027-04-04 02:00", "2027-04-03 15:30"),
        ],
    )
    def test_are_right_across_summer_time(self, zone, text, expected):
        """A time that does not exist or comes twice is said; around it the clocks count."""
        if expected in ("skip", "twice"):
            assert expected in slip(text, zone)
        else:
            assert expected == f"{read(text, zone):%Y-%m-%d %H:%M}"

    @pytest.mark.parametrize(
        ("text", "clocks"),
        [
            ("2026-10-25 09:00", ("2026-10-25T09:00", "Europe/Berlin")),
            ("2026-10-25", ("2026-10-25T00:00", "Europe/Berlin")),
            ("2026-10-25 09:00Z", None),
            ("2026-10-25 02:30+01:00", None),
        ],
    )
    def test_are_remembered_when_they_were_meant(self, text, clocks):
        """A time with an offset is a moment, whatever the clocks show."""
        with frozen(NOW):
            assert clocks == Typed.read(text, ZoneInfo("Europe/Berlin")).clocks
