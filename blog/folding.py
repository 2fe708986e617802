"""Finding words however they are written: without case, accents and variants of letters, on both databases alike."""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ς": "σ"}  # small letters that Unicode does not take apart
PAIRS = {"ß": "ss", "æ": "ae", "œ": "oe"}
MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_SMALL = str.maketrans({**LETTERS, **PAIRS})
_CAPITALS = "".join(  # of all scripts: what a database takes for small depends on how it was set up
    letter
    for letter in map(chr, range(0x80, 0xD800))
    if letter.lower() != letter and len(letter.lower()) == 1 and unicodedata.normalize("NFKD", letter) == letter
)


def fold(text: str) -> str:
    """`text` with compatible letters made one (NFKD), without marks above and below letters, in small letters.

    Folded comments are stored, so another rule here needs a migration that folds them anew.
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).lower()
    return "".join(character for character in apart if not unicodedata.combining(character)).translate(_SMALL)


class folded(FunctionElement[str]):
    """A column as `fold` makes it: `folded(column).contains(fold(words), autoescape=True)`."""

    type = String()
    inherit_cache = True
    name = "folded"


@compiles(folded, "sqlite")
def _on_sqlite(element: folded, compiler: Any, **kw: Any) -> str:
    return f"fold({compiler.process(element.clauses, **kw)})"  # given to each connection by blog/database.py


@compiles(folded, "postgresql")
def _on_postgresql(element: folded, compiler: Any, **kw: Any) -> str:
    capitals = f"lower(normalize({compiler.process(element.clauses, **kw)}, NFKD))"
    small = f"translate({capitals}, '{_CAPITALS}', '{_CAPITALS.lower()}')"
    text = f"regexp_replace({small}, '[{MARKS}]', '', 'g')"
    for one, two in PAIRS.items():
        text = f"replace({text}, '{one}', '{two}')"
    return f"translate({text}, '{''.join(LETTERS)}', '{''.join(LETTERS.values())}')"


def holds(column: Any, words: str) -> ColumnElement[bool]:
    """Whether a column's text holds `words`, however either is written."""
    return folded(column).contains(fold(words), autoescape=True)
