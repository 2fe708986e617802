"""What administrators fill in about colleagues, and about the people of bylines."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from blog.accounts.models import NAME_MAX_CHARS, Account, RoleName, normalised_email
from blog.database import db
from blog.text.characters import clean_line, clean_text
from blog.text.email import EMAIL_MAX_CHARS

ROLES = {
    RoleName.AUTHOR: "Author: writes articles",
    RoleName.EDITOR: "Editor: changes and publishes everything that is written",
    RoleName.REVIEWER: "Reviewer: checks articles clinically",
    RoleName.MODERATOR: "Moderator: decides on comments",
    RoleName.ADMIN: "Administrator: may do everything, also with people and settings",
}


def _line(text: str | None) -> str:
    return clean_line(text or "")


def _text(text: str | None) -> str:
    return clean_text(text or "")


class RolesForm(FlaskForm):
    """What a colleague may do."""

    roles = SelectMultipleField(
        "Roles",
        [DataRequired("Choose at least one role.")],
        choices=[SelectChoice(str(name), words) for name, words in ROLES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @property
    def chosen(self) -> list[RoleName]:
        return [RoleName(name) for name in self.roles.data or ()]


class InviteForm(RolesForm):
    """Somebody new."""

    name = StringField("Name", [DataRequired("Enter a name."), Length(max=NAME_MAX_CHARS)], filters=[_line])
    email = EmailField("E-mail address", [DataRequired("Enter an address."), Length(max=EMAIL_MAX_CHARS)])
    way = RadioField(
        "How the invitation arrives",
        choices=[SelectChoice("mail", "By mail"), SelectChoice("link", "By a link that I pass on myself")],
        default="mail",
    )

    def validate_email(self, field: Field) -> None:
        try:
            normalised_email(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if db.session.scalar(Account.with_email(field.data or "")):
            raise ValidationError("There is an account with this address already.")


class PersonForm(FlaskForm):
    """A name in a byline."""

    name = StringField("Name", [DataRequired("Enter a name."), Length(max=NAME_MAX_CHARS)], filters=[_line])
    credentials = StringField("Credentials", [Length(max=200)], filters=[_line])
    bio = TextAreaField("About this person", [Length(max=2000)], filters=[_text])
    interests = TextAreaField("Statement of interests", [Length(max=2000)], filters=[_text])
    is_team = BooleanField("This is a team, not a single person")
    account_id = SelectField("Account", coerce=int, default=0)

    def __init__(self, accounts: list[Account], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.account_id.choices = [
            SelectChoice(0, "none"),
            *(SelectChoice(one.id, f"{one.name} ({one.email})") for one in accounts),
        ]
