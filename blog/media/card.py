"""The card that shows a page where somebody shares its address: what stands on it. `card_workshop.py` draws it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from blog.workshops import Workshop

CARD_VERSION = 2  # of how cards look: those of an older one are made anew

_workshop = Workshop(Path(__file__).with_name("card_workshop.py"))


@dataclass(frozen=True)
class Card:
    """What a card shows. `above` stands over the title; `mark` and `drawing` are our SVGs, `photo` a picture."""

    title: str
    above: str
    site: str
    mark: str
    drawing: str = ""
    photo: bytes = b""


def draw(card: Card) -> bytes:
    """The card as a PNG, by a process that gives back the memory that fonts and pixels take. Raises Broken."""
    words = asdict(card)
    photo = words.pop("photo")
    return _workshop.ask(json.dumps(words).encode() + b"\n" + photo)[1]
