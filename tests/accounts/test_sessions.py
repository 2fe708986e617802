"""Sessions of staff: one row each, ended for good, listed, and fresh where it matters."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from blog.accounts.security import FORGET_ALL
from blog.accounts.sessions import SEEN_EVERY, StaffSession
from blog.clock import frozen, now
from blog.database import db
from tests.conftest import Clock

from .conftest import PASSWORD, Factory, Visitor, make_app

LATER = timedelta(minutes=61)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0"


def cookie(visitor: Visitor) -> str:
    found = visitor.client.get_cookie("desk", domain="clinic.example.org")
    return found.value if found else ""


def with_cookie(acc: Factory, value: str) -> Visitor:
    """Somebody who has copied a cookie."""
    thief = acc.visitor()
    thief.client.set_cookie("desk", value, domain="clinic.example.org")
    return thief


def sessions(app: Flask) -> list[tuple[str, bool]]:
    with app.app_context():
        return [(one.device, one.is_over) for one in db.session.query(StaffSession).order_by(StaffSession.id)]


class TestRow:
    def test_is_made_by_signing_in(self, acc: Factory, acc_app: Flask, acc_visitor: Visitor):
        """With the device in words; of the token only a hash is kept."""
        acc_visitor.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
        acc_visitor.log_in(acc.account())

        assert [("Firefox on Windows", False)] == sessions(acc_app)

    def test_is_new_with_each_log_in(self, acc: Factory, acc_app: Flask, acc_visitor: Visitor):
        """A cookie that somebody planted before, or the one of a colleague, is worth nothing afterwards."""
        acc_visitor.log_in(acc.account())
        before = cookie(acc_visitor)
        link = acc_visitor.token("/account")
        acc_visitor.client.post(
            "/account/password", data={"csrf_token": link, "current": PASSWORD, "password": "x" * 15}
        )

        assert not with_cookie(acc, before).is_signed_in
        assert acc_visitor.is_signed_in
        assert 1 == len(sessions(acc_app))

    @pytest.mark.parametrize("verb", ["deactivate", "set_password"])
    def test_goes_with_what_ends_it(self, acc: Factory, acc_app: Flask, acc_visitor: Visitor, verb: str):
        """A list of sessions never names one that is dead."""
        acc_visitor.log_in(acc.account())
        acc.change("ann@example.org", verb, *(["another hash"] if verb == "set_password" else []))

        assert [] == sessions(acc_app)


class TestLogOut:
    def test_kills_a_copied_cookie(self, acc: Factory, acc_visitor: Visitor):
        """Whoever has copied the cookie is out, too."""
        acc_visitor.log_in(acc.account())
        thief = with_cookie(acc, cookie(acc_visitor))
        acc_visitor.send("/logout", form_on="/account")

        assert not thief.is_signed_in

    def test_clears_what_the_browser_keeps(self, acc: Factory, acc_visitor: Visitor):
        """Nobody goes back to the desk's pages afterwards. Other sites of the same domain keep their cookies."""
        acc_visitor.log_in(acc.account())

        assert FORGET_ALL == acc_visitor.send("/logout", form_on="/account").headers["Clear-Site-Data"]
        assert "cookies" not in FORGET_ALL


class TestList:
    def test_names_own_sessions_alone(self, acc: Factory, acc_visitor: Visitor):
        """This one is told apart; those of colleagues are nobody's business."""
        acc.visitor().log_in(acc.account("ben@example.org"))
        acc_visitor.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
        acc_visitor.log_in(acc.account())
        page = acc_visitor.get("/account").text

        assert ["Firefox on Windows"] == re.findall(r"<strong>(.*?)</strong>", page)
        assert "(this one)" in page

    def test_ends_one(self, acc: Factory, acc_visitor: Visitor):
        """A telephone that was left somewhere is signed out from here."""
        phone = acc.visitor()
        phone.log_in(acc.account())
        acc_visitor.log_in("ann@example.org")
        path = re.search(r"/account/sessions/\d+/end", acc_visitor.get("/account").text)
        acc_visitor.send(path[0] if path else "", form_on="/account")

        assert (False, True) == (phone.is_signed_in, acc_visitor.is_signed_in)

    def test_ends_all_others(self, acc: Factory, acc_visitor: Visitor):
        """With one button, and this one goes on."""
        others = [acc.visitor(), acc.visitor()]
        for other in [*others, acc_visitor]:
            other.log_in(acc.account() if other is others[0] else "ann@example.org")
        acc_visitor.send("/account/sessions/end-others", form_on="/account")

        assert [False, False, True] == [visitor.is_signed_in for visitor in [*others, acc_visitor]]

    def test_ends_none_of_a_colleague(self, acc: Factory, acc_app: Flask, acc_visitor: Visitor):
        """Their sessions are not found."""
        colleague = acc.visitor()
        colleague.log_in(acc.account("ben@example.org"))
        acc_visitor.log_in(acc.account())

        assert 404 == acc_visitor.send("/account/sessions/1/end", form_on="/account").status_code
        assert colleague.is_signed_in


