"""Text seen before: MinHash signatures over groups of three words. A signature tells nothing about the words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from operator import eq

from blog.triage.reading import plain_words

SIZE = 16  # numbers in a signature
BANDS = 8
WORDS_MIN = 6  # shorter texts are alike by nature: "thanks a lot"
ALIKE = 0.7  # share of equal numbers from which two texts are nearly the same

Signature = tuple[int, ...]

_MASK = (1 << 32) - 1
_WORD = re.compile(r"[^\W_]+")


def _number(seed: bytes) -> int:
    return int.from_bytes(blake2b(seed, digest_size=8).digest())


_MIXERS = tuple((_number(bytes([n])) | 1, _number(bytes([n, 1]))) for n in range(SIZE))


@dataclass(frozen=True)
class KnownText:
    """A stored signature and what became of the comments that bore it."""

    signature: Signature
    spam: int = 0
    approved: int = 0
    undecided: int = 0


def signature(text: str) -> Signature | None:
    """None for what is too short to be compared. Numbers and links do not count: they vary in copies."""
    words = [word for word in _WORD.findall(plain_words(text)) if word.isalpha() or not any(map(str.isdigit, word))]
    if len(words) < WORDS_MIN:
        return None
    hashes = {
        int.from_bytes(blake2b(" ".join(words[at : at + 3]).encode(), digest_size=8).digest())
        for at in range(len(words) - 2)
    }
    return tuple(min([(a * h + b) >> 16 & _MASK for h in hashes]) for a, b in _MIXERS)


def bands(of: Signature) -> list[int]:
    """Numbers to store in an index: nearly equal texts share at least one of them."""
    rows = SIZE // BANDS
    return [
        int.from_bytes(blake2b(repr((at, of[at : at + rows])).encode(), digest_size=7).digest())
        for at in range(0, SIZE, rows)
    ]


def likeness(one: Signature, other: Signature) -> float:
    """0 to 1."""
    equal: int = sum(map(eq, one, other))
    return equal / SIZE
