"""Colleagues: invited, given roles, deactivated; and the people of bylines."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from blog.accounts.factors import RecoveryCode, has_factor
from blog.accounts.models import Account, Person, RoleName
from blog.database import begin_write, db
from blog.mail import overview
from blog.media.models import MediaFile
from tests.visitors import StaffClient


@pytest.fixture
def admin(staff) -> StaffClient:
    return staff(RoleName.ADMIN)


@pytest.fixture
def ann(staff) -> StaffClient:
    """A colleague who writes, signed in."""
    return staff(RoleName.AUTHOR, email="ann@example.org", name="Ann Other")


def mails(app: Flask) -> str:
    with app.app_context():
        return " ".join(" ".join(notice.text.split()) for notice in db.session.scalars(overview.owed()))


def account(app: Flask, email: str) -> tuple[list[str], bool]:
    with app.app_context():
        found = db.session.scalars(Account.with_email(email)).one()
        return [str(name) for name in found.role_names], found.active


INVITED = {"name": "Ben New", "email": "Ben@example.org", "roles": ["author", "moderator"]}


class TestInvite:
    def test_by_mail_brings_a_link_that_works(self, app: Flask, client, admin: StaffClient):
        """The new colleague chooses the password; nobody else knows it."""
        answer = admin.post("/desk/people", data={**INVITED, "way": "mail"})
        link = re.search(r"/account/link/\S+", mails(app))

        assert (303, (["author", "moderator"], True)) == (answer.status_code, account(app, "ben@example.org"))
        assert link and "For the account of Ben New" in client.get(link[0]).text

    def test_by_a_link_shows_it_once(self, app: Flask, client, admin: StaffClient):
        """On the answer alone; no mail is sent, and no page shows it again."""
        page = admin.post("/desk/people", data={**INVITED, "way": "link"}).text
        link = re.search(r"/account/link/[\w-]+", page)

        assert link and 200 == client.get(link[0]).status_code
        assert "" == mails(app)
        assert link[0] not in admin.get("/desk/people").text + admin.get("/desk/people/2").text

    @pytest.mark.parametrize(
        "slip",
        [
            {"name": ""},
            {"email": "ben"},
            {"email": "admin@example.org"},
            {"roles": []},
            {"roles": ["king"]},
            {"way": "x"},
        ],
    )
    def test_tells_a_slip_and_keeps_what_was_typed(self, app: Flask, admin: StaffClient, slip):
        """Beside its field; nobody is added."""
        answer = admin.post("/desk/people", data={**INVITED, "way": "mail", **slip})

        assert 422 == answer.status_code
        assert "field__error" in answer.text
        with app.app_context():
            assert 1 == db.session.query(Account).count()


@pytest.mark.both_databases
class TestRoles:
    def test_are_changed_and_told(self, app: Flask, admin: StaffClient, ann: StaffClient):
        """New rights begin with a new log-in, and the colleague hears of it."""
        admin.post(f"/desk/people/{ann.account_id}", data={"roles": ["editor"]})

        assert ["editor"] == account(app, "ann@example.org")[0]
        assert 302 == ann.get("/account").status_code
        assert "They are now: editor." in mails(app)

    def test_left_as_they_are_end_nothing(self, app: Flask, admin: StaffClient, ann: StaffClient):
        """Saving without a change signs nobody out."""
        admin.post(f"/desk/people/{ann.account_id}", data={"roles": ["author"]})

        assert 200 == ann.get("/account").status_code
        assert "" == mails(app)

    def test_of_administrators_are_not_given_away_by_themselves(self, app: Flask, admin: StaffClient):
        """Somebody must be left to run the site."""
        answer = admin.post(f"/desk/people/{admin.account_id}", data={"roles": ["author"]})

        assert 409 == answer.status_code
        assert ["admin"] == account(app, "admin@example.org")[0]


class TestDeactivate:
    def test_signs_out_at_once(self, app: Flask, admin: StaffClient, ann: StaffClient):
        """With the next click, whatever is open."""
        assert 200 == ann.get("/desk").status_code
        admin.post(f"/desk/people/{ann.account_id}/deactivate")

        assert 302 == ann.get("/desk").status_code
        assert not account(app, "ann@example.org")[1]

    def test_is_more_than_signing_out(self, app: Flask, admin: StaffClient, ann: StaffClient):
        """Whoever is only signed out everywhere may come back."""
        admin.post(f"/desk/people/{ann.account_id}/sign-out")

        assert 302 == ann.get("/desk").status_code
        assert account(app, "ann@example.org")[1]

    def test_is_undone(self, app: Flask, admin: StaffClient, ann: StaffClient):
        """The old session stays dead."""
        for verb in ("deactivate", "activate"):
            admin.post(f"/desk/people/{ann.account_id}/{verb}")

        assert account(app, "ann@example.org")[1]
        assert 302 == ann.get("/desk").status_code

    def test_is_refused_for_oneself(self, app: Flask, admin: StaffClient):
        """Nobody locks themselves out."""
        assert 409 == admin.post(f"/desk/people/{admin.account_id}/deactivate").status_code
        assert 200 == admin.get("/desk").status_code


class TestFactor:
    def test_is_reset_logged_and_told(self, app: Flask, admin: StaffClient, ann: StaffClient):
        """For somebody who has lost everything: they are out, and they hear of it."""
        with app.app_context():
            begin_write()
            RecoveryCode.make(db.session.get_one(Account, ann.account_id))
            db.session.commit()
        admin.post(f"/desk/people/{ann.account_id}/reset-factor")

        assert "were reset by an administrator" in mails(app)
        assert "second factor reset" in admin.get("/desk/security").text
        assert 302 == ann.get("/account").status_code
        with app.app_context():
            assert 0 == db.session.query(RecoveryCode).count()
            assert not has_factor(db.session.get_one(Account, ann.account_id))

    def test_of_oneself_is_not_reset_here(self, admin: StaffClient):
        """One's own are removed in the account, with the password."""
        assert 409 == admin.post(f"/desk/people/{admin.account_id}/reset-factor").status_code


