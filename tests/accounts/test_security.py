"""Signing in and out, the guard of the desk, counted guesses, and what public pages do not do."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import flask_security
import pytest
import structlog
from flask import Flask
from sqlalchemy import event

from blog.accounts import events, factors, models, passwords, sessions
from blog.accounts.models import GUESSES_PER_ACCOUNT, Account, LoginFailure, RoleName
from blog.accounts.security import SETTINGS
from blog.clock import frozen, now
from blog.database import db

from .conftest import PASSWORD, TABLES, Factory, Visitor, make_app

ROOT = Path(__file__).resolve().parents[2]


def guard(role: RoleName) -> str:
    return f"/desk/accounts-test/{role}"


def make_refused(acc: Factory, case: str) -> None:
    """Ann, in a state in which she cannot sign in."""
    if case != "no such account":
        acc.account(password=None if case == "no password yet" else PASSWORD, active=case != "deactivated")


class TestLogIn:
    def test_leads_to_the_desk(self, acc: Factory, acc_visitor: Visitor):
        """The desk says what needs me now."""
        answer = acc_visitor.log_in(acc.account())

        assert (302, "/desk") == (answer.status_code, answer.location)

    def test_takes_any_spelling_of_the_address(self, acc: Factory, acc_visitor: Visitor):
        """A telephone writes the first letter large."""
        acc.account("ann@example.org")
        acc_visitor.log_in(" Ann@example.org")

        assert acc_visitor.is_signed_in

    def test_leads_back_to_where_one_came_from(self, acc: Factory, acc_visitor: Visitor):
        """A link in a mail opens after signing in."""
        answer = acc_visitor.log_in(acc.account(), next="/desk/comments?state=held")

        assert "/desk/comments?state=held" == answer.location

    @pytest.mark.parametrize(
        "next",
        [
            "https://evil.example/",
            "//evil.example/",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            " //evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "http://localhost@evil.example/",
            "http://evil.example\\@localhost/",
            "/%0d%0aSet-Cookie:x=1",
        ],
    )
    @pytest.mark.parametrize("place", ["form", "address"])
    def test_never_leads_to_another_site(self, acc: Factory, acc_visitor: Visitor, next: str, place: str):
        """Nobody can send our staff elsewhere with a link to our log-in."""
        email = acc.account()
        if place == "form":
            answer = acc_visitor.log_in(email, next=next)
        else:
            fields = {"email": email, "password": PASSWORD, "csrf_token": acc_visitor.token("/login")}
            answer = acc_visitor.client.post("/login", query_string={"next": next}, data=fields)

        assert 302 == answer.status_code
        assert not set(answer.location) & set("\\\t\r\n ")  # what browsers read in ways of their own
        assert "http://clinic.example.org/" == urljoin(urljoin("http://clinic.example.org/login", answer.location), "/")

    @pytest.mark.parametrize("case", ["wrong password", "no such account", "no password yet", "deactivated"])
    def test_refuses_with_one_and_the_same_answer(self, acc: Factory, acc_visitor: Visitor, case: str):
        """Nobody learns which addresses have accounts."""
        make_refused(acc, case)
        guess = "wrong guess" if case == "wrong password" else PASSWORD
        answer = acc_visitor.log_in("ann@example.org", guess)

        assert 422 == answer.status_code
        assert "We could not sign you in." in answer.text
        assert not acc_visitor.is_signed_in

    @pytest.mark.parametrize("case", ["wrong password", "no such account", "no password yet", "deactivated"])
    def test_refuses_with_the_same_work(
        self, acc: Factory, acc_visitor: Visitor, case: str, monkeypatch: pytest.MonkeyPatch
    ):
        """The time of an answer does not tell whether the account exists."""
        make_refused(acc, case)
        hashes = []
        for name in ("hash_password", "verify_password"):
            real = getattr(flask_security, name)
            monkeypatch.setattr(flask_security, name, lambda *args, real=real: hashes.append(args) or real(*args))
        acc_visitor.log_in("ann@example.org", "wrong guess")

        assert 1 == len(hashes)

    def test_keeps_the_address_and_not_the_password(self, acc_visitor: Visitor):
        """What was typed is still there, secrets are not."""
        page = acc_visitor.log_in("ann@example.org", "wrong guess").text

        assert 'value="ann@example.org"' in page
        assert "wrong guess" not in page

    def test_names_an_empty_field(self, acc_visitor: Visitor):
        """The error stands at its field, for screen readers too."""
        page = acc_visitor.log_in("ann@example.org", "").text

        assert 'aria-describedby="password-error"' in page
        assert 'id="password-error">Enter your password.' in page

    def test_needs_the_form_of_this_session(self, acc: Factory, acc_visitor: Visitor):
        """Another site cannot sign a visitor in."""
        answer = acc_visitor.client.post("/login", data={"email": acc.account(), "password": PASSWORD})

        assert 400 == answer.status_code
        assert not acc_visitor.is_signed_in

    def test_knows_no_tokens_in_addresses(self, acc: Factory, acc_app: Flask, acc_visitor: Visitor):
        """A session is the only way in: an address or header can be logged and passed on."""
        email = acc.account()
        with acc_app.test_request_context():
            token = db.session.scalars(Account.with_email(email)).one().get_auth_token()

        assert 302 == acc_visitor.get(f"/account?auth_token={token}").status_code

    def test_answers_json_with_a_page(self, acc: Factory, acc_visitor: Visitor):
        """There is one way to sign in, and it is counted."""
        answer = acc_visitor.client.get("/login", headers={"Accept": "application/json"})

        assert "text/html; charset=utf-8" == answer.content_type

    def test_lasts_for_hours(self, acc: Factory, acc_visitor: Visitor):
        """The cookie has an end, and scripts cannot read it."""
        acc_visitor.log_in(acc.account())
        cookie = acc_visitor.client.get_cookie("desk", domain="clinic.example.org")

        assert cookie is not None and cookie.http_only and cookie.expires is not None
        assert abs(cookie.expires - now() - timedelta(hours=12)) < timedelta(minutes=1)

    def test_leaves_nothing_else_behind(self, acc: Factory, acc_visitor: Visitor):
        """There is no "remember me": what stays says that this browser is known, and opens nothing."""
        acc_visitor.log_in(acc.account(), remember="y")

        assert {"desk", "known"} == {cookie.key for cookie in acc_visitor.client._cookies.values()}


class TestLogOut:
    def test_ends_the_session(self, acc: Factory, acc_visitor: Visitor):
        """The next at this computer is a stranger."""
        acc_visitor.log_in(acc.account())
        answer = acc_visitor.send("/logout", form_on="/account")

        assert (302, "/login") == (answer.status_code, answer.location)
        assert not acc_visitor.is_signed_in

    def test_is_not_done_by_a_link(self, acc: Factory, acc_visitor: Visitor):
        """GET changes nothing."""
        acc_visitor.log_in(acc.account())

        assert 405 == acc_visitor.get("/logout").status_code
        assert acc_visitor.is_signed_in

    def test_is_not_done_by_another_site(self, acc: Factory, acc_visitor: Visitor):
        """Without the token of a form nothing happens."""
        acc_visitor.log_in(acc.account())

        assert 400 == acc_visitor.client.post("/logout").status_code
        assert acc_visitor.is_signed_in


class TestSessions:
    def test_end_at_once_when_deactivated(self, acc: Factory, acc_visitor: Visitor):
        """Whoever leaves the team is out with the next click."""
        acc_visitor.log_in(acc.admin())
        acc.change("admin@example.org", "deactivate")

        assert 302 == acc_visitor.get(guard(RoleName.ADMIN)).status_code

    def test_do_not_revive_when_activated(self, acc: Factory, acc_visitor: Visitor):
        """An old cookie stays worthless."""
        acc_visitor.log_in(acc.admin())
        acc.change("admin@example.org", "deactivate")
        acc.change("admin@example.org", "activate")

        assert not acc_visitor.is_signed_in

    def test_end_with_a_new_password(self, acc: Factory, acc_visitor: Visitor):
        """A stolen session ends when its owner changes the password."""
        acc_visitor.log_in(acc.account())
        acc.change("ann@example.org", "set_password", "another hash")

        assert not acc_visitor.is_signed_in


class TestGuard:
    @pytest.mark.parametrize("role", RoleName)
    def test_sends_strangers_to_the_log_in(self, acc_visitor: Visitor, role: RoleName):
        """They come back to the page they asked for."""
        answer = acc_visitor.get(guard(role) + "?page=2")

        assert (302, f"/login?next={guard(role)}?page%3D2") == (answer.status_code, answer.location)
        assert "secret" not in answer.text

    @pytest.mark.parametrize("asked", RoleName)
    @pytest.mark.parametrize("held", RoleName)
    def test_lets_in_who_has_the_role(self, acc: Factory, acc_visitor: Visitor, held: RoleName, asked: RoleName):
        """The role itself, or admin; everybody else sees nothing of the page."""
        acc_visitor.log_in(acc.account("ann@example.org", held))
        answer = acc_visitor.get(guard(asked))

        may = held in (asked, RoleName.ADMIN)
        assert (200 if may else 403) == answer.status_code
        assert may == ("secret of the desk" in answer.text)

    def test_refuses_who_has_no_role(self, acc: Factory, acc_visitor: Visitor):
        """An account alone opens nothing."""
        acc_visitor.log_in(acc.account("ann@example.org"))

        assert 403 == acc_visitor.get(guard(RoleName.AUTHOR)).status_code

    def test_tells_the_log_who_was_refused(self, acc: Factory, acc_visitor: Visitor):
        """By number and route, so that somebody who tries doors is seen."""
        acc_visitor.log_in(acc.account("ann@example.org"))
        with structlog.testing.capture_logs() as lines:
            acc_visitor.get(guard(RoleName.ADMIN))

        assert [("refused by role", 1, "/desk/accounts-test/admin")] == [
            (line["event"], line["account"], line["route"]) for line in lines if "account" in line
        ]

    def test_brings_back_to_a_page_not_to_an_action(self, acc_app: Flask, acc_visitor: Visitor):
        """After the log-in a browser asks with GET, which an action does not answer."""
        acc_app.config["WTF_CSRF_ENABLED"] = False

        assert "/login?next=/desk" == acc_visitor.client.post(guard(RoleName.AUTHOR)).location


class TestPublicPages:
    @pytest.fixture
    def page(self, acc: Factory, acc_visitor: Visitor):
        acc_visitor.log_in(acc.admin())
        return acc_visitor.get("/accounts-test-public")

    def test_set_no_cookie(self, page):
        """Also for those who are signed in."""
        assert "Set-Cookie" not in page.headers

    def test_do_not_vary_on_cookies(self, page):
        """The same bytes for everybody, for any cache."""
        assert "Cookie" not in page.headers.get("Vary", "")

    def test_ask_the_database_for_nobody(self, acc: Factory, acc_app: Flask, acc_visitor: Visitor):
        """A reader's page does not look for an account, whatever cookie comes along."""
        acc_visitor.log_in(acc.admin())
        asked = []
        with acc_app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        acc_visitor.get("/accounts-test-public")

        assert [] == asked


