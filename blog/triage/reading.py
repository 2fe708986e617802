"""A text as sentences of plain words, each of which knows where it stands in the text as typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from blog.triage.flags import Span

_APOSTROPHES = frozenset("'’‘ʼ`´′＇")
_MARKUP = re.compile(r"<[^<>]{1,300}>|\[/?(?:url|b|i|img|link)\b[^\[\]]{0,300}\]", re.IGNORECASE)
_ELISION = frozenset("ldjmtsnc")
WORD_MAX_CHARS = 40
_PARTS = re.compile(
    r"(?P<word>\d+(?:[.,:]\d+)*[^\W\d_]{0,4}|(?:[^\W\d_]\.){2,5}(?![^\W_]{2})|[^\W_]+(?:'[^\W_]+)*)"
    r"|(?P<stop>(?:[.!?;\n]|\.\.\.)[.!?;\s]*)|(?P<sign>[,:()–—/]|(?<=\s)-(?=\s))"
)
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_ABBREVIATIONS = frozenset(
    ["dr", "mr", "mrs", "ms", "prof", "st", "eg", "ie", "no", "nr", "approx", "vs", "zb", "ca", "tel", "dept", "sra"]
)
_QUOTED = re.compile(r"\"([^\"\n]{3,200})\"|“([^”\n]{3,200})”|„([^“”\n]{3,200})[“”]|«([^»\n]{3,200})»")


class Token(NamedTuple):
    """A word in plain lower-case letters, its place in the text, its sentence, and the sign before it."""

    word: str
    start: int
    end: int
    sentence: int
    sign: str  # "" or one of , : ( -, the break between it and the word before
    quoted: bool


@dataclass(frozen=True)
class Reading:
    text: str
    tokens: list[Token]
    questions: frozenset[int]  # sentences that end with a question mark

    @cached_property
    def languages(self) -> list[str]:
        """Languages that it is likely written in, best first; English comes with what is not clear."""
        scores = dict.fromkeys(STOP_WORDS, 0)
        for token in self.tokens:
            for language in _STOPS.get(token.word, ()):
                scores[language] += 1
        best = max(scores.values())
        if best == 0:
            return []
        return [language for language in sorted(scores, key=lambda la: -scores[la]) if scores[language] >= 0.6 * best]

    def span(self, first: int, last: int) -> Span:
        start, end = self.tokens[first].start, self.tokens[last].end
        return Span(start, end, self.text[start:end])

    def sentences(self) -> Iterator[range]:
        start = 0
        for at in range(1, len(self.tokens) + 1):
            if at == len(self.tokens) or self.tokens[at].sentence != self.tokens[start].sentence:
                yield range(start, at)
                start = at


@lru_cache(maxsize=4096)
def plain_character(character: str) -> str:
    """Lower case without accents; empty for marks and what cannot be seen."""
    if character in _APOSTROPHES:
        return "'"
    special = {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l"}.get(character.lower())
    if special:
        return special
    decomposed = unicodedata.normalize("NFKD", character.lower())
    return "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf", "Me"))


def plain_words(text: str) -> str:
    """`text` in plain lower-case letters: how a word list is compared."""
    if text.isascii():  # the same at a tenth of the cost
        return text.lower().replace("`", "'")
    return "".join(map(plain_character, text))


def read(text: str) -> Reading:
    """Split `text` into sentences and words. Markup is skipped; an apostrophe joins, except in French elisions."""
    unmarked = _MARKUP.sub(lambda match: " " * len(match[0]), text) if "<" in text or "[" in text else text
    plain, places = _plain(unmarked)
    quoted = [] if text.isascii() and '"' not in text else [match.span() for match in _QUOTED.finditer(text)]
    tokens: list[Token] = []
    questions = set()
    sentence, sign = 0, ""
    for part in _PARTS.finditer(plain):
        typed = part[0]
        if part.lastgroup == "word":
            at = part.start()
            for start, end in _elided(typed) if "'" in typed else ((0, len(typed)),):
                first, last = places[at + start], places[at + end - 1] + 1
                word = typed[start:end][:WORD_MAX_CHARS]
                if not typed[0].isdigit():
                    word = _bare(word)
                while quoted and quoted[0][1] <= first:
                    quoted.pop(0)
                is_quoted = bool(quoted) and quoted[0][0] <= first
                tokens.append(Token(word, first, last, sentence, sign, is_quoted))
                sign = ""
        elif part.lastgroup == "stop":
            before = tokens[-1] if tokens else None
            if before is None or before.sentence != sentence:
                continue
            if typed[0] == "." and len(typed) == 1 and before.word in _ABBREVIATIONS:
                continue
            if "?" in typed:
                questions.add(sentence)
            sentence += 1
            sign = ""
        else:
            sign = sign or ("," if typed.strip() == "/" else typed.strip())
    return Reading(text, tokens, frozenset(questions))


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """`text` in plain letters, and for each of them its place in `text`."""
    if text.isascii():
        return plain_words(text), range(len(text))
    letters, places = [], []
    for at, character in enumerate(text):
        for plain in plain_character(character):
            letters.append(plain)
            places.append(at)
    return "".join(letters), places


@lru_cache(maxsize=8192)  # most words of a text were in others before
def _bare(word: str) -> str:
    return _LONG_RUN.sub(r"\1", word.replace("'", "").replace(".", ""))


def _elided(word: str) -> Iterator[tuple[int, int]]:
    """The words in "l'epaule" or "qu'il": two; in "can't": one."""
    start = 0
    while (at := word.find("'", start)) > 0 and (word[start:at] in _ELISION or word[start:at] == "qu"):
        yield start, at
        start = at + 1
    if start < len(word):
        yield start, len(word)


# --- Language -----------------------------------------------------------------------------------------

_STOP_WORDS = {
    "en": "the and is are was i my you it to of in for on with this that have not but can do what if me at be so as "
    "im ive dont cant its a an or from after since when how which",
    "de": "der die das und ist ich nicht mein meine ein eine zu mit den dem auf für von es sich auch seit beim im "
    "habe hat bin sind kann wie was soll noch nach mir mich wenn oder aber bei war sie wir kein keine welche",
    "es": "el la los las y es que de en un una no me mi mis por para con se lo pero muy como tengo desde cuando esta "
    "este puedo al del su hace ya más qué hay sin estoy son le nada",
    "fr": "le la les et est je ne pas de des du un une que qui en pour dans avec mon ma mes ce cette il elle sur "
    "ai suis c j l d depuis plus au aux très mais bien vous nous son sa faire peut",
    "it": "il lo la gli e che di non per con una sono ho mi del della anche come ma questo molto al da",
    "pt": "o a os as e que de não em um uma com por para eu meu minha é se mais como muito na no do da este",
    "nl": "de het een en ik niet van is dat op te mijn met voor zijn er aan ook als maar bij wat heb",
    "pl": "i w nie na się z do jest że to jak mam po od za mnie ale dla co",
}
STOP_WORDS = {language: frozenset(plain_words(words).split()) for language, words in _STOP_WORDS.items()}
_STOPS = {  # the languages that have a word
    word: tuple(language for language, words in STOP_WORDS.items() if word in words)
    for word in frozenset().union(*STOP_WORDS.values())
}
