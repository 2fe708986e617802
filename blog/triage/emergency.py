"""Is somebody in danger now? Ideas found in words, kept only if they are meant, joined by rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from blog.triage import emergency_rules
from blog.triage.emergency_meaning import weigh
from blog.triage.emergency_patterns import Index, Pattern
from blog.triage.emergency_scene import Scene
from blog.triage.flags import Flag, FlagKind, Span
from blog.triage.reading import Reading, Token, read

_IDEAS = Index(emergency_rules.IDEAS)
_RULES = Index({at: rule.patterns for at, rule in enumerate(emergency_rules.RULES)})


def scene_of(reading: Reading) -> Scene:
    """What the rules look at: the ideas of a text, those that are not meant marked."""
    scene = Scene(reading)
    weigh(scene)
    scene.derive(_IDEAS)
    return scene


def emergencies(text: str, scene: Scene | None = None) -> list[Flag]:
    """At most one flag for each rule. `scene` is that of the text, if it was made already. Pure."""
    reading = scene.reading if scene else read(text)
    if not reading.tokens:
        return []
    scene = scene or scene_of(reading)
    flags: dict[str, Flag] = {}
    for at in sorted(_RULES.opened(scene.ideas)):
        rule = emergency_rules.RULES[at]
        matched = list(_rule_matches(scene, rule, _RULES.patterns[at]))
        if not matched:
            continue
        spans = _spans(reading, matched)
        if rule.name in flags:
            spans = sorted({*flags[rule.name].matched, *spans})
        why = flags[rule.name].why if rule.name in flags else rule.why
        flags[rule.name] = Flag(FlagKind.EMERGENCY, rule.name, spans, why)
    return list(flags.values())


def _rule_matches(scene: Scene, rule: emergency_rules.Rule, patterns: Iterable[Pattern]) -> Iterator[tuple[int, ...]]:
    scene.even_if = rule.even_if
    for pattern in patterns:
        for places in scene.matches(pattern):
            if not _is_ordinary(scene, places, rule.unless):
                yield places


def _is_ordinary(scene: Scene, places: tuple[int, ...], unless: str) -> bool:
    if not unless:
        return False
    sentences = {scene.tokens[at].sentence for at in places}
    return any(scene.tokens[at].sentence in sentences for at in scene.places(*unless.split()) - set(places))


def _spans(reading: Reading, matched: Iterable[tuple[int, ...]]) -> list[Span]:
    """Neighbouring words become one span."""
    places = sorted(set(chain.from_iterable(matched)))
    spans: list[Span] = []
    first = last = None
    for at in places:
        if last is not None and first is not None and at == last + 1 and _same(reading.tokens, last, at):
            last = at
            continue
        if first is not None and last is not None:
            spans.append(reading.span(first, last))
        first = last = at
    if first is not None and last is not None:
        spans.append(reading.span(first, last))
    return spans


def _same(tokens: list[Token], one: int, other: int) -> bool:
    return tokens[one].sentence == tokens[other].sentence
