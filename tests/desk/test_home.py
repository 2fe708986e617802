"""The desk's front page, and the time that readers are told."""

from __future__ import annotations

import re

import pytest

from blog.accounts.models import RoleName
from blog.comments.models import State
from blog.database import begin_write, db
from blog.moderation.jobs import measure_waiting
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from blog.triage import Flag, FlagKind
from tests.desk.moderating import cards, other_decides
from tests.make import ANY_DAY


class TestPromise:
    def test_is_measured_from_real_decisions(self, app, make, client, clock):
        """From twenty on, readers are told the band in which four of five were decided; below, what the owner wrote."""
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
    def test_shows_the_way_to_a_first_article_until_there_is_one(self, staff):
        """Of one's own; others' do not count."""
        author = staff(RoleName.AUTHOR)
        before = author.get("/desk").text
        author.post("/desk/posts/new", data={"seen": "", "title": "One"})

        assert (True, False) == ("Your first article" in before, "Your first article" in author.get("/desk").text)

    def test_draws_decisions_and_names_who_made_them(self, app, make, mo):
        """A chart with a name, the same numbers as a table, and who decided how much."""
        for verdict in (Verdict.APPROVE, Verdict.REJECT):
            other_decides(app, make, make.comment(), verdict, name="Dr Busy")
        page = mo.get("/desk").text

        assert ('role="img" aria-labelledby="chart-name chart-text"' in page, "<td>2</td>" in page) == (True, True)
        assert page.count("Dr Busy") == 2

    def test_counts_what_was_found(self, make, mo):
        """Each kind of flag among what waits."""
        make.comment(flags=[Flag(FlagKind.SPAM, "links", [], "Why.")])
        page = mo.get("/desk").text

        assert ["0", "0", "0", "1"] == re.findall(r'figures__number">(\d+)<', page)[:4]

    def test_tells_what_waits(self, make, mo):
        """How many wait, how long the oldest, how many are held: the same numbers as the rows."""
        for days, state in ((3, State.PENDING), (1, State.PENDING), (9, State.HELD), (9, State.APPROVED)):
            make.comment(state=state, at=make.days_ago(days))
        page = mo.get("/desk").text

        assert [] == [
            words for words in ("2 comments waiting", "The oldest has waited 3 days.", "1 held") if words not in page
        ]
        assert 2 == len(cards(mo.get("/desk/comments").text))

    def test_tells_when_nothing_waits(self, make, mo):
        """A reward instead of a zero."""
        make.comment(state=State.APPROVED)

        assert "Nothing is waiting. Well done." in mo.get("/desk").text

    def test_names_articles_that_are_not_out(self, make, staff):
        """Drafts and scheduled articles, not those that are out or archived."""
        make.post("out", title="Out")
        make.post("gone", title="Gone", archived=True)
        make.post("draft", title="Draft", published_at=None)
        make.post("later", title="Later", published_at=make.days_ago(-2))
        page = staff(RoleName.EDITOR).get("/desk").text

        assert ["Draft", "Later"] == re.findall(r'<li><a href="/desk/posts/\d+">([^<]+)<', page)

    @pytest.mark.parametrize(
        ("role", "expected"), [(RoleName.REVIEWER, True), (RoleName.AUTHOR, False), (RoleName.MODERATOR, False)]
    )
    def test_shows_titles_of_others_to_those_who_may_open_them(self, make, staff, role, expected):
        make.post("draft", title="Draft of somebody", published_at=None)

        assert expected is ("Draft of somebody" in staff(role).get("/desk").text)

    @pytest.mark.parametrize(("role", "expected"), [(RoleName.AUTHOR, True), (RoleName.REVIEWER, False)])
    def test_lets_those_begin_who_write(self, staff, role, expected):
        """A new article is one button away."""
        assert expected is ("New article" in staff(role).get("/desk").text)

    @pytest.mark.parametrize(("role", "expected"), [(RoleName.MODERATOR, True), (RoleName.AUTHOR, False)])
    def test_tells_each_role_its_own(self, make, staff, role, expected):
        """Who does not moderate is not told about the queue."""
        make.comment(at=ANY_DAY)

        assert expected is ("1 comment waiting" in staff(role).get("/desk").text)
