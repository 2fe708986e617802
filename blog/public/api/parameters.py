"""What a program may say beside an address: read here, and described by the same values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import request

from blog.errors import Unreadable
from blog.numbers import whole_number
from blog.paging import PLACE_PATTERN, Place
from blog.search.query import QUERY_MAX_CHARS

MOST_ITEMS, USUAL_ITEMS = 50, 20  # of a list at once
MOST_FOUND_PAGES = 100
SLUG_PATTERN = "[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query: its name, what it means, and what it may be."""

    name: str
    meaning: str
    schema: dict[str, Any]

    @property
    def given(self) -> str | None:
        """What was said; None where nothing was."""
        return request.args.get(self.name)


LIMIT = Parameter(
    "limit",
    f"How many items, at most {MOST_ITEMS}.",
    {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": USUAL_ITEMS},
)
AFTER = Parameter(
    "after",
    "The place after which the list goes on. Take it from the address in next; do not make it yourself.",
    {"type": "string", "pattern": f"^{PLACE_PATTERN}$"},
)
QUESTION = Parameter(
    "q",
    "What to look for. Words in quotes are looked for as they stand.",
    {"type": "string", "minLength": 1, "maxLength": QUERY_MAX_CHARS},
)
FOUND_PAGE = Parameter(
    "page",
    "Which part of what was found, from 1.",
    {"type": "integer", "minimum": 1, "maximum": MOST_FOUND_PAGES, "default": 1},
)
REGION = Parameter(
    "region",
    "Only answers about this part of the body. Take it from regions in an answer.",
    {"type": "string", "pattern": f"^{SLUG_PATTERN}$"},
)
LISTS = ("muscle", "pain_area", "condition", "tag", "author")  # what articles are listed under
UNDER = Parameter(
    "under",
    f"Only articles listed under this, such as muscle:psoas. Before the colon {', '.join(LISTS)}; behind it a slug.",
    {"type": "string", "pattern": f"^({'|'.join(LISTS)}):{SLUG_PATTERN}$"},
)


def number(parameter: Parameter) -> int:
    """The number that was given, or the usual one. Raises Unreadable for any other text."""
    least, most, text = parameter.schema["minimum"], parameter.schema["maximum"], parameter.given
    if text is None:
        return int(parameter.schema["default"])
    try:
        given = whole_number(text, most)
    except ValueError:
        given = -1
    if given < least or text != str(given):
        raise Unreadable(f"{parameter.name} must be a whole number from {least} to {most}.")
    return given


def place() -> Place | None:
    """After which item a list goes on. Raises Unreadable for what no list has told."""
    if AFTER.given is None:
        return None
    try:
        return Place.read(AFTER.given)
    except ValueError:
        raise Unreadable("after must be what a list has told as its next place.") from None


def question() -> str:
    """What is looked for. Raises Unreadable where nothing is, or far too much."""
    text = QUESTION.given or ""
    if not text or len(text) > QUERY_MAX_CHARS:
        raise Unreadable(f"q must be a question of 1 to {QUERY_MAX_CHARS} characters.")
    return text


def region() -> str:
    """The part of the body to which answers are narrowed, if any. Raises Unreadable for what cannot be one."""
    if REGION.given is None:
        return ""
    if not re.fullmatch(SLUG_PATTERN, REGION.given):
        raise Unreadable("region must be the slug of a part of the body.")
    return REGION.given


def list_name() -> tuple[str, str] | None:
    """What the articles are to be listed under, and its slug; None for all of them. Raises Unreadable."""
    if UNDER.given is None:
        return None
    if not re.fullmatch(UNDER.schema["pattern"].strip("^$"), UNDER.given):
        raise Unreadable("under must look like muscle:psoas.")
    what, _, slug = UNDER.given.partition(":")
    return what, slug
