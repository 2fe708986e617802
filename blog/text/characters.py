"""Characters that a person can see: cleaning of names and texts before anything else is done with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from blog.text.unseen import JOINERS, script, without_unseen

COMMENT_MAX_CHARS = 5000
NAME_MAX_CHARS = 60

STACKED_MARKS = 4  # accents above, below or around one letter; Vietnamese and Hebrew need three
MARKS = 8  # the same with vowel signs that stand beside the letter; Burmese needs six

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5"  # hyphens, fillers without width
    "\u200e\u200f\u202a-\u202e\u2060-\u206f"  # direction marks, overrides and isolates
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffc"  # blanks that count as letters, anchors
    "\ufe03-\ufe0d"  # variants that no script uses
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, private use, no characters
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U0010ffff"
    "]"
)  # and see unseen.py
# Not U+00A0, U+202F, U+3000: these are typed on purpose.
_ODD_SPACES = re.compile("[\t\u1680\u2000-\u200a\u205f]")
_MANY_BLANK_LINES = re.compile("\n{4,}")
_VARIATION = re.compile("[\ufe00-\ufe02\ufe0e\ufe0f\U000e0100-\U000e01ef]+")


def clean_line(text: str) -> str:
    """A name or title: one line, nothing hidden in it, single spaces.

    What has no shape stays where a script or an emoji needs it (unseen.py). A letter keeps at most STACKED_MARKS
    accents.
    """
    return " ".join(visible(_LINE_ENDS.sub("\n", text)).split())


def clean_text(text: str) -> str:
    """A body: as `clean_line`, but line breaks and runs of spaces stay; at most two blank lines in a row."""
    if text.isascii() and text.replace("\n", "").isprintable():  # most texts: nothing in them is hidden or odd
        return _few_blank_lines(map(str.rstrip, text.split("\n")))
    return _few_blank_lines(map(_clean_end, _lines(text)))


def clean_markdown(text: str) -> str:
    """An article: as `clean_text`, but each line keeps its number, and two blanks at its end, which break it."""
    lines = ((line, _clean_end(line)) for line in _lines(text))
    return "\n".join(f"{clean}  " if clean and line.endswith("  ") else clean for line, clean in lines)


def _few_blank_lines(lines: Iterable[str]) -> str:
    return _MANY_BLANK_LINES.sub("\n\n\n", "\n".join(lines)).strip("\n")


def _lines(text: str) -> list[str]:
    return visible(_LINE_ENDS.sub("\n", text)).split("\n")


def _clean_end(line: str) -> str:
    return _ODD_SPACES.sub(" ", line.replace("\t", "    ")).rstrip()


def visible(text: str) -> str:
    """`text` in NFC without what cannot be seen. Doing it twice changes nothing."""
    text = _HIDDEN.sub("", text)
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", _limit_marks(text))  # first limited: long runs of marks make NFC slow
    text = without_unseen(_VARIATION.sub(_keep_variation, text))
    return _limit_marks(unicodedata.normalize("NFC", text))  # what was apart may have come together


def _limit_marks(text: str) -> str:
    kept = []
    marks = stacked = 0
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "M":
            marks += 1
            stacked += category != "Mc"
            if marks > MARKS or stacked > STACKED_MARKS:
                continue
        elif character not in JOINERS:  # a mark behind a joiner stands on the same letter
            marks = stacked = 0
        kept.append(character)
    return "".join(kept)


def _keep_variation(match: re.Match[str]) -> str:
    """One selector after what has variants: an emoji or symbol, a digit of a keycap, a Han or Burmese letter."""
    before = match.string[max(match.start() - 1, 0) : match.start()]
    if not before:
        return ""
    if match[0][0] in "\ufe0e\ufe0f":
        has_variants = before in "0123456789#*" or unicodedata.category(before)[0] == "S" or before in "‼⁉〽"
    elif match[0][0] == "\ufe00" and script(before) in ("MYANMAR", "PHAGS-PA"):
        has_variants = before.isalpha()
    else:
        has_variants = script(before) == "CJK"
    return match[0][0] if has_variants else ""
