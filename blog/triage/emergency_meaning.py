"""Which words of a text are not meant as happening now: denied, only imagined or talked about, or long past."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from blog.triage.emergency_scene import Scene

NEGATION_REACH = 14  # words
_YEAR = re.compile(r"(?:19[3-9]|20[0-2])\d\Z")
_SHORT_NO = frozenset(
    {"no", "none", "nope", "nein", "keine", "keins", "non", "aucun", "aucune", "ninguno", "ninguna", "nil"}
)
_SHORT_WHEN_LONG = frozenset({"NEG", "GONE", "HISTORY", "SIGNS", "GENERIC"})
_DENYING = ("NEG", "GONE", "NOFEEL", "GENERIC")
_OWN = frozenset("i im ive my me we our he she his her mein meine ich mi mis je j mon ma mes".split())  # noqa: SIM905
_UNREAL = frozenset(
    {"had", "get", "gets", "were", "ever", "start", "started", "could", "would", "hatte", "bekomme", "avais"}
)
_SINCE = frozenset({"since", "seit", "desde", "depuis"})
_IN_YEAR = frozenset(
    {"in", "of", "from", "en", "im", "jahr", "ano", "back", "during", "until", "early", "late", "summer"}
)
_BODY = tuple(  # ideas
    "LEGS LEG ARM FACE CALF CHEST SADDLE BUM SPINE FOOT PEE POO HEADACHE NECK JAW BELLY VISION SPEECH TEMPLE "  # noqa: SIM905
    "TESTICLE THIGH LIMB".split()
)


def weigh(scene: Scene) -> None:
    """Mark in `scene` the words that are not meant."""
    deny(scene)
    imagine(scene)
    remember(scene)
    scene.lived.clear()


def deny(scene: Scene) -> None:
    """What is said not to be so: "no fever", "ruled out"."""
    tokens = scene.tokens
    for at, token in enumerate(tokens):
        if token.word in _SHORT_NO and at and (token.sign in (":", "-", "–", "—") or _answers(scene, at)):
            scene.mark(range(max(scene.segment(at - 1).start, at - 4), at), "denied")
    if not any(map(scene.ideas.get, _DENYING)):
        return  # most texts
    consumed = _longer(scene)
    longer = consumed & scene.places("GENERIC")
    scene.ideas["GENERIC"] = [
        f for f in scene.ideas.get("GENERIC", ()) if f.last > f.first or not longer.issuperset(f.places)
    ]
    symptoms = scene.places("NUMB", "TINGLE", "WEAK", "HURT")
    for found in scene.ideas.get("NOFEEL", ()):
        if found.last - found.first == 1 and symptoms & set(range(found.last + 1, found.last + 4)):
            consumed.difference_update(found.places)  # "I don't feel any numbness"
            scene.ideas["NOFEEL"] = [f for f in scene.ideas["NOFEEL"] if f is not found]
    if scene.ideas.get("NEG"):
        _deny_behind(scene, consumed)
    feels = scene.places("FEEL")
    for found in scene.ideas.get("GONE", ()):
        segment = scene.segment(found.first)
        before = range(max(segment.start, found.first - 7), found.first)
        if not feels.intersection(before):
            scene.mark(before, "denied")


def _longer(scene: Scene) -> set[int]:
    """The words of ideas of several words: a "no" among them denies nothing else."""
    return {
        at
        for idea, all_found in scene.ideas.items()
        for found in all_found
        if found.last > found.first and idea not in _SHORT_WHEN_LONG and not idea.islower()
        for at in range(found.first, found.last + 1)
    }


def _deny_behind(scene: Scene, consumed: set[int]) -> None:
    """What follows a "no", as far as it reaches; not one that is `consumed`."""
    tokens = scene.tokens
    ends = scene.firsts("ENDS_NEG")
    verbal = scene.places("VERBAL")
    body = scene.places("LEGS", "LEG", "ARM", "FACE", "CALF", "CHEST", "BOTH", "FOOT")
    state = scene.places("NUMB", "WEAK", "TIGHT", "SWOLLEN", "DROOP", "HURT", "TINGLE")
    for found in scene.ideas["NEG"]:
        if consumed.issuperset(found.places):
            continue
        at = found.last + 1
        while at < len(tokens) and at - found.last <= NEGATION_REACH:
            token = tokens[at]
            if token.sentence != tokens[found.last].sentence or at in ends or token.sign in (":", "(", ")"):
                break
            if scene.segments[at] != scene.segments[at - 1]:
                if at == found.last + 1 and token.sign:
                    break
                if _says_something(scene, scene.segment(at), verbal, body, state):
                    break
            scene.mark([at], "denied")
            at += 1


def _says_something(scene: Scene, segment: range, verbal: set[int], body: set[int], state: set[int]) -> bool:
    """A part with a verb, or with a limb and then its state, is no longer what was denied before it."""
    if any(at in verbal for at in segment[:5]):
        return True
    first = next((at for at in segment[:NEGATION_REACH] if at in body), None)
    return first is not None and any(at in state for at in segment[:NEGATION_REACH] if at > first)


def _answers(scene: Scene, at: int) -> bool:
    """'Fever? No.' or 'numbness no, weakness no'."""
    before, token = scene.tokens[at - 1], scene.tokens[at]
    following = scene.tokens[at + 1] if at + 1 < len(scene.tokens) else None
    alone = following is None or following.sentence != token.sentence or bool(following.sign)
    if before.sentence != token.sentence:
        return alone and before.sentence in scene.reading.questions
    return alone and not token.sign


def imagine(scene: Scene) -> None:
    """What is only supposed, quoted or talked about, by a therapist for instance."""
    now, ifs = scene.places("NOW"), scene.firsts("IF")
    signs, generic = scene.places("SIGNS"), scene.places("GENERIC")
    worry, during = scene.places("WORRY"), scene.places("DURING")
    # Who teaches or treats speaks of others, unless of the own body, or of something new.
    teaching = set(range(len(scene.tokens))) if scene.firsts("PRACTITIONER") else set()
    is_quoted = any(token.quoted for token in scene.tokens)
    if not (ifs or teaching or signs or generic or is_quoted):
        return  # most texts
    asserts = _assertions(scene, ifs)
    own_body, onset = _own_body(scene), scene.places("ONSET", "SUDDEN")
    for sentence in scene.reading.sentences():
        here = set(sentence)
        if here & now:
            continue
        for start in sorted(here & ifs):
            own = [scene.tokens[at].word for at in range(start + 1, min(start + 5, sentence.stop))]
            real = own and own[0] in _OWN and not _UNREAL.intersection(own[1:3])
            asks = sentence.start < len(scene.tokens) and (
                here & worry or scene.tokens[sentence.start].sentence in scene.reading.questions
            )
            if real and asks and here & worry and not here & during:
                continue
            scene.mark(range(start, sentence.stop), "imagined")
        if here & teaching and not (here & own_body or here & onset):
            scene.mark(sentence, "talked about")
        if (here & signs or here & generic) and not here & asserts:
            scene.mark(sentence, "talked about")
        quoted = [at for at in sentence if scene.tokens[at].quoted]
        if len(quoted) > 1 and not _OWN.intersection(scene.tokens[at].word for at in quoted):
            scene.mark(quoted, "quoted")


def _assertions(scene: Scene, ifs: set[int]) -> set[int]:
    """Words that say: I have, my leg is. Not after an 'if'."""
    have, body = scene.firsts("HAVE"), scene.places(*_BODY)
    asserted = set()
    for at in scene.firsts("ME"):
        if have & {at + 1, at + 2} and not ifs & {at - 1, at - 2, at - 3}:
            asserted.add(at)
    for at in scene.firsts("MY"):
        if body & {at + 1, at + 2} and not ifs & {at - 1, at - 2, at - 3}:
            asserted.add(at)
    return asserted


def _own_body(scene: Scene) -> set[int]:
    """The places of "my leg" and the like."""
    body = scene.places(*_BODY)
    return {at for at in scene.firsts("MY") if body & {at + 1, at + 2}}


def remember(scene: Scene) -> None:
    """What is over: "ten years ago", "in 2012"; and what was always so."""
    tokens = scene.tokens
    now = scene.places("NOW")
    history, outcome, chronic = scene.places("HISTORY"), scene.places("OUTCOME"), scene.places("CHRONIC")
    for at, token in enumerate(tokens):
        if token.word[0] in "12" and _YEAR.match(token.word) and at:
            before = tokens[at - 1].word
            if before in _SINCE:
                chronic.add(at)
            elif before in _IN_YEAR or token.sign == "(":
                history.add(at)
    past, present = scene.places("PAST"), scene.places("PRESENT")
    if not (history or chronic or past):
        return
    remembering = False
    sentences = list(scene.reading.sentences())
    for number, sentence in enumerate(sentences):
        here = set(sentence)
        told = here & history
        if told and all(tokens[at].word in ("turned", "previously") for at in told) and not here & past:
            told = set()
        told_here = bool(told)
        if not told and here & past and not here & now:
            later = set(chain.from_iterable(sentences[number : number + 3]))
            told_here = bool(later & outcome) or (remembering and not here & present)
        elif not told and remembering and not here & (now | present):
            told_here = bool(here & past)
        remembering = told_here
        if told_here:
            scene.mark(_past_part(scene, sentence, told or (here & outcome), now, past, present), "past")
            if told and tokens[sentence.start].word in ("that", "this", "it") and number and len(sentence) <= 8:
                scene.mark(sentences[number - 1], "past")
        elif here & chronic and not here & now:
            for at in here & chronic:
                scene.mark(scene.segment(at), "long known")


def _past_part(
    scene: Scene, sentence: range, told: set[int], now: set[int], past: set[int], present: set[int]
) -> Iterator[int]:
    """The words of a sentence up to the part that speaks of now."""
    at = sentence.start
    while at < sentence.stop:
        segment = scene.segment(at)
        inside = set(segment)
        if not inside & told and (inside & now or (inside & present and not inside & past)):
            if inside & now:
                return
        else:
            yield from segment
        at = segment.stop
