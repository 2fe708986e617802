"""What triage may know beside a text. Pure data: no Flask, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from blog.triage.learning import SpamFilter
from blog.triage.likeness import KnownText


@dataclass(frozen=True)
class History:
    """How earlier comments of the same sender were decided."""

    approved: int = 0
    rejected: int = 0
    spam: int = 0


@dataclass(frozen=True)
class Context:
    """What is known beside the text. All of it may be left out."""

    article_title: str = ""
    article_text: str = ""
    article_language: str = "en"
    staff_names: Sequence[str] = ()
    own_hosts: frozenset[str] = frozenset()  # links to these never count
    abuse_words: Sequence[str] | None = None  # None: the list that comes with the site
    regions: Sequence[str] = ("GB", "US", "DE", "FR", "ES", "IE", "AT", "CH")  # whose national numbers are known
    signature: tuple[int, ...] | None = None  # of the text, if it was made already
    seen: Sequence[KnownText] = ()
    trap_filled: bool = False
    seconds_to_submit: float | None = None
    is_proven: bool = False  # the sender's browser did a proof of work
    is_flood: bool = False  # far more comments come than usual
    sender: History = field(default_factory=History)
    spam_filter: SpamFilter | None = None
    spam_points: Mapping[str, float] = field(default_factory=dict)  # overrides of single rules' points
