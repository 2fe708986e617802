"""How long a mail server is left alone, and what is remembered of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blog.database import begin_write, db
from blog.mail import outcomes
from blog.mail.outcomes import GIVE_UP_DAYS
from blog.mail.server import LONGEST_PAUSE_SECONDS, MailServer, pause
from tests.mailing import claimed

both = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


class TestBackOff:
    @pytest.mark.parametrize(("tries", "seconds"), [(1, 60), (2, 120), (3, 240), (7, 3600), (500, 3600)])
    def test_doubles_up_to_an_hour(self, tries, seconds):
        """A fifth more or less by chance, so that not all come back at once."""
        found = [pause(tries).total_seconds() for _ in range(200)]

        assert 0.8 * seconds <= min(found) < 0.9 * seconds < 1.1 * seconds < max(found) <= 1.2 * seconds
        assert max(found) <= 1.2 * LONGEST_PAUSE_SECONDS

    def test_ends_after_three_days(self, app, make, mail, clock, noon):
        """From the first attempt; the reason stays."""
        clock.freeze(noon)
        with app.app_context():
            mail.wish(make.comment(), confirmed=False)
            (notice,) = claimed()
            seen = []
            for hours in (1, 24 * GIVE_UP_DAYS - 2, 2):
                clock.advance(hours=hours)
                begin_write()
                outcomes.put_off([notice.id], "451 greylisted")
                db.session.commit()
                seen.append(str(notice.state))

            assert ["waiting", "waiting", "failed"] == seen
            assert "Given up after 3 days: 451 greylisted" == notice.problem


class TestMailServer:
    pytestmark = both

    def test_rests_longer_each_time_and_forgets_it(self, clock, noon):
        """Since when it fails is kept until it works again."""
        clock.freeze(noon)
        begin_write()
        server = MailServer.kept()
        rests = []
        for _ in range(2):
            server.failed("refused")
            rests.append((server.retry_at - noon).total_seconds())
        failing = (server.is_resting, server.failures, server.failing_since, server.problem)
        server.worked()

        assert (True, 2, noon, "refused") == failing
        assert 48 <= rests[0] <= 72 < 96 <= rests[1] <= 144
        assert (False, 0, None, "") == (server.is_resting, server.failures, server.failing_since, server.problem)

    def test_rests_for_minutes_not_for_hours(self, clock, noon):
        """However long it has failed: an emergency must go out soon after it is back."""
        clock.freeze(noon)
        begin_write()
        server = MailServer.kept()
        for _ in range(50):
            server.failed("refused")

        assert server.retry_at - noon <= timedelta(minutes=12)

    def test_may_be_tried_at_once(self, clock, noon):
        """When somebody at the desk does not want to wait."""
        clock.freeze(noon)
        begin_write()
        server = MailServer.kept()
        server.failed("refused")
        server.try_now()

        assert not server.is_resting
