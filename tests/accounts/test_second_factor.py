"""A second factor: codes of an app by the clock, recovery codes once, who must have one, and what never skips it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from blog.accounts.factors import AuthenticatorApp, Passkey, RecoveryCode, numbers
from blog.accounts.models import GUESSES_PER_ACCOUNT, Account, Purpose, RoleName
from blog.clock import now
from blog.database import begin_write, db
from blog.mail import overview
from tests.conftest import Clock

from .conftest import CHEAP, Factory, Visitor

ANN = "ann@example.org"


@pytest.fixture
def settings() -> dict[str, object]:
    return {"SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP}


@pytest.fixture
def site(app: Flask) -> Factory:
    return Factory(app)


@pytest.fixture
def ann(site: Factory, clock: Clock) -> Visitor:
    """A moderator without a second factor, signed in. The clock is held."""
    clock.freeze(now())
    visitor = site.visitor()
    visitor.log_in(site.account(ANN, RoleName.MODERATOR))
    return visitor


def number(app: Flask) -> str:
    """What the app on the telephone shows now."""
    with app.test_request_context():
        found = db.session.query(AuthenticatorApp).order_by(AuthenticatorApp.id.desc()).first()
        assert found is not None
        return str(numbers().generate_totp_password(found.secret))


def set_up(app: Flask, visitor: Visitor) -> list[str]:
    """Sets an app up, as its pages ask; the recovery codes that are shown."""
    visitor.send("/account/factors/app", form_on="/account/factors")
    page = visitor.send("/account/factors/app/confirm", form_on="/account/factors/app", code=number(app))
    return re.findall(r"<li><code>([a-z0-9-]+)</code>", page.text)


@pytest.fixture
def codes(app: Flask, ann: Visitor, clock: Clock) -> list[str]:
    """Ann has set an app up half a minute ago; her recovery codes."""
    found = set_up(app, ann)
    clock.advance(seconds=60)
    return found


def second(visitor: Visitor, code: str):
    return visitor.send("/login/second", code=code)


class TestApp:
    def test_is_asked_for_after_the_password(self, app: Flask, site: Factory, codes: list[str]):
        """The password alone opens nothing; with the number it does."""
        visitor = site.visitor()
        answer = visitor.log_in(ANN, next="/desk/comments?state=held")

        assert (303, "/login/second") == (answer.status_code, answer.location)
        assert not visitor.is_signed_in
        assert "/desk/comments?state=held" == second(visitor, number(app)).location
        assert visitor.is_signed_in

    @pytest.mark.parametrize(("seconds", "status"), [(0, 303), (30, 303), (-30, 303), (90, 422), (-90, 422)])
    def test_goes_by_the_clock(
        self, app: Flask, site: Factory, codes: list[str], clock: Clock, seconds: int, status: int
    ):
        """Half a minute too early or too late is taken, more is not."""
        clock.advance(minutes=10)
        shown = number(app)
        clock.advance(seconds=seconds)
        visitor = site.visitor()
        visitor.log_in(ANN)

        assert status == second(visitor, shown).status_code

    def test_takes_each_number_once(self, app: Flask, site: Factory, codes: list[str]):
        """Whoever looks over a shoulder is too late."""
        shown, visitors = number(app), [site.visitor(), site.visitor()]
        for visitor in visitors:
            visitor.log_in(ANN)

        assert [303, 422] == [second(visitor, shown).status_code for visitor in visitors]

    def test_guesses_are_limited(self, site: Factory, codes: list[str]):
        """A million numbers are few for a machine."""
        visitor = site.visitor()
        visitor.log_in(ANN)
        answers = [second(visitor, f"{one:06}").status_code for one in range(GUESSES_PER_ACCOUNT + 1)]

        assert [422] * GUESSES_PER_ACCOUNT + [429] == answers

    def test_the_half_way_ends(self, app: Flask, site: Factory, codes: list[str], clock: Clock):
        """A password typed eleven minutes ago counts for nothing."""
        visitor = site.visitor()
        visitor.log_in(ANN)
        token = visitor.token("/login/second")
        clock.advance(minutes=11)
        answer = visitor.client.post("/login/second", data={"code": number(app), "csrf_token": token})

        assert ("/login", False) == (answer.location, visitor.is_signed_in)

    def test_is_not_reached_without_the_password(self, app: Flask, site: Factory, codes: list[str]):
        """The second factor alone is none."""
        visitor = site.visitor()
        answer = visitor.send("/login/second", form_on="/login", code=number(app))

        assert ("/login", False) == (answer.location, visitor.is_signed_in)

    def test_counts_only_once_it_was_confirmed(self, app: Flask, site: Factory, ann: Visitor):
        """Who has closed the page half-way is not locked out."""
        ann.send("/account/factors/app", form_on="/account/factors")
        answer = ann.send("/account/factors/app/confirm", form_on="/account/factors/app", code="000000")

        assert 422 == answer.status_code
        assert "/desk" == site.visitor().log_in(ANN).location

    def test_secret_is_kept_encrypted(self, app: Flask, ann: Visitor, codes: list[str]):
        """A copy of the database shows no numbers."""
        with app.test_request_context():
            secret = db.session.query(AuthenticatorApp).one().secret
            key = numbers().get_totp_b32_key(secret)

        assert key not in secret and '"enckey"' in secret

    def test_code_to_scan_is_a_picture_of_ours(self, ann: Visitor):
        """No outside service draws it, and it stays in no cache."""
        ann.send("/account/factors/app", form_on="/account/factors")
        answer = ann.get("/account/factors/app.svg")

        assert ("image/svg+xml", "no-store") == (answer.mimetype, answer.headers["Cache-Control"])


@pytest.mark.both_databases
class TestRecoveryCodes:
    def test_work_once_each(self, site: Factory, codes: list[str]):
        """In capitals and without hyphens, too."""
        typed, visitors = codes[0].upper().replace("-", " "), [site.visitor(), site.visitor()]
        for visitor in visitors:
            visitor.log_in(ANN)

        assert [303, 422] == [second(visitor, typed).status_code for visitor in visitors]
        assert visitors[0].is_signed_in and not visitors[1].is_signed_in

    def test_are_ten_and_told_when_used(self, site: Factory, codes: list[str]):
        """How many are left is said after each."""
        visitor = site.visitor()
        visitor.log_in(ANN)
        second(visitor, codes[3])

        assert 10 == len(set(codes))
        assert "9 are left" in visitor.get("/account").text

    def test_are_kept_as_hashes(self, codes: list[str], dump):
        """They stand nowhere in the database."""
        text = str(dump())

        assert not [code for code in codes if code in text or code.replace("-", "") in text]

    def test_of_before_end_with_new_ones(self, site: Factory, ann: Visitor, codes: list[str]):
        """A lost sheet of paper is worth nothing."""
        page = ann.send("/account/factors/codes", form_on="/account/factors").text
        fresh = re.findall(r"<li><code>([a-z0-9-]+)</code>", page)
        visitor = site.visitor()
        visitor.log_in(ANN)

        assert [422, 303] == [second(visitor, code).status_code for code in (codes[0], fresh[0])]

    def test_of_a_colleague_are_worth_nothing(self, app: Flask, site: Factory, codes: list[str], clock: Clock):
        """Each account has its own."""
        ben = site.visitor()
        ben.log_in(site.account("ben@example.org", RoleName.MODERATOR))
        bens = set_up(app, ben)
        visitor = site.visitor()
        visitor.log_in(ANN)

        assert 422 == second(visitor, bens[0]).status_code


class TestNothingSkipsIt:
    @pytest.mark.parametrize("purpose", [Purpose.RESET, Purpose.INVITE])
    def test_no_link_by_mail(self, app: Flask, site: Factory, codes: list[str], purpose: Purpose):
        """Whoever reads the mailbox has a new password, and nothing more."""
        visitor = site.visitor()
        answer = visitor.send(site.link(purpose, ANN), password="another long password")

        assert "/login/second" == answer.location
        assert not visitor.is_signed_in
        assert 303 == second(visitor, number(app)).status_code

    def test_no_session_from_before(self, app: Flask, site: Factory, ann: Visitor):
        """Whoever is signed in elsewhere, perhaps with a stolen password, is out when a factor is added."""
        other = site.visitor()
        other.log_in(ANN)
        set_up(app, ann)

        assert (True, False) == (ann.is_signed_in, other.is_signed_in)


class TestChanges:
    def test_are_told_by_mail(self, app: Flask, ann: Visitor, codes: list[str]):
        """So that a stranger's change is noticed."""
        ann.send("/account/factors/app/remove", form_on="/account/factors")
        with app.app_context():
            texts = " ".join(notice.text for notice in db.session.scalars(overview.owed()))

        assert "was added to your account: an authenticator app" in " ".join(texts.split())
        assert "was removed from your account" in " ".join(texts.split())

    def test_need_a_fresh_password(self, ann: Visitor, codes: list[str], clock: Clock):
        """A desk that was left alone for an hour keeps its factors."""
        clock.advance(minutes=61)
        answer = ann.send("/account/factors/app/remove", form_on="/account/factors")

        assert 403 == answer.status_code
        assert "Is it still you?" in answer.text

    def test_removing_the_last_one_takes_the_codes(self, app: Flask, site: Factory, ann: Visitor, codes: list[str]):
        """A code without a factor would be a second password."""
        ann.send("/account/factors/app/remove", form_on="/account/factors")

        assert 0 == site.count(RecoveryCode)
        assert "/desk" == site.visitor().log_in(ANN).location

    @pytest.mark.parametrize("change", ["name", "remove"])
    def test_of_a_colleagues_passkey_are_not_found(self, app: Flask, site: Factory, ann: Visitor, change: str):
        """Nobody touches what belongs to somebody else."""
        site.account("ben@example.org")
        with app.app_context():
            ben = db.session.scalars(Account.with_email("ben@example.org")).one().id
            begin_write()
            values = {"credential_id": "x", "public_key": b"", "sign_count": 0, "transports": [], "created_at": now()}
            db.session.add(Passkey(id=7, account_id=ben, name="His key", domain="old.example", **values))
            db.session.commit()

        assert 404 == ann.send(f"/account/factors/passkeys/7/{change}", form_on="/account/factors").status_code
        assert 1 == site.count(Passkey)


