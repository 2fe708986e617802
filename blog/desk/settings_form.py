"""The form of the editorial settings, and the rows of its lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from blog.pages.models import EmailField, Site
from blog.posts.document import SLUG, WEB_ADDRESS

SPARE_ROWS = 1  # empty rows at the end of each list; saving makes the next


def _web_address(form: Any, field: Any) -> None:
    if field.data and not WEB_ADDRESS.match(field.data):
        raise ValidationError("Please enter a whole address that begins with https://.")


class ReasonRow(Form):
    """A reason for declining a comment. An empty row is left out."""

    key = StringField(
        "Short name", validators=[Optional(), Length(max=40), Regexp(SLUG, message="Use small letters and hyphens.")]
    )
    label = StringField("For moderators", validators=[Length(max=80)])
    text = TextAreaField("Told to the writer", validators=[Length(max=400)])


class TestimonialRow(Form):
    """Words from a student. An empty row is left out."""

    words = TextAreaField("Words", validators=[Length(max=600)])
    name = StringField("Name", validators=[Length(max=80)])
    consent_date = StringField("Consent given on (such as 2026-05-04)")

    def validate_consent_date(self, field: Any) -> None:
        if not (self.words.data or "").strip():
            return
        try:
            date.fromisoformat(field.data or "")
        except ValueError:
            raise ValidationError(
                "Words may be shown only with the day their writer agreed, such as 2026-05-04."
            ) from None


class CourseRow(Form):
    """A promoted course. An empty row is left out."""

    title = StringField("Title", validators=[Length(max=120)])
    url = StringField("Address", validators=[_web_address])
    price = StringField("Price", validators=[Length(max=40)])
    sold_out = BooleanField("Sold out")

    def validate_url(self, field: Any) -> None:
        if (self.title.data or "").strip() and not (field.data or "").strip():
            raise ValidationError("Please enter the course's address.")


class HelpLineRow(Form):
    """Somebody to call. An empty row is left out."""

    label = StringField("Who answers, or where it works", validators=[Length(max=80)])
    number = StringField(
        "Number",
        validators=[
            Optional(),
            Regexp(r"\+?[0-9][0-9 ()-]{1,18}\Z", message="Use digits and spaces, such as 116 123."),
        ],
    )

    def validate_label(self, field: Any) -> None:
        if (self.number.data or "").strip() and not (field.data or "").strip():
            raise ValidationError("Please say who answers this number.")


class SiteForm(FlaskForm):
    """Everything editorial that holds for the whole site."""

    name = StringField("Name of the site", validators=[DataRequired("Please enter a name."), Length(max=80)])
    tagline = StringField("Line below the name, without a full stop", validators=[Length(max=160)])
    shop_label = StringField("Shop link: text", validators=[Length(max=40)])
    shop_url = StringField("Shop link: address", validators=[_web_address])
    expected_time = StringField(
        "A moderator usually reads comments …", validators=[DataRequired("Please say when."), Length(max=60)]
    )
    emergency_text = TextAreaField("Whom to call in an emergency", validators=[InputRequired(), Length(max=400)])
    emergency_advice = TextAreaField(
        "Told at once to somebody whose comment sounds like an emergency", validators=[InputRequired(), Length(max=600)]
    )
    emergency_numbers = FieldList(FormField(HelpLineRow, "Number"), "Numbers to call in an emergency")
    crisis_text = TextAreaField(
        "Told at once to somebody who writes about suicide or self-harm", validators=[InputRequired(), Length(max=600)]
    )
    crisis_numbers = FieldList(FormField(HelpLineRow, "Number"), "Crisis lines")
    comment_email = SelectField(
        "E-mail address of commenters",
        choices=[
            SelectChoice(EmailField.HIDDEN, "not asked"),
            SelectChoice(EmailField.OPTIONAL, "optional"),
            SelectChoice(EmailField.REQUIRED, "required"),
        ],
    )
    comments_close_days = IntegerField(
        "Close articles for comments after so many days (0: never)", validators=[InputRequired(), NumberRange(0, 36500)]
    )
    comment_limit = IntegerField("Comments from one sender …", validators=[InputRequired(), NumberRange(1, 1000)])
    comment_limit_minutes = IntegerField("… in so many minutes", validators=[InputRequired(), NumberRange(1, 1440)])
    edit_minutes = IntegerField(
        "Minutes in which a published comment may be changed by its writer (0: comments cannot be changed)",
        validators=[InputRequired(), NumberRange(0, 10_080)],
    )
    reply_depth = SelectField(
        "Who answers comments",
        coerce=int,
        choices=[
            SelectChoice(0, "only the team"),
            SelectChoice(1, "readers, too: answers to comments"),
            *(SelectChoice(depth, f"readers, too: answers to answers, {depth} deep") for depth in (2, 3, 4)),
        ],
    )
    mail_delay_minutes = IntegerField(
        "Minutes before commenters and authors hear of a decision", validators=[InputRequired(), NumberRange(0, 1440)]
    )
    mails_per_hour = IntegerField("Mails in an hour, at most", validators=[InputRequired(), NumberRange(1, 100_000)])
    robots_text = TextAreaField("Further lines of robots.txt", validators=[Length(max=4000)])
    security_contact = StringField(
        "Whom to tell of a weakness of the site: an e-mail or web address, shown in security.txt",
        validators=[
            Optional(),
            Length(max=200),
            Regexp(
                r"(?:https://\S+|[^\s@:]+@[^\s@:]+)\Z",
                message="Please enter an e-mail address, or a web address that begins with https://.",
            ),
        ],
    )
    keep_sender_days = IntegerField(
        "Days to keep the code of a sender", validators=[InputRequired(), NumberRange(1, 365)]
    )
    keep_declined_days = IntegerField(
        "Days to keep the text of declined comments", validators=[InputRequired(), NumberRange(1, 3650)]
    )
    keep_withdrawn_days = IntegerField(
        "Days to keep the text of withdrawn comments", validators=[InputRequired(), NumberRange(1, 3650)]
    )
    keep_original_days = IntegerField(
        "Days to keep a text of which a redacted copy was published", validators=[InputRequired(), NumberRange(1, 365)]
    )
    reasons = FieldList(FormField(ReasonRow, "Reason"), "Reasons for declining")
    testimonials = FieldList(FormField(TestimonialRow, "Words"), "Words from students")
    courses = FieldList(FormField(CourseRow, "Course"), "Promoted courses")

    LISTS = {
        "emergency_numbers": "number",
        "crisis_numbers": "number",
        "reasons": "label",
        "testimonials": "words",
        "courses": "title",
    }  # list: what makes a row count

    def validate_reasons(self, field: Any) -> None:
        keys = [row["key"] for row in self._rows("reasons")]
        if not all(keys):
            raise ValidationError("Each reason needs a short name.")
        if len(set(keys)) < len(keys):
            raise ValidationError("Two reasons have the same short name.")

    def add_spare_rows(self) -> None:
        """An empty row at the end of each list, to fill in. Only for a form that is shown afresh."""
        for name in self.LISTS:
            for _ in range(SPARE_ROWS):
                self[name].append_entry()

    def values(self) -> dict[str, Any]:
        """The settings as plain values, without empty rows."""
        plain = {name: self[name].data for name in self.data if name in Site.__dataclass_fields__}
        return {**plain, **{name: self._rows(name) for name in self.LISTS}}

    def _rows(self, name: str) -> list[dict[str, Any]]:
        return [row for row in self[name].data if (row[self.LISTS[name]] or "").strip()]
