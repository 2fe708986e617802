"""The e-mail address that a commenter gives."""

from __future__ import annotations

from wtforms import EmailField
from wtforms.validators import ValidationError

from blog.text.email import BadAddress, clean_email, deliverable


class AddressField(EmailField):
    """An address in any spelling that people paste. `address` is the one that is meant, empty when none was given."""

    @property
    def is_empty(self) -> bool:
        return not clean_email(self.data or "")

    @property
    def address(self) -> str:
        """As mail servers take it. Raises ValidationError, which says what is wrong."""
        if self.is_empty:
            return ""
        try:
            return deliverable(self.data or "")
        except BadAddress as error:
            raise ValidationError(f"Please check the e-mail address. {error}") from None