class TestRequired:
    def test_is_told_from_the_first_log_in(self, ann: Visitor):
        """On the page to which the log-in leads, with the day."""
        assert "Your role asks for a second factor" in ann.get("/desk").text

    @pytest.mark.parametrize(("days", "opens"), [(13, True), (14.01, False)])
    def test_is_waited_for(self, site: Factory, ann: Visitor, clock: Clock, days: float, opens: bool):
        """For fourteen days all is as before; then only what sets it up opens."""
        clock.advance(days=days)
        visitor = site.visitor()
        visitor.log_in(ANN)
        answer = visitor.get("/desk/comments")

        assert opens is (answer.status_code == 200)
        assert opens or "/account/factors" == answer.location
        assert 200 == visitor.get("/account/factors").status_code

    def test_opens_all_once_it_is_there(self, app: Flask, site: Factory, ann: Visitor, clock: Clock):
        """In the same session."""
        clock.advance(days=15)
        visitor = site.visitor()
        visitor.log_in(ANN)
        set_up(app, visitor)

        assert 200 == visitor.get("/desk/comments").status_code
        assert "Your role asks" not in visitor.get("/desk").text

    @pytest.mark.parametrize("role", [RoleName.AUTHOR, RoleName.EDITOR, RoleName.REVIEWER])
    def test_is_not_asked_of_other_roles(self, site: Factory, clock: Clock, role: RoleName):
        """As long as the setting does not name them."""
        clock.freeze(now())
        visitor = site.visitor()
        visitor.log_in(site.account("eve@example.org", role))
        clock.advance(days=100)
        visitor.log_in("eve@example.org")

        assert 200 == visitor.get("/desk").status_code

    def test_can_be_left_to_everybody(self, app: Flask, site: Factory, ann: Visitor, clock: Clock):
        """With an empty setting nobody must have one."""
        app.config["BLOG_FACTOR_ROLES"] = frozenset()
        clock.advance(days=100)
        ann.log_in(ANN)

        assert 200 == ann.get("/desk/comments").status_code


