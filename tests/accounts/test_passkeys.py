"""What an authenticator answers is believed only where everything fits: question, site, owner, key, counter."""

from __future__ import annotations

import pytest
from flask import Flask

from blog.accounts.factors import Passkey
from blog.accounts.models import RoleName
from blog.accounts.passkeys import MINUTES
from blog.clock import now
from blog.database import begin_write, db
from tests.conftest import Clock

from .authenticator import Authenticator
from .conftest import CHEAP, Factory, Visitor

ANN, BEN = "ann@example.org", "ben@example.org"


@pytest.fixture
def settings() -> dict[str, object]:
    return {"SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP}


@pytest.fixture
def site(app: Flask) -> Factory:
    return Factory(app)


@pytest.fixture
def ann(site: Factory, clock: Clock) -> Visitor:
    clock.freeze(now())
    visitor = site.visitor()
    visitor.log_in(site.account(ANN, RoleName.AUTHOR))
    return visitor


def asked(visitor: Visitor, path: str, form_on: str) -> str:
    """The question that the server puts to a browser, as JSON."""
    return visitor.send(path, form_on=form_on).text


def add(visitor: Visitor, key: Authenticator, **how: bool):
    options = asked(visitor, "/account/factors/passkeys/options", "/account/factors")
    return visitor.send(
        "/account/factors/passkeys", form_on="/account/factors", name="My key", credential=key.made(options, **how)
    )


@pytest.fixture
def key(ann: Visitor) -> Authenticator:
    """Ann's passkey."""
    made = Authenticator()
    add(ann, made)
    return made


def alone(visitor: Visitor, key: Authenticator, **how: bool):
    options = asked(visitor, "/login/passkey/options", "/login/passkey")
    return visitor.send("/login/passkey", credential=key.shown(options, **how))


def second(visitor: Visitor, key: Authenticator, email: str = ANN, **how: bool):
    visitor.log_in(email)
    options = asked(visitor, "/login/second/passkey/options", "/login/second")
    return visitor.send("/login/second/passkey", form_on="/login/second", credential=key.shown(options, **how))


class TestAdding:
    @pytest.mark.parametrize(
        ("wrong", "count"),
        [({}, 1), ({"origin": "https://evil.example"}, 0), ({"domain": "evil.example"}, 0)],
    )
    def test_takes_what_was_made_for_this_site(self, site: Factory, ann: Visitor, wrong: dict[str, str], count: int):
        """A page of another site that hands an answer on gets nothing."""
        add(ann, Authenticator(**wrong))

        assert count == site.count(Passkey)

    def test_needs_a_question_of_ours(self, site: Factory, ann: Visitor):
        """Each is answered once, and for minutes."""
        options = asked(ann, "/account/factors/passkeys/options", "/account/factors")
        for key in (Authenticator(), Authenticator()):
            form = {"name": "My key", "credential": key.made(options)}
            ann.send("/account/factors/passkeys", form_on="/account/factors", **form)

        assert 1 == site.count(Passkey)

    def test_of_a_key_that_somebody_has_is_refused(self, site: Factory, ann: Visitor, key: Authenticator):
        """One key opens one account."""
        ben = site.visitor()
        ben.log_in(site.account(BEN))
        add(ben, key)

        assert 1 == site.count(Passkey)


class TestAlone:
    @pytest.mark.parametrize(("verified", "status"), [(True, 303), (False, 422)])
    def test_needs_its_owner_checked(self, site: Factory, key: Authenticator, verified: bool, status: int):
        """A found key without its PIN is one factor, and one is too few."""
        visitor = site.visitor()

        assert status == alone(visitor, key, verified=verified).status_code
        assert verified is visitor.is_signed_in

    def test_is_strange_from_another_key(self, site: Factory, key: Authenticator):
        """Knowing the number of a passkey is not having it."""
        liar = Authenticator()
        liar.id = key.id

        assert 422 == alone(site.visitor(), liar).status_code

    def test_cannot_be_sent_again(self, site: Factory, key: Authenticator):
        """An answer that somebody has seen is no answer to another question."""
        first, later = site.visitor(), site.visitor()
        answer = key.shown(asked(first, "/login/passkey/options", "/login/passkey"))
        asked(later, "/login/passkey/options", "/login/passkey")

        assert 303 == first.send("/login/passkey", credential=answer).status_code
        assert 422 == later.send("/login/passkey", credential=answer).status_code

    def test_copied_is_noticed_by_its_counter(self, site: Factory, key: Authenticator):
        """A counter that goes back means that there are two of it."""
        assert 303 == alone(site.visitor(), key).status_code
        key.count = 0

        assert 422 == alone(site.visitor(), key).status_code

    def test_must_be_answered_within_minutes(self, site: Factory, key: Authenticator, clock: Clock):
        """The question lies in a cookie, and old ones are worth nothing."""
        visitor = site.visitor()
        answer = key.shown(asked(visitor, "/login/passkey/options", "/login/passkey"))
        clock.advance(minutes=MINUTES, seconds=1)

        assert 422 == visitor.send("/login/passkey", credential=answer).status_code

    def test_of_somebody_deactivated_opens_nothing(self, site: Factory, key: Authenticator):
        """Whoever left the team has left."""
        site.change(ANN, "deactivate")

        assert 422 == alone(site.visitor(), key).status_code

    def test_made_for_another_domain_is_not_taken(self, app: Flask, site: Factory, ann: Visitor, key: Authenticator):
        """After a move it is named in the account, with what to do."""
        with app.app_context():
            begin_write()
            db.session.query(Passkey).one().domain = "old.example"
            db.session.commit()

        assert 422 == alone(site.visitor(), key).status_code
        assert "It was made for old.example and does not work at localhost." in ann.get("/account/factors").text


class TestSecond:
    def test_is_enough_without_a_check(self, site: Factory, key: Authenticator):
        """The password was the first factor."""
        visitor = site.visitor()

        assert 303 == second(visitor, key, verified=False).status_code
        assert visitor.is_signed_in

    def test_of_a_colleague_opens_nothing(self, site: Factory, key: Authenticator):
        """Ben's password with Ann's key is neither of them."""
        ben = site.visitor()
        ben.log_in(site.account(BEN))
        add(ben, Authenticator())
        visitor = site.visitor()

        assert 422 == second(visitor, key, BEN).status_code
        assert not visitor.is_signed_in

    def test_answers_its_own_question_alone(self, site: Factory, key: Authenticator):
        """The question of the second step is none for signing in without a password."""
        visitor = site.visitor()
        visitor.log_in(ANN)
        answer = key.shown(asked(visitor, "/login/second/passkey/options", "/login/second"))

        assert 422 == visitor.send("/login/passkey", form_on="/login", credential=answer).status_code


class TestProof:
    @pytest.mark.parametrize(("own", "status"), [(True, 303), (False, 403)])
    def test_stands_in_for_the_password(self, ann: Visitor, key: Authenticator, clock: Clock, own: bool, status: int):
        """After an hour, where the password is asked for again: the own key, not another one."""
        clock.advance(minutes=61)
        options = asked(ann, "/account/proof/options", "/account")
        proof = (key if own else Authenticator()).shown(options)
        answer = ann.send("/account/factors/app", form_on="/account/factors", proof_passkey=proof)

        assert status == answer.status_code