class TestFresh:
    def test_every_change_needs_the_password_within_the_hour(self, admin: StaffClient, ann: StaffClient, clock):
        """A desk that was left alone adds no administrator."""
        clock.advance(minutes=61)
        answers = [admin.post("/desk/people", data=INVITED), admin.post(f"/desk/people/{ann.account_id}/deactivate")]

        assert [403, 403] == [answer.status_code for answer in answers]
        assert 'name="roles" value="moderator"' in answers[0].text


class TestBylines:
    FIELDS = {"name": "Dr Ünal Größe", "credentials": "MSc", "bio": "Treats backs.", "interests": "Sells courses."}

    def test_are_added_with_a_page_of_their_own(self, client, admin: StaffClient):
        """The address is made of the name; readers see credentials and interests."""
        admin.post("/desk/people/bylines/new", data=self.FIELDS)
        page = client.get("/authors/dr-unal-grosse").text

        assert ["MSc", "Treats backs.", "Sells courses."] == [
            words for words in ("MSc", "Treats backs.", "Sells courses.") if words in page
        ]

    def test_of_the_same_name_have_pages_of_their_own(self, app: Flask, admin: StaffClient):
        """A number tells them apart."""
        for _ in range(2):
            admin.post("/desk/people/bylines/new", data=self.FIELDS)
        with app.app_context():
            slugs = {person.slug for person in db.session.query(Person)}

        assert {"dr-unal-grosse", "dr-unal-grosse-2"} <= slugs

    def test_are_changed_and_their_page_with_them(self, client, admin: StaffClient, ann: StaffClient):
        """At once, also where the page was kept in memory; the address stays."""
        admin.post("/desk/people/bylines/new", data=self.FIELDS)
        path = re.findall(r"/desk/people/bylines/\d+", admin.get("/desk/people").text)[0]
        client.get("/authors/dr-unal-grosse")
        changed = {**self.FIELDS, "name": "Dr Ünal", "interests": "None.", "account_id": str(ann.account_id)}
        admin.post(path, data=changed)
        page = client.get("/authors/dr-unal-grosse").text

        assert "Dr Ünal" in page and "None." in page and "Sells courses." not in page
        assert "selected" in admin.get(path).text

    @pytest.mark.both_databases
    @pytest.mark.parametrize(
        ("before", "after", "stays"),
        [("ann", "ann", True), ("", "ann", True), ("", "", True), ("ann", "admin", False), ("ann", "", False)],
    )
    def test_keep_their_portrait_while_they_are_the_same_account_s(
        self, app: Flask, admin: StaffClient, ann: StaffClient, before, after, stays
    ):
        """Otherwise it would show somebody under the name of another. Its files go, and the page says so."""
        ids = {"ann": ann.account_id, "admin": admin.account_id, "": None}
        digest = "a" * 32
        with app.app_context():
            begin_write()
            MediaFile.announce([f"{digest}/portrait-96.jpg"])
            MediaFile.keep(f"{digest}/portrait-96.jpg")
            person = Person(slug="x", name="X", account_id=ids[before], portrait=digest, portrait_alt="A face")
            db.session.add(person)
            db.session.commit()
            path = f"/desk/people/bylines/{person.id}"
        admin.post(path, data={"name": "X", "account_id": str(ids[after] or 0)})
        said = "The portrait is taken away" in admin.get("/desk/people").text
        with app.app_context():
            person = db.session.scalars(Person.with_slugs(["x"])).one()
            gone = len(db.session.scalars(MediaFile.gone()).all())

            assert ids[after] == person.account_id
            assert (digest if stays else None, "A face" if stays else "") == (person.portrait, person.portrait_alt)
            assert (not stays, not stays) == (said, bool(gone))


def test_nobody_else_opens_the_page(ann: StaffClient, client):
    """Colleagues' addresses are for administrators."""
    assert 403 == ann.get("/desk/people").status_code
    assert 302 == client.get("/desk/people").status_code
