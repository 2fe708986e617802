"""Two versions of an article side by side, field by field, with the words marked that differ."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from blog.desk.article_form import Sheet
from blog.moderation.marks import Piece, compared


@dataclass(frozen=True)
class Difference:
    """A field that says something else in the later version."""

    label: str
    before: list[Piece]
    after: list[Piece]


def differences(before: Sheet, after: Sheet) -> list[Difference]:
    """The fields that differ, in the order of the page."""
    old, new = before.texts, after.texts
    found = []
    for name in dict.fromkeys([*new, *old]):
        label = (new.get(name) or old[name])[0]
        texts = [_plain(texts.get(name, ("", ""))[1]) for texts in (old, new)]
        if texts[0] != texts[1]:
            found.append(Difference(label, *_marked(*texts)))
    return found


def _marked(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """First line by line, so that words are compared only where lines differ: long texts stay quick."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        removed, added = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            left.append(Piece(removed))
            right.append(Piece(added))
        else:
            pieces = compared(removed, added)
            left += pieces[0]
            right += pieces[1]
    return left, right


def _plain(text: str) -> str:
    """As browsers send it and as it was stored: the same lines."""
    return text.replace("\r\n", "\n").strip("\n")
