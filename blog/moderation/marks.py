"""Texts as moderators look at them: with the words that triage found, with what changed, with words redacted. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

REDACTED_SIGN = "[…]"
COMPARED_WORDS = 1500  # of each text; what follows counts as one change
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Finding(Protocol):
    """A flag, as far as marking needs it."""

    @property
    def kind(self) -> str: ...
    @property
    def in_name(self) -> bool: ...
    @property
    def spans(self) -> Sequence[tuple[int, int, str]]: ...


@dataclass(frozen=True)
class Piece:
    """Some characters of a text; `kind` is what was found there, or "added" or "removed", or nothing."""

    text: str
    kind: str = ""


def marked(text: str, flags: Iterable[Finding], in_name: bool = False) -> list[Piece]:
    """The text in pieces, those that a flag matched with its kind. Where two match, the first flag counts."""
    here = [flag for flag in flags if flag.in_name == in_name]
    if not here:
        return [Piece(text)] if text else []
    kinds: list[str] = [""] * len(text)
    for flag in here:
        for start, end, words in flag.spans:
            if text[start:end] == words:  # a place that no longer fits marks nothing
                for index in range(start, end):
                    kinds[index] = kinds[index] or str(flag.kind)
    pieces: list[Piece] = []
    begin = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or kinds[index] != kinds[begin]:
            pieces.append(Piece(text[begin:index], kinds[begin]))
            begin = index
    return pieces


def compared(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces: in the first what was removed, in the second what was added.

    difflib's "autojunk" stays on: it begins no match at words that come again and again in a long text. Without it a
    writer who repeats a few signs for 10,000 characters would cost the moderator's page 16 s.
    """
    old, new = _split(before), _split(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new).get_opcodes():
        same = tag == "equal"
        for pieces, words, kind in ((left, old[a:b], "removed"), (right, new[c:d], "added")):
            if words:
                pieces.append(Piece("".join(words), "" if same else kind))
    return left, right


def redacted(text: str, words: Iterable[str]) -> tuple[str, list[str]]:
    """The text with every place of these words replaced by […], and those of them that it does not hold.

    Letters match whatever their case; longer words go first, and places that overlap become one.
    """
    wanted = sorted({word.strip() for word in words if word.strip()}, key=lambda word: (-len(word), word))
    missing = []
    hidden = [False] * len(text)
    for word in wanted:
        places = list(re.finditer(re.escape(word), text, re.IGNORECASE))
        if not places:
            missing.append(word)
        for place in places:
            hidden[place.start() : place.end()] = [True] * (place.end() - place.start())
    parts: list[str] = []
    for index, character in enumerate(text):
        if not hidden[index]:
            parts.append(character)
        elif index == 0 or not hidden[index - 1]:
            parts.append(REDACTED_SIGN)
    return "".join(parts), missing


def _split(text: str) -> list[str]:
    words = _WORDS.findall(text)
    return [*words[:COMPARED_WORDS], "".join(words[COMPARED_WORDS:])] if len(words) > COMPARED_WORDS else words
