"""What the findings of triage mean for a comment: where it stands in the queue, what its writer is told at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol, Self

from blog.triage import FlagKind

SELF_HARM = "self_harm"  # the rule of triage whose writers are shown crisis lines


class Finding(Protocol):
    """A flag, as triage makes it or as it is stored."""

    @property
    def kind(self) -> str: ...

    @property
    def rule(self) -> str: ...


class Urgency(IntEnum):
    """How soon a moderator should look: the order of the queue."""

    EMERGENCY = -1
    POSSIBLE_EMERGENCY = 0
    NORMAL = 1
    LIKELY_SPAM = 2

    @classmethod
    def of(cls, flags: Collection[Finding]) -> Urgency:
        """What triage found decides; an emergency outweighs everything."""
        kinds = {flag.kind for flag in flags}
        if FlagKind.EMERGENCY in kinds:
            return cls.EMERGENCY
        if FlagKind.POSSIBLE_EMERGENCY in kinds:
            return cls.POSSIBLE_EMERGENCY
        return cls.LIKELY_SPAM if FlagKind.SPAM in kinds else cls.NORMAL


TO_CHECK = (FlagKind.ADVICE, FlagKind.ABUSE, FlagKind.SELF_PROMOTION)  # kinds that ask for a second look, in one column


def place_in_queue(flags: Collection[Finding]) -> dict[str, Any]:
    """What the queue sorts and narrows by, as columns of the comment whose newest revision has these flags."""
    return {
        "urgency": Urgency.of(flags),
        "has_personal_data": any(flag.kind == FlagKind.PERSONAL_DATA for flag in flags),
        "has_advice": any(flag.kind in TO_CHECK for flag in flags),
    }


@dataclass(frozen=True)
class Alarm:
    """A text that may not wait for a moderator: what its writer is told at once; with neither, a calm line."""

    body: bool  # something that an ambulance or a doctor should see
    crisis: bool  # thoughts of suicide or self-harm

    @property
    def is_certain(self) -> bool:
        """Whether a rule found it. What only reads like an emergency is answered without alarm."""
        return self.body or self.crisis

    @classmethod
    def of(cls, flags: Collection[Finding]) -> Self | None:
        """None when nothing alarming was found."""
        rules = {flag.rule for flag in flags if flag.kind == FlagKind.EMERGENCY}
        if rules or any(flag.kind == FlagKind.POSSIBLE_EMERGENCY for flag in flags):
            return cls(bool(rules - {SELF_HARM}), SELF_HARM in rules)
        return None
