"""`flask users …` and the link that the server prints."""

from __future__ import annotations

import re

import pytest
from click.testing import Result
from flask import Flask

from blog.accounts.cli import setup_link
from blog.accounts.models import Account, RoleName
from blog.database import db

from .conftest import PASSWORD, Factory, Visitor, make_app

LINK = re.compile(r"http://clinic\.example\.org(/account/link/\S+)")


@pytest.fixture
def flask(acc_app: Flask):
    def run(*words: str, typed: str | None = None) -> Result:
        return acc_app.test_cli_runner().invoke(args=["users", *words], input=typed)

    return run


def accounts(app: Flask) -> list[tuple[str, str, list[str], bool]]:
    with app.app_context():
        return [
            (account.email, account.name, [str(name) for name in account.role_names], account.active)
            for account in db.session.scalars(Account.by_email())
        ]


class TestAdd:
    def test_adds_an_account(self, flask, acc_app: Flask):
        """With its roles and name."""
        done = flask("add", "Ann@Example.org", "--name", "Ann Other", "--role", "author", "--role", "moderator")

        assert 0 == done.exit_code
        assert [("ann@example.org", "Ann Other", ["author", "moderator"], True)] == accounts(acc_app)

    def test_prints_a_link_that_works(self, flask, acc_visitor: Visitor):
        """Its owner chooses the password, nobody else knows it."""
        link = LINK.search(flask("add", "ann@example.org", "--role", "author").output)

        assert link and 303 == acc_visitor.send(link[1], password=PASSWORD).status_code

    def test_takes_a_password_instead(self, flask, acc_visitor: Visitor):
        """For scripts: one line on standard input, and no link."""
        done = flask("add", "ann@example.org", "--role", "admin", "--password-stdin", typed=PASSWORD + "\n")
        acc_visitor.log_in("ann@example.org")

        assert "link" not in done.output
        assert acc_visitor.is_signed_in

    @pytest.mark.parametrize(
        ("words", "typed", "says"),
        [
            (["ann@example.org", "--role", "author"], None, "There is an account ann@example.org already."),
            (["ann", "--role", "author"], None, "ann is not an e-mail address"),
            (
                ["ben@example.org", "--role", "author", "--password-stdin"],
                "short\n",
                "at least 12 characters",
            ),
            (["ben@example.org", "--role", "author", "--password-stdin"], "", "at least 12 characters"),
            (["ben@example.org", "--role", "author", "--name", "B" * 121], None, "at most 120 characters"),
        ],
    )
    def test_refuses_in_one_line(self, flask, acc: Factory, acc_app: Flask, words, typed, says):
        """The reason, exit code 1, and nothing changed."""
        acc.account("ann@example.org")
        done = flask("add", *words, typed=typed)

        assert 1 == done.exit_code
        assert says in done.output
        assert 1 == done.output.count("\n")
        assert 1 == len(accounts(acc_app))

    @pytest.mark.parametrize("words", [["ann@example.org"], ["ann@example.org", "--role", "king"]])
    def test_wants_a_role_that_exists(self, flask, acc_app: Flask, words: list[str]):
        """An account without one could do nothing."""
        assert 2 == flask("add", *words).exit_code
        assert [] == accounts(acc_app)

    def test_says_when_there_is_no_database(self, tmp_path):
        """The next step, instead of a traceback."""
        runner = make_app(tmp_path / "fresh").test_cli_runner()
        done = runner.invoke(args=["users", "add", "ann@example.org", "--role", "author"])

        assert (1, True) == (done.exit_code, "flask init" in done.output)


class TestReset:
    def test_prints_a_link_that_works(self, flask, acc: Factory, acc_visitor: Visitor):
        """For those who forgot."""
        link = LINK.search(flask("reset", acc.account()).output)

        assert link and 303 == acc_visitor.send(link[1], password=PASSWORD).status_code

    def test_takes_a_password_instead(self, flask, acc: Factory, acc_visitor: Visitor):
        """And ends the sessions of before."""
        email = acc.account()
        acc_visitor.log_in(email)
        flask("reset", email, "--password-stdin", typed="quite another password\n")

        assert not acc_visitor.is_signed_in
        assert 302 == acc.visitor().log_in(email, "quite another password").status_code

    @pytest.mark.parametrize(
        ("email", "says"), [("ben@example.org", "There is no account"), ("ann@example.org", "is deactivated")]
    )
    def test_refuses_in_one_line(self, flask, acc: Factory, email: str, says: str):
        """Who is not there, and who may not sign in."""
        acc.account("ann@example.org", active=False)
        done = flask("reset", email)

        assert (1, 1) == (done.exit_code, done.output.count("\n"))
        assert says in done.output


class TestList:
    def test_names_address_roles_state_and_name(self, flask, acc: Factory):
        """One line per account, in the order of addresses."""
        acc.account("c@example.org", RoleName.AUTHOR, RoleName.EDITOR)
        acc.account("b@example.org", active=False)
        acc.account("a@example.org", RoleName.ADMIN, password=None)

        assert [
            "a@example.org\tadmin\tno password yet\tAnn Other",
            "b@example.org\t\tdeactivated\tAnn Other",
            "c@example.org\tauthor,editor\tactive\tAnn Other",
        ] == flask("list").output.splitlines()


class TestDeactivate:
    def test_ends_sessions(self, flask, acc: Factory, acc_visitor: Visitor):
        """At once, from another process too."""
        acc_visitor.log_in(acc.account())
        flask("deactivate", "ann@example.org")

        assert not acc_visitor.is_signed_in

    def test_is_undone_by_activate(self, flask, acc: Factory, acc_visitor: Visitor):
        """With the password of before."""
        flask("deactivate", acc.account())
        flask("activate", "ann@example.org")

        assert 302 == acc_visitor.log_in("ann@example.org").status_code

    def test_warns_when_no_admin_is_left(self, flask, acc: Factory):
        """The site can still be set up again, from the machine itself."""
        assert "No administrator is left" in flask("deactivate", acc.admin()).output

    @pytest.mark.parametrize("command", ["deactivate", "activate"])
    def test_refuses_who_is_not_there(self, flask, command: str):
        """A slip in the address is told."""
        done = flask(command, "ben@example.org")

        assert (1, "Error: There is no account ben@example.org.\n") == (done.exit_code, done.output)


class TestSetupLink:
    def path(self, app: Flask) -> str | None:
        with app.app_context():
            found = LINK.fullmatch(setup_link() or "")
        return found[1] if found else None

    def test_opens(self, acc_app: Flask, acc_visitor: Visitor):
        """The server prints it at its first start."""
        path = self.path(acc_app)

        assert path and 200 == acc_visitor.get(path).status_code

    def test_ends_with_the_next_start(self, acc_app: Flask, acc_visitor: Visitor):
        """Only the last printed one works."""
        first, _ = self.path(acc_app), self.path(acc_app)

        assert first and 410 == acc_visitor.get(first).status_code

    def test_is_not_made_when_there_is_an_admin(self, acc: Factory, acc_app: Flask):
        """Then the server prints none."""
        acc.admin()

        assert self.path(acc_app) is None
