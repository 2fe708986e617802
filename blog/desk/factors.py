"""One's own second factor: an authenticator app, passkeys and recovery codes, added, named and removed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blog.accounts import passkeys
from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.factors import (
    PASSKEY_NAME_MAX_CHARS,
    PASSKEYS_MOST,
    AuthenticatorApp,
    Passkey,
    RecoveryCode,
    factor_due_at,
    forget_codes_without_factor,
    has_factor,
    must_have_factor,
    numbers,
)
from blog.accounts.security import current_session, me, prove, require
from blog.accounts.sessions import StaffSession
from blog.database import begin_write, db
from blog.libraries import later
from blog.mail.security import tell
from blog.pages.models import Site
from blog.text.characters import clean_line

if TYPE_CHECKING:
    import qrcode
    from qrcode.image import svg
else:
    qrcode, svg = later("qrcode"), later("qrcode.image.svg")

bp = Blueprint("factors", __name__, url_prefix="/account/factors")
bp.before_request(require())


@bp.before_request
def ask_again() -> tuple[str, int] | None:
    """Everything here that changes something needs a fresh log-in. The question to an authenticator changes nothing."""
    is_question = request.endpoint == "factors.passkey_options"
    return prove() if request.method == "POST" and not is_question else None


@bp.get("")
def show() -> str:
    account = me()
    return render_template(
        "desk/account/factors.html",
        app=db.session.scalar(AuthenticatorApp.of(account)),
        passkeys=db.session.scalars(Passkey.of(account)).all(),
        domain=passkeys.domain(),
        codes_left=RecoveryCode.left(account),
        must=must_have_factor(account),
        due=None if has_factor(account) else factor_due_at(account),
        name_most=PASSKEY_NAME_MAX_CHARS,
    )


# The app


@bp.post("/app")
def begin_app() -> BaseResponse:
    begin_write()
    AuthenticatorApp.begin(me())
    db.session.commit()
    return redirect(url_for("factors.app"), 303)


@bp.get("/app")
def app() -> str:
    return _app_page(_begun())


@bp.get("/app.svg")
def app_code() -> Response:
    """The code that an app scans: a picture of our own, so that no page needs looser headers."""
    address = numbers().get_totp_uri(me().email, _begun().secret)
    picture = io.BytesIO()
    qrcode.make(address, image_factory=svg.SvgPathImage, border=4).save(picture)
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@bp.post("/app/confirm")
def confirm_app() -> str | tuple[str, int]:
    begin_write(lock="second factors")
    begun = _begun()
    if not begun.takes(request.form.get("code", "")):
        db.session.rollback()
        problem = "This is not the number that the app shows. Is the clock of your telephone right?"
        return _app_page(_begun(), problem), 422
    begun.confirm()
    return _added("an authenticator app")


@bp.post("/app/remove")
def remove_app() -> BaseResponse:
    begin_write(lock="second factors")
    found = db.session.scalar(AuthenticatorApp.of(me()))
    if found is None:
        db.session.rollback()
        abort(404)
    db.session.delete(found)
    return _removed("The authenticator app")


# Passkeys


@bp.post("/passkeys/options")
def passkey_options() -> Response:
    return Response(passkeys.registration_options(me(), Site.current().name), mimetype="application/json")


@bp.post("/passkeys")
def add_passkey() -> str | BaseResponse:
    name = clean_line(request.form.get("name", "")) or "Passkey"
    begin_write(lock="second factors")
    if len(db.session.scalars(Passkey.of(me())).all()) >= PASSKEYS_MOST:
        db.session.rollback()
        flash(f"There are {PASSKEYS_MOST} passkeys already. Remove one first.")
        return redirect(url_for("factors.show"), 303)
    try:
        passkeys.register(me(), request.form.get("credential", ""), name)
    except passkeys.NotTaken:
        db.session.rollback()
        flash("That passkey was not taken. Please try again.")
        return redirect(url_for("factors.show"), 303)
    return _added(f"the passkey “{name[:PASSKEY_NAME_MAX_CHARS]}”")


@bp.post("/passkeys/<int:passkey_id>/name")
def rename_passkey(passkey_id: int) -> BaseResponse:
    begin_write()
    passkey = _own(passkey_id)
    passkey.name = clean_line(request.form.get("name", ""))[:PASSKEY_NAME_MAX_CHARS] or passkey.name
    db.session.commit()
    flash("The name is saved.")
    return redirect(url_for("factors.show"), 303)


@bp.post("/passkeys/<int:passkey_id>/remove")
def remove_passkey(passkey_id: int) -> BaseResponse:
    begin_write(lock="second factors")
    passkey = _own(passkey_id)
    name = passkey.name
    db.session.delete(passkey)
    return _removed(f"The passkey “{name}”")


# Recovery codes


@bp.post("/codes")
def make_codes() -> str | BaseResponse:
    if not has_factor(me()):
        flash("Recovery codes stand in for a second factor: first set one up.")
        return redirect(url_for("factors.show"), 303)
    begin_write(lock="second factors")
    codes = RecoveryCode.make(me())
    SecurityEvent.note(EventKind.CODES_MADE, me().id)
    tell(me(), "New recovery codes were made for your account; the codes of before work no more.")
    db.session.commit()
    return render_template("desk/account/codes.html", codes=codes, added="")


def _begun() -> AuthenticatorApp:
    found = db.session.scalar(AuthenticatorApp.begun(me()))
    if found is None:
        abort(404)
    return found


def _own(passkey_id: int) -> Passkey:
    found = db.get_or_404(Passkey, passkey_id)
    if found.account_id != me().id:
        abort(404)
    return found


def _added(what: str) -> str:
    """Rights have changed: this session counts as strong, the others end; the first time there are codes to keep."""
    account, own = me(), current_session()
    db.session.flush()
    codes = [] if RecoveryCode.left(account) else RecoveryCode.make(account)
    if own:
        own.is_strong = True
        StaffSession.end_others(account, own.id)
    SecurityEvent.note(EventKind.FACTOR_ADDED, account.id, "app" if "app" in what.split()[:3] else "passkey")
    tell(account, f"A second factor was added to your account: {what}. All your other sessions have ended.")
    db.session.commit()
    return render_template("desk/account/codes.html", codes=codes, added=what)


def _removed(what: str) -> BaseResponse:
    forget_codes_without_factor(me())
    SecurityEvent.note(EventKind.FACTOR_REMOVED, me().id)
    tell(me(), f"A second factor was removed from your account: {what}.")
    db.session.commit()
    flash(f"{what} is removed.")
    return redirect(url_for("factors.show"), 303)


def _app_page(begun: AuthenticatorApp, problem: str = "") -> str:
    key = numbers().get_totp_pretty_key(begun.secret)
    return render_template("desk/account/app.html", key=key, problem=problem)
