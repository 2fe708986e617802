"""A question as the two databases take it: of every group of alternatives one, or of all groups any. Pure.

Alternatives are stems, which hold letters and digits only, and the words of subjects. They are quoted all the same, so
that nothing in them can be an operator.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

GAP = 8  # words between two parts of a text, so that no phrase reaches over
POSITION_MAX = 16_383  # of a word in PostgreSQL

Alternative = tuple[str, ...]  # of several words: a phrase


class Field(StrEnum):
    """Where to look: in what stands above an article and what it is about, or in all of it."""

    HEADS = "heads"
    TEXTS = "texts"


@dataclass(frozen=True)
class Asked:
    """Groups of alternatives: one of each group must be there; with `any_group`, one of any."""

    groups: tuple[tuple[Alternative, ...], ...]
    any_group: bool = False


def fts5_words(asked: Asked) -> str:
    """For SQLite: each word or phrase is a string in quotes."""
    joined = (" OR " if asked.any_group else " AND ").join
    return joined("(" + " OR ".join(map(_fts5_string, group)) + ")" for group in asked.groups)


def _fts5_string(alternative: Alternative) -> str:
    return '"' + " ".join(alternative).replace('"', '""') + '"'


def tsquery(asked: Asked) -> str:
    """For PostgreSQL: each word is a quoted lexeme."""
    joined = (" | " if asked.any_group else " & ").join
    return joined("(" + " | ".join(map(_tsquery_phrase, group)) + ")" for group in asked.groups)


def _tsquery_phrase(alternative: Alternative) -> str:
    return "(" + " <-> ".join(map(_lexeme, alternative)) + ")"


def tsvector(parts: Iterable[Sequence[str]]) -> str:
    """For PostgreSQL: the words of some texts with their places."""
    places: dict[str, list[str]] = {}
    at = 0
    for part in parts:
        for word in part:
            at = min(at + 1, POSITION_MAX)
            places.setdefault(word, []).append(str(at))
        at += GAP
    return " ".join(f"{_lexeme(word)}:{','.join(where[:255])}" for word, where in places.items())


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