class TestReset:
    def test_by_the_machine_lets_the_password_sign_in_alone(self, app: Flask, site: Factory, ann: Visitor, codes):
        """For whoever has lost telephone and codes; sessions end, and the owner is told."""
        done = app.test_cli_runner().invoke(args=["users", "reset-factor", ANN])
        with app.app_context():
            texts = " ".join(notice.text for notice in db.session.scalars(overview.owed()))

        assert 0 == done.exit_code, done.output
        assert not ann.is_signed_in
        assert "/desk" == site.visitor().log_in(ANN).location
        assert "were reset by an administrator" in " ".join(texts.split())


def test_wrong_passkeys_are_refused_in_words(site: Factory, ann: Visitor, codes: list[str]):
    """What is no answer of an authenticator is no passkey, alone or as the second step."""
    half = site.visitor()
    half.log_in(ANN)
    for junk in ("", "{}", "[]", '{"id": "x", "response": {}}', "x" * 30_000):
        half.client.post("/login/second/passkey/options", data={"csrf_token": half.token("/login/second")})
        first = half.send("/login/second/passkey", form_on="/login/second", credential=junk)
        stranger = site.visitor()
        stranger.client.post("/login/passkey/options", data={"csrf_token": stranger.token("/login/passkey")})
        second_ = stranger.send("/login/passkey", credential=junk)

        assert (422, 422) == (first.status_code, second_.status_code)
        assert not half.is_signed_in and not stranger.is_signed_in
