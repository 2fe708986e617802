"""At the desk: the editorial settings."""

from __future__ import annotations

import pytest

from blog.accounts.models import RoleName
from blog.desk.settings_form import SECTIONS, SiteForm
from blog.desk.site_lists_form import KINDS
from blog.pages import lists
from blog.pages.models import NavLink, Site
from tests.desk.forms import fields


@pytest.fixture
def admin(staff):
    return staff(RoleName.ADMIN)


def site(app):
    with app.app_context():
        return Site.current()


MENUS = ("comment_email", "reply_depth")  # which can show nothing that they do not offer


def address(section):
    return "/desk/settings" if section == "site" else f"/desk/settings/{section}"


class TestSections:
    def test_hold_each_setting_once(self, app):
        """None is forgotten, and none stands in two."""
        names = [name for section in SECTIONS.values() for name in section.names]
        with app.test_request_context():
            assert sorted(names) == sorted(field.name for field in SiteForm() if field.name != "csrf_token")

    @pytest.mark.parametrize("section", SECTIONS)
    def test_are_shown_as_they_are(self, app, admin, section):
        """Saving a section as it stands changes nothing."""
        before = site(app)
        typed = fields(admin.get(address(section)).text)
        answer = admin.post(address(section), data=typed)

        assert (303, before, set(SECTIONS[section].names)) == (answer.status_code, site(app), set(typed))

    def test_are_changed(self, app, admin, client):
        """And hold at once; another section stays as it is."""
        admin.post("/desk/settings", data={**fields(admin.get("/desk/settings").text), "name": "Our clinic"})
        comments = fields(admin.get("/desk/settings/comments").text)
        admin.post("/desk/settings/comments", data={**comments, "comment_limit": "3"})

        assert ("Our clinic", 3) == (site(app).name, site(app).comment_limit)
        assert "<title>Our clinic</title>" in client.get("/").text

    def test_take_what_was_sent_to_their_beginning(self, app, admin):
        """Where the settings begin, any of them can be sent, by a script, say; the others stay."""
        answer = admin.post("/desk/settings", data={"reply_depth": "2", "unknown": "x", "courses": "x"})

        assert (303, 2, "Trigger Point Notes") == (answer.status_code, site(app).reply_depth, site(app).name)

    @pytest.mark.parametrize(
        ("section", "wrong"),
        [
            ("site", {"name": ""}),
            ("site", {"shop_url": "javascript:alert(1)"}),
            ("site", {"shop_url": "http://["}),
            ("comments", {"comment_limit": "0"}),
            ("comments", {"comment_limit": "many"}),
            ("comments", {"comment_email": "sometimes"}),
            ("comments", {"comments_close_days": "-1"}),
            ("comments", {"reply_depth": "5"}),
            ("comments", {"edit_minutes": "-1"}),
            ("emergencies", {"emergency_advice": ""}),
            ("keeping", {"keep_sender_days": "366"}),
        ],
    )
    def test_come_back_when_something_is_wrong(self, app, admin, section, wrong):
        """422, what was typed is there, and nothing changed."""
        before = site(app)
        answer = admin.post(address(section), data={**fields(admin.get(address(section)).text), **wrong})
        kept = fields(answer.text)

        assert (422, before) == (answer.status_code, site(app))
        assert {} == {name: kept[name] for name in wrong if kept[name] != wrong[name] and name not in MENUS}


GOOD = {
    "navigation": {"label": "Hips", "url": "/tags/hips"},
    "testimonials": {"words": "I learned a lot.", "name": "Ada", "consent_date": "2026-05-04"},
    "courses": {"title": "Hips in June", "url": "https://example.org/hips", "price": "90 €", "sold_out": "y"},
    "reasons": {"label": "Too long", "text": "Please be brief.", "key": "too-long"},
    "emergency_numbers": {"label": "Austria", "number": "144"},
    "crisis_numbers": {"label": "Austria", "number": "142"},
}


def marks(app, name):
    with app.app_context():
        return [entry.mark for entry in lists.entries(name)]


