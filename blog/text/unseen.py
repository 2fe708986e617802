"""Characters without a shape of their own: kept where a script or an emoji needs them, removed where they only hide.

Where they are needed is what the Unicode Standard says:

- ZWJ and ZWNJ beside a virama: UAX #31, section 2.3, rules A2 and B; core specification, chapters 12 and 13. A ZWJ
  may end a word (Malayalam അവന്‍) or stand before the virama (Bengali র‍্যাম, Sinhala touching letters).
- ZWNJ between letters that join, as in Persian می‌خواهم: UAX #31, rule A1. ZWJ where a letter shall join with nothing
  beside it, as in the Persian year 1357 ه‍.ش: core specification, section 9.2.
- ZWJ and ZWNJ beside a Khmer register shifter: core specification, section 16.4.
- U+200B between words of scripts that are written without spaces, such as Khmer, Lao and Thai: core specification,
  section 23.2, and the class SA of UAX #14.
- Selectors and the vowel separator of Mongolian: section 13.5. U+034F between marks that NFC would turn around: 23.2.
- ZWJ and tags in emoji: UTS #51, ED-14a and ED-16; a tag sequence names a subdivision of a country (annex B).

Scripts are told by the first word of a character's name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ZWSP, ZWNJ, ZWJ, CGJ, MVS = "\u200b", "\u200c", "\u200d", "\u034f", "\u180e"
JOINERS = frozenset((ZWNJ, ZWJ))
LOOKS_BACK = 12  # signs before one: a letter with all the marks that it may have

JOINING = frozenset({"ARABIC", "SYRIAC", "NKO", "MANDAIC", "MONGOLIAN", "PHAGS-PA", "MANICHAEAN", "ADLAM", "HANIFI"})
SPACELESS = frozenset({"KHMER", "LAO", "THAI", "MYANMAR", "TAI", "NEW", "AHOM", "BALINESE", "JAVANESE", "TIBETAN"})
# Letters of Arabic that join to the one before them only: a ZWJ after them does nothing (ArabicShaping.txt, type R).
_JOIN_BACK = re.compile(
    "[\u0621-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0677\u0688-\u0699\u06c0\u06c3-\u06cb\u06cd\u06cf"
    "\u06d2\u06d3\u06d5\u06ee\u06ef\u0759-\u075b\u076b\u076c\u0771\u0773\u0774\u0778\u0779]"
)

_UNSEEN = re.compile(f"[{ZWSP}{ZWNJ}{ZWJ}{CGJ}{MVS}]+")
_SELECTORS = re.compile("[\u180b-\u180d\u180f]+")
_TAGS = re.compile("[\U000e0020-\U000e007f]+")
_SUBDIVISION = re.compile("[\U000e0061-\U000e007a]{2}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,3}\U000e007f")
_EMOJI = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")
_EMOJI_END = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f]")
_BLACK_FLAG = "\U0001f3f4"
_SHIFTERS = frozenset("\u17c9\u17ca")  # of Khmer
_U_SIGNS = frozenset("\u0d41\u0d42\u0d43\u0d44")  # of Malayalam: ZWNJ keeps them from melting into the letter
_VIRAMA = 9  # as combining class


def without_unseen(text: str) -> str:
    """`text` without characters that only hide: of several in a row the first that is needed stays."""
    text = _TAGS.sub(_keep_tags, text)
    text = _SELECTORS.sub(_keep_selector, text)
    return _UNSEEN.sub(_keep_one, text)


def _keep_tags(match: re.Match[str]) -> str:
    is_flag = match.string.startswith(_BLACK_FLAG, max(match.start() - 1, 0))
    return match[0] if is_flag and _SUBDIVISION.fullmatch(match[0]) else ""


def _keep_selector(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1] if match.start() else ""
    return match[0][0] if before and script(before) == "MONGOLIAN" and before.isalpha() else ""


def _keep_one(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    if start == 0 or text[start - 1].isspace():
        return ZWJ if ZWJ in match[0] and _begins_joined(text[end : end + 1]) else ""
    before, after = text[max(start - LOOKS_BACK, 0) : start], text[end : end + 1]
    return next((unseen for unseen in match[0] if _is_needed(unseen, before, after)), "")


def _is_needed(unseen: str, before: str, after: str) -> bool:
    """`before` ends with the sign before it; `after` is the one behind it, empty at the end of the text."""
    last = before[-1]
    if unseen == CGJ:
        return after != "" and unicodedata.combining(last) > unicodedata.combining(after) > 0
    same = after != "" and script(last) == script(after)
    if unseen == ZWSP:
        return same and script(last) in SPACELESS
    if unseen == MVS:
        return same and script(last) == "MONGOLIAN"
    if unseen == ZWJ and after and _EMOJI_END.match(last) and _EMOJI.match(after):
        return True
    return _beside_virama(unseen, before, after) or _shapes(unseen, before, after) or _joins(unseen, before, after)


def _beside_virama(unseen: str, before: str, after: str) -> bool:
    base, marks = _split(before)
    if not base.isalpha():
        return False
    same = after != "" and script(base) == script(after)
    viramas = [mark for mark in marks[-2:] if unicodedata.combining(mark) == _VIRAMA]  # a nukta may follow it
    if viramas and script(viramas[0]) == script(base):
        if unseen == ZWNJ:
            return same and after.isalpha()
        is_vowel_sign = after != "" and unicodedata.category(after)[0] == "M" and not unicodedata.combining(after)
        return not is_vowel_sign
    return same and unicodedata.combining(after) == _VIRAMA and (unseen == ZWJ or script(base) == "BENGALI")


def _shapes(unseen: str, before: str, after: str) -> bool:
    """What changes the shape of a Khmer or Malayalam syllable."""
    if after == "" or script(before[-1]) != script(after):
        return False
    is_shifted = before[-1] in _SHIFTERS or after in _SHIFTERS
    return is_shifted or (unseen == ZWNJ and after in _U_SIGNS and before[-1].isalpha())


def _joins(unseen: str, before: str, after: str) -> bool:
    base, _ = _split(before)
    if script(base) not in JOINING or not base.isalpha():
        return False
    goes_on = after != "" and after.isalpha() and script(after) == script(base)
    if unseen == ZWNJ:
        return goes_on
    is_mark = after != "" and unicodedata.category(after)[0] == "M"
    return not goes_on and not is_mark and not _JOIN_BACK.match(base)


def _begins_joined(after: str) -> bool:
    """A letter that shall join to something before it, where nothing is."""
    return after != "" and after.isalpha() and script(after) in JOINING


def _split(before: str) -> tuple[str, str]:
    """The last sign that is no mark, and the marks on it."""
    at = len(before)
    while at > 1 and unicodedata.category(before[at - 1])[0] == "M":
        at -= 1
    return before[at - 1 : at], before[at:]


@lru_cache(maxsize=4096)
def script(sign: str) -> str:
    """KHMER, ARABIC …; empty for what has no name."""
    return unicodedata.name(sign, "").split(" ", 1)[0] if sign else ""
