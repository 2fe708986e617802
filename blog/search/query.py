"""What somebody has typed, understood: terms, phrases, and which word may be unfinished. Pure; takes any text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import log
from typing import Self

from blog.search.words import STOP, Word, common, complaint, words_of
from blog.text.characters import clean_line

QUERY_MAX_CHARS = 200  # what is longer is no question; the rest is not looked at
TERMS_MAX = 12
COMMON_WEIGHT = 0.2  # of a word that fits nearly every page, beside others
QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


@dataclass(frozen=True)
class Term:
    """One word or one phrase in quotes. `weight` is how much it says, 1 for most."""

    words: tuple[Word, ...]
    weight: float = 1.0
    is_phrase: bool = False

    @property
    def is_telling(self) -> bool:
        """Whether it says what is looked for."""
        return self.weight > COMMON_WEIGHT

    @property
    def stems(self) -> tuple[str, ...]:
        return tuple(word.stem for word in self.words)

    @property
    def stem(self) -> str:
        """Of its first word; terms that are no phrase have no other."""
        return self.words[0].stem


@dataclass(frozen=True)
class Query:
    """A question. `text` is what was typed, on one line; without terms it asks for nothing."""

    text: str
    terms: tuple[Term, ...]
    complains: bool = False  # whether it says that something hurts

    @classmethod
    def read(cls, typed: str) -> Self:
        """Any text: signs, operators and quotes that do not close are taken as what people mean by them."""
        text = clean_line(typed[: 4 * QUERY_MAX_CHARS])[:QUERY_MAX_CHARS].strip()
        found: list[Term] = []
        complains = False
        for number, part in enumerate(text.translate(QUOTES).split('"')):
            words = list(words_of(part))
            complains = complains or any(word.stem in complaint() for word in words)
            if number % 2 and len(words) > 1:
                found.append(Term(tuple(words), is_phrase=True))
            else:
                found += [Term((word,), COMMON_WEIGHT if word.stem in common() else 1.0) for word in words]
        terms = [term for term in found if term.is_phrase or term.words[0].plain not in STOP] or found
        if all(term.weight < 1 for term in terms):
            terms = [Term(term.words, 1.0, term.is_phrase) for term in terms]
        unique = {(term.stems, term.is_phrase): term for term in terms}
        return cls(text, tuple(unique.values())[:TERMS_MAX], complains)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all its words."""
        return frozenset(stem for term in self.terms for stem in term.stems)

    @cached_property
    def telling(self) -> tuple[Term, ...]:
        """The terms that say what is looked for; all of them where none does."""
        return tuple(term for term in self.terms if term.weight >= 1)

    def weighed(self, documents: Mapping[str, int]) -> Query:
        """The same with words of many articles saying less than words of few, down to half."""
        most = log(1 + max((documents.get(stem, 0) for stem in self.stems), default=0)) or 1
        terms = [
            replace(term, weight=term.weight * (1 - log(1 + min(documents.get(s, 0) for s in term.stems)) / most / 2))
            if term.is_telling
            else term
            for term in self.terms
        ]
        return replace(self, terms=tuple(terms))

    def replaced(self, new: dict[str, str]) -> str:
        """The text with some of its words (as `Word.plain`) replaced by others."""
        return " ".join(
            " ".join(new.get(word.plain, word.plain) for word in words_of(part)) or part for part in self.text.split()
        )
