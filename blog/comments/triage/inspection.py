"""The four questions asked of one text."""

from __future__ import annotations

from blog.comments.triage.advice import advice
from blog.comments.triage.disguise import unmask
from blog.comments.triage.emergency import emergencies
from blog.comments.triage.flags import Context, Flag
from blog.comments.triage.personal import personal_data
from blog.comments.triage.reading import read
from blog.comments.triage.spam import spam

READ_CHARS_MAX = 20_000  # far beyond a comment; what follows is not read
_NOTHING_KNOWN = Context()


def triage(text: str, name: str = "", context: Context = _NOTHING_KNOWN) -> list[Flag]:
    """All flags: emergencies first, then personal data, spam, advice. Pure."""
    text = text[:READ_CHARS_MAX]
    reading, bare = read(text), unmask(text)
    return [
        *emergencies(text, reading),
        *personal_data(text, context.regions),
        *spam(text, name, context, reading, bare),
        *advice(text, name, context, reading, bare),
    ]
