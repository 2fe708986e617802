"""Text seen before: MinHash signatures over groups of three words. A signature tells nothing about the words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from operator import add
from struct import Struct

from blog.triage.reading import plain_words

SIZE = 16  # numbers in a signature
BANDS = 8
WORDS_MIN = 6  # shorter texts are alike by nature: "thanks a lot"
ALIKE = 0.7  # share of equal numbers from which two texts are nearly the same

Signature = tuple[int, ...]

_WORD = re.compile(r"[^\W_]+")


_ROOM = bytes(8)  # for what a product is longer than a hash
_ONE = (1).to_bytes(16)


def _number(seed: bytes) -> int:
    return int.from_bytes(blake2b(seed, digest_size=8).digest())


_LOW = (1 << 48) - 1  # what stands above changes no bit that counts
_PLACES = tuple(range(0, SIZE << 32, 1 << 32))  # above a number of 32 bits
_MIXERS = tuple(((_number(bytes([n])) | 1) & _LOW, _number(bytes([n, 1])) & _LOW) for n in range(SIZE))


@dataclass(frozen=True)
class KnownText:
    """A stored signature and what became of the comments that bore it."""

    signature: Signature
    spam: int = 0
    approved: int = 0
    undecided: int = 0

    @cached_property
    def numbered(self) -> frozenset[int]:
        """Its signature, to be compared: a flood is compared with the same ones each time."""
        return numbered(self.signature)


def signature(text: str) -> Signature | None:
    """None for what is too short to be compared. Numbers and links do not count: they vary in copies."""
    words = [word for word in _WORD.findall(plain_words(text)) if word.isalpha() or not any(map(str.isdigit, word))]
    if len(words) < WORDS_MIN:
        return None
    groups = set(map(" ".join, zip(words, words[1:], words[2:], strict=False)))
    # All hashes side by side are one long number: multiplying it multiplies each in its own field.
    fields = Struct("<" + "2xI10x" * len(groups))  # of each product bits 16 to 47
    hashes = int.from_bytes(b"".join([_ROOM + blake2b(group.encode(), digest_size=8).digest() for group in groups]))
    ones = int.from_bytes(_ONE * len(groups))
    return tuple(min(fields.unpack((a * hashes + b * ones).to_bytes(fields.size, "little"))) for a, b in _MIXERS)


def numbered(of: Signature) -> frozenset[int]:
    """The numbers of a signature, each with its place: as many are equal as stand in two of these."""
    return frozenset(map(add, of, _PLACES))


@lru_cache(maxsize=64)  # looked up, and a moment later stored
def bands(of: Signature) -> tuple[int, ...]:
    """Numbers to store in an index: nearly equal texts share at least one of them."""
    rows = SIZE // BANDS
    return tuple(
        int.from_bytes(blake2b(repr((at, of[at : at + rows])).encode(), digest_size=7).digest())
        for at in range(0, SIZE, rows)
    )


def likeness(one: Signature, other: Signature) -> float:
    """0 to 1."""
    return len(numbered(one) & numbered(other)) / SIZE
