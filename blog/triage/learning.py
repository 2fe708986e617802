"""A small naive Bayes that learns from this site's own decisions. Plain Python, stored as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, log
from typing import Any, Self

from blog.triage.reading import plain_words

DECISIONS_MIN = 50  # of each kind, before it says anything
WORDS_MAX = 20_000
_WORD_MAX_CHARS = 24
_LINK = "<link>"


@dataclass
class Classifier:
    """Counts in how many decided texts of each kind a word stood."""

    spam: Counter[str] = field(default_factory=Counter)
    good: Counter[str] = field(default_factory=Counter)
    spam_texts: int = 0
    good_texts: int = 0

    @property
    def is_ready(self) -> bool:
        return min(self.spam_texts, self.good_texts) >= DECISIONS_MIN

    def score(self, text: str) -> float | None:
        """How likely `text` is spam, 0 to 1, both kinds taken as equally frequent. None until it is ready."""
        if not self.is_ready:
            return None
        weights = sorted((self.weight(word) for word in features(text)), key=abs, reverse=True)[:40]
        total = max(-30.0, min(30.0, sum(weights)))
        return 1 / (1 + exp(-total))

    def weight(self, word: str) -> float:
        """Above zero: speaks for spam. A word never seen says nothing."""
        if word not in self.spam and word not in self.good:
            return 0.0
        in_spam = (self.spam[word] + 0.5) / (self.spam_texts + 1)
        in_good = (self.good[word] + 0.5) / (self.good_texts + 1)
        return log(in_spam / in_good)

    def top_words(self, count: int = 20) -> list[tuple[str, float]]:
        """The words that weigh most, either way, most first."""
        words = [word for word in {*self.spam, *self.good} if self.spam[word] + self.good[word] > 1]
        return sorted(((word, self.weight(word)) for word in words), key=lambda pair: (-abs(pair[1]), pair[0]))[:count]

    def train(self, pairs: Iterable[tuple[str, bool]]) -> Self:
        """Learn texts, each with whether it is spam."""
        for text, is_spam in pairs:
            (self.spam if is_spam else self.good).update(features(text))
            if is_spam:
                self.spam_texts += 1
            else:
                self.good_texts += 1
        for counts in (self.spam, self.good):
            if len(counts) > WORDS_MAX:
                kept = counts.most_common(WORDS_MAX)
                counts.clear()
                counts.update(dict(kept))
        return self

    def to_json(self) -> dict[str, Any]:
        return {
            "spam": dict(self.spam),
            "good": dict(self.good),
            "spam_texts": self.spam_texts,
            "good_texts": self.good_texts,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(Counter(stored["spam"]), Counter(stored["good"]), stored["spam_texts"], stored["good_texts"])


def features(text: str) -> set[str]:
    """The words of a text, each once; every link is the same word."""
    words = set()
    for part in plain_words(text).split():
        if "://" in part or part.startswith("www."):
            words.add(_LINK)
        words.update(
            word
            for word in "".join(c if c.isalnum() else " " for c in part).split()
            if 2 <= len(word) <= _WORD_MAX_CHARS and not word.isdigit()
        )
    return words
