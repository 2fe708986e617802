"""A spam filter that learns from this site's own decisions, and knows each night how good it is.

Two classifiers are added: one from this site's decisions, and one that comes with the site, from the labelled texts in
`data/`. How much the second one counts, and from which sum on a text is flagged, is found by cross-validation over the
decisions: no approved comment would have been flagged by a filter that had not seen it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

from blog.triage.classifier import Classifier, counted, learn, words_of
from blog.triage.reading import Reading, read

MODEL = Path(__file__).parent / "data" / "spam.json"
DECISIONS_MIN = 10  # of each kind, before it is worth asking how good it is
GOOD_ENOUGH = 0.4  # share of spam that it finds in cross-validation, from which it is used
TEXTS_MIN = 3  # of this site: a trait of fewer texts could be one person's own word, and is not kept
TRAITS_MAX = 15_000
FOLDS = 5
SHARES = (0.0, 0.5, 1.0, 2.0)  # how much what comes with the site may count beside the site's own decisions
# What a cut stays above the highest approved comment: few comments say little about the next one.
MARGIN, MARGIN_MAX = 600.0, 0.5

Decided = tuple[str, bool]  # a text, and whether a moderator marked it as spam


@cache
def shipped() -> Classifier:
    """What comes with the site. Read once in each process."""
    return Classifier.from_json(json.loads(MODEL.read_text("utf-8")))


@dataclass(frozen=True)
class SpamFilter:
    """What was learned: weights of the site's own, the share of the shipped ones, the cut, and how good that is."""

    own: Classifier = field(default_factory=lambda: Classifier({}))
    share: float = 0.0
    cut: float = 0.0
    found: float = 0.0  # share of the spam that it found without having seen it
    spam_texts: int = 0
    good_texts: int = 0

    @property
    def has_enough(self) -> bool:
        return min(self.spam_texts, self.good_texts) >= DECISIONS_MIN

    @property
    def is_ready(self) -> bool:
        """Whether it says anything: it was good enough where its answers could be checked."""
        return self.has_enough and self.found >= GOOD_ENOUGH

    def margin(self, reading: Reading) -> float | None:
        """How far a text lies above the cut (spam) or below it. None until it is ready."""
        if not self.is_ready:
            return None
        return self.score(words_of(reading)) - self.cut

    def score(self, words: Sequence[str]) -> float:
        return self.own.score(words) + (self.share * shipped().score(words) if self.share else 0.0)

    def top_words(self, count: int = 20) -> list[tuple[str, float]]:
        """The whole words of this site that weigh most, either way, most first."""
        return self.own.top_words(count)

    def to_json(self) -> dict[str, Any]:
        return {
            "own": self.own.to_json(),
            "share": self.share,
            "cut": self.cut,
            "found": self.found,
            "spam_texts": self.spam_texts,
            "good_texts": self.good_texts,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What an older release counted is no use here: nothing is known until the next night."""
        if "own" not in stored:
            return cls()
        return cls(**{**stored, "own": Classifier.from_json(stored["own"])})

    @classmethod
    def trained(cls, decided: Sequence[Decided]) -> Self:
        """Learn from decisions. With thousands of them it takes about a minute."""
        texts = [words_of(read(text)) for text, _ in decided]
        labels = [is_spam for _, is_spam in decided]
        spam = sum(labels)
        good = len(labels) - spam
        plain = cls(_learned(texts, labels), spam_texts=spam, good_texts=good)
        if not plain.has_enough:
            return plain
        blind = _left_out([text for text, _ in decided], texts, labels)
        base = [shipped().score(words) for words in texts]
        tried = [(share, *_checked(blind, base, labels, share)) for share in SHARES]
        share, cut, found = max(tried, key=lambda row: row[2])
        return cls(plain.own, share, cut, found, spam, good)


def _learned(texts: Sequence[Sequence[str]], labels: Sequence[bool]) -> Classifier:
    return learn([counted(text) for text in texts], labels, TEXTS_MIN, TRAITS_MAX)


def _left_out(typed: Sequence[str], texts: Sequence[Sequence[str]], labels: Sequence[bool]) -> list[float]:
    """The score of each text by what was learned from others. Equal texts are left out together."""
    folds = [int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) % FOLDS for text in typed]
    scores = [0.0] * len(texts)
    for fold in range(FOLDS):
        known = [at for at in range(len(texts)) if folds[at] != fold]
        own = _learned([texts[at] for at in known], [labels[at] for at in known])
        for at in range(len(texts)):
            if folds[at] == fold:
                scores[at] = own.score(texts[at])
    return scores


def _checked(
    blind: Sequence[float], base: Sequence[float], labels: Sequence[bool], share: float
) -> tuple[float, float]:
    """The cut above every approved comment, and the share of spam above it."""
    sums = [own + share * other for own, other in zip(blind, base, strict=True)]
    good = [score for score, is_spam in zip(sums, labels, strict=True) if not is_spam]
    spam = [score for score, is_spam in zip(sums, labels, strict=True) if is_spam]
    allowed = len(good) // 200  # half of one in a hundred, so that new comments stay below that
    cut = sorted(good, reverse=True)[allowed] + min(MARGIN_MAX, MARGIN / len(good) ** 2)
    return round(cut, 4), round(sum(score > cut for score in spam) / len(spam), 4)
