"""Test clients that know how our forms are protected."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from blog.accounts.models import Account
from blog.accounts.security import SESSION_TOKEN
from blog.accounts.sessions import StaffSession
from blog.database import begin_write, db


def nameless(answer: TestResponse) -> bytes:
    """The page without the name of its request, in which any two pages of errors differ."""
    name = answer.headers.get("X-Request-ID", "").encode()
    return answer.data.replace(name, b"") if name else answer.data


class Visitor(FlaskClient):
    """Looks at each page that it is given: an id stands there once, else a label or a link leads to the wrong place."""

    def open(self, *args: Any, **kw: Any) -> TestResponse:
        answer = super().open(*args, **kw)
        if answer.mimetype == "text/html" and "Content-Encoding" not in answer.headers:
            assert [] == repeated_ids(answer.get_data(as_text=True)), answer.request.path
        return answer


def repeated_ids(page: str) -> list[str]:
    """Ids that stand in a page more than once; what a <template> holds is not in the page yet."""
    shown = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    return [name for name, count in Counter(re.findall(r'<[^<>]*?\sid="([^"]*)"', shown)).items() if count > 1]


class StaffClient(Visitor):
    """Somebody signed in at the desk, whose POSTs carry a valid CSRF token."""

    account_id: int
    csrf_token: str

    @classmethod
    def signed_in(cls, app: Flask, account_id: int, uniquifier: str) -> StaffClient:
        """A client whose cookie says what a log-in would have written into it."""
        client = cls(app, app.response_class, use_cookies=True)
        secret = secrets.token_hex(20)
        with app.app_context():
            begin_write()
            _, token = StaffSession.begin(db.session.get_one(Account, account_id), "a test")
            db.session.commit()
        with client.session_transaction("/desk") as session:
            session["_user_id"] = uniquifier
            session["_fresh"] = True
            session[SESSION_TOKEN] = token
            session["csrf_token"] = secret
        client.account_id = account_id
        client.csrf_token = str(URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(secret))
        return client

    def post(self, *args: Any, data: Mapping[str, Any] | None = None, **kw: Any) -> TestResponse:
        return super().post(*args, data={"csrf_token": self.csrf_token, **(data or {})}, **kw)
