"""What a moderator sends: which comments as seen, the verdict, a reason, perhaps an answer."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from blog.moderation.verdicts import STATE_AFTER, Seen, Verdict
from blog.numbers import BIGGEST_ID
from blog.pages.models import Site
from blog.text.characters import COMMENT_MAX_CHARS, clean_text

MESSAGE_MAX_CHARS = 2000


class DecisionForm(FlaskForm):
    """One verdict on one or many comments. `seen` is what the moderator had before their eyes."""

    verdict = SelectField(choices=[verdict.value for verdict in STATE_AFTER])
    reason = StringField("Reason, told to the writer")
    note = TextAreaField("Note for colleagues", validators=[Length(max=1000)])
    reply = TextAreaField("Reply from the team")
    message = TextAreaField("Answer to the writer alone", validators=[Length(max=MESSAGE_MAX_CHARS)])

    def validate_message(self, field: Any) -> None:
        field.data = clean_text(field.data or "")
        if field.data and (self.verdict.data == Verdict.APPROVE or len(self.seen) != 1):
            raise ValidationError("A private answer goes with one comment that is not published.")

    def validate_reason(self, field: Any) -> None:
        if field.data and Site.current().reason(field.data) is None:
            raise ValidationError("That reason is no longer on the list.")

    def validate_reply(self, field: Any) -> None:
        _short_enough(field)
        if field.data and (self.verdict.data != Verdict.APPROVE or len(self.seen) != 1):
            raise ValidationError("A reply goes with approving one comment.")

    @property
    def seen(self) -> list[Seen]:
        """The comments named; raises ValueError for anything malformed.

        `last` is the last decision that the card of one comment showed, beside the form that others may send without.
        """
        named, last = request.form.getlist("comment"), request.form.get("last", "")
        if last and len(named) == 1 and named[0].count(":") == 1:
            named = [f"{named[0]}:{last}"]
        return [Seen.parse(text) for text in named]


class BatchForm(FlaskForm):
    """One verdict on everything in a filter; `count` is the number that was confirmed."""

    verdict = SelectField(choices=[Verdict.REJECT.value, Verdict.SPAM.value, Verdict.HOLD.value])
    reason = StringField("Reason, told to the writers")
    note = TextAreaField("Note for colleagues", validators=[Length(max=1000)])
    count = IntegerField(validators=[InputRequired(), NumberRange(0, BIGGEST_ID)])

    validate_reason = DecisionForm.validate_reason


class RedactionForm(FlaskForm):
    """Which words to redact. `shown` is the digest of the copy that the moderator has looked at, if any."""

    words = TextAreaField("Words to redact, one a line", validators=[Length(max=COMMENT_MAX_CHARS * 2)])
    note = StringField("Note for colleagues", validators=[Length(max=1000)])
    shown = StringField()

    @property
    def seen(self) -> Seen:
        """The comment named; raises ValueError for anything malformed."""
        return Seen.parse(request.form.get("comment", ""))

    @property
    def lines(self) -> list[str]:
        return [line for line in (self.words.data or "").splitlines() if line.strip()]


class ReplyForm(FlaskForm):
    """A team's reply to a public comment."""

    reply = TextAreaField("Reply from the team")

    def validate_reply(self, field: Any) -> None:
        if not clean_text(field.data or ""):
            raise ValidationError("Please write the reply.")
        _short_enough(field)


def _short_enough(field: Any) -> None:
    length = len(clean_text(field.data or ""))
    if length > COMMENT_MAX_CHARS:
        raise ValidationError(f"Please shorten the reply to {COMMENT_MAX_CHARS:,} characters; it has {length:,}.")
