"""The log of security: what stands in it, and that nobody who writes into the database changes it unseen."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.models import RoleName
from blog.database import begin_write, db

from .conftest import CHEAP, Factory

ANN = "ann@example.org"

pytestmark = pytest.mark.both_databases


@pytest.fixture
def settings() -> dict[str, object]:
    return {"SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP}


@pytest.fixture
def site(app: Flask) -> Factory:
    return Factory(app)


def lines(app: Flask) -> list[tuple[str, int | None, int | None, str]]:
    with app.app_context():
        events = db.session.query(SecurityEvent).order_by(SecurityEvent.id)
        return [(event.kind.value, event.account_id, event.by_id, event.detail) for event in events]


class TestLines:
    def test_tell_who_signed_in_and_who_failed(self, app: Flask, site: Factory):
        """With the account where there is one; what was typed stands nowhere."""
        visitor = site.visitor()
        visitor.client.environ_base["HTTP_USER_AGENT"] = "Firefox/145.0 (Windows)"
        visitor.log_in(site.account(ANN), "wrong guess")
        visitor.log_in("nobody@example.org", "wrong guess")
        visitor.log_in(ANN)
        visitor.send("/logout", form_on="/account")

        assert [
            ("password changed", 1, None, ""),
            ("wrong password", 1, None, ""),
            ("wrong password", None, None, ""),
            ("signed in", 1, 1, "Firefox on Windows"),
            ("signed out", 1, 1, ""),
        ] == lines(app)

    def test_hold_no_address(self, app: Flask, site: Factory, dump):
        """Neither of a person nor of a machine."""
        site.visitor("198.51.100.77").log_in(site.account(ANN), "wrong guess")

        said = " ".join(dump()["security_events"])
        assert said and ANN not in said and "198.51.100" not in said

    def test_name_who_did_it(self, app: Flask, site: Factory):
        """An administrator's change of a colleague's roles names both."""
        admin = site.visitor()
        admin.log_in(site.admin())
        site.account(ANN, RoleName.AUTHOR)
        answer = admin.send("/desk/people/2", roles="editor")

        assert 303 == answer.status_code
        assert ("roles changed", 2, 1, "author → editor") == lines(app)[-1]


class TestChain:
    @pytest.fixture
    def filled(self, app: Flask) -> Flask:
        """A log of four lines."""
        with app.app_context():
            begin_write()
            for kind in (EventKind.SIGNED_IN, EventKind.SIGNED_OUT, EventKind.SIGNED_IN, EventKind.ERASED):
                SecurityEvent.note(kind, None, "a word")
            db.session.commit()
        return app

    @pytest.mark.parametrize(
        ("statement", "code"),
        [
            ("SELECT 1", 0),
            ("UPDATE security_events SET detail = 'another word' WHERE id = 2", 1),
            ("UPDATE security_events SET kind = 'signed out' WHERE id = 3", 1),
            ("DELETE FROM security_events WHERE id = 3", 1),
            ("UPDATE security_events SET created_at = '2020-01-01 00:00:00+00:00' WHERE id = 2", 1),
            ("DELETE FROM security_events WHERE id = 1", 0),
        ],
    )
    def test_tells_what_was_changed(self, filled: Flask, statement: str, code: int):
        """Changed, taken out, told of another day: seen. The oldest lines go by retention, so that is none."""
        with filled.app_context(), db.engine.begin() as connection:
            connection.execute(text(statement))
        done = filled.test_cli_runner().invoke(args=["log", "verify"])

        assert code == done.exit_code, done.output

    def test_names_the_newest(self, filled: Flask):
        """Written down elsewhere, it shows later that the end was not cut off."""
        said = filled.test_cli_runner().invoke(args=["log", "verify"]).output
        with filled.app_context():
            newest = db.session.scalar(SecurityEvent.newest().limit(1))
            assert newest is not None

            assert f"4 lines follow each other. The newest is 4, {newest.digest}." in said


class TestPage:
    def test_shows_it_to_administrators(self, app: Flask, site: Factory):
        """By name, and only one kind where that is asked."""
        admin = site.visitor()
        admin.log_in(site.admin(), "wrong guess")
        admin.log_in("admin@example.org")

        assert "<td>wrong password</td>" in admin.get("/desk/security").text
        assert "<td>wrong password</td>" not in admin.get("/desk/security?kind=signed+in").text
        assert 200 == admin.get("/desk/security?kind=nonsense&before=99999999999999999999").status_code
