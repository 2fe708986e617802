"""At the desk: the editorial settings."""

from __future__ import annotations

import pytest

from blog.accounts.models import RoleName
from blog.pages.models import Site
from tests.desk.forms import fields

PAGE = {"title": "About us", "short": "", "body": "## Who we are\n\nTwo *therapists*."}


@pytest.fixture
def editor(staff):
    return staff(RoleName.EDITOR)


@pytest.fixture
def admin(staff):
    return staff(RoleName.ADMIN)


def site(app):
    with app.app_context():
        return Site.current()


class TestSettings:
    def test_are_shown_as_they_are(self, app, admin):
        """Saving the form as it stands changes nothing."""
        before = site(app)
        answer = admin.post("/desk/settings", data=fields(admin.get("/desk/settings").text))

        assert (303, before) == (answer.status_code, site(app))

    def test_are_changed(self, app, admin, client):
        """And hold at once."""
        values = fields(admin.get("/desk/settings").text)
        admin.post("/desk/settings", data={**values, "name": "Our clinic", "comment_limit": "3"})

        assert ("Our clinic", 3) == (site(app).name, site(app).comment_limit)
        assert "<title>Our clinic</title>" in client.get("/").text

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"comment_limit": "0"},
            {"comment_limit": "many"},
            {"comment_email": "sometimes"},
            {"comments_close_days": "-1"},
            {"keep_sender_days": "366"},
            {"shop_url": "javascript:alert(1)"},
            {"shop_url": "http://["},
            {"reasons-0-key": "Not A Slug"},
            {"reasons-0-key": "x" * 41},
            {"reasons-0-key": ""},
            {"reasons-0-key": "unsafe"},
            {"courses-0-title": "Hips", "courses-0-url": ""},
            {"courses-0-title": "Hips", "courses-0-url": "data:text/html,x"},
            {"testimonials-0-words": "Good.", "testimonials-0-consent_date": "last year"},
            {"testimonials-0-words": "Good.", "testimonials-0-consent_date": ""},
        ],
    )
    def test_come_back_when_something_is_wrong(self, app, admin, wrong):
        """422, what was typed is there, and nothing changed."""
        before = site(app)
        values = {**fields(admin.get("/desk/settings").text), "tagline": "Typed just now", **wrong}
        answer = admin.post("/desk/settings", data=values)
        kept = fields(answer.text)

        assert (422, before, "Typed just now") == (answer.status_code, site(app), kept["tagline"])
        assert {} == {
            name: kept.get(name) for name in wrong if kept.get(name) != wrong[name] and name != "comment_email"
        }

    def test_refuse_two_reasons_of_one_name(self, admin):
        """A decision names its reason by its short name."""
        values = fields(admin.get("/desk/settings").text)
        answer = admin.post("/desk/settings", data={**values, "reasons-1-key": values["reasons-0-key"]})

        assert (422, True) == (answer.status_code, "Two reasons have the same short name." in answer.text)

    def test_put_testimonials_and_courses_into_the_footer(self, admin, client):
        """Words from students and promoted courses, marked as promotion; emptied, nothing is left of them."""
        empty = fields(admin.get("/desk/settings").text)
        filled = {
            **empty,
            "testimonials-0-words": "I learned a lot.",
            "testimonials-0-name": "Ada",
            "testimonials-0-consent_date": "2026-05-04",
            "courses-0-title": "Hips in June",
            "courses-0-url": "https://example.org/hips",
            "courses-0-price": "90 €",
            "courses-0-sold_out": "y",
        }
        parts = (
            "Words from our students",
            "I learned a lot.",
            "Our courses",
            "Promotion",
            "Hips in June",
            "90 €",
            "Sold out",
        )
        shown = []
        for values in (empty, filled, empty):
            admin.post("/desk/settings", data=values)
            page = client.get("/").text
            shown.append([part for part in parts if part in page])

        assert [[], list(parts), []] == shown

    def test_lose_a_row_that_was_emptied(self, app, admin):
        """A reason without a label is taken off the list."""
        values = fields(admin.get("/desk/settings").text)
        admin.post("/desk/settings", data={**values, "reasons-0-label": ""})

        assert 5 == len(site(app).reasons)

    def test_show_what_people_wrote_as_text(self, admin, client):
        """Markup in a testimonial is text."""
        values = fields(admin.get("/desk/settings").text)
        admin.post(
            "/desk/settings",
            data={**values, "testimonials-0-words": "<b>x</b>", "testimonials-0-consent_date": "2026-05-04"},
        )

        assert "<p>&lt;b&gt;x&lt;/b&gt;</p>" in client.get("/").text