class TestEnd:
    def test_comes_when_nothing_is_done(self, acc: Factory, acc_visitor: Visitor, clock: Clock):
        """A forgotten browser is a stranger's after the hours of the setting."""
        clock.freeze(now())
        acc_visitor.log_in(acc.account())
        clock.advance(hours=11, minutes=59)
        assert acc_visitor.is_signed_in
        copied = cookie(acc_visitor)
        clock.advance(hours=12, minutes=6)

        assert not with_cookie(acc, copied).is_signed_in

    def test_comes_in_any_case(self, acc: Factory, acc_visitor: Visitor, clock: Clock):
        """Also for somebody who never stops."""
        clock.freeze(now())
        acc_visitor.log_in(acc.account())
        for _ in range(16):
            clock.advance(hours=10)
            assert acc_visitor.is_signed_in
        clock.advance(hours=10)

        assert not acc_visitor.is_signed_in

    def test_is_set_by_the_machine(self, tmp_path, acc: Factory):
        """A place with shared computers chooses shorter hours."""
        app = make_app(tmp_path / "instance", BLOG_SESSION_IDLE_HOURS="1")

        assert 3600 == app.permanent_session_lifetime.total_seconds()

    def test_is_written_down_now_and_then(self, acc: Factory, acc_app: Flask, acc_visitor: Visitor, clock: Clock):
        """Not with every page: reading writes nothing for minutes."""
        start = clock.freeze(now())
        acc_visitor.log_in(acc.account())
        seen = []
        for _ in range(3):
            clock.advance(minutes=2)
            acc_visitor.get("/account")
            with acc_app.app_context():
                seen.append(db.session.query(StaffSession).one().seen_at - start)

        assert [0, 0, 6] == [round(one.total_seconds() / 60) for one in seen]
        assert 5 == SEEN_EVERY.total_seconds() / 60


class TestCookie:
    def test_is_bound_to_the_host_where_it_can_be(self, tmp_path):
        """Behind HTTPS no other host of the domain can set it, and it is sent over HTTPS alone."""
        app = make_app(tmp_path / "instance", BLOG_SITE_URL="https://clinic.example.org")
        names = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_PATH", "SESSION_COOKIE_DOMAIN")

        assert ("__Host-desk", True, "/", None) == tuple(app.config[name] for name in names)


class TestToken:
    def test_changes_with_the_log_in(self, acc: Factory, acc_visitor: Visitor):
        """A token that somebody saw before the log-in opens no form after it."""
        email = acc.account()
        before = acc_visitor.token("/login")
        acc_visitor.log_in(email)

        assert 400 == acc_visitor.client.post("/logout", data={"csrf_token": before}).status_code
        assert acc_visitor.is_signed_in


class TestOtherSites:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 302),
            ({"Sec-Fetch-Site": "same-origin"}, 302),
            ({"Origin": "http://clinic.example.org"}, 302),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site"}, 403),
            ({"Origin": "http://evil.example"}, 403),
            ({"Origin": "null"}, 403),
        ],
    )
    def test_cannot_send_a_form_of_staff(self, acc: Factory, acc_visitor: Visitor, headers, status: int):
        """Even with the right token, a form counts only from this site's own page."""
        acc_visitor.log_in(acc.account())
        data = {"csrf_token": acc_visitor.token("/account")}

        assert status == acc_visitor.client.post("/logout", data=data, headers=headers).status_code
        assert (status == 403) is acc_visitor.is_signed_in


class TestFresh:
    SETTINGS = "/desk/settings"

    @pytest.fixture
    def admin(self, app, make) -> Visitor:
        """Somebody at the settings, an hour and a minute after signing in."""
        factory = Factory(app)
        factory.admin()
        visitor = factory.visitor()
        visitor.log_in("admin@example.org")
        return visitor

    def test_lets_through_at_once(self, admin: Visitor):
        """Who has just signed in is not asked again."""
        assert 403 != admin.send(self.SETTINGS, name="Another name").status_code

    def test_asks_after_an_hour(self, admin: Visitor):
        """A computer that was left alone changes nothing, and what was typed comes back."""
        with frozen(now() + LATER):
            answer = admin.send(self.SETTINGS, name="Another <name>")

        assert 403 == answer.status_code
        assert "Is it still you?" in answer.text
        assert 'name="name" value="Another &lt;name&gt;"' in answer.text

    @pytest.mark.parametrize(("proof", "status"), [(PASSWORD, 422), ("wrong guess", 403)])
    def test_goes_on_with_the_password(self, admin: Visitor, proof: str, status: int):
        """The same form does what it was sent for (here its own slips are told); a wrong password does not."""
        with frozen(now() + LATER):
            answers = [admin.send(self.SETTINGS, proof=given, name="").status_code for given in (proof, "")]

        assert status == answers[0]
        assert (422 if status == 422 else 403) == answers[1]

    def test_makes_the_cookie_of_before_worthless(self, app, admin: Visitor):
        """Whoever has copied it does not become fresh with its owner."""
        copied = admin.client.get_cookie("desk")
        with frozen(now() + LATER):
            admin.send(self.SETTINGS, proof=PASSWORD, name="")
            thief = Factory(app).visitor()
            thief.client.set_cookie("desk", copied.value if copied else "")

            assert (True, False) == (admin.is_signed_in, thief.is_signed_in)

    def test_is_asked_before_sessions_are_ended(self, admin: Visitor):
        """A stranger at a desk that was left alone signs nobody out."""
        with frozen(now() + LATER):
            assert 403 == admin.send("/account/sessions/end-others", form_on="/account").status_code

    def test_reading_needs_none(self, admin: Visitor):
        """Looking changes nothing."""
        with frozen(now() + LATER):
            assert 200 == admin.get(self.SETTINGS).status_code
