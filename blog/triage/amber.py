"""The second tier: texts that read like emergencies though no rule names them. It orders the queue, decides nothing.

The classifier was trained on the labelled texts in `data/` by `flask triage train`; docs/triage.md holds its card.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Self

from blog.triage.classifier import Classifier, words_of
from blog.triage.emergency_scene import Scene
from blog.triage.flags import Flag, FlagKind
from blog.triage.reading import Reading

DATA = Path(__file__).parent / "data"
MODEL = DATA / "possible_emergency.json"
RULE = "reads_like_emergency"
WORDS_MIN = 4  # fewer say too little
LANGUAGES = ("en", "de", "es", "fr")  # of the texts that it was trained on
_WHY = "Reads like emergencies that the classifier has learned from, most of all the words marked. Please look first."
_DOUBT = "But the whole text reads like an ordinary comment. Please look first."


@dataclass(frozen=True)
class Model:
    """The classifier with what it was made of. `cuts` are scores, in thousandths, above which a text is flagged."""

    version: int
    trained_on: str  # a digest over the labelled texts
    cuts: Mapping[str, int]  # for English, for all other languages, and below which a rule's finding is doubted
    classifier: Classifier

    def flags(self, scene: Scene, red: Sequence[Flag] = ()) -> list[Flag]:
        """What is left of `red`, which rules found, after a look at the whole text; without any, at most one of ours.

        Where the text reads clearly like an ordinary one, what the rules found becomes a possible emergency.
        """
        words = words_of(scene.reading)
        if len(words) < WORDS_MIN:
            return list(red)
        score = self.classifier.score(words, scene.told()) * 1_000
        if red:
            return list(red) if score > self.cuts["red"] else [_doubted(flag) for flag in red]
        if score <= self.cuts[tongue(scene.reading)]:
            return []
        return [Flag(FlagKind.POSSIBLE_EMERGENCY, RULE, self.classifier.telling(scene.reading, words), _WHY)]

    def dumped(self) -> str:
        """As the file holds it: the same model is the same text."""
        head = {"version": self.version, "trained_on": self.trained_on, "cuts": self.cuts}
        return json.dumps({**head, **self.classifier.to_json()}, ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def loaded(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored["version"], stored["trained_on"], stored["cuts"], Classifier.from_json(stored))


@cache
def model() -> Model:
    """The one that comes with the site. Read once in each process."""
    return Model.loaded(json.loads(MODEL.read_text("utf-8")))


def weighed(scene: Scene, red: Sequence[Flag]) -> list[Flag]:
    """Emergencies and possible emergencies, from what rules found and what the classifier says. Pure."""
    return model().flags(scene, red)


def _doubted(flag: Flag) -> Flag:
    return replace(flag, kind=FlagKind.POSSIBLE_EMERGENCY, why=f"{flag.why} {_DOUBT}")


def tongue(reading: Reading) -> str:
    """Which cut counts: "en", or "other" where the text is likely in another language."""
    likely = reading.languages
    return "other" if likely and "en" not in likely else "en"
