"""Strangers who guess cannot lock somebody out: known browsers and links by mail still work."""

from __future__ import annotations

import pytest
from flask import Flask

from blog.accounts.models import GUESSES_PER_ACCOUNT, GUESSES_PER_ADDRESS, LINKS_PER_ADDRESS, Purpose

from .conftest import PASSWORD, Factory, Visitor, make_app

ANN = "ann@example.org"


@pytest.fixture
def known(acc: Factory) -> Visitor:
    """A browser in which Ann has signed in and out before."""
    visitor = acc.visitor("203.0.113.9")
    visitor.log_in(acc.account(ANN))
    visitor.send("/logout", form_on="/account")
    return visitor


@pytest.fixture
def attacked(acc: Factory, known: Visitor) -> Factory:
    """Ann's account, after strangers have guessed as often as they may."""
    for _ in range(GUESSES_PER_ACCOUNT):
        acc.visitor("198.51.100.66").log_in(ANN, "wrong guess")
    return acc


class TestAttacked:
    def test_a_known_browser_signs_in(self, attacked: Factory, known: Visitor):
        """Its guesses are counted by themselves."""
        assert 302 == known.log_in(ANN).status_code

    def test_an_unknown_one_waits(self, attacked: Factory):
        """Also with the right password: otherwise guessing would go on."""
        assert 429 == attacked.visitor().log_in(ANN).status_code

    def test_a_mailed_link_signs_in(self, attacked: Factory):
        """From any browser."""
        visitor = attacked.visitor()

        assert 303 == visitor.send(attacked.link(Purpose.RESET, ANN), password="another long password").status_code
        assert visitor.is_signed_in


class TestKnown:
    def test_cannot_guess_without_end(self, acc: Factory, known: Visitor):
        """A stolen cookie brings as many guesses as there are anywhere."""
        statuses = [known.log_in(ANN, "wrong guess").status_code for _ in range(GUESSES_PER_ACCOUNT + 1)]

        assert [422] * GUESSES_PER_ACCOUNT + [429] == statuses

    def test_is_known_for_one_account(self, acc: Factory, attacked: Factory, known: Visitor):
        """Somebody else's browser helps nobody, and a made-up cookie neither."""
        mine = known.client.get_cookie("known", path="/login", domain="clinic.example.org")
        assert mine is not None
        for value in (mine.value[:-2] + "xx", "x.y", mine.value.replace(".", "")):
            visitor = attacked.visitor()
            visitor.client.set_cookie("known", value, path="/login", domain="clinic.example.org")
            assert 429 == visitor.log_in(ANN).status_code

    def test_cannot_be_read_by_scripts(self, known: Visitor):
        """And without HTTPS it is sent to the log-in alone."""
        cookie = known.client.get_cookie("known", path="/login", domain="clinic.example.org")

        assert cookie is not None and cookie.http_only and "/login" == cookie.path

    def test_is_secure_where_it_can_be(self, tmp_path, acc: Factory, acc_app: Flask):
        """Behind HTTPS its name binds it to this host, too."""
        app = make_app(tmp_path / "instance", BLOG_SITE_URL="https://clinic.example.org")
        visitor = Factory(app).visitor()
        acc.account(ANN)
        visitor.client.environ_base["HTTP_REFERER"] = "https://clinic.example.org/login"
        visitor.log_in(ANN)

        cookie = visitor.client.get_cookie("__Host-known", path="/", domain="clinic.example.org")
        assert cookie is not None and cookie.secure


class TestSignedIn:
    def test_is_not_locked_out_of_changing_the_password(self, acc: Factory, known: Visitor):
        """Who is attacked wants a new password now."""
        known.log_in(ANN)
        for _ in range(GUESSES_PER_ACCOUNT):
            acc.visitor("198.51.100.66").log_in(ANN, "wrong guess")
        answer = known.send("/account/password", form_on="/account", current=PASSWORD, password="another long password")

        assert 303 == answer.status_code
        assert "It is very strong." in known.get("/account").text


class TestForgotten:
    def test_is_limited_for_each_address(self, app: Flask):
        """Nobody fills mailboxes, and nobody tries out who has an account; others may still ask."""
        site = Factory(app)
        visitor = site.visitor("198.51.100.66")
        answers = [visitor.send("/account/link", email=f"a{n}@example.org") for n in range(LINKS_PER_ADDRESS + 1)]

        assert [200] * LINKS_PER_ADDRESS + [429] == [answer.status_code for answer in answers]
        assert "too many requests" in answers[-1].text
        assert 200 == site.visitor("203.0.113.1").send("/account/link", email=ANN).status_code
        assert GUESSES_PER_ADDRESS > LINKS_PER_ADDRESS

    def test_has_a_limit_of_its_own(self, app: Flask):
        """Asking for links leaves the guesses alone."""
        site = Factory(app)
        visitor = site.visitor()
        for number in range(LINKS_PER_ADDRESS):
            visitor.send("/account/link", email=f"a{number}@example.org")

        assert 302 == visitor.log_in(site.account(ANN)).status_code
