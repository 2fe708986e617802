"""Which ideas begin with a word, in each language, also where it misses a listed word by one letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain

from blog.triage import emergency_rules
from blog.triage.emergency_patterns import compiled
from blog.triage.reading import plain_words
from blog.triage.words import dangers, de, en, es, fr

SLIP_MIN_CHARS = 6  # shorter words must be spelled as listed

LISTS = {
    language: (words, dangers.WORDS[language])
    for language, words in {"en": en.WORDS, "de": de.WORDS, "es": es.WORDS, "fr": fr.WORDS}.items()
}
_SLIPS_OF = frozenset(en.SLIPS_OF)
_NOT_SLIPS = frozenset(en.NOT_SLIPS)


Entry = tuple[tuple[str, ...], str]  # the words after the first, and the idea


class Lexicon:
    """Which ideas start with a word."""

    def __init__(self, lists: Iterable[dict[str, str]], literals: Iterable[str]) -> None:
        self.words: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.stems: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.slips: dict[str, str] = {}
        for idea, entries in chain.from_iterable(given.items() for given in lists):
            for entry in entries.split():
                for spelled in _spellings(entry):
                    self._add(spelled, idea)
        for literal in literals:
            self._add(literal, literal)
        for word in self.words:
            if word in _SLIPS_OF:
                for slip in _deletions(word):
                    self.slips.setdefault(slip, word)

    def _add(self, entry: str, idea: str) -> None:
        first, *rest = entry.split("_")
        table = self.stems if first.endswith("*") else self.words
        values = table.setdefault(first.rstrip("*"), [])
        if (tuple(rest), idea) not in values:
            values.append((tuple(rest), idea))

    def starts(self, word: str) -> list[tuple[tuple[str, ...], str]]:
        known = self.words.get(word, [])
        entries = [*known]
        if self.stems:
            for size in range(3, len(word) + 1):
                entries += self.stems.get(word[:size], ())
        return entries

    def corrected(self, word: str) -> str:
        """`word`, or the listed word that it misses by one letter."""
        if len(word) < SLIP_MIN_CHARS or word in self.words or word in _NOT_SLIPS or not word.isalpha():
            return word
        for slip in (word, *_deletions(word)):
            near = self.slips.get(slip) or (slip if slip in self.words and slip in _SLIPS_OF else None)
            if near and near[0] == word[0] and _is_slip(word, near):
                return near
        return word


Starts = Mapping[str, Sequence[Entry]]  # by the word that must follow; under "" is what needs no other


@cache
def starts_in(languages: tuple[str, ...]) -> Callable[[str], Starts | None]:
    """Tells what begins with a word, or with the listed word that it misses by one letter, in any of `languages`."""
    lexicons = [lexicon_of(language) for language in languages]

    @lru_cache(maxsize=4096)  # most words of a text were in others before
    def starts(word: str) -> Starts | None:
        known: dict[str, list[Entry]] = {}
        for lexicon in lexicons:
            for entry in lexicon.starts(word) or lexicon.starts(lexicon.corrected(word)):
                known.setdefault(entry[0][0] if entry[0] else "", []).append(entry)
        return known or None

    return starts


def _spellings(entry: str) -> set[str]:
    """Without accents, and for German also with ae, oe, ue."""
    return {
        plain_words(entry),
        plain_words(entry.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")),
    }


def _deletions(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def _is_slip(typed: str, meant: str) -> bool:
    """One letter too many, too few, wrong or swapped; not merely another ending."""
    if typed[:-1] == meant or meant[:-1] == typed or (typed[:-1] == meant[:-1] and len(typed) == len(meant)):
        return False
    if len(typed) != len(meant):
        return abs(len(typed) - len(meant)) == 1
    different = [at for at in range(len(typed)) if typed[at] != meant[at]]
    if len(different) == 1:
        return True
    return len(different) == 2 and different[1] == different[0] + 1 and sorted(typed) == sorted(meant)


@cache
def _literals() -> frozenset[str]:
    every = chain(
        chain.from_iterable(emergency_rules.GRAMMAR.values()),
        chain.from_iterable(emergency_rules.IDEAS.values()),
        chain.from_iterable(rule.patterns for rule in emergency_rules.RULES),
    )
    words = {idea for pattern in every for part in compiled(pattern).parts for step in part for idea in step.ideas} | {
        word for rule in emergency_rules.RULES for word in rule.unless.split()
    }
    return frozenset(word for word in words if word.islower())


@cache
def lexicon_of(language: str) -> Lexicon:
    """Of one of the languages in LISTS; made when a text first asks for it."""
    return Lexicon(LISTS[language], _literals())