class TestLists:
    @pytest.mark.parametrize("name", KINDS)
    def test_take_and_show_a_new_entry(self, app, admin, name):
        """At the end, with a form of its own that shows it as it is."""
        before = len(marks(app, name))
        answer = admin.post(f"/desk/settings/{name}", data=GOOD[name])
        mark = marks(app, name)[-1]

        assert (303, before + 1) == (answer.status_code, len(marks(app, name)))
        assert f'id="entry-{mark}"' in admin.get(answer.location).text
        assert GOOD[name] == fields(admin.get(f"/desk/settings/{name}/{mark}").text)

    @pytest.mark.parametrize(
        ("name", "wrong"),
        [
            ("navigation", {"url": "//evil.example"}),
            ("navigation", {"url": "/\\evil.example"}),
            ("navigation", {"url": "javascript:alert(1)"}),
            ("navigation", {"label": ""}),
            ("testimonials", {"consent_date": ""}),
            ("testimonials", {"consent_date": "last year"}),
            ("testimonials", {"consent_date": "2999-01-01"}),
            ("courses", {"url": ""}),
            ("courses", {"url": "data:text/html,x"}),
            ("reasons", {"key": "Not A Slug"}),
            ("reasons", {"key": "x" * 41}),
            ("reasons", {"key": "unsafe"}),
            ("emergency_numbers", {"number": "call me"}),
            ("crisis_numbers", {"label": ""}),
        ],
    )
    def test_refuse_what_makes_no_sense(self, app, admin, name, wrong):
        """422 with what was typed, and nothing changed."""
        before = site(app)
        answer = admin.post(f"/desk/settings/{name}", data={**GOOD[name], **wrong})

        assert (422, before) == (answer.status_code, site(app))
        assert {**GOOD[name], **wrong} == fields(answer.text)

    def test_change_an_entry_in_its_place(self, app, admin):
        first = fields(admin.get(f"/desk/settings/reasons/{marks(app, 'reasons')[0]}").text)
        admin.post(f"/desk/settings/reasons/{marks(app, 'reasons')[0]}", data={**first, "label": "Advice"})

        assert ("Advice", 6) == (site(app).reasons[0].label, len(site(app).reasons))

    def test_put_in_order_and_remove(self, app, admin):
        """By the mark of the entry; the first goes no further up."""
        pain = marks(app, "navigation")[1]
        for direction in ("up", "up", "down", "down"):
            admin.post(f"/desk/settings/navigation/{pain}/move", data={"direction": direction})
        moved = [link.label for link in site(app).navigation]
        admin.post(f"/desk/settings/navigation/{pain}/remove")

        assert ["Articles", "Muscles", "Where does it hurt?", "About"] == moved
        assert ["Articles", "Muscles", "About"] == [link.label for link in site(app).navigation]

    @pytest.mark.parametrize("what", ["", "/remove", "/move"])
    def test_an_old_page_changes_no_other_entry(self, app, admin, what):
        """The entry that was meant is gone: told so, and the list stays."""
        mark, before = marks(app, "navigation")[0], marks(app, "navigation")[1:]
        admin.post(f"/desk/settings/navigation/{mark}/remove")
        answer = admin.post(f"/desk/settings/navigation/{mark}{what}", data={**GOOD["navigation"], "direction": "down"})

        assert (409, before) == (answer.status_code, marks(app, "navigation"))

    def test_hold_no_more_than_fits(self, app, admin):
        for number in range(8):
            answer = admin.post("/desk/settings/navigation", data={"label": f"Page {number}", "url": "/about"})

        assert (409, 7) == (answer.status_code, len(site(app).navigation))
        assert "This list is full." in admin.get("/desk/settings/navigation").text

    def test_stand_on_every_page_as_text(self, app, admin, client):
        """Menu, words from students and courses, marked as promotion; removed, nothing is left of them."""
        parts = (
            "Hips</a>",
            "&lt;b&gt;learned&lt;/b&gt;",
            "Our courses",
            "Promotion",
            "Hips in June",
            "90 €",
            "Sold out",
        )
        words = {"testimonials": {**GOOD["testimonials"], "words": "<b>learned</b>"}}
        for name in ("navigation", "testimonials", "courses"):
            admin.post(f"/desk/settings/{name}", data={**GOOD, **words}[name])
        shown = client.get("/").text
        for name in ("navigation", "testimonials", "courses"):
            admin.post(f"/desk/settings/{name}/{marks(app, name)[-1]}/remove")

        assert [] == [part for part in parts if part not in shown]
        assert [] == [part for part in parts if part in client.get("/").text]


@pytest.mark.parametrize(
    ("url", "path", "is_there"),
    [
        ("/", "/", True),
        ("/", "/about", False),
        ("/pain", "/pain/hip", True),
        ("/pain", "/painters", False),
        ("https://example.org", "/", False),
    ],
)
def test_the_menu_marks_where_one_is(url, path, is_there):
    assert is_there is NavLink("Name", url).leads_to(path)
