"""Editorial settings with their defaults, and pages in versions."""

from __future__ import annotations

import pytest
from flask import g
from sqlalchemy.exc import IntegrityError

from blog.clock import now
from blog.database import begin_write, db
from blog.pages.models import EmailField, Page, PageRevision, PageSlug, Reason, Site, SiteSetting
from blog.revisions import AppendOnlyError

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


def current():
    """The settings as the next request reads them."""
    g.pop("site", None)
    return Site.current()


class TestSite:
    def test_has_defaults(self):
        """A site that never changed anything has a name, a limit and reasons."""
        site = current()

        assert ("Trigger Point Notes", 5, EmailField.OPTIONAL, 6) == (
            site.name,
            site.comment_limit,
            site.comment_email,
            len(site.reasons),
        )

    def test_keeps_what_was_changed(self, make):
        """Changed values hold for the next request; the rest stays as it was."""
        make.settings(name="Our clinic", comment_limit=3)

        assert ("Our clinic", 3, 10) == (current().name, current().comment_limit, current().comment_limit_minutes)

    def test_stores_only_what_was_changed(self, make):
        """A new default reaches every site that never touched the setting."""
        make.settings(name="Our clinic")

        assert ["name"] == [row.name for row in db.session.query(SiteSetting)]

    def test_reads_lists_back_as_they_were(self, make):
        """Reasons, testimonials and courses survive the journey through JSON."""
        make.settings(
            reasons=[{"key": "x", "label": "X", "text": "Because."}],
            testimonials=[{"words": "Good.", "name": "Ada", "consent_date": "2026-05-04"}],
            courses=[{"title": "Hips", "url": "https://example.org", "price": "90 €", "sold_out": True}],
            comment_email="required",
        )
        site = current()

        assert ((Reason("x", "X", "Because."),), "Ada", True, EmailField.REQUIRED) == (
            site.reasons,
            site.testimonials[0].name,
            site.courses[0].sold_out,
            site.comment_email,
        )

    def test_refuses_an_unknown_name(self):
        """A slip in a setting's name is found, not stored."""
        begin_write()

        with pytest.raises(TypeError):
            Site.change({"naem": "Our clinic"}, None)

    def test_refuses_an_unknown_choice(self):
        """The e-mail field is hidden, optional or required."""
        begin_write()

        with pytest.raises(ValueError, match="sometimes"):
            Site.change({"comment_email": "sometimes"}, None)

    def test_is_read_once_a_request(self, make):
        """All of one page is made from the same settings."""
        assert Site.current() is Site.current()

    def test_ignores_what_older_versions_left(self):
        """A row of a setting that no longer exists does not stop the site."""
        begin_write()
        db.session.add(SiteSetting(name="gone", value={"value": 1}, changed_at=now()))
        db.session.commit()

        assert "Trigger Point Notes" == current().name

    def test_holds_no_control_characters(self, make):
        """The site's name stands in feeds, and XML cannot hold all of them."""
        make.settings(name="Our\x0b \x00clinic\ufffe", courses=[{"title": "A\x08b", "url": "https://example.org"}])

        assert ("Our clinic", "Ab") == (current().name.replace("\n", ""), current().courses[0].title)

    @pytest.mark.parametrize(("key", "expected"), [("unkind", True), ("never", False)])
    def test_finds_its_reasons(self, key, expected):
        """By key; none for one that is not on the list."""
        assert expected is (current().reason(key) is not None)


class TestPage:
    def test_shows_its_newest_version(self, make):
        """Saving makes the next version and shows it."""
        make.page(PageSlug.ABOUT, body="First.")
        page = make.page(PageSlug.ABOUT, body="Second.")

        assert (2, "Second.") == (page.revision.version, page.revision.body)

    def test_keeps_older_versions(self, make):
        """What a reader agreed to once can be looked up."""
        make.page(PageSlug.ABOUT, body="First.")
        make.page(PageSlug.ABOUT, body="Second.")

        assert ["First.", "Second."] == [r.body for r in db.session.query(PageRevision).order_by(PageRevision.id)]

    def test_makes_no_version_of_an_unchanged_text(self, make):
        """Pressing save twice is one version."""
        make.page(PageSlug.ABOUT, body="Same.")

        assert 1 == make.page(PageSlug.ABOUT, body="Same.").revision.version

    @pytest.mark.parametrize("change", [{"title": "Other"}, {"short": "Other"}, {"body": "Other."}])
    def test_makes_a_version_of_any_change(self, make, change):
        """Title, short form and text all count."""
        make.page(PageSlug.ABOUT)

        assert 2 == make.page(PageSlug.ABOUT, **change).revision.version

    def test_counts_each_page_for_itself(self, make):
        """The versions of one page say nothing about another."""
        make.page(PageSlug.ABOUT)
        make.page(PageSlug.ABOUT, body="Second.")

        assert 1 == make.page(PageSlug.PRIVACY).revision.version

    @pytest.mark.parametrize("field", ["body", "short", "title", "version", "digest"])
    def test_versions_are_never_rewritten(self, make, field):
        """A version of a disclaimer is evidence."""
        page = make.page(PageSlug.DISCLAIMER)
        begin_write()
        setattr(db.session.get_one(PageRevision, page.public_revision_id), field, 7 if field == "version" else "x")

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    def test_versions_are_never_deleted(self, make):
        """Nor taken away."""
        page = make.page(PageSlug.DISCLAIMER)
        begin_write()
        db.session.delete(db.session.get_one(PageRevision, page.public_revision_id))

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    def test_cannot_show_another_pages_version(self, make):
        """The database itself refuses it."""
        mine, other = make.page(PageSlug.ABOUT), make.page(PageSlug.PRIVACY)
        begin_write()
        db.session.get_one(Page, mine.id).public_revision_id = other.public_revision_id

        with pytest.raises(IntegrityError):
            db.session.flush()

    def test_is_not_shown_before_it_says_something(self):
        """An empty page is none."""
        begin_write()
        db.session.add(Page(slug=PageSlug.ABOUT))
        db.session.commit()

        assert None is db.session.scalar(Page.shown(PageSlug.ABOUT))
