"""Which mails a commenter wants, chosen on the private page."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Form
from wtforms import EmailField as EmailInput
from wtforms.validators import ValidationError

from blog.mail.models import CHECK_ADDRESS, Address, Choice


class ChoiceForm(Form):
    """The writer's choice. The secret link stands for a token. An empty address keeps the one there is."""

    email = EmailInput("Your e-mail address")
    outcome = BooleanField("when it is published or declined")
    answers = BooleanField("when somebody answers it")
    follows = BooleanField("when there are new comments on this article")

    def __init__(self, *args: Any, choice: Choice | None = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=choice, **kwargs)
        self.choice = choice
        self.address = choice.address.email if choice else None

    def validate_email(self, field: Any) -> None:
        given = (field.data or "").strip()
        if given:
            try:
                self.address = Address.deliverable(given)
            except ValueError:
                raise ValidationError(CHECK_ADDRESS) from None
        elif self.wants_any and not self.address:
            raise ValidationError("Please enter the address to write to.")

    @property
    def wants_any(self) -> bool:
        return bool(self.outcome.data or self.answers.data or self.follows.data)
