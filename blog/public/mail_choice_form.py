"""Which mails a commenter wants, chosen on the private page."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Form
from wtforms.validators import ValidationError

from blog.mail.models import Choice
from blog.public.address_field import AddressField


class ChoiceForm(Form):
    """The writer's choice. The secret link stands for a token. An empty address keeps the one there is."""

    email = AddressField("Your email address")
    outcome = BooleanField("when it is published or declined")
    answers = BooleanField("when somebody answers it")
    follows = BooleanField("when there are new comments on this article")

    def __init__(self, *args: Any, choice: Choice | None = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=choice, **kwargs)
        self.choice = choice
        self.address = choice.address.email if choice else None

    def validate_email(self, field: Any) -> None:
        if not field.is_empty:
            self.address = field.address
        elif self.wants_any and not self.address:
            raise ValidationError("Please enter the address to write to.")

    @property
    def wants_any(self) -> bool:
        return bool(self.outcome.data or self.answers.data or self.follows.data)
