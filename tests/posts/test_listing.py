"""Lists of posts, a page at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, update

from blog.anatomy.models import Entry, EntryKind
from blog.clock import frozen
from blog.database import begin_write, db
from blog.posts import listing
from blog.posts.listing import Listing, published_years
from blog.posts.models import Post
from tests.make import ANY_DAY
from tests.posts.changing import slugs

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


class TestLists:
    def test_home_begins_with_the_newest(self, make):
        """Newest first; of one moment the one written last."""
        make.post("old", published_at=make.days_ago(9))
        make.post("new", published_at=make.days_ago(1))
        make.post("twin", published_at=ANY_DAY)
        make.post("later-twin", published_at=ANY_DAY)

        assert ["new", "old", "later-twin", "twin"] == slugs(Post.newest())

    def test_of_staff_begin_with_what_has_no_time(self, make):
        """Drafts stand above all that is out, on both databases."""
        make.post("out", published_at=make.days_ago(1))
        make.post("draft", published_at=None)
        make.post("older", published_at=make.days_ago(2))

        assert ["draft", "out", "older"] == slugs(Post.everything())

    def test_of_an_author_hold_what_bears_the_name(self, make):
        """A second name in a byline counts as much."""
        ada = make.post("alone", authors=["ada"]).authors[0]
        make.post("together", authors=["bob", "ada"])
        make.post("other", authors=["bob"])

        assert {"alone", "together"} == set(slugs(listing.by_author(ada)))

    @pytest.mark.parametrize("many", [0, 500], ids=["many", "few"])
    def test_of_a_link_are_the_same_whichever_way_they_are_found(self, make, monkeypatch, many):
        """Rare or everywhere, a tag, a person and a muscle list their published posts, newest first."""
        monkeypatch.setattr(listing, "MANY", many)
        linked = {"tags": ["t"], "authors": ["ada"], "muscles": ["psoas"]}
        for slug, days, more in (("old", 3, {}), ("new", 1, {}), ("gone", 2, {"archived": True})):
            make.post(slug, published_at=make.days_ago(days), **linked, **more)
        make.post("draft", published_at=None, **linked)
        make.post("other", tags=["u"], authors=["bob"], muscles=["sartorius"])
        post = db.session.scalars(Post.under_slug("old")).one()
        entry = db.session.scalars(Entry.shown(EntryKind.MUSCLE, "psoas")).one()

        assert 3 * [["new", "old"]] == [
            slugs(listing.tagged(post.tags[0])),
            slugs(listing.by_author(post.authors[0])),
            slugs(listing.about(entry)),
        ]
        for thing in (post.tags[0], post.authors[0], entry):
            assert ["new", "old"] == [one.slug for one in Listing.under(thing, 1).items]

    @pytest.mark.parametrize("many", [0, 500], ids=["many", "few"])
    def test_under_something_are_counted_without_the_hidden_ones(self, make, monkeypatch, many):
        """A draft and an archived article make no page that is empty."""
        monkeypatch.setattr(listing, "MANY", many)
        monkeypatch.setattr(listing, "POSTS_PER_PAGE", 1)
        for number in range(3):
            post = make.post(f"p{number}", tags=["t"])
        make.post("gone", tags=["t"], archived=True)
        make.post("draft", tags=["t"], published_at=None)
        pages = [Listing.under(post.tags[0], number) for number in (1, 3, 4)]

        assert [("3", True), ("3", False), None] == [page and (page.of_pages, page.has_next) for page in pages]

    def test_for_a_menu_are_the_last_and_the_chosen_one(self, make, monkeypatch):
        """A menu does not grow with the site, and shows what is chosen."""
        monkeypatch.setattr(listing, "MENU_LENGTH", 2)
        posts = [make.post(f"p{number}") for number in range(4)]

        assert ["p3", "p2"] == slugs(listing.for_menu(None))
        assert ["p3", "p2", "p0"] == slugs(listing.for_menu(posts[0].id))
        assert ["p3", "p2"] == slugs(listing.for_menu(posts[3].id))

    @pytest.mark.parametrize(
        ("page", "of_pages", "has_next"),
        [(1, "more than 3", True), (2, "4", True), (4, "4", False)],
    )
    def test_are_counted_a_few_pages_ahead(self, make, monkeypatch, page, of_pages, has_next):
        """The number of pages is told where it is near; a list of any length costs the same."""
        monkeypatch.setattr(listing, "COUNTED_AHEAD", 2)
        monkeypatch.setattr(listing, "POSTS_PER_PAGE", 2)
        for number in range(7):
            make.post(f"p{number}")
        found = Listing.newest(page)

        assert (of_pages, has_next, page > 1) == (found.of_pages, found.has_next, found.has_prev)

    @pytest.mark.parametrize(("zone", "years"), [("UTC", [2026]), ("Pacific/Auckland", [2027])])
    def test_of_a_year_begin_at_midnight_here(self, make, zone, years):
        """Half an hour before midnight in London it is next year in Auckland."""
        make.post("new-year", published_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

        with frozen(datetime(2027, 2, 1, tzinfo=UTC)):
            found = [year for year in (2026, 2027) if Listing.of_year(year, ZoneInfo(zone), 1).items]
            named = published_years(ZoneInfo(zone))

        assert (years, years) == (found, named)

    def test_of_years_leave_out_empty_ones(self, make):
        """A year without an article is not offered."""
        make.post(published_at=datetime(2023, 5, 1, tzinfo=UTC))
        make.post(published_at=datetime(2026, 5, 1, tzinfo=UTC))
        make.post(published_at=datetime(2024, 5, 1, tzinfo=UTC), archived=True)

        assert [2026, 2023] == published_years(ZoneInfo("UTC"))

    def test_of_years_are_found_at_once_whatever_is_stored(self, make):
        """One statement, also where an old row has a date that no article can have."""
        make.post("sane", published_at=datetime(1990, 1, 1, tzinfo=UTC))
        make.post("odd", published_at=datetime(2026, 5, 1, tzinfo=UTC))
        begin_write()
        odd = {"published_at": datetime(1, 1, 2, tzinfo=UTC)}
        db.session.execute(update(Post).where(Post.slug == "odd").values(odd))
        db.session.commit()
        sent = []
        event.listen(db.engine, "before_cursor_execute", lambda *arguments: sent.append(arguments[2]))
        found = [published_years(ZoneInfo(zone)) for zone in ("UTC", "America/New_York")]

        assert ([[1990], [1989]], 2) == (found, len([text for text in sent if "posts" in text]))

    def test_of_years_are_empty_without_posts(self, make):
        """A site without articles has no archive."""
        make.post(published_at=None)

        assert [] == published_years(ZoneInfo("UTC"))

    def test_of_years_are_empty_where_the_clock_has_stopped(self, make):
        """A machine that starts in 1971 has no article out yet, and its home page still answers."""
        make.post()

        with frozen(datetime(1971, 1, 1, tzinfo=UTC)):
            assert [] == published_years(ZoneInfo("UTC"))