class TestGuesses:
    def guess_wrong(self, acc: Factory, email: str, times: int = GUESSES_PER_ACCOUNT) -> None:
        for number in range(times):
            acc.visitor(f"198.51.100.{number}").log_in(email, "wrong guess")

    @pytest.mark.parametrize("email", ["ann@example.org", "nobody@example.org", "not an address"])
    def test_are_limited(self, acc: Factory, acc_visitor: Visitor, email: str):
        """For accounts that exist and for those that do not."""
        acc.account("ann@example.org")
        self.guess_wrong(acc, email)
        answer = acc_visitor.log_in(email, "wrong guess")

        assert 429 == answer.status_code
        assert "Please wait 15 minutes and try again." in answer.text
        assert 800 < int(answer.headers["Retry-After"]) <= 900

    def test_refuse_the_right_password_too(self, acc: Factory, acc_visitor: Visitor):
        """Otherwise the limit would say when a guess was right."""
        self.guess_wrong(acc, acc.account())

        assert 429 == acc_visitor.log_in("ann@example.org").status_code
        assert not acc_visitor.is_signed_in

    def test_allow_the_right_password_after_one_less(self, acc: Factory, acc_visitor: Visitor):
        """Nine slips are forgiven."""
        self.guess_wrong(acc, acc.account(), times=GUESSES_PER_ACCOUNT - 1)

        assert 302 == acc_visitor.log_in("ann@example.org").status_code

    def test_are_forgotten_after_the_wait(self, acc: Factory, acc_visitor: Visitor):
        """The limit passes by itself."""
        with frozen(now() - timedelta(minutes=16)):
            self.guess_wrong(acc, acc.account())

        assert 302 == acc_visitor.log_in("ann@example.org").status_code

    def test_do_not_count_when_right(self, acc: Factory, acc_visitor: Visitor):
        """Signing in often is no attack."""
        acc_visitor.log_in(acc.account())

        assert 0 == acc.count(LoginFailure)

    def test_hold_no_transaction_while_hashing(self, acc: Factory, acc_app: Flask, monkeypatch: pytest.MonkeyPatch):
        """Nobody's comment waits for a log-in."""
        email = acc.account()
        real, seen = flask_security.verify_password, []
        monkeypatch.setattr(
            flask_security,
            "verify_password",
            lambda *args: seen.append(db.session().in_transaction()) or real(*args),
        )
        with acc_app.app_context():
            passwords.check(email, PASSWORD, "198.51.100.7")

        assert [False] == seen

    def test_in_parallel_cannot_pass_the_limit(self, acc: Factory, acc_app: Flask):
        """200 guesses at once from four processes: exactly ten are tried."""
        email = acc.account()
        command = [sys.executable, "-m", "tests.accounts.guessing"]
        command += [str(acc_app.config["BLOG_INSTANCE_PATH"]), email, "10", "5"]
        racing = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
        counts: dict[str, int] = {}
        for process in racing:
            for pair in process.communicate(timeout=120)[0].split():
                status, _, count = pair.partition("=")
                counts[status] = counts.get(status, 0) + int(count)

        assert {"422": 10, "429": 190} == counts
        assert 10 == acc.count(LoginFailure)


