"""How easily a password is guessed: the commonest ones, words that everybody expects, and a word for its strength.

The common passwords and the measure are those of zxcvbn, Dropbox's estimator, as its Python port holds them: a list
of 30,000 in the order of how often they were found in leaks. It takes 12 MB and is loaded with the first password that
somebody chooses: most processes never see one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import import_module

COMMON = 10_000  # so many of the commonest are refused
MEASURED_CHARS = 72  # the rest makes it stronger, never weaker, and measuring it would take long
WORD_MIN_CHARS = 4  # shorter ones of a host's name, such as "www" or "org", say nothing
STRENGTHS = ("very weak", "weak", "fair", "strong", "very strong")


def is_common(password: str) -> bool:
    """Whether it is one of the commonest, in capitals or with digits and signs around it, or several times in a row."""
    plain = password.casefold()
    return plain in _common() or _repeated(_bare(plain)) in _common()


def is_expected(password: str, words: Iterable[str]) -> bool:
    """Whether no letter is left of it without `words`."""
    letters = r"[^\W\d_]"
    left = password.casefold()
    if not re.search(letters, left):
        return False
    for word in sorted({word.casefold() for word in words}, key=len, reverse=True):
        if len(word) >= WORD_MIN_CHARS:
            left = left.replace(word, " ")
    return not re.search(letters, left)


def strength(password: str, words: Iterable[str] = ()) -> tuple[str, str]:
    """How strong it is, in a word, and what would make it stronger (empty if nothing is needed)."""
    found = import_module("zxcvbn").zxcvbn(password[:MEASURED_CHARS], user_inputs=list(words))
    advice = [found["feedback"]["warning"], *found["feedback"]["suggestions"]]
    return STRENGTHS[found["score"]], " ".join(sentence for sentence in advice if sentence)


def _bare(text: str) -> str:
    """Without the digits and signs around it."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)


def _repeated(text: str) -> str:
    """What is repeated in `text` without a rest, or `text` itself."""
    found = re.fullmatch(r"(.+?)\1+", text)
    return found[1] if found else text


@cache
def _common() -> frozenset[str]:
    return frozenset(import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS["passwords"][:COMMON])
