"""What a classifier sees of a text: its words, its pairs of words, and groups of letters within words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from blog.triage.reading import Token

LETTERS_MIN, LETTERS_MAX = 2, 5
WORDS_READ = 1_500  # far beyond a comment; what follows weighs nothing
_NUMBER = re.compile(r"(\d{1,3})(?:[.,](\d))?c?\Z")
_FEVER_FROM, _FEVER_TO = 37.7, 42.0  # °C: the one number that means something by itself


def seen_words(tokens: Sequence[Token]) -> list[str]:
    """The words as the classifier takes them: a number is a fever, or tells only how long it is."""
    return [_seen(token.word) for token in tokens[:WORDS_READ]]


def of_word(word: str) -> tuple[str, ...]:
    """The word itself, as `=word`, and its groups of letters; `_` is its beginning and its end."""
    padded = f"_{word}_"
    groups = (
        padded[at : at + size] for size in range(LETTERS_MIN, LETTERS_MAX + 1) for at in range(len(padded) - size + 1)
    )
    return (f"={word}", *groups)


def of_pair(word: str, following: str) -> str:
    return f"{word} {following}"


def traits(words: Sequence[str]) -> list[str]:
    """All of them, as often as they stand there."""
    each: list[str] = []
    for word in words:
        each += _kept(word)
    each += map(of_pair, words, words[1:])
    return each


_kept = lru_cache(maxsize=8192)(of_word)  # for training alone, which asks for each word of thousands of texts again


@lru_cache(maxsize=8192)
def _seen(word: str) -> str:
    if not word[0].isdigit():
        return word
    number = _NUMBER.match(word)
    if number and _FEVER_FROM <= float(f"{number[1]}.{number[2] or 0}") < _FEVER_TO:
        return "#fever"
    return "#" * min(3, sum(map(str.isdigit, word)))
