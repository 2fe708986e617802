"""One yes-or-no question, learned from texts: how much each trait of a text speaks for "yes". Plain Python, no library.

Weights are those of a linear support vector machine over tf-idf values. They are kept as whole numbers, so that what
was learned from the same texts is the same file, byte for byte.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from math import log, sqrt
from typing import Any, NamedTuple, Self

from blog.triage import svm
from blog.triage.flags import Span
from blog.triage.reading import STOP_WORDS, Reading
from blog.triage.traits import of_pair, of_word, seen_words, traits

TEXTS_MIN = 2  # a trait of fewer texts is chance
TRAITS_MAX = 36_000
IDEA_WEIGHT = 1.5  # an idea counts more than a word: it stands for many words, in all languages
UNIT = 1_000  # weights and rarities are whole thousandths
TELLING_MAX = 5  # words named as the reason
_SMALL = frozenset().union(*STOP_WORDS.values())


class _Weighing(NamedTuple):
    """Of the traits of one word those that weigh."""

    total: float  # their weights times their rarities, each as often as it stands in the word
    length: float  # their rarities squared, likewise
    traits: frozenset[str]
    again: tuple[str, ...]  # what stands in it once more, each time

    @classmethod
    def of(cls, word: str, weights: Mapping[str, tuple[int, int]]) -> Self:
        known = [trait for trait in of_word(word) if trait in weights]
        again = Counter(known) - Counter(set(known))
        pairs = [weights[trait] for trait in known]
        return cls(
            float(sum(weight * rarity for weight, rarity in pairs)),
            float(sum(rarity * rarity for _, rarity in pairs)),
            frozenset(known),
            tuple(again.elements()),
        )


@dataclass(frozen=True)
class Classifier:
    """`weights[trait]` is what it speaks for "yes" (below zero: for "no"), and how rare it is, both in thousandths."""

    weights: Mapping[str, tuple[int, int]]
    bias: int = 0

    def score(self, words: Sequence[str], ideas: Iterable[str] = ()) -> float:
        """Above zero: rather yes. The words are those of `seen_words`, the ideas those of a scene."""
        total, length = 0.0, 0.0
        seen: set[str] = set()
        again: list[str] = []
        for its_total, its_length, its_traits, its_again in map(self._weighing, words):
            total += its_total
            length += its_length
            again += its_again
            again += seen & its_traits
            seen |= its_traits
        weights = self.weights
        for trait in filter(weights.__contains__, chain(map(of_pair, words, words[1:]), ideas)):
            weight, rarity = weights[trait]
            total += weight * rarity
            length += rarity * rarity
            if trait in seen:
                again.append(trait)
            seen.add(trait)
        repeated: dict[int, tuple[int, int]] = {}  # by how often: whole numbers, whose sum has no order
        for trait, more in Counter(again).items():
            weight, rarity = weights[trait]
            product, square = repeated.get(more, (0, 0))
            repeated[more] = product + weight * rarity, square + rarity * rarity
        for more in sorted(repeated):  # each was added as often as it stands there, which is too much
            product, square = repeated[more]
            often = 1 + log(1 + more)
            total += product * (often - 1 - more)
            length += square * (often * often - 1 - more)
        return (total / sqrt(length) if length else 0.0) / UNIT + self.bias / UNIT

    @cached_property
    def _weighing(self) -> Callable[[str], _Weighing]:
        """The traits of a word that weigh; of most words they were asked for before."""
        return lru_cache(maxsize=4096)(lambda word: _Weighing.of(word, self.weights))

    def telling(self, reading: Reading, words: Sequence[str]) -> list[Span]:
        """The words that speak most for "yes", in the order of the text; neighbours are one span."""
        heavy = self._heaviness(words)
        named = [at for at, word in enumerate(words) if heavy[at] > 0 and not _is_small(word)]
        most = sorted(named or range(len(heavy)), key=lambda at: (-heavy[at], at))[:TELLING_MAX]
        places = sorted(most)
        spans: list[Span] = []
        first = None
        for at in places:
            first = at if first is None else first
            if at + 1 in places and reading.tokens[at + 1].sentence == reading.tokens[at].sentence:
                continue
            spans.append(reading.span(first, at))
            first = None
        return spans

    def _heaviness(self, words: Sequence[str]) -> list[float]:
        """For each word what it adds to the score, with half of each pair that it stands in."""
        heavy = [self._weighing(word).total for word in words]
        for at, (word, following) in enumerate(pairwise(words)):
            weight, rarity = self.weights.get(of_pair(word, following), (0, 0))
            half = weight * rarity / 2
            heavy[at] += half
            heavy[at + 1] += half
        return heavy

    def top_words(self, count: int = 20) -> list[tuple[str, float]]:
        """The whole words that weigh most, either way, most first."""
        return self._top("=", count)

    def top_ideas(self, count: int = 20) -> list[tuple[str, float]]:
        """The same of ideas; one with "!" was read, but not as meant: asked about, denied or long past."""
        return self._top("@", count)

    def _top(self, sign: str, count: int) -> list[tuple[str, float]]:
        heavy = [
            (trait[1:], weight * rarity / UNIT**2)
            for trait, (weight, rarity) in self.weights.items()
            if trait[0] == sign and not _is_small(trait[1:]) and weight
        ]
        return sorted(heavy, key=lambda pair: (-abs(pair[1]), pair[0]))[:count]

    def to_json(self) -> dict[str, Any]:
        return {"bias": self.bias, "weights": {trait: list(pair) for trait, pair in self.weights.items()}}

    def dumped(self) -> str:
        """As a file holds it: the same weights are the same text."""
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls({trait: (pair[0], pair[1]) for trait, pair in stored["weights"].items()}, stored["bias"])


def counted(words: Sequence[str], ideas: Iterable[str] = ()) -> Counter[str]:
    """How often each trait stands in a text; an idea stands there or not."""
    counts = Counter(traits(words))
    counts.update(ideas)
    return counts


def learn(
    texts: Sequence[Counter[str]], labels: Sequence[bool], texts_min: int = TEXTS_MIN, traits_max: int = TRAITS_MAX
) -> Classifier:
    """From texts as `counted`, each with whether the answer is "yes". With too many traits, the lightest go."""
    in_texts = Counter(trait for counts in texts for trait in counts)
    rarity = {
        trait: round(UNIT * (1 + log((1 + len(texts)) / (1 + count))) * (IDEA_WEIGHT if trait[0] == "@" else 1))
        for trait, count in sorted(in_texts.items())
        if count >= texts_min
    }
    weights, bias = _trained(texts, labels, rarity)
    if len(rarity) > traits_max:
        heaviest = sorted(rarity, key=lambda trait: (-abs(weights[trait]), trait))[:traits_max]
        rarity = {trait: rarity[trait] for trait in sorted(heaviest)}
        weights, bias = _trained(texts, labels, rarity)
    whole = {trait: (round(UNIT * weight), rarity[trait]) for trait, weight in weights.items()}
    return Classifier(whole, round(UNIT * bias))


def _trained(
    texts: Sequence[Counter[str]], labels: Sequence[bool], rarity: Mapping[str, int]
) -> tuple[dict[str, float], float]:
    number = {trait: at for at, trait in enumerate(rarity)}
    examples = []
    for counts in texts:
        known = [trait for trait in counts if trait in number]
        values = [rarity[trait] * (1 + log(counts[trait])) for trait in known]
        length = sqrt(sum(value * value for value in values)) or 1.0
        examples.append(([number[trait] for trait in known], [value / length for value in values]))
    *weights, bias = svm.train(examples, labels, len(number))
    return dict(zip(number, weights, strict=True)), bias


def _is_small(word: str) -> bool:
    """A word that tells a person nothing, whatever it weighs: "and", "since"."""
    return len(word) < 3 or word in _SMALL


def words_of(reading: Reading) -> list[str]:
    """The words of a text as `score` and `learn` take them."""
    return seen_words(reading.tokens)
