"""What can be said of a comment, what a moderator had seen when saying it, and why it could not be said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from blog.comments.models import Comment, State
from blog.database import enum_column


class Verdict(StrEnum):
    """What a decision says."""

    APPROVE = "approve"
    REJECT = "reject"
    SPAM = "spam"
    HOLD = "hold"
    UNDO = "undo"


STATE_AFTER = {
    Verdict.APPROVE: State.APPROVED,
    Verdict.REJECT: State.REJECTED,
    Verdict.SPAM: State.SPAM,
    Verdict.HOLD: State.HELD,
}

VERDICT = enum_column(Verdict, "verdict", 12)


@dataclass(frozen=True)
class Seen:
    """What a moderator had before their eyes: a comment, its revision, and the last decision on it.

    `decision_id` is 0 where there was no decision yet, and None where the page or command does not say.
    """

    comment_id: int
    revision_id: int
    decision_id: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "12:34" or "12:34:5". Raises ValueError otherwise."""
        parts = text.split(":")
        if len(parts) not in (2, 3) or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            raise ValueError(f"{text!r} names no comment and revision")
        return cls(*(int(part) for part in parts))


@dataclass(frozen=True)
class Conflict:
    """Why one comment was not decided: what it is now, and a sentence for the moderator."""

    comment: Comment | None
    seen: Seen
    message: str


class Stale(Exception):
    """Something changed since the moderator looked; nothing was decided."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__("; ".join(conflict.message for conflict in conflicts))
        self.conflicts = conflicts
