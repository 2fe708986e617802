"""What a moderator should know about a text before reading it. Pure functions: no network, no Flask, no database.

Every finding is a `Flag` with its rule, the words it matched and why. Nothing here decides anything.
"""

from __future__ import annotations

from blog.triage.advice import abuse
from blog.triage.context import Context, History
from blog.triage.evaluation import Confusion, Judged, evaluate
from blog.triage.flags import Flag, FlagKind, Span
from blog.triage.inspection import alarming, triage
from blog.triage.learning import SpamFilter
from blog.triage.likeness import KnownText, bands, likeness, signature
from blog.triage.personal import personal_data
from blog.triage.spam import Part, Score, spam_score

__all__ = [
    "Confusion",
    "Context",
    "Flag",
    "FlagKind",
    "History",
    "Judged",
    "KnownText",
    "Part",
    "Score",
    "SpamFilter",
    "Span",
    "abuse",
    "alarming",
    "bands",
    "evaluate",
    "likeness",
    "personal_data",
    "signature",
    "spam_score",
    "triage",
]
