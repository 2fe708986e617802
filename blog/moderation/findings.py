"""What triage found lately, and how moderators then decided: rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from blog.clock import now
from blog.comments.models import AWAITING, Comment, CommentFlag, State
from blog.database import db

DAYS = 30


@dataclass
class Findings:
    """How many comments one rule flagged in the last DAYS days, by the state that a moderator left them in."""

    kind: str
    rule: str
    by_state: dict[State, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def waiting(self) -> int:
        return sum(self.by_state.get(state, 0) for state in AWAITING)

    def number(self, state: str) -> int:
        return self.by_state.get(State(state), 0)


def findings() -> Sequence[Findings]:
    """Kind by kind, and the rules that found most first. Readers' comments alone, by their newest version."""
    counted = (
        select(CommentFlag.kind, CommentFlag.rule, Comment.state, func.count(Comment.id.distinct()))
        .join(Comment, Comment.newest_revision_id == CommentFlag.revision_id)
        .where(
            Comment.created_at >= now() - timedelta(days=DAYS),
            Comment.is_team.is_(False),
            Comment.is_sample.is_(False),
        )
        .group_by(CommentFlag.kind, CommentFlag.rule, Comment.state)
    )
    by_rule: dict[tuple[str, str], Findings] = {}
    for kind, rule, state, count in db.session.execute(counted):
        by_rule.setdefault((kind, rule), Findings(kind, rule)).by_state[state] = count
    return sorted(by_rule.values(), key=lambda rule: (rule.kind, -rule.total, rule.rule))
