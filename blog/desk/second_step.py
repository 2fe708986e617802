"""The second step of a log-in, and the log-in by a passkey alone."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blog.accounts import passkeys
from blog.accounts.factors import AuthenticatorApp, Passkey, RecoveryCode
from blog.accounts.models import Account, LoginFailure
from blog.accounts.second_step import clear, half_signed_in, shows_passkey, takes_code, way_on
from blog.accounts.security import sign_in
from blog.database import db

FEW_CODES = 3  # so many recovery codes are left: make new ones

bp = Blueprint("second_step", __name__, url_prefix="/login")  # open: it is a part of signing in


@bp.get("/second")
def show() -> str | BaseResponse:
    found = half_signed_in()
    return _page(found[0]) if found else _again()


@bp.post("/second")
def code() -> BaseResponse | tuple[str, int]:
    found = half_signed_in()
    if found is None:
        return _again()
    account, next = found
    factor = takes_code(account, request.form.get("code", ""), request.remote_addr or "")
    if factor is None:
        return _page(
            account, "This code is wrong, or it was used already. An app shows a new one every 30 seconds."
        ), 422
    answer = _enter(account, next)
    left = RecoveryCode.left(account)
    if factor == "recovery":
        few = " Please make new ones under “Second factor” in your account." if left <= FEW_CODES else ""
        flash(f"You used a recovery code; {left} are left.{few}")
    return answer


@bp.post("/second/passkey")
def second_passkey() -> BaseResponse | tuple[str, int]:
    found = half_signed_in()
    if found is None:
        return _again()
    account, next = found
    if shows_passkey(request.form.get("credential", ""), account) is None:
        return _page(account, "That passkey was not taken. Please try again, or type a code."), 422
    return _enter(account, next)


@bp.post("/second/passkey/options")
def second_options() -> Response | tuple[str, int]:
    found = half_signed_in()
    if found is None:
        return "", 403
    return Response(passkeys.sign_in_options(found[0]), mimetype="application/json")


@bp.get("/passkey")
def alone() -> str:
    return _alone()


@bp.post("/passkey/options")
def options() -> Response:
    return Response(passkeys.sign_in_options(None), mimetype="application/json")


@bp.post("/passkey")
def passkey() -> BaseResponse | tuple[str, int]:
    """A passkey that has checked its owner is two factors in one: nothing else is asked."""
    LoginFailure.refuse_too_many("", request.remote_addr or "")
    account = shows_passkey(request.form.get("credential", ""), None)
    if account is None:
        return _alone("That passkey is not known here. Sign in with your password, and add it to your account."), 422
    return _enter(account, way_on())


def _enter(account: Account, next: str) -> BaseResponse:
    clear()
    sign_in(account, is_strong=True)
    return redirect(next, 303)


def _alone(problem: str = "") -> str:
    return render_template("desk/account/passkey.html", next=request.args.get("next"), problem=problem)


def _page(account: Account, problem: str = "") -> str:
    return render_template(
        "desk/account/second.html",
        has_app=db.session.scalar(AuthenticatorApp.of(account)) is not None,
        has_passkey=any(one.domain == passkeys.domain() for one in db.session.scalars(Passkey.of(account))),
        problem=problem,
    )


def _again() -> BaseResponse:
    return redirect(url_for("security.login"), 303)
