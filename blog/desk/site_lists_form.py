"""The forms of the settings that are lists, one for an entry of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from blog.clock import now
from blog.pages.models import Site
from blog.posts.document import SLUG, WEB_ADDRESS

OWN_PATH = re.compile(r"/(?:[^/\\\s][^\\\s]*)?\Z")


class EntryForm(FlaskForm):
    """An entry of a list. `own` is what it said before, if it stood there already."""

    own: Any = None

    def values(self) -> dict[str, Any]:
        """What was typed, without the token."""
        typed = {name: value for name, value in self.data.items() if name != "csrf_token"}
        return {name: value.strip() if isinstance(value, str) else value for name, value in typed.items()}


class TestimonialForm(EntryForm):
    words = TextAreaField("Words", validators=[DataRequired("Please enter what was said."), Length(max=600)])
    name = StringField("Name, as it may be shown", validators=[Length(max=80)])
    consent_date = StringField("Consent given on", description="Keep what they signed or wrote, with this date.")

    def validate_consent_date(self, field: Any) -> None:
        try:
            day = date.fromisoformat(field.data or "")
        except ValueError:
            raise ValidationError(
                "Words may be shown only with the day their writer agreed, such as 2026-05-04."
            ) from None
        if day > now().date():
            raise ValidationError("This day has not come yet. Please enter the day on which they agreed.")


class CourseForm(EntryForm):
    title = StringField("Title", validators=[DataRequired("Please enter a title."), Length(max=120)])
    url = StringField(
        "Address",
        validators=[
            DataRequired("Please enter the course's address."),
            Regexp(WEB_ADDRESS, message="Please enter a whole address that begins with https://."),
        ],
    )
    price = StringField("Price", validators=[Length(max=40)])
    sold_out = BooleanField("Sold out")


class NavLinkForm(EntryForm):
    label = StringField("Text", validators=[DataRequired("Please enter a text."), Length(max=30)])
    url = StringField(
        "Address",
        description="A page of this site by its path, such as /tags/desk-work, or an address that begins with https://.",
        validators=[DataRequired("Please enter an address.")],
    )

    def validate_url(self, field: Any) -> None:
        if not (OWN_PATH.match(field.data) or WEB_ADDRESS.match(field.data)):
            raise ValidationError("Please enter a path such as /pain, or an address that begins with https://.")


class HelpLineForm(EntryForm):
    label = StringField(
        "Who answers, or where it works",
        validators=[DataRequired("Please say who answers this number."), Length(max=80)],
    )
    number = StringField(
        "Number",
        validators=[Regexp(r"\+?[0-9][0-9 ()-]{1,18}\Z", message="Use digits and spaces, such as 116 123.")],
    )


class ReasonForm(EntryForm):
    label = StringField("For moderators", validators=[DataRequired("Please name the reason."), Length(max=80)])
    text = TextAreaField("Told to the writer", validators=[Length(max=400)])
    key = StringField(
        "Short name",
        description="Small letters and hyphens. Decisions in the log name their reason by it.",
        validators=[
            DataRequired("Each reason needs a short name."),
            Length(max=40),
            Regexp(SLUG, message="Use small letters and hyphens."),
        ],
    )

    def validate_key(self, field: Any) -> None:
        others = [reason.key for reason in Site.current().reasons if reason != self.own]
        if field.data in others:
            raise ValidationError("Two reasons have the same short name.")


@dataclass(frozen=True)
class Kind:
    """A setting that is a list, in words."""

    title: str
    one: str
    about: str
    form: type[EntryForm]
    shown: tuple[str, ...]  # fields of an entry that the list shows, the first as its name


KINDS = {
    "navigation": Kind(
        "Main menu",
        "an entry",
        "What stands at the top of every page, in this order. A shop link follows if there is one.",
        NavLinkForm,
        ("label", "url"),
    ),
    "testimonials": Kind(
        "Words from students",
        "words from a student",
        "They stand at the foot of every page. Each needs the day on which its writer agreed.",
        TestimonialForm,
        ("words", "name", "consent_date"),
    ),
    "courses": Kind(
        "Promoted courses",
        "a course",
        "They stand at the foot of every page, marked as promotion.",
        CourseForm,
        ("title", "price", "url"),
    ),
    "reasons": Kind(
        "Reasons for declining",
        "a reason",
        "Moderators choose from these; the text of the chosen one is told to the writer.",
        ReasonForm,
        ("label", "text"),
    ),
    "emergency_numbers": Kind(
        "Emergency numbers",
        "a number",
        "Shown at once to somebody whose comment sounds like an emergency. Check them for your country.",
        HelpLineForm,
        ("label", "number"),
    ),
    "crisis_numbers": Kind(
        "Crisis lines",
        "a number",
        "Shown at once to somebody who writes about suicide or self-harm. Check them for your country.",
        HelpLineForm,
        ("label", "number"),
    ),
}  # setting: its list
