"""Which mails a colleague wants, and when not."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField
from wtforms.validators import ValidationError

from blog.mail.preferences import Cadence, Preference


def _hours(first: str) -> list[SelectChoice]:
    return [SelectChoice("", first), *(SelectChoice(str(hour), f"{hour}:00") for hour in range(24))]


def _hour(text: str | None) -> int | None:
    return int(text) if text not in ("", None, "None") else None


class PreferenceForm(FlaskForm):
    """What a colleague wants to be mailed, and when not."""

    queue = SelectField(
        "Comments that wait for a decision",
        choices=[
            SelectChoice(Cadence.INSTANT, "each at once"),
            SelectChoice(Cadence.HOURLY, "together, every hour"),
            SelectChoice(Cadence.DAILY, "together, every morning"),
            SelectChoice(Cadence.NEVER, "no mail"),
        ],
    )
    own_posts = SelectField(
        "Comments published on your articles",
        choices=[
            SelectChoice(Cadence.DAILY, "together, every morning"),
            SelectChoice(Cadence.INSTANT, "each at once"),
            SelectChoice(Cadence.NEVER, "no mail"),
        ],
    )
    quiet_from = SelectField("Quiet from", choices=_hours("no quiet hours"))
    quiet_until = SelectField("Quiet until", choices=_hours("no quiet hours"))

    @classmethod
    def of(cls, preference: Preference) -> PreferenceForm:
        """The form as an account has filled it."""
        hours = (preference.quiet_from, preference.quiet_until)
        first, last = ("" if hour is None else str(hour) for hour in hours)
        values = {
            "queue": preference.queue,
            "own_posts": preference.own_posts,
            "quiet_from": first,
            "quiet_until": last,
        }
        return cls(formdata=None, data=values)

    def validate_quiet_until(self, field: Any) -> None:
        if (field.data == "") != (self.quiet_from.data == ""):
            raise ValidationError("Choose both hours, or neither.")
        if field.data and field.data == self.quiet_from.data:
            raise ValidationError("Choose two different hours.")

    def apply(self, preference: Preference) -> None:
        """Store what was chosen."""
        preference.queue, preference.own_posts = Cadence(self.queue.data), Cadence(self.own_posts.data)
        preference.quiet_from, preference.quiet_until = _hour(self.quiet_from.data), _hour(self.quiet_until.data)
