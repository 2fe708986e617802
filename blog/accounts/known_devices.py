"""Browsers that an account has signed in with before: strangers who guess cannot lock them out.

The cookie says nothing but that, and opens nothing. Only the log-in reads it.
"""

from __future__ import annotations

import secrets

from flask import Request, Response, current_app

from blog.accounts.models import look_up_email
from blog.keys import keyed_hash, matches

DAYS = 180


def cookie_name() -> str:
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


def known_device(request: Request, email: str) -> str:
    """A name for the browser that asks, if this account has signed in with it before; empty otherwise."""
    number, _, proof = request.cookies.get(cookie_name(), "").partition(".")
    return number if proof and matches(proof, _proof(number, email)) else ""


def remember(response: Response, email: str) -> Response:
    """Let the browser that gets this answer be known from now on."""
    number = secrets.token_urlsafe(12)
    is_secure: bool = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(
        cookie_name(),
        f"{number}.{_proof(number, email)}",
        max_age=DAYS * 24 * 60 * 60,
        path="/" if is_secure else "/login",  # the prefix binds it to this host, and asks for the whole of it
        secure=is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _proof(number: str, email: str) -> str:
    return keyed_hash("known device", number, look_up_email(email))
