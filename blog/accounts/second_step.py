"""Between password and session: somebody whose password was right, and who must still show their second factor."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, session, url_for
from flask_security.tf_plugin import TfPlugin
from flask_security.utils import _get_post_login_redirect
from werkzeug import Response

from blog.accounts import passkeys
from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.factors import AuthenticatorApp, RecoveryCode, has_factor
from blog.accounts.models import Account, LoginFailure
from blog.clock import now
from blog.database import begin_write, db

MINUTES = 10  # for which a password waits for its second factor
HALF = "half"  # in the cookie: account, its uniquifier, when, where to go afterwards


class SecondStep(TfPlugin):
    """Where Flask-Security asks after each right password whether something else is needed."""

    def tf_enter(self, user: Account, remember_me: Any, primary_authn_via: str, next_loc: str | None) -> Any:
        return ask_for_second(user, way_on())


def way_on() -> str:
    """Where to go after the log-in: where its page or form says, but never to another site."""
    return str(_get_post_login_redirect())


def ask_for_second(account: Account, next: str) -> Response | None:
    """The way to the second step of a log-in; None when the account has no second factor."""
    if not has_factor(account):
        return None
    session.pop(HALF, None)
    session[HALF] = [account.id, account.fs_uniquifier, int(now().timestamp()), next]
    session.permanent = True
    return redirect(url_for("second_step.show"), 303 if request.method == "POST" else 302)


def half_signed_in() -> tuple[Account, str] | None:
    """Whose password was right some minutes ago, and where they wanted to go."""
    account_id, uniquifier, at, next = session.get(HALF, (None, "", 0, ""))
    if account_id is None or now().timestamp() - at > MINUTES * 60:
        return None
    account = db.session.get(Account, account_id)
    if account is None or not account.active or account.fs_uniquifier != uniquifier:
        return None
    return account, next


def takes_code(account: Account, typed: str, address: str) -> str | None:
    """Which factor a typed code belongs to: "app" or "recovery"; None if it is wrong. Commits, like a password.

    Guesses are counted for the account, from wherever they come. Raises TooManyGuesses.
    """
    begin_write(lock="login failures")
    failure = LoginFailure.reserve(account.email, address, "second factor")
    db.session.flush()
    app = db.session.scalar(AuthenticatorApp.of(account))
    factor = "app" if app and app.takes(typed) else "recovery" if RecoveryCode.use(account, typed) else None
    if factor:
        LoginFailure.forget(failure.id)
    else:
        SecurityEvent.note(EventKind.FACTOR_FAILED, account.id)
    db.session.commit()
    return factor


def shows_passkey(answer: str, account: Account | None) -> Account | None:
    """Whose passkey the browser answered with: of `account`, or of anybody; None if of nobody. Commits."""
    begin_write(lock="passkeys")
    try:
        found = db.session.get_one(Account, passkeys.shown(answer, account).account_id)
    except passkeys.NotTaken:
        db.session.rollback()
        return None
    db.session.commit()
    return found if found.active else None


def clear() -> None:
    """The second step is done, or given up."""
    session.pop(HALF, None)
