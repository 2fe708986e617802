"""What readers and the owner are told about what is kept is what the settings say."""

from __future__ import annotations

from blog.accounts.models import RoleName
from blog.pages.models import EmailField, PageSlug, Site
from blog.privacy.processing import activities
from blog.privacy.retention import RETENTION


def told(site, config):
    return [kept.how_long for activity in activities(site, config) for kept in activity.kept]


def test_every_period_of_retention_is_told(app):
    site = Site(keep_sender_days=31, keep_declined_days=32, keep_withdrawn_days=33, keep_original_days=34)
    with app.app_context():
        periods = {rule.days(site) for rule in RETENTION} - {0}
        said = told(site, app.config)

        assert set() == {days for days in periods if not {f"{days} days", f"{days} day"} & set(said)}


def test_privacy_page_follows_the_settings(make, client):
    """Also when it was in memory already."""
    make.page(PageSlug.PRIVACY)
    before = client.get("/privacy").text
    make.settings(keep_declined_days=77)

    assert "<td>90 days</td>" in before
    assert "<td>77 days</td>" in client.get("/privacy").text


def test_privacy_page_names_who_is_responsible(make, client):
    make.page(PageSlug.PRIVACY)
    make.settings(controller="Example Clinic, 1 High Street", privacy_contact="privacy@clinic.example")
    page = client.get("/privacy").text

    assert "Example Clinic, 1 High Street" in page
    assert 'href="mailto:privacy@clinic.example"' in page


def test_mails_are_told_where_addresses_are_asked_for(make, client):
    make.page(PageSlug.PRIVACY)
    asked = client.get("/privacy").text
    make.settings(comment_email=EmailField.HIDDEN)
    hidden = client.get("/privacy").text

    assert (True, False) == tuple("Emails to those who commented" in page for page in (asked, hidden))
    assert "Nobody is asked for an email address" in hidden


def test_readers_are_not_told_about_the_team(make, client):
    make.page(PageSlug.PRIVACY)

    assert "Accounts of the team" not in client.get("/privacy").text


def test_other_pages_hold_nothing_of_it(make, client):
    make.page(PageSlug.ABOUT)

    assert "What this site keeps" not in client.get("/about").text


def test_record_for_the_owner_names_every_activity_and_what_is_missing(app, staff, make):
    admin = staff(RoleName.ADMIN)
    first = admin.get("/desk/privacy/record").text
    make.settings(controller="Example Clinic", privacy_contact="https://clinic.example/privacy")
    second = admin.get("/desk/privacy/record").text
    with app.app_context():
        names = [activity.name for activity in activities(Site.current(), app.config)]

    assert [] == [name for name in names if name not in first]
    assert (2, 0) == (first.count("Not filled in yet"), second.count("Not filled in yet"))


def test_owner_says_who_is_responsible_where_days_are_changed(staff):
    admin = staff(RoleName.ADMIN)
    days = {"keep_sender_days": 20, "keep_declined_days": 20, "keep_withdrawn_days": 20, "keep_original_days": 20}
    good = admin.post("/desk/privacy/days", data={**days, "controller": "Clinic", "privacy_contact": "a@b.example"})
    bad = admin.post("/desk/privacy/days", data={**days, "controller": "Clinic", "privacy_contact": "call me"})

    assert (303, 422) == (good.status_code, bad.status_code)
    assert 'value="call me"' in bad.text
    assert "<dd>Clinic</dd>" in admin.get("/desk/privacy/record").text
