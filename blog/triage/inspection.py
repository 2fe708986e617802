"""The questions asked of one text."""

from __future__ import annotations

from blog.triage.advice import advice
from blog.triage.amber import weighed
from blog.triage.context import Context
from blog.triage.disguise import unmask
from blog.triage.emergency import emergencies, scene_of
from blog.triage.flags import Flag
from blog.triage.personal import personal_data
from blog.triage.reading import Reading, read
from blog.triage.spam import spam

READ_CHARS_MAX = 20_000  # far beyond a comment; what follows is not read
_NOTHING_KNOWN = Context()


def triage(text: str, name: str = "", context: Context = _NOTHING_KNOWN) -> list[Flag]:
    """All flags: emergencies first, then personal data, spam, advice. Pure."""
    text = text[:READ_CHARS_MAX]
    reading, bare = read(text), unmask(text)
    return [
        *alarming(text, reading),
        *personal_data(text, context.regions, bare.opened if bare.is_as_typed else None),
        *spam(text, name, context, reading, bare),
        *advice(text, name, context, reading, bare),
    ]


def alarming(text: str, reading: Reading | None = None) -> list[Flag]:
    """What may be an emergency: what the rules find, weighed by the classifier, or what it finds alone. Pure."""
    reading = reading or read(text)
    if not reading.tokens:
        return []
    scene = scene_of(reading)
    return weighed(scene, emergencies(text, scene))
