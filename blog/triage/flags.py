"""What triage says about a text. Pure data: no Flask, no database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class FlagKind(StrEnum):
    EMERGENCY = "emergency"
    POSSIBLE_EMERGENCY = "possible_emergency"  # what a classifier finds: never more than a place in the queue
    PERSONAL_DATA = "personal_data"
    SPAM = "spam"
    ABUSE = "abuse"
    SELF_PROMOTION = "self_promotion"
    ADVICE = "advice"  # whatever else asks for a second look


class Span(NamedTuple):
    """Words as typed: `text[start:end] == words`, or `name[start:end] == words` if the flag says so."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Flag:
    """One finding: never a decision. `why` is one plain sentence for the moderator."""

    kind: FlagKind
    rule: str
    matched: list[Span]
    why: str
    in_name: bool = False  # the spans lie in the commenter's name, not in the text
