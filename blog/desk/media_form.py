"""At the desk: what is said of a picture."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Length

from blog.media.models import (
    ALT_MAX_CHARS,
    CAPTION_MAX_CHARS,
    CREDIT_MAX_CHARS,
    LICENCE_MAX_CHARS,
    Media,
)
from blog.text.characters import clean_line

SIDES = {0: "left", 50: "middle", 100: "right"}  # hundredths from the left
HEIGHTS = {0: "Top", 50: "Middle", 100: "Bottom"}
FOCUS = [
    SelectChoice(f"{x} {y}", "Middle" if x == y == 50 else f"{height} {side}")
    for y, height in HEIGHTS.items()
    for x, side in SIDES.items()
]


class MediaForm(FlaskForm):
    """Words for those who cannot see it, where it comes from, and what must stay in sight when it is cut."""

    alt = TextAreaField("What it shows", validators=[Length(max=ALT_MAX_CHARS)])
    is_decorative = BooleanField("It only decorates: there is nothing to describe")
    caption = StringField("Caption", validators=[Length(max=CAPTION_MAX_CHARS)])
    credit = StringField("Credit", validators=[Length(max=CREDIT_MAX_CHARS)])
    licence = StringField("Licence", validators=[Length(max=LICENCE_MAX_CHARS)])
    focus = RadioField("What must stay in sight", choices=FOCUS)

    @classmethod
    def of(cls, media: Media) -> MediaForm:
        """What is said of it now."""
        return cls(obj=media, data={"focus": f"{_third(media.focus_x)} {_third(media.focus_y)}"})

    def validate(self, extra_validators: Any = None) -> bool:
        """One of two: words, or the explicit word that there are none to say."""
        is_valid = bool(super().validate(extra_validators))
        alt = clean_line(self.alt.data or "")
        if not alt and not self.is_decorative.data:
            problem = "Say in a few words what it shows, or tick that it only decorates."
        elif alt and self.is_decorative.data:
            problem = "It cannot both show something and only decorate. Empty this, or take the tick away."
        elif alt and alt == clean_line(self.caption.data or ""):
            problem = "This says the same as the caption, so a screen reader would say it twice."
        else:
            return is_valid
        self.alt.errors = [*self.alt.errors, problem]
        return False

    def apply(self, media: Media) -> None:
        """Keep it. Call inside `begin_write()`."""
        media.alt, media.is_decorative = clean_line(self.alt.data or ""), self.is_decorative.data
        media.caption = clean_line(self.caption.data or "")
        media.credit = clean_line(self.credit.data or "")
        media.licence = clean_line(self.licence.data or "")
        media.focus_x, media.focus_y = map(int, self.focus.data.split())


def _third(hundredths: int) -> int:
    return min(SIDES, key=lambda one: abs(one - hundredths))
