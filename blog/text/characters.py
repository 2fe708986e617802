"""Characters that a person can see: cleaning of names and texts before anything else is done with them."""

from __future__ import annotations

import re
import unicodedata

COMMENT_MAX_CHARS = 5000
NAME_MAX_CHARS = 60

STACKED_MARKS = 4  # accents above, below or around one letter; Vietnamese and Hebrew need three
MARKS = 8  # the same with vowel signs that stand beside the letter; Burmese needs six

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # hyphens, joiners, fillers without width
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero width, direction marks, overrides and isolates
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffc"  # blanks that count as letters, anchors
    "\ufe00-\ufe0d"  # variants of mathematical signs
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, private use, no characters
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U0010ffff"
    "]"
)
# Not U+00A0, U+202F, U+3000: these are typed on purpose.
_ODD_SPACES = re.compile("[\t\u1680\u2000-\u200a\u205f]")
_SPACES = re.compile(r"\s+")
_MANY_BLANK_LINES = re.compile("\n{4,}")
_JOINERS = re.compile("[\u200c\u200d]+")
_VARIATION = re.compile("[\ufe0e\ufe0f\U000e0100-\U000e01ef]+")
_EMOJI = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")
_EMOJI_END = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f]")
_JOINED_SCRIPTS = (
    re.compile("[\u0600-\u08ff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]"),  # Arabic and its neighbours
    re.compile("[\u0900-\u0dff\u1000-\u109f\u1780-\u18af]"),  # Indic, Burmese, Khmer, Mongolian
)


def clean_line(text: str) -> str:
    """A name or title: one line, nothing hidden in it, single spaces.

    A zero-width joiner stays only between emoji; it and the non-joiner stay between two letters of one script
    that spells with them (Persian, Indic and others), not at the end of a word. A letter keeps at most
    STACKED_MARKS accents.
    """
    return _SPACES.sub(" ", visible(_LINE_ENDS.sub("\n", text))).strip()


def clean_text(text: str) -> str:
    """A body: as `clean_line`, but line breaks and runs of spaces stay; at most two blank lines in a row."""
    return _MANY_BLANK_LINES.sub("\n\n\n", "\n".join(map(_clean_end, _lines(text)))).strip("\n")


def clean_markdown(text: str) -> str:
    """An article: as `clean_text`, but each line keeps its number, and two blanks at its end, which break it."""
    lines = ((line, _clean_end(line)) for line in _lines(text))
    return "\n".join(f"{clean}  " if clean and line.endswith("  ") else clean for line, clean in lines)


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
    text = _JOINERS.sub(_keep_joiner, _VARIATION.sub(_keep_variation, text))
    return _limit_marks(text)


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
        else:
            marks = stacked = 0
        kept.append(character)
    return "".join(kept)


def _keep_joiner(match: re.Match[str]) -> str:
    before = match.string[max(match.start() - 1, 0) : match.start()]
    after = match.string[match.end() : match.end() + 1]
    joiner = match[0][0]
    if joiner == "\u200d" and _EMOJI_END.match(before) and _EMOJI.match(after):
        return joiner
    # A mark after the joiner would open a second stack of marks on the same letter.
    is_letter = after and unicodedata.category(after)[0] == "L"
    return joiner if is_letter and any(s.match(before) and s.match(after) for s in _JOINED_SCRIPTS) else ""


def _keep_variation(match: re.Match[str]) -> str:
    """One selector after what has variants: an emoji or symbol, a digit of a keycap, a Han letter."""
    before = match.string[max(match.start() - 1, 0) : match.start()]
    if not before:
        return ""
    if match[0][0] in "\ufe0e\ufe0f":
        has_variants = before in "0123456789#*" or unicodedata.category(before)[0] == "S" or before in "‼⁉〽"
    else:
        has_variants = unicodedata.name(before, "").startswith("CJK UNIFIED")
    return match[0][0] if has_variants else ""
