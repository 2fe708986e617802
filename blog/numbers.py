"""Whole numbers from outside: in addresses, queries and forms."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, ValidationError

BIGGEST_ID = 2**63 - 1  # databases cannot even be asked for more


def whole_number(text: str, most: int = BIGGEST_ID) -> int:
    """The number that `text` writes in ASCII digits and nothing else, from 0 to `most`. Raises ValueError otherwise.

    Python's int() also takes signs, spaces, underscores and the digits of other scripts, and any length.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most):
        raise ValueError(f"{text[:30]!r} is no whole number from 0 to {most}")
    return int(text)


def number_or_none(text: str, most: int = BIGGEST_ID) -> int | None:
    """The same, with None for everything else: for addresses in which what cannot be read finds nothing."""
    try:
        return whole_number(text, most)
    except ValueError:
        return None


class WholeNumber(IntegerConverter):
    """`<int:…>` in a rule: ASCII digits without leading zeros, so that each page has one address, and no id too big."""

    regex = r"(?:0|[1-9][0-9]*)"

    def to_python(self, value: str) -> int:
        try:
            whole_number(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        return int(super().to_python(value))


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = WholeNumber
