"""One-time links and one's own account."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask

from blog.accounts.models import GUESSES_PER_ACCOUNT, Account, LoginFailure, Purpose, RoleName
from blog.clock import frozen, now
from blog.database import db

from .conftest import PASSWORD, Factory, Visitor

NEW = "quite another password"
FIRST = {"name": "Ada Admin", "email": "ada@example.org", "password": NEW}


class TestSetup:
    def test_shows_the_rules_before(self, acc: Factory, acc_visitor: Visitor):
        """Nobody has to fail to learn them."""
        page = acc_visitor.get(acc.link(Purpose.SETUP))

        assert 200 == page.status_code
        assert "At least 12 characters" in page.text

    def test_makes_an_admin(self, acc: Factory, acc_app: Flask, acc_visitor: Visitor):
        """The first account may do everything."""
        acc_visitor.send(acc.link(Purpose.SETUP), **FIRST)
        with acc_app.app_context():
            assert ["ada@example.org"] == [admin.email for admin in db.session.scalars(Account.admins())]

    def test_signs_in(self, acc: Factory, acc_visitor: Visitor):
        """One form, and the desk is open."""
        answer = acc_visitor.send(acc.link(Purpose.SETUP), **FIRST)

        assert (303, "/desk") == (answer.status_code, answer.location)
        assert acc_visitor.is_signed_in

    def test_works_with_the_new_password_afterwards(self, acc: Factory, acc_visitor: Visitor):
        """What was typed is what was stored."""
        acc_visitor.send(acc.link(Purpose.SETUP), **FIRST)
        other = acc.visitor()
        other.log_in("ada@example.org", NEW)

        assert other.is_signed_in

    def test_is_changed_nothing_by_looking(self, acc: Factory, acc_visitor: Visitor):
        """A mail scanner opens links; they still work."""
        link = acc.link(Purpose.SETUP)
        acc_visitor.get(link)
        acc_visitor.client.head(link)

        assert 200 == acc_visitor.get(link).status_code

    def test_makes_one_admin_of_two_who_race(self, acc: Factory, acc_app: Flask):
        """The second one learns that the link is spent."""
        link = acc.link(Purpose.SETUP)
        barrier = threading.Barrier(2)
        statuses = []

        def race(number: int) -> None:
            visitor = acc.visitor()
            token = visitor.token(link)
            barrier.wait()
            fields = FIRST | {"email": f"ada{number}@example.org", "csrf_token": token}
            statuses.append(visitor.client.post(link, data=fields).status_code)

        racers = [threading.Thread(target=race, args=(number,)) for number in range(2)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()

        assert [303, 410] == sorted(statuses)
        assert 1 == acc.count(Account)

    def test_refuses_an_address_that_has_an_account(self, acc: Factory, acc_visitor: Visitor):
        """The form says so at the field."""
        acc.account("ada@example.org", RoleName.AUTHOR)
        answer = acc_visitor.send(acc.link(Purpose.SETUP), **FIRST)

        assert 422 == answer.status_code
        assert 'id="email-error">There is an account with this address already' in answer.text

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("name", " ", "Enter a name."),
            ("email", "ada", "email-error"),
            ("password", "too short", "The password needs at least 12 characters."),
            ("password", "ADA@example.org", "The password must not be the e-mail address."),
            ("password", "x" * 201, "at most 200"),
        ],
    )
    def test_says_what_is_wrong(self, acc: Factory, acc_visitor: Visitor, field: str, value: str, says: str):
        """At the field and in a summary that links to it; what was typed stays, the password does not."""
        answer = acc_visitor.send(acc.link(Purpose.SETUP), **(FIRST | {field: value}))

        assert 422 == answer.status_code
        assert says in answer.text
        assert f'<a href="#{field}">' in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert FIRST["name"] in answer.text or "name" == field
        assert NEW not in answer.text
        assert 0 == acc.count(Account)


class TestLink:
    @pytest.mark.parametrize("purpose", [Purpose.INVITE, Purpose.RESET])
    def test_sets_the_password_and_signs_in(self, acc: Factory, acc_visitor: Visitor, purpose: Purpose):
        """From the link straight to the desk."""
        link = acc.link(purpose, acc.account(password=None))
        answer = acc_visitor.send(link, password=NEW)

        assert (303, "/desk") == (answer.status_code, answer.location)
        assert acc_visitor.is_signed_in

    def test_ends_sessions_elsewhere(self, acc: Factory, acc_visitor: Visitor):
        """Whoever has stolen a session loses it."""
        email = acc.account()
        thief = acc.visitor()
        thief.log_in(email)
        acc_visitor.send(acc.link(Purpose.RESET, email), password=NEW)

        assert not thief.is_signed_in

    def test_works_once(self, acc: Factory, acc_visitor: Visitor):
        """Afterwards it says how to get another one."""
        link = acc.link(Purpose.RESET, acc.account())
        acc_visitor.send(link, password=NEW)
        answer = acc_visitor.get(link)

        assert 410 == answer.status_code
        assert "flask users reset" in answer.text

    def test_changes_nothing_when_sent_again(self, acc: Factory, acc_visitor: Visitor):
        """The second sender does not get in."""
        link = acc.link(Purpose.RESET, acc.account())
        acc_visitor.send(link, password=NEW)
        second = acc.visitor()

        assert 410 == second.send(link, form_on="/login", password=PASSWORD).status_code
        assert not second.is_signed_in

    def test_ends_after_a_day(self, acc: Factory, acc_visitor: Visitor):
        """An old link is refused like a used one."""
        with frozen(now() - timedelta(hours=25)):
            link = acc.link(Purpose.RESET, acc.account())

        assert 410 == acc_visitor.get(link).status_code

    def test_ends_when_deactivated(self, acc: Factory, acc_visitor: Visitor):
        """Nobody comes back by an old link."""
        link = acc.link(Purpose.RESET, acc.account())
        acc.change("ann@example.org", "deactivate")

        assert 410 == acc_visitor.get(link).status_code

    def test_that_never_was_looks_like_a_spent_one(self, acc_visitor: Visitor):
        """Guessing tells nothing."""
        assert 410 == acc_visitor.get("/account/link/" + "x" * 43).status_code

    def test_keeps_the_password_rules(self, acc: Factory, acc_visitor: Visitor):
        """Also for those who were invited."""
        link = acc.link(Purpose.INVITE, acc.account("ann.other@example.org", password=None))

        assert 422 == acc_visitor.send(link, password="ann.other@example.org").status_code

    def test_needs_the_form_of_this_session(self, acc: Factory, acc_visitor: Visitor):
        """Another site cannot sign a visitor in as somebody else."""
        link = acc.link(Purpose.RESET, acc.account())

        assert 400 == acc_visitor.client.post(link, data={"password": NEW}).status_code

    @pytest.mark.parametrize("state", ["fresh", "spent"])
    def test_is_kept_private(self, acc: Factory, acc_visitor: Visitor, state: str):
        """Its address is a secret: not stored, not indexed, not told to others."""
        link = acc.link(Purpose.RESET, acc.account()) if state == "fresh" else "/account/link/spent"
        headers = acc_visitor.get(link).headers

        assert "no-store" in headers["Cache-Control"]
        assert "noindex, nofollow" == headers["X-Robots-Tag"]
        assert "same-origin" == headers["Referrer-Policy"]


class TestAccountPage:
    def test_is_closed_to_strangers(self, acc_visitor: Visitor):
        """They are asked to sign in."""
        assert "/login?next=/account" == acc_visitor.get("/account").location

    def test_changes_the_name(self, acc: Factory, acc_visitor: Visitor):
        """Colleagues see the new one."""
        acc_visitor.log_in(acc.account())
        acc_visitor.send("/account/name", form_on="/account", name="Ann Another")

        assert 'value="Ann Another"' in acc_visitor.get("/account").text

    def test_refuses_an_empty_name(self, acc: Factory, acc_visitor: Visitor):
        """The log must be able to name people."""
        acc_visitor.log_in(acc.account())
        answer = acc_visitor.send("/account/name", form_on="/account", name=" ")

        assert 422 == answer.status_code
        assert "Enter a name." in answer.text

    def test_changes_the_password(self, acc: Factory, acc_visitor: Visitor):
        """The new one works, and this browser stays signed in."""
        email = acc.account()
        acc_visitor.log_in(email)
        answer = acc_visitor.send("/account/password", form_on="/account", current=PASSWORD, password=NEW)

        assert 303 == answer.status_code
        assert acc_visitor.is_signed_in
        assert 302 == acc.visitor().log_in(email, NEW).status_code

    def test_ends_sessions_elsewhere_with_the_password(self, acc: Factory, acc_visitor: Visitor):
        """That is what a changed password is for."""
        email = acc.account()
        elsewhere = acc.visitor()
        elsewhere.log_in(email)
        acc_visitor.log_in(email)
        acc_visitor.send("/account/password", form_on="/account", current=PASSWORD, password=NEW)

        assert not elsewhere.is_signed_in

    def test_asks_for_the_current_password(self, acc: Factory, acc_visitor: Visitor):
        """An unattended computer does not give the account away."""
        email = acc.account()
        acc_visitor.log_in(email)
        answer = acc_visitor.send("/account/password", form_on="/account", current="wrong guess", password=NEW)

        assert 422 == answer.status_code
        assert 'id="current-error">This is not your current password.' in answer.text
        assert 302 == acc.visitor().log_in(email).status_code

    def test_counts_wrong_guesses_as_at_the_log_in(self, acc: Factory, acc_visitor: Visitor):
        """It is no second place for guessing."""
        acc_visitor.log_in(acc.account())
        for _ in range(GUESSES_PER_ACCOUNT):
            acc_visitor.send("/account/password", form_on="/account", current="wrong guess", password=NEW)
        answer = acc_visitor.send("/account/password", form_on="/account", current=PASSWORD, password=NEW)

        assert 429 == answer.status_code
        assert GUESSES_PER_ACCOUNT == acc.count(LoginFailure)

    @pytest.mark.parametrize("path", ["/account/name", "/account/password"])
    def test_needs_its_own_forms(self, acc: Factory, acc_visitor: Visitor, path: str):
        """Another site cannot change an account."""
        acc_visitor.log_in(acc.account())
        fields = {"name": "Eve", "current": PASSWORD, "password": NEW}

        assert 400 == acc_visitor.client.post(path, data=fields).status_code

    def test_is_not_shown_when_the_database_is_gone(self, acc: Factory, acc_app: Flask, acc_visitor: Visitor):
        """The error page asks nothing of what is broken."""
        acc_visitor.log_in(acc.account())
        with acc_app.app_context():
            db.session.connection().exec_driver_sql("DROP TABLE account_roles")
            db.session.connection().exec_driver_sql("ALTER TABLE accounts RENAME TO gone")
            db.session.commit()
        answer = acc_visitor.get("/account")

        assert 503 == answer.status_code
        assert "We are very busy right now" in answer.text
