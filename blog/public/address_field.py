"""The e-mail address that a commenter gives."""

from __future__ import annotations

from wtforms import EmailField
from wtforms.validators import ValidationError

from blog.text.email import BadAddress, clean_email, deliverable


def address_in(text: str) -> str:
    """The address that is meant, as mail servers take it; empty when none was given.

    Raises ValidationError, which says what is wrong.
    """
    if not clean_email(text):
        return ""
    try:
        return deliverable(text)
    except BadAddress as error:
        raise ValidationError(f"Please check the email address. {error}") from None


class AddressField(EmailField):
    """An address in any spelling that people paste. `address` is the one that is meant, empty when none was given."""

    @property
    def is_empty(self) -> bool:
        return not clean_email(self.data or "")

    @property
    def address(self) -> str:
        """As mail servers take it. Raises ValidationError, which says what is wrong."""
        return address_in(self.data or "")
