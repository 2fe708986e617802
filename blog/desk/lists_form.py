"""The form of the word lists of triage."""

from __future__ import annotations

from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from blog.pages.models import Site
from blog.text.characters import clean_line
from blog.triage.advice_lists import ABUSE_WORDS
from blog.triage.reading import read

LISTED_MAX = 500  # entries of a word list
LISTED_MAX_CHARS = 60  # of an entry


class ListsForm(FlaskForm):
    """The word lists of triage, one entry a line. They only flag; a person decides."""

    abuse_words = TextAreaField("Abuse: words and phrases")
    spam_words = TextAreaField("Spam: words and phrases")

    @classmethod
    def of(cls, site: Site) -> Self:
        """The lists as they are."""
        abuse = ABUSE_WORDS if site.abuse_words is None else site.abuse_words
        return cls(data={"abuse_words": "\n".join(abuse), "spam_words": "\n".join(site.spam_words)})

    def validate_abuse_words(self, field: Any) -> None:
        _check_entries(field.data)

    def validate_spam_words(self, field: Any) -> None:
        _check_entries(field.data)

    @property
    def abuse(self) -> list[str]:
        """The entries of the first list."""
        return _entries(self.abuse_words.data)

    @property
    def spam(self) -> list[str]:
        """The entries of the second list."""
        return _entries(self.spam_words.data)

    def values(self) -> dict[str, Any]:
        """Both lists as settings; the list that comes with the site is no setting, so that it can grow."""
        shipped = sorted(self.abuse) == sorted(ABUSE_WORDS)
        return {"abuse_words": None if shipped else self.abuse, "spam_words": self.spam}


def _entries(text: str | None) -> list[str]:
    lines = (clean_line(line) for line in (text or "").splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def _check_entries(text: str | None) -> None:
    entries = _entries(text)
    if len(entries) > LISTED_MAX:
        raise ValidationError(f"A list can have {LISTED_MAX} entries; this one has {len(entries)}.")
    for entry in entries:
        if len(entry) > LISTED_MAX_CHARS:
            raise ValidationError(f"Please shorten {entry[:30]}… to {LISTED_MAX_CHARS} characters.")
        if sum(character.isalnum() for character in entry) < 2 or not read(entry).tokens:
            raise ValidationError(f"{entry} would stand in every other comment. Use at least two letters.")
