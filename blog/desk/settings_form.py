"""The form of the editorial settings, in sections."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from blog.pages.models import EmailField, FloodMode
from blog.posts.document import WEB_ADDRESS

CONTACT = Regexp(
    r"(?:https://\S+|[^\s@:]+@[^\s@:]+)\Z",
    message="Please enter an e-mail address, or a web address that begins with https://.",
)


def _web_address(form: Any, field: Any) -> None:
    if field.data and not WEB_ADDRESS.match(field.data):
        raise ValidationError("Please enter a whole address that begins with https://.")


class SiteForm(FlaskForm):
    """Everything editorial that holds for the whole site."""

    name = StringField("Name of the site", validators=[DataRequired("Please enter a name."), Length(max=80)])
    tagline = StringField("Line below the name, without a full stop", validators=[Length(max=160)])
    shop_label = StringField(
        "Shop link: text", description="Leave both empty for no shop link.", validators=[Length(max=40)]
    )
    shop_url = StringField("Shop link: address", validators=[_web_address])
    expected_time = StringField(
        "A moderator usually reads comments …",
        description="Such as: within two working days",
        validators=[DataRequired("Please say when."), Length(max=60)],
    )
    emergency_text = TextAreaField(
        "Whom to call in an emergency",
        description="One line, beside every comment form.",
        validators=[InputRequired(), Length(max=400)],
    )
    emergency_advice = TextAreaField(
        "Told at once to somebody whose comment sounds like an emergency", validators=[InputRequired(), Length(max=600)]
    )
    crisis_text = TextAreaField(
        "Told at once to somebody who writes about suicide or self-harm", validators=[InputRequired(), Length(max=600)]
    )
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
    flood_mode = SelectField(
        "When far more comments come than usual",
        description="Slowly: two comments in that time from a sender of whom none was approved, and what comes without "
        "a proof of work stands under “likely spam”.",
        choices=[
            SelectChoice(FloodMode.AUTO, "notice it, and take new senders slowly until it is over"),
            SelectChoice(FloodMode.ON, "take new senders slowly now, until I change this"),
            SelectChoice(FloodMode.OFF, "change nothing"),
        ],
    )
    edit_minutes = IntegerField(
        "Minutes in which a published comment may be changed by its writer (0: comments cannot be changed)",
        description="A comment that still waits can always be changed. A changed one waits for a moderator; "
        "the earlier text stays public until then.",
        validators=[InputRequired(), NumberRange(0, 10_080)],
    )
    reply_depth = SelectField(
        "Who answers comments",
        description="Whoever writes: nothing appears before a moderator approved it. Check with a lawyer before "
        "readers may answer readers; in some countries other rules hold then.",
        coerce=int,
        choices=[
            SelectChoice(0, "only the team"),
            SelectChoice(1, "readers, too: answers to comments"),
            *(SelectChoice(depth, f"readers, too: answers to answers, {depth} deep") for depth in (2, 3, 4)),
        ],
    )
    mail_delay_minutes = IntegerField(
        "Minutes before commenters and authors hear of a decision",
        description="Long enough to undo a decision before its writer hears of it.",
        validators=[InputRequired(), NumberRange(0, 1440)],
    )
    mails_per_hour = IntegerField(
        "Mails in an hour, at most",
        description="For the whole site. Mails about emergencies never wait.",
        validators=[InputRequired(), NumberRange(1, 100_000)],
    )
    robots_text = TextAreaField(
        "Further lines of robots.txt",
        description="Such as: User-agent: GPTBot, and on the next line Disallow: /",
        validators=[Length(max=4000)],
    )
    security_contact = StringField(
        "Whom to tell of a weakness of the site: an e-mail or web address, shown in security.txt",
        validators=[
            Optional(),
            Length(max=200),
            CONTACT,
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

    @classmethod
    def of(cls, names: Collection[str], data: Mapping[str, Any] | None = None) -> Self:
        """The form of these settings alone; filled from `data` if nothing was sent."""
        form = cls(data=data)
        for name in [field.name for field in form if field.name not in (*names, "csrf_token")]:
            del form[name]
        return form

    def values(self) -> dict[str, Any]:
        """The settings as plain values."""
        return {name: value for name, value in self.data.items() if name != "csrf_token"}


@dataclass(frozen=True)
class Section:
    """Settings that are changed together, on a page of their own."""

    title: str
    names: tuple[str, ...]


SECTIONS = {
    "site": Section("The site", ("name", "tagline", "shop_label", "shop_url")),
    "comments": Section(
        "Comments",
        (
            "expected_time",
            "reply_depth",
            "comment_email",
            "comments_close_days",
            "edit_minutes",
            "comment_limit",
            "comment_limit_minutes",
            "flood_mode",
        ),
    ),
    "emergencies": Section("Emergencies", ("emergency_text", "emergency_advice", "crisis_text")),
    "mail": Section("Mail", ("mail_delay_minutes", "mails_per_hour")),
    "machines": Section("Search engines", ("robots_text", "security_contact")),
    "keeping": Section(
        "How long things are kept",
        ("keep_sender_days", "keep_declined_days", "keep_withdrawn_days", "keep_original_days"),
    ),
}  # last part of its address: what stands there; every field of the form in one of them
