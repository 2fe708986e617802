"""A site with the tables of accounts only, cheap hashing, and visitors who fill in forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, render_template_string
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from werkzeug.test import TestResponse

from blog import create_app
from blog.accounts import passwords
from blog.accounts.models import Account, AccountLink, Purpose, RoleName
from blog.accounts.security import require
from blog.database import Base, begin_write, db

PASSWORD = "long enough to be safe"

CHEAP = {
    "argon2__type": "ID",
    "argon2__memory_cost": 8,
    "argon2__time_cost": 1,
    "argon2__parallelism": 1,
}
LAYOUT = "<!doctype html><title>{% block title %}{% endblock %}</title>{% block content %}{% endblock %}"
TABLES = (
    "accounts",
    "roles",
    "account_roles",
    "people",
    "account_links",
    "login_failures",
    "account_sessions",
    "authenticator_apps",
    "passkeys",
    "recovery_codes",
    "security_events",
    "link_requests",
)


def make_app(instance: Path, **overrides: object) -> Flask:
    """The whole site, with a public page and a page per role beside it."""
    settings = {
        "BLOG_INSTANCE_PATH": instance,
        "BLOG_SITE_URL": "http://clinic.example.org",
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP,
        "TESTING": True,
        "PROPAGATE_EXCEPTIONS": False,
    }
    app = create_app({**settings, **overrides})
    app.test_client_class = SiteClient
    app.jinja_loader = ChoiceLoader([DictLoader({"layouts/plain.html": LAYOUT}), app.jinja_loader])

    @app.get("/accounts-test-public")
    def public() -> str:
        return render_template_string("{% extends 'layouts/plain.html' %}")

    for role in RoleName:
        guarded = Blueprint(f"accounts_test_{role}", __name__, url_prefix=f"/desk/accounts-test/{role}")
        guarded.before_request(require(role))
        guarded.add_url_rule("", "page", lambda: "secret of the desk", methods=["GET", "POST"])
        app.register_blueprint(guarded)
    return app


class SiteClient(FlaskClient):
    """Asks for the site under its own address."""

    def open(self, *args: Any, **kw: Any) -> TestResponse:
        return super().open(*args, **{"base_url": self.application.config["BLOG_SITE_URL"], **kw})


class Visitor:
    """A browser: keeps cookies, and sends the form of the page it has opened."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def send(self, path: str, /, form_on: str | None = None, **fields: str) -> TestResponse:
        """POST `fields` to `path`, with the token of the form on the page `form_on` (default: `path`)."""
        return self.client.post(path, data={**fields, "csrf_token": self.token(form_on or path)})

    def token(self, path: str) -> str:
        """What the forms on this page hold against other sites; empty when there are none."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).text)
        return found[1] if found else ""

    def log_in(self, email: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.send("/login", email=email, password=password, **fields)

    @property
    def is_signed_in(self) -> bool:
        return self.get("/account").status_code == 200


class Factory:
    """Rows, made in a context of their own so that no request sees what a test has loaded."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def visitor(self, address: str = "198.51.100.7") -> Visitor:
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return Visitor(client)

    def account(
        self,
        email: str = "ann@example.org",
        *roles: RoleName,
        password: str | None = PASSWORD,
        active: bool = True,
    ) -> str:
        """Makes an account and returns its address."""
        with self.app.app_context():
            hash = passwords.hash_password(password) if password else None
            begin_write()
            account = Account.register(email, "Ann Other", roles)
            if hash:
                account.set_password(hash)
            if not active:
                account.deactivate()
            db.session.commit()
        return email

    def admin(self, email: str = "admin@example.org") -> str:
        return self.account(email, RoleName.ADMIN)

    def link(self, purpose: Purpose, email: str | None = None) -> str:
        """Makes a one-time link and returns its path."""
        with self.app.app_context():
            begin_write()
            account = db.session.scalars(Account.with_email(email)).one() if email else None
            _, token = AccountLink.issue(purpose, account)
            db.session.commit()
        return f"/account/link/{token}"

    def change(self, email: str, verb: str, *arguments: object) -> None:
        """Lets an account do `verb`, as a colleague or another browser would."""
        with self.app.app_context():
            begin_write()
            getattr(db.session.scalars(Account.with_email(email)).one(), verb)(*arguments)
            db.session.commit()

    def count(self, model: type[Base]) -> int:
        with self.app.app_context():
            return db.session.query(model).count()


@pytest.fixture
def acc_app(tmp_path: Path) -> Iterator[Flask]:
    app = make_app(tmp_path / "instance")
    with app.app_context():
        Base.metadata.create_all(db.engine, tables=[Base.metadata.tables[name] for name in TABLES])
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def acc(acc_app: Flask) -> Factory:
    return Factory(acc_app)


@pytest.fixture
def acc_visitor(acc: Factory) -> Visitor:
    return acc.visitor()


@pytest.fixture
def acc_writing(acc_app: Flask) -> Iterator[None]:
    """For tests of models: a context with a transaction that writes, and no requests."""
    with acc_app.app_context():
        begin_write()
        yield
