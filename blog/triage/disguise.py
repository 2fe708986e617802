"""Letters that pretend to be others: digits, other scripts, spaced words. One character stays one character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from blog.triage.flags import Span
from blog.triage.gates import Gated, Opened, opened
from blog.triage.reading import plain_character, plain_words

Place = tuple[int, int]  # where something begins and ends

_LEET = str.maketrans("013457@$!", "oieastasi")
_CONFUSABLES = dict(
    zip(
        "аеорсухіјѕԁһкмтвнгпьАВЕКМНОРСТУХІЈЅαβεικνορτυχωγηΑΒΕΖΗΙΚΜΝΟΡΤΥΧӏɡɩⅼո",
        "aeopcyxijsdhkmtbhrnbabekmhopctyxijsabeikvoptuxwynabezhikmnoptyxlgiln",
        strict=True,
    )
)
_WORD = re.compile(r"[^\W_](?:[\w@$!]*[\w@$])?")
_LEET_SIGN = re.compile(r"[01345@$!][^\W\d_]")
_LEET_PART = re.compile(r"[^\W\d_][01345@$!]+[^\W\d_]|[01345][^\W\d_]{3}")
_LEET_INSIDE = re.compile(r"[^\W\d_][01345@$!]+[^\W\d_]|^[01345][^\W\d_]{3}")
_LEET_NOT = re.compile(
    r"\d+(?:st|nd|rd|th|x|mg|ml|min|mins|kg|cm|mm|am|pm|h|hrs?|s|er|ers|ish|year|years|day|days|week)\b|[A-Z]\d{1,2}\b"
)
_GAP = re.compile(r"\s+|\x00+")
_GAPS, _SPACES = re.compile(r"[\s\x00]+"), re.compile(r"\s\s+|[^\S ]")  # what is not one space already
_SPACED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_](?:[ .\-_*]|  )){4,24}[^\W\d_](?![^\W\d_])")
_LONELY = re.compile(r"[ .\-_*][^\W\d_](?:[ .\-_*]|  )[^\W\d_][ .\-_*]")  # two letters in a row
_UNJOINED = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "HEBREW", "CJK", "HIRAGANA", "KATAKANA", "HANGUL")
_HIDDEN_INSIDE = re.compile("(?<=[^\\W\\d_])[\u200b-\u200f\u2060\u00ad\ufeff\ufe00-\ufe0f]+(?=[^\\W\\d_])")


@lru_cache(maxsize=4096)
def script(letter: str) -> str:
    """LATIN, CYRILLIC, GREEK …; empty for what belongs to none."""
    if not letter.isalpha():
        return ""
    return unicodedata.name(letter, "").split(" ")[0]


def mixed_words(text: str) -> list[Place]:
    """Words with letters of two alphabets that look alike."""
    if text.isascii():
        return []
    mixed = []
    for word in _WORD.finditer(text):
        scripts = {script(c) for c in word[0]} & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"}
        if len(scripts) > 1 and not {"µ", "μ"} & set(word[0]):
            mixed.append(word.span())
    return mixed


def leet_words(text: str) -> list[Place]:
    """Words with a digit or sign between letters, as in bitc0in; not 4x8, L5, 2nd, covid19."""
    if not (_LEET_SIGN.search(text) and _LEET_PART.search(text)):  # most texts: far cheaper than to look at each word
        return []
    return [
        word.span()
        for word in _WORD.finditer(text)
        if 3 <= len(word[0]) <= 30 and _LEET_INSIDE.search(word[0]) and not _LEET_NOT.match(word[0])
    ]


def spaced_words(text: str) -> list[Place]:
    """Words written with a space or sign between all letters."""
    return [match.span() for match in _SPACED.finditer(text)] if _LONELY.search(text) else []


def hidden_inside(text: str) -> list[Place]:
    if text.isascii():
        return []
    return [match.span() for match in _HIDDEN_INSIDE.finditer(text) if script(text[match.start() - 1]) in _UNJOINED]


def unmasked(text: str, mixed: Sequence[Place], leet: Sequence[Place]) -> str:
    """`text` in plain letters with disguises off, of the same length: a place in it is the same place in `text`."""
    if mixed or leet:
        letters = list(text)
        for start, end in mixed:
            for at in range(start, end):
                letters[at] = _CONFUSABLES.get(letters[at], letters[at])
        for start, end in leet:
            letters[start:end] = "".join(letters[start:end]).translate(_LEET)
        text = "".join(letters)
    return plain_words(text) if text.isascii() else "".join(map(_one, text))


@dataclass(frozen=True)
class Unmasked:
    """A text in plain letters with disguises off and single spaces."""

    typed: str
    letters: str  # each at its place as typed; \x00 where nothing is meant to stand
    plain: str
    mixed: Sequence[Place]  # words as `mixed_words` finds them, and so on
    leet: Sequence[Place]
    spaced: Sequence[Place]

    @cached_property
    def places(self) -> Sequence[int]:
        """The place of each letter as typed: asked for only where something is found."""
        places: list[int] = []
        at, after_space = 0, False
        for gap in _GAP.finditer(self.letters):
            if at < gap.start():
                places.extend(range(at, gap.start()))
                after_space = False
            if gap[0][0] != "\x00" and not after_space:
                places.append(gap.start())
                after_space = True
            at = gap.end()
        places.extend(range(at, len(self.letters)))
        return places

    @property
    def is_as_typed(self) -> bool:
        """Whether nothing in it was disguised, and no letter is more than another in small or without an accent."""
        return not (self.leet or self.spaced) and self.typed.isascii()

    @cached_property
    def opened(self) -> Opened:
        """The patterns that may be in it."""
        return opened(self.plain)

    def span(self, start: int, end: int) -> Span:
        first, last = self.places[start], self.places[end - 1] + 1
        return Span(first, last, self.typed[first:last])

    def search(self, pattern: Gated) -> Span | None:
        """Where it stands first."""
        match = pattern.search(self.plain, self.opened)
        return self.span(*match.span()) if match else None

    def find(self, pattern: Gated) -> list[Span]:
        return [self.span(*match.span()) for match in pattern.finditer(self.plain, self.opened) if match[0]]


def unmask(text: str) -> Unmasked:
    mixed, leet = mixed_words(text), leet_words(text)
    letters = unmasked(text, mixed, leet)
    spaced = spaced_words(text)
    for start, end in spaced:
        together = "".join(letters[at] if text[at].isalpha() else "\x00" for at in range(start, end))
        letters = letters[:start] + together + letters[end:]
    plain = _GAPS.sub(_one_gap, letters) if "\x00" in letters else _SPACES.sub(" ", letters)
    return Unmasked(text, letters, plain, mixed, leet, spaced)


def _one_gap(gap: re.Match[str]) -> str:
    return " " if gap[0].strip("\x00") else ""


def skeleton(name: str) -> str:
    """What a name looks like at a glance: letters only, look-alikes made equal."""
    plain = unicodedata.normalize("NFKC", name)
    plain = "".join(_CONFUSABLES.get(c, c) for c in plain).translate(_LEET)
    plain = "".join(map(plain_character, plain))
    plain = plain.replace("rn", "m").replace("vv", "w").replace("l", "i")
    return "".join(c for c in plain if c.isalpha())


def _one(letter: str) -> str:
    plain = plain_character(letter)
    return plain if len(plain) == 1 else (plain[:1] or "\x00")
