"""Signing in, wired: Flask-Security with log-in and log-out only, and the guard of all staff pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flask_security
from flask import Flask, abort, current_app, redirect, render_template, request, session, url_for
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore, current_user, user_authenticated
from werkzeug import Response

from blog import errors
from blog.accounts.forms import LoginForm
from blog.accounts.models import Account, Role, RoleName, TooManyGuesses
from blog.accounts.passwords import Busy
from blog.database import begin_write, db
from blog.jobs import jobs

SESSION_HOURS = 12  # since the last page opened
BUSY_RETRY_SECONDS = 10

SETTINGS: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},  # else a lost secret key would void every password
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID",
        "argon2__memory_cost": 64 * 1024,  # KiB
        "argon2__time_cost": 3,
        "argon2__parallelism": 4,
    },
    "SECURITY_LOGIN_USER_TEMPLATE": "desk/account/login.html",
    "SECURITY_POST_LOGIN_VIEW": "/desk",
    "SECURITY_POST_LOGOUT_VIEW": "/login",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_CACHE_CONTROL": None,  # blog/headers.py says it
    "SECURITY_FRESHNESS": timedelta(minutes=-1),  # no /verify: it would be a second place for guesses
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_CLI_USERS_NAME": False,  # blog/accounts/cli.py is ours
    "SECURITY_CLI_ROLES_NAME": False,
}


Mailing = Callable[[Account, str, str, str], object]  # an account, a subject, the words as text and as HTML


class ThroughOutbox(MailUtil):
    """Flask-Security's mails, laid into the outbox like all others: a dead mail server cannot stop a log-in."""

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: str | None, html: str | None, **kw: Any
    ) -> None:
        writes = db.session().info.get("writes")
        if not writes:
            begin_write()
        account = db.session.scalar(Account.with_email(recipient if isinstance(recipient, str) else recipient[1]))
        if account is not None:
            current_app.extensions["account_mailing"](account, subject, body or "", html or "")
        if not writes:
            db.session.commit()
        jobs.wake("send_mail")


def init_app(app: Flask, mailing: Mailing) -> None:
    """Set signing in up. `mailing` lays a mail to an account into the outbox: who sends mails stands above accounts."""
    app.extensions["account_mailing"] = mailing
    for name, value in SETTINGS.items():
        app.config.setdefault(name, value)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=SESSION_HOURS)

    accounts = SQLAlchemyUserDatastore(db, Account, Role)
    security = Security(app, accounts, login_form=LoginForm, render_template=_render, mail_util_cls=ThroughOutbox)
    security.want_json(lambda request: False)
    security.login_manager.request_loader(None)  # no tokens in headers or addresses: a session or nothing
    user_authenticated.connect(_begin_hours, app)

    # Flask-Login looks the account up for every template; a global does so only where a template asks.
    processors = app.template_context_processors[None]
    processors[:] = [one for one in processors if one.__name__ != "_user_context_processor"]
    app.jinja_env.globals.update(current_user=current_user, current_account=current_account)

    app.register_error_handler(TooManyGuesses, _too_many_guesses)
    app.register_error_handler(Busy, _busy)


def current_account() -> Account | None:
    """Who is signed in, active, in this request."""
    account = current_user._get_current_object()
    return account if isinstance(account, Account) else None


def me() -> Account:
    """The signed-in account, for views behind `require`."""
    account = current_account()
    if account is None:
        abort(403)
    return account


def sign_in(account: Account) -> None:
    """Begin a session. The caller has checked a password or a one-time link, and has committed."""
    flask_security.login_user(account, authn_via=["password"])


def require(*roles: RoleName) -> Callable[[], Response | None]:
    """A guard for `blueprint.before_request`: strangers go to the log-in, the wrong role gets 403.

    Without roles, everybody who is signed in may pass.
    """

    def guard() -> Response | None:
        account = current_account()
        if account is None:
            return redirect(url_for("security.login", next=_way_back()))
        if roles and not account.has_any_role(*roles):
            abort(403)
        return None

    return guard


def _way_back() -> str:
    """Where to go after the log-in: the page asked for, as long as asking again changes nothing."""
    if request.method not in ("GET", "HEAD"):
        return "/desk"
    return request.full_path.rstrip("?")


def _begin_hours(app: Flask, **signal: Any) -> None:
    session.permanent = True  # with an end, even in browsers that keep sessions when closed


def _render(template: str, **context: Any) -> tuple[str, int]:
    form = context["login_user_form"]
    return render_template(template, **context), 422 if form.errors else 200


def _too_many_guesses(error: TooManyGuesses) -> tuple[str, int, dict[str, str]]:
    db.session.rollback()
    minutes = "1 minute" if error.wait_minutes == 1 else f"{error.wait_minutes} minutes"
    text = f"There were too many wrong passwords. Please wait {minutes} and try again."
    return (*errors.page(429, text), {"Retry-After": str(error.wait_minutes * 60)})


def _busy(error: Busy) -> tuple[str, int, dict[str, str]]:
    db.session.rollback()
    text = "We are busy: many people are signing in just now. Please try again in a moment."
    return (*errors.page(503, text), {"Retry-After": str(BUSY_RETRY_SECONDS)})
