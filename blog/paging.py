"""Where in a list: which page of it was asked for, or after which of its rows it goes on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from flask import abort, request
from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from blog.numbers import whole_number

MOST_PAGES = 999_999
PLACE_PATTERN = "(0|[1-9][0-9]{0,16})-(0|[1-9][0-9]{0,8})"  # all that it fits can be meant

Column = ColumnElement[Any] | InstrumentedAttribute[Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def page_number(name: str = "page", most: int = MOST_PAGES) -> int:
    """The page, or whatever else has a number, asked for; 404 for other spellings, so that each has one address."""
    text = request.args.get(name, "1")
    try:
        number = whole_number(text, most)
    except ValueError:
        abort(404)
    if not number or text != str(number):
        abort(404)
    return number


class Place(NamedTuple):
    """A row's place in a list that is ordered by time, newest first: its moment and its number."""

    at: datetime
    number: int

    @classmethod
    def read(cls, text: str) -> Self:
        """What `str` of a place made. Raises ValueError for anything else."""
        match = re.fullmatch(PLACE_PATTERN, text, re.ASCII)
        if match is None:
            raise ValueError(f"{text[:40]!r} is no place in a list")
        return cls(_EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.number}"

    def comes_before(self, at: Column, number: Column) -> ColumnElement[bool]:
        """Narrows a list with these columns to what stands behind this place."""
        return tuple_(at, number) < tuple_(literal(self.at, at.type), literal(self.number))
