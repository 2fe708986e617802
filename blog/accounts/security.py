"""Signing in, wired: Flask-Security with log-in and log-out only, and the guard of all staff pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import flask_security
import structlog
from flask import Flask, abort, after_this_request, current_app, g, redirect, render_template, request, session, url_for
from flask_login import user_logged_out
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore, current_user, user_authenticated
from sqlalchemy.exc import OperationalError
from werkzeug import Response

from blog import errors
from blog.accounts import passwords
from blog.accounts.devices import device
from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.factors import Passkey, ask_for_factor, factor_due_at
from blog.accounts.forms import LoginForm
from blog.accounts.known_devices import remember
from blog.accounts.models import Account, Role, RoleName, TooManyGuesses
from blog.accounts.passkeys import Passkeys
from blog.accounts.passwords import Busy
from blog.accounts.second_step import SecondStep, shows_passkey
from blog.accounts.sessions import StaffSession
from blog.addresses import came_from_here
from blog.clock import now
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.sessions import is_staff_path

BUSY_RETRY_SECONDS = 10

log = structlog.get_logger("blog.accounts")
SESSION_TOKEN = "sid"  # noqa: S105  (its name in the cookie)
PROOF = "proof"  # the field of a password typed again
PROOF_PASSKEY = "proof_passkey"  # the field of a passkey shown instead
WITHOUT_FACTOR = ("factors", "accounts")  # what still opens for those who must set up a second factor

# The desk keeps nothing in the browser's cache, but in its memory of pages one can go back to. "cookies" is not said:
# browsers would drop those of every other site under the same domain, too.
FORGET_ALL = '"cache", "storage"'

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


def init_app(app: Flask, mailing: Mailing, tell: Callable[[Account, str], None]) -> None:
    """Set signing in up. `mailing` lays a mail to an account into the outbox, `tell` one that says what was changed:

    who sends mails stands above accounts.
    """
    app.extensions["account_mailing"] = mailing
    app.extensions["account_notice"] = tell
    for name, value in SETTINGS.items():
        app.config.setdefault(name, value)
    accounts = SQLAlchemyUserDatastore(db, Account, Role)
    security = Security(app, accounts, login_form=LoginForm, render_template=_render, mail_util_cls=ThroughOutbox)
    security.want_json(lambda request: False)
    security.login_manager.request_loader(None)  # no tokens in headers or addresses: a session or nothing
    security.login_manager.user_loader(_load)
    security.two_factor_plugins = SecondStep()
    app.extensions["passkeys"] = Passkeys(app)
    user_authenticated.connect(_begin_session, app)
    user_logged_out.connect(_end_session, app)
    app.before_request(_refuse_other_sites)

    # Flask-Principal asks on each request who it is; readers have no session that could tell.
    hooks, identify = app.before_request_funcs[None], security.principal._on_before_request
    hooks[hooks.index(identify)] = lambda: identify() if is_staff_path(request.path) else None

    # Flask-Login looks the account up for every template; a global does so only where a template asks.
    processors = app.template_context_processors[None]
    processors[:] = [processor for processor in processors if processor.__name__ != "_user_context_processor"]
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


def sign_in(account: Account, is_strong: bool = False) -> None:
    """Begin a session. The caller has checked a password or a one-time link, and has committed.

    `is_strong`: a second factor was shown, too.
    """
    g.signs_in_strongly = is_strong
    flask_security.login_user(account, authn_via=["password"])


def current_session() -> StaffSession | None:
    """The session of this request, where somebody is signed in."""
    return g.get("staff_session") if current_account() else None


def require(*roles: RoleName, fresh: bool = False) -> Callable[[], Response | tuple[str, int] | None]:
    """A guard for `blueprint.before_request`: strangers go to the log-in, the wrong role gets 403.

    Without roles, everybody who is signed in may pass. Where `fresh`, whoever changes something must have typed
    their password within the hour, and is asked for it otherwise.
    """

    def guard() -> Response | tuple[str, int] | None:
        account = current_account()
        if account is None:
            return redirect(url_for("security.login", next=_way_back()))
        if roles and not account.has_any_role(*roles):
            log.warning("refused by role", account=account.id, route=str(request.url_rule), method=request.method)
            abort(403)
        _see()
        if _must_set_factor_up(account):
            return redirect(url_for("factors.show"))
        return prove() if fresh and request.method not in ("GET", "HEAD") else None

    return guard


def prove() -> tuple[str, int] | None:
    """Ask who is signed in for their password, unless they gave it lately; the form that was sent is kept meanwhile."""
    found = current_session()
    if found is None or found.is_fresh:
        return None
    given, answer, account, address = (
        request.form.get(PROOF),
        request.form.get(PROOF_PASSKEY),
        me(),
        request.remote_addr,
    )
    is_right = (
        passwords.check(account.email, given, address or "", found.name) is not None
        if given is not None
        else answer is not None and shows_passkey(answer, account) is not None
    )
    if is_right:
        begin_write()
        session[SESSION_TOKEN] = found.prove()
        db.session.commit()
        return None
    kept = [pair for pair in request.form.items(multi=True) if pair[0] not in (PROOF, PROOF_PASSKEY, "csrf_token")]
    words = {"account": account, "kept": kept, "has_files": bool(request.files), "is_wrong": bool(given)}
    has_passkey = bool(db.session.scalars(Passkey.of(account)).first())
    return render_template("desk/account/prove.html", **words, has_passkey=has_passkey), 403


def _must_set_factor_up(account: Account) -> bool:
    """Whether the days are over in which the account may go without a second factor, as its role asks for one."""
    due, found = factor_due_at(account), current_session()
    is_over = due is not None and due < now() and found is not None and not found.is_strong
    return is_over and request.blueprint not in WITHOUT_FACTOR


def _way_back() -> str:
    """Where to go after the log-in: the page asked for, as long as asking again changes nothing."""
    if request.method not in ("GET", "HEAD"):
        return "/desk"
    return request.full_path.rstrip("?")


def _load(uniquifier: str) -> Account | None:
    """Who the cookie belongs to: its session must stand in the database, neither ended nor left alone."""
    token = session.get(SESSION_TOKEN)
    found = db.session.execute(StaffSession.found(token, uniquifier)).one_or_none() if token else None
    if found is None or found[0].is_over:
        return None
    g.staff_session, g.acting_id = found[0], found[1].id
    return found[1]


def _see() -> None:
    """Write down now and then that the session is used. Where others write, it is done with the next page."""
    found = current_session()
    if found is None or not found.is_to_be_seen:
        return
    try:
        begin_write()
        found.see()
        db.session.commit()
    except OperationalError:
        db.session.rollback()


def _begin_session(app: Flask, user: Account, **signal: Any) -> None:
    """A session of its own for each log-in; the form tokens of before it are worth nothing any more."""
    before, account_id, email = session.pop(SESSION_TOKEN, None), user.id, user.email
    begin_write()
    if before:
        StaffSession.end(before)
    account = db.session.get_one(Account, account_id)
    ask_for_factor(account)
    browser, is_strong = device(request.headers.get("User-Agent", "")), g.pop("signs_in_strongly", False)
    g.staff_session, session[SESSION_TOKEN] = StaffSession.begin(account, browser, is_strong)
    g.acting_id = account.id
    SecurityEvent.note(EventKind.SIGNED_IN, account.id, browser + (", with a second factor" if is_strong else ""))
    db.session.commit()
    for name in ("csrf_token", "_flashes"):
        session.pop(name, None)
    g.pop("csrf_token", None)
    after_this_request(partial(remember, email=email))
    session.permanent = True  # with an end, even in browsers that keep sessions when closed


def _end_session(app: Flask, **signal: Any) -> None:
    token = session.pop(SESSION_TOKEN, None)
    if token:
        begin_write()
        StaffSession.end(token)
        SecurityEvent.note(EventKind.SIGNED_OUT, g.get("acting_id"))
        db.session.commit()
    session.clear()
    after_this_request(_forget_all)


def _forget_all(response: Response) -> Response:
    response.headers["Clear-Site-Data"] = FORGET_ALL
    return response


def _refuse_other_sites() -> tuple[str, int] | None:
    """Staff's forms are sent by this site's own pages. What a mail program sends for its reader is not asked."""
    is_ours = request.method in ("GET", "HEAD", "OPTIONS") or not is_staff_path(request.path)
    if is_ours or request.path.startswith("/mail/") or came_from_here(request):
        return None
    return errors.page(403, "This form was sent from another site. Nothing was changed.")


def _render(template: str, **context: Any) -> tuple[str, int]:
    form = context["login_user_form"]
    return render_template(template, **context), 422 if form.errors else 200


def _too_many_guesses(error: TooManyGuesses) -> tuple[str, int, dict[str, str]]:
    db.session.rollback()
    minutes = "1 minute" if error.wait_minutes == 1 else f"{error.wait_minutes} minutes"
    text = f"There were too many {error.what}. Please wait {minutes} and try again."
    return (*errors.page(429, text), {"Retry-After": str(error.wait_minutes * 60)})


def _busy(error: Busy) -> tuple[str, int, dict[str, str]]:
    db.session.rollback()
    text = "We are busy: many people are signing in just now. Please try again in a moment."
    return (*errors.page(503, text), {"Retry-After": str(BUSY_RETRY_SECONDS)})
