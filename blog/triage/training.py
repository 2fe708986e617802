"""From labelled texts to the classifier of possible emergencies, and how well it does on texts that it has not seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from blog.triage.amber import DATA, LANGUAGES, Model, tongue
from blog.triage.classifier import Classifier, counted, learn, words_of
from blog.triage.emergency import emergencies, scene_of
from blog.triage.emergency_scene import Scene
from blog.triage.reading import Reading, read

VERSION = 2  # one more whenever the same texts would give another model
SOURCES = ("desk", "readers", "house", "samples")
SPENT = frozenset({"house", "samples"})  # whose texts the rules were written on: they train, but measure nothing
FOLDS = 5
FALSE_SHARE = {"en": 0.09, "other": 0.09}  # of ordinary texts that the classifier alone may flag
DOUBTED_SHARE = 0.02  # of emergencies that rules find
POSITIVE = "medical_emergency"
SPAM_TRAITS_MAX = 15_000
ELSEWHERE = frozenset({"spam", "personal_info", "self_promotion", "abusive"})  # labels that other rules answer for


@dataclass(frozen=True)
class Labelled:
    """One text with what a person says it is. `source` is its author, `kind` its topic, `voice` who seems to speak."""

    text: str
    label: str
    kind: str
    language: str
    voice: str
    source: str = ""
    name: str = ""

    @property
    def is_emergency(self) -> bool:
        return self.label == POSITIVE

    @cached_property
    def reading(self) -> Reading:
        return read(self.text)

    @cached_property
    def words(self) -> list[str]:
        return words_of(self.reading)

    @cached_property
    def scene(self) -> Scene:
        return scene_of(self.reading)

    @cached_property
    def ideas(self) -> list[str]:
        return self.scene.told()

    @cached_property
    def is_found(self) -> bool:
        """Whether a rule finds an emergency."""
        return bool(emergencies(self.text, self.scene))

    @property
    def measures(self) -> bool:
        """Whether it counts in figures: not written beside the rules, and an emergency or an ordinary comment."""
        return self.source not in SPENT and self.label not in ELSEWHERE


Judged = tuple[Labelled, float]  # a text with its score by a classifier that has not seen it


def labelled(sources: Iterable[str] = SOURCES) -> list[Labelled]:
    """All texts that come with the site, source by source."""
    return [
        Labelled(source=source, **row)
        for source in sources
        for row in json.loads((DATA / f"{source}.json").read_text("utf-8"))
    ]


def built(texts: Sequence[Labelled]) -> Model:
    """The model that is shipped: trained on all texts, its cuts found by cross-validation. Takes about a minute."""
    judged = left_out(texts, by_text)
    return Model(VERSION, digest(texts), cuts(judged), _learned(texts))


def built_spam(texts: Sequence[Labelled]) -> Classifier:
    """What comes with the site for the spam filter to lean on: spam against all other comments."""
    known = [text for text in texts if text.label == "spam" or text.label not in ELSEWHERE]
    return learn(
        [counted(text.words) for text in known], [text.label == "spam" for text in known], traits_max=SPAM_TRAITS_MAX
    )


def left_out(texts: Sequence[Labelled], group: Callable[[Labelled], str]) -> list[Judged]:
    """Each group is scored by a classifier trained on all other groups."""
    judged: list[Judged] = []
    for name in sorted({group(text) for text in texts}):
        asked = [text for text in texts if group(text) == name and text.measures]
        if asked:
            classifier = _learned([text for text in texts if group(text) != name])
            judged += [(text, classifier.score(text.words, text.ideas)) for text in asked]
    return judged


def by_text(text: Labelled) -> str:
    """Groups without any meaning, the same each time."""
    return str(int.from_bytes(blake2b(text.text.encode(), digest_size=8).digest()) % FOLDS)


def by_source(text: Labelled) -> str:
    return text.source


def by_kind(text: Labelled) -> str:
    """Whole topics. Texts that measure nothing and belong to no topic are never left out."""
    return text.kind if text.measures else ""


REPORTS = (
    ("Texts at random, a fifth at a time", by_text),
    ("Whole topics left out", by_kind),
    ("Whole authors left out", by_source),
)


def cuts(judged: Sequence[Judged]) -> dict[str, int]:
    """The scores, in thousandths, above which the model says something; `red`: below which it doubts the rules.

    Above the lowest ones lie no more than FALSE_SHARE of ordinary texts, those that rules find counted.
    Below `red` lie no more than DOUBTED_SHARE of the emergencies that rules find.
    """
    at = {}
    for language, share in FALSE_SHARE.items():
        ordinary = [pair for pair in judged if tongue(pair[0].reading) == language and not pair[0].is_emergency]
        scores = sorted((score for text, score in ordinary if not text.is_found), reverse=True)
        allowed = max(0, int(share * len(ordinary)) - (len(ordinary) - len(scores)))
        at[language] = round(1_000 * scores[min(allowed, len(scores) - 1)]) if scores else 0
    right = sorted(score for text, score in judged if text.is_emergency and text.is_found)
    at["red"] = round(1_000 * right[int(DOUBTED_SHARE * len(right))]) - 1 if right else 0
    return at


def tiers(text: Labelled, score: float, at: Mapping[str, int]) -> tuple[bool, bool]:
    """Whether the text is an emergency, and whether it is a possible one, as `Model.flags` says."""
    is_red = text.is_found and 1_000 * score > at["red"]
    return is_red, not is_red and (text.is_found or 1_000 * score > at[tongue(text.reading)])


def digest(texts: Sequence[Labelled]) -> str:
    told = json.dumps([[text.text, text.label] for text in texts], ensure_ascii=False)
    return blake2b(told.encode(), digest_size=16).hexdigest()


@dataclass
class Share:
    """How many of some texts were flagged."""

    texts: int = 0
    red: int = 0
    either: int = 0

    @property
    def red_share(self) -> float:
        return self.red / self.texts

    @property
    def either_share(self) -> float:
        return self.either / self.texts

    def add(self, is_red: bool, is_amber: bool) -> None:
        self.texts += 1
        self.red += is_red
        self.either += is_red or is_amber


def table(judged: Sequence[Judged], at: Mapping[str, int]) -> list[tuple[str, str, Share]]:
    """By kind and language, emergencies first: how many the rules flag, and how many either tier."""
    shares: dict[tuple[bool, str, str], Share] = {}
    for text, score in judged:
        for kind in (text.kind, "all"):
            for language in (text.language, "all but English") if text.language != "en" else (text.language,):
                if kind == "all" or language in LANGUAGES:
                    key = (not text.is_emergency, kind, language)
                    shares.setdefault(key, Share()).add(*tiers(text, score, at))
    order = sorted(shares, key=lambda key: (key[0], key[1] == "all", key[1], key[2]))
    return [
        (f"{'ordinary' if is_ordinary else 'emergency'}: {kind}", language, shares[is_ordinary, kind, language])
        for is_ordinary, kind, language in order
    ]


def learning_curve(texts: Sequence[Labelled]) -> Iterator[tuple[int, float, float]]:
    """Texts trained on, share of English emergencies found, share of ordinary ones flagged; the first fold is asked."""
    asked = [text for text in texts if by_text(text) == "0" and text.measures and text.language == "en"]
    rest = [text for text in texts if by_text(text) != "0"]
    rest.sort(key=lambda text: blake2b(text.text.encode(), digest_size=8).digest())
    for part in (8, 4, 2, 1):
        known = rest[::part]
        at = cuts(left_out(known, by_text))
        classifier = _learned(known)
        shares = {True: Share(), False: Share()}
        for text in asked:
            shares[text.is_emergency].add(*tiers(text, classifier.score(text.words, text.ideas), at))
        yield len(known), shares[True].either_share, shares[False].either_share


def _learned(texts: Sequence[Labelled]) -> Classifier:
    return learn([counted(text.words, text.ideas) for text in texts], [text.is_emergency for text in texts])