class TestHashing:
    def test_is_argon2id_with_full_strength(self, tmp_path: Path):
        """The only test that pays for a real hash."""
        options = SETTINGS["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"]
        app = make_app(tmp_path, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=options)
        with app.app_context():
            assert passwords.hash_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")

    def test_does_not_depend_on_the_secret_key(self, acc_app: Flask, tmp_path: Path):
        """A lost key ends sessions, not passwords."""
        with acc_app.app_context():
            hash = passwords.hash_password(PASSWORD)
        with make_app(tmp_path / "another").app_context():
            assert flask_security.verify_password(PASSWORD, hash)

    def test_takes_one_spelling_of_a_password(self, acc_app: Flask):
        """Keyboards send the same letter in different ways."""
        with acc_app.app_context():
            hash = passwords.hash_password("Ångström und Größe")
            assert passwords._is_right("A\u030angstro\u0308m und Gro\u0308ße", hash)

    @pytest.fixture
    def crowded(self, acc_app: Flask, monkeypatch: pytest.MonkeyPatch):
        """Another process holds all places for hashing."""
        monkeypatch.setattr(passwords, "HASH_WAIT_SECONDS", 0.1)
        code = (
            "import fcntl, sys\n"
            "files = [open(path, 'a') for path in sys.argv[1:]]\n"
            "for file in files: fcntl.flock(file, fcntl.LOCK_EX)\n"
            "print('held', flush=True)\n"
            "sys.stdin.read()\n"
        )
        folder = acc_app.config["BLOG_INSTANCE_PATH"]
        places = [str(folder / f"hashing-{place}.lock") for place in range(passwords.HASHES_AT_ONCE)]
        with subprocess.Popen(
            [sys.executable, "-c", code, *places], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout is not None and "held\n" == other.stdout.readline()
            yield
            other.communicate()

    def test_is_refused_when_all_places_stay_taken(self, crowded: None, acc_visitor: Visitor):
        """A flood of log-ins cannot take the machine's memory."""
        answer = acc_visitor.log_in("ann@example.org", "wrong guess")

        assert 503 == answer.status_code
        assert "10" == answer.headers["Retry-After"]

    def test_that_was_refused_is_no_wrong_guess(self, crowded: None, acc: Factory, acc_visitor: Visitor):
        """Nothing was tried, nothing is counted."""
        acc_visitor.log_in("ann@example.org", "wrong guess")

        assert 0 == acc.count(LoginFailure)

    def test_goes_on_when_a_place_is_free(self, acc_app: Flask):
        """A place is given back after each hash."""
        with acc_app.app_context():
            hashes = {passwords.hash_password(PASSWORD) for _ in range(passwords.HASHES_AT_ONCE + 1)}

        assert passwords.HASHES_AT_ONCE + 1 == len(hashes)


def test_brings_only_what_is_needed(acc_app: Flask):
    """No registration, no mails, no second log-in of Flask-Security."""
    assert {"/login", "/logout"} == {
        rule.rule for rule in acc_app.url_map.iter_rules() if rule.endpoint.startswith("security.")
    }


def test_tables_are_those_of_the_feature(acc_app: Flask):
    """The fixtures make every table that the models declare."""
    declared = {
        thing.__tablename__
        for file in (models, sessions, factors, events)
        for thing in vars(file).values()
        if isinstance(thing, type) and thing.__module__ == file.__name__ and hasattr(thing, "__tablename__")
    }
    assert set(TABLES) == declared | {"account_roles"}
