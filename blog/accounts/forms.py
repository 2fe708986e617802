"""What people type to sign in, to choose a password and to change their account."""

from __future__ import annotations

from typing import Any

import flask_security
from flask import request
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from blog.accounts import passwords
from blog.accounts.known_devices import known_device
from blog.accounts.models import NAME_MAX_CHARS, Account, normalised_email
from blog.database import db
from blog.text.email import EMAIL_MAX_CHARS

SIGN_IN_FAILED = (
    "We could not sign you in. Check the e-mail address and the password. "
    "If both are right, ask an administrator whether your account is active."
)


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


def _without_nul(text: str | None) -> str | None:
    """PostgreSQL refuses the character, SQLite keeps it."""
    return text.replace("\x00", "") if text else text


class LoginForm(flask_security.LoginForm):
    """Flask-Security's form with counted guesses, one answer to every failure, and no "remember me"."""

    email = EmailField(
        "E-mail address",
        [DataRequired("Enter your e-mail address."), Length(max=EMAIL_MAX_CHARS)],
        filters=[_stripped, _without_nul],
    )
    password = PasswordField("Password", [DataRequired("Enter your password.")])
    remember = None
    submit = None

    def validate_next(self, field: Field) -> None:
        """An address outside this site is no mistake of the visitor: it is ignored, by the redirect too."""

    def validate(self, **kwargs: Any) -> bool:
        if not FlaskForm.validate(self, **kwargs):
            return False
        device = known_device(request, self.email.data)
        self.user = passwords.check(self.email.data, self.password.data, request.remote_addr or "", device)
        if self.user is None:
            self.form_errors.append(SIGN_IN_FAILED)
        return self.user is not None


class ForgottenForm(FlaskForm):
    """Where to send a link for a new password."""

    email = EmailField(
        "E-mail address",
        [DataRequired("Enter your e-mail address."), Length(max=EMAIL_MAX_CHARS)],
        filters=[_stripped, _without_nul],
    )


class NewPasswordForm(FlaskForm):
    """Choose a password for the account with `email`."""

    password = PasswordField("New password", [DataRequired("Choose a password.")])

    def __init__(self, email: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.owner = email

    def validate_password(self, field: Field) -> None:
        problem = passwords.complaint(field.data or "", self.owner)
        if problem:
            raise ValidationError(problem)


class NameForm(FlaskForm):
    """The name that colleagues see."""

    name = StringField(
        "Name",
        [DataRequired("Enter a name."), Length(max=NAME_MAX_CHARS)],
        filters=[_stripped, _without_nul],
    )


class SetupForm(NameForm, NewPasswordForm):
    """The first admin."""

    email = EmailField(
        "E-mail address",
        [DataRequired("Enter an e-mail address."), Length(max=EMAIL_MAX_CHARS)],
        filters=[_stripped, _without_nul],
    )

    def validate_email(self, field: Field) -> None:
        try:
            normalised_email(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if db.session.scalar(Account.with_email(field.data or "")):
            raise ValidationError("There is an account with this address already; choose another one.")

    def validate_password(self, field: Field) -> None:
        self.owner = self.email.data or ""
        super().validate_password(field)


class ChangePasswordForm(NewPasswordForm):
    """A new password, for whoever knows the current one. Wrong guesses count as when signing in."""

    current = PasswordField("Current password", [DataRequired("Enter your current password.")])

    def __init__(self, email: str = "", device: str = "", **kwargs: Any) -> None:
        """`device` names the session in which it is typed: somebody signed in is never locked out by strangers."""
        super().__init__(email, **kwargs)
        self.device = device

    def validate(self, **kwargs: Any) -> bool:
        if not super().validate(**kwargs):
            return False
        if passwords.check(self.owner, self.current.data or "", request.remote_addr or "", self.device) is None:
            self.current.errors = ["This is not your current password."]
            return False
        return True
