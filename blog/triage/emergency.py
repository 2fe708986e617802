"""Is somebody in danger now? Ideas found in words, kept only if they are meant, joined by rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from blog.triage import emergency_rules
from blog.triage.flags import Flag, Kind, Span
from blog.triage.reading import Reading, Token, languages, plain_words, read
from blog.triage.words import dangers, de, en, es, fr

MATCHES_PER_RULE = 4
NEGATION_REACH = 14  # words
SLIP_MIN_CHARS = 6  # shorter words must be spelled as listed

_LISTS = {
    language: (words, dangers.WORDS[language])
    for language, words in {"en": en.WORDS, "de": de.WORDS, "es": es.WORDS, "fr": fr.WORDS}.items()
}
_SLIPS_OF = frozenset(en.SLIPS_OF)
_NOT_SLIPS = frozenset(en.NOT_SLIPS)
_YEAR = re.compile(r"(?:19[3-9]|20[0-2])\d\Z")
_DIGITS = re.compile(r"\d{1,3}([.,]\d)?c?\Z")


class Found(NamedTuple):
    """An idea from one word to another."""

    first: int
    last: int
    places: tuple[int, ...]  # the words that carry it


# --- Word lists ---------------------------------------------------------------------------------------


class _Lexicon:
    """Which ideas start with a word."""

    def __init__(self, lists: Iterable[dict[str, str]], literals: Iterable[str]) -> None:
        self.words: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.stems: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.slips: dict[str, str] = {}
        for idea, entries in chain.from_iterable(given.items() for given in lists):
            for entry in entries.split():
                for spelled in _spellings(entry):
                    self._add(spelled, idea)
        for literal in literals:
            self._add(literal, literal)
        for word in self.words:
            if word in _SLIPS_OF:
                for slip in _deletions(word):
                    self.slips.setdefault(slip, word)

    def _add(self, entry: str, idea: str) -> None:
        first, *rest = entry.split("_")
        table = self.stems if first.endswith("*") else self.words
        values = table.setdefault(first.rstrip("*"), [])
        if (tuple(rest), idea) not in values:
            values.append((tuple(rest), idea))

    def starts(self, word: str) -> list[tuple[tuple[str, ...], str]]:
        known = self.words.get(word, [])
        found = [*known]
        if self.stems:
            for size in range(3, len(word) + 1):
                found += self.stems.get(word[:size], ())
        return found

    def corrected(self, word: str) -> str:
        """`word`, or the listed word that it misses by one letter."""
        if len(word) < SLIP_MIN_CHARS or word in self.words or word in _NOT_SLIPS or not word.isalpha():
            return word
        for slip in (word, *_deletions(word)):
            near = self.slips.get(slip) or (slip if slip in self.words and slip in _SLIPS_OF else None)
            if near and near[0] == word[0] and _is_slip(word, near):
                return near
        return word


@lru_cache(maxsize=8192)  # most words of a text were in others before
def _entries(lexicon: _Lexicon, word: str) -> list[tuple[tuple[str, ...], str]]:
    """What begins with `word`, or with the listed word that it misses by one letter."""
    return lexicon.starts(word) or lexicon.starts(lexicon.corrected(word))


def _spellings(entry: str) -> set[str]:
    """Without accents, and for German also with ae, oe, ue."""
    return {
        plain_words(entry),
        plain_words(entry.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")),
    }


def _deletions(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def _is_slip(typed: str, meant: str) -> bool:
    """One letter too many, too few, wrong or swapped; not merely another ending."""
    if typed[:-1] == meant or meant[:-1] == typed or (typed[:-1] == meant[:-1] and len(typed) == len(meant)):
        return False
    if len(typed) != len(meant):
        return abs(len(typed) - len(meant)) == 1
    different = [at for at in range(len(typed)) if typed[at] != meant[at]]
    if len(different) == 1:
        return True
    return len(different) == 2 and different[1] == different[0] + 1 and sorted(typed) == sorted(meant)


# --- Patterns -----------------------------------------------------------------------------------------


class _Step(NamedTuple):
    gap: int
    ideas: tuple[str, ...]


class _Pattern(NamedTuple):
    parts: tuple[tuple[_Step, ...], ...]  # each in order; together in any order
    window: int  # words; 0: one sentence
    needed: tuple[tuple[str, ...], ...]  # one of each must be there


@cache
def _compiled(pattern: str) -> _Pattern:
    window = 0
    if "@" in pattern:
        pattern, _, reach = pattern.partition("@")
        window = int(reach) if reach.strip().isdigit() else 0
    parts = []
    for part in pattern.split("&"):
        gap, steps = 0, []
        for word in part.split():
            if word.startswith(".."):
                gap = int(word[2:])
            else:
                steps.append(_Step(gap, tuple(word.split("|"))))
                gap = 0
        parts.append(tuple(steps))
    return _Pattern(tuple(parts), window, tuple(step.ideas for part in parts for step in part))


def _literals() -> set[str]:
    every = chain(
        chain.from_iterable(emergency_rules.GRAMMAR.values()),
        chain.from_iterable(emergency_rules.IDEAS.values()),
        chain.from_iterable(rule.patterns for rule in emergency_rules.RULES),
    )
    words = {idea for pattern in every for part in _compiled(pattern).parts for step in part for idea in step.ideas} | {
        word for rule in emergency_rules.RULES for word in rule.unless.split()
    }
    return {word for word in words if word.islower()}


_LEXICONS = {language: _Lexicon(words, _literals()) for language, words in _LISTS.items()}


# --- Reading ------------------------------------------------------------------------------------------


class _Scene:
    """A text with the ideas in it, and which of its words are not meant as happening now."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.tokens = reading.tokens
        likely = [language for language in languages(reading) if language in _LISTS]
        self.lexicons = [_LEXICONS[language] for language in likely or _LEXICONS]
        self.ideas: dict[str, list[Found]] = {}
        self._look_up()
        self._hide()
        self.segments = self._segments()
        self.ranges = self._ranges()
        self.unmeant: list[str] = [""] * len(self.tokens)
        self.lived: dict[tuple[Sequence[str], str], list[Found]] = {}
        self.even_if = ""
        self.derive(emergency_rules.GRAMMAR)
        self._deny()
        self._imagine()
        self._remember()
        self.lived.clear()

    def _look_up(self) -> None:
        tokens = self.tokens
        cache: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}  # by word, then by the word after it
        for at, token in enumerate(tokens):
            starts = cache.get(token.word)
            if starts is None:
                starts = cache[token.word] = {}
                for lexicon in self.lexicons:
                    for entry in _entries(lexicon, token.word):
                        starts.setdefault(entry[0][0] if entry[0] else "", []).append(entry)
            following = tokens[at + 1].word if at + 1 < len(tokens) else None
            for rest, idea in chain(starts.get("", ()), starts.get(following, ()) if following else ()):
                last = at + len(rest)
                if rest and (
                    last >= len(tokens)
                    or tokens[last].sentence != token.sentence
                    or any(tokens[at + 1 + n].word != word for n, word in enumerate(rest))
                ):
                    continue
                self._add(idea, Found(at, last, tuple(range(at, last + 1))))
            if token.word[:1].isdecimal() and _DIGITS.match(token.word):
                value = float(token.word.rstrip("c").replace(",", "."))
                if 37.9 <= value <= 42 or 100.3 <= value <= 106:
                    self._add("HIGHNUMBER", Found(at, at, (at,)))
                self._add("NUMBER", Found(at, at, (at,)))
                if 4 <= value <= 42 and at and at + 1 < len(tokens) and tokens[at + 1].word in ("weeks", "wks", "week"):
                    after = tokens[at + 2].word if at + 2 < len(tokens) else ""
                    before = tokens[at - 1].word
                    if after in ("pregnant", "along", "gone") or before in ("im", "am", "at"):
                        self._add("PREGNANT", Found(at, at + 1, (at, at + 1)))
            next_sign = tokens[at + 1] if at + 1 < len(tokens) else None
            if next_sign is None or next_sign.sentence != token.sentence or next_sign.sign or next_sign.word == "and":
                self._add("END", Found(at, at, (at,)))

    def _add(self, idea: str, found: Found) -> None:
        self.ideas.setdefault(idea, []).append(found)

    def _hide(self) -> None:
        for hider, hidden in emergency_rules.HIDES.items():
            places = set(chain.from_iterable(found.places for found in self.ideas.get(hider, ())))
            if places:
                for idea in hidden:
                    kept = [f for f in self.ideas.get(idea, ()) if not places.intersection(f.places)]
                    self.ideas[idea] = kept

    def places(self, *ideas: str) -> set[int]:
        return set(chain.from_iterable(found.places for idea in ideas for found in self.ideas.get(idea, ())))

    def firsts(self, *ideas: str) -> set[int]:
        return {found.first for idea in ideas for found in self.ideas.get(idea, ())}

    def _segments(self) -> list[int]:
        """A number for each word, one for each part of a sentence between commas and joining words."""
        numbers, number = [], 0
        for at, token in enumerate(self.tokens):
            new_sentence = at and token.sentence != self.tokens[at - 1].sentence
            if at and (new_sentence or token.sign or token.word in _JOINING):
                number += 1
            numbers.append(number)
        return numbers

    def _ranges(self) -> list[range]:
        """For each word the part of the sentence that it belongs to."""
        ranges: list[range] = []
        start = 0
        for at in range(1, len(self.segments) + 1):
            if at == len(self.segments) or self.segments[at] != self.segments[start]:
                ranges += [range(start, at)] * (at - start)
                start = at
        return ranges

    def segment(self, at: int) -> range:
        return self.ranges[at]

    def _mark(self, places: Iterable[int], reason: str) -> None:
        for at in places:
            self.unmeant[at] = self.unmeant[at] or reason

    # --- not so ---

    def _deny(self) -> None:
        tokens = self.tokens
        consumed: set[int] = set()
        for idea, all_found in self.ideas.items():
            if idea in ("NEG", "GONE", "HISTORY", "SIGNS", "GENERIC") or idea.islower():
                continue
            for found in all_found:
                if found.last > found.first:
                    consumed.update(range(found.first, found.last + 1))
        longer = consumed & self.places("GENERIC")
        self.ideas["GENERIC"] = [
            f for f in self.ideas.get("GENERIC", ()) if f.last > f.first or not longer.issuperset(f.places)
        ]
        symptoms = self.places("NUMB", "TINGLE", "WEAK", "HURT")
        for found in self.ideas.get("NOFEEL", ()):
            if found.last - found.first == 1 and symptoms & set(range(found.last + 1, found.last + 4)):
                consumed.difference_update(found.places)  # "I don't feel any numbness"
                self.ideas["NOFEEL"] = [f for f in self.ideas["NOFEEL"] if f is not found]
        ends = self.firsts("ENDS_NEG")
        verbal = self.places("VERBAL")
        body = self.places("LEGS", "LEG", "ARM", "FACE", "CALF", "CHEST", "BOTH", "FOOT")
        state = self.places("NUMB", "WEAK", "TIGHT", "SWOLLEN", "DROOP", "HURT", "TINGLE")
        for found in self.ideas.get("NEG", ()):
            if consumed.issuperset(found.places):
                continue
            at = found.last + 1
            while at < len(tokens) and at - found.last <= NEGATION_REACH:
                token = tokens[at]
                if token.sentence != tokens[found.last].sentence or at in ends or token.sign in (":", "(", ")"):
                    break
                if self.segments[at] != self.segments[at - 1]:
                    if at == found.last + 1 and token.sign:
                        break
                    if self._says_something(self.segment(at), verbal, body, state):
                        break
                self._mark([at], "denied")
                at += 1
        feels = self.places("FEEL")
        for found in self.ideas.get("GONE", ()):
            segment = self.segment(found.first)
            before = range(max(segment.start, found.first - 7), found.first)
            if not feels.intersection(before):
                self._mark(before, "denied")
        for at, token in enumerate(tokens):
            if token.word in _SHORT_NO and at and (token.sign in (":", "-", "–", "—") or self._answers(at)):
                self._mark(range(max(self.segment(at - 1).start, at - 4), at), "denied")

    def _says_something(self, segment: range, verbal: set[int], body: set[int], state: set[int]) -> bool:
        """A part with a verb, or with a limb and then its state, is no longer what was denied before it."""
        if any(at in verbal for at in segment[:5]):
            return True
        first = next((at for at in segment[:NEGATION_REACH] if at in body), None)
        return first is not None and any(at in state for at in segment[:NEGATION_REACH] if at > first)

    def _answers(self, at: int) -> bool:
        """'Fever? No.' or 'numbness no, weakness no'."""
        before, token = self.tokens[at - 1], self.tokens[at]
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        alone = following is None or following.sentence != token.sentence or bool(following.sign)
        if before.sentence != token.sentence:
            return alone and before.sentence in self.reading.questions
        return alone and not token.sign

    # --- not here ---

    def _imagine(self) -> None:
        now, ifs = self.places("NOW"), self.firsts("IF")
        signs, generic = self.places("SIGNS"), self.places("GENERIC")
        worry, during = self.places("WORRY"), self.places("DURING")
        asserts = self._assertions(ifs)
        # Who teaches or treats speaks of others, unless of the own body, or of something new.
        teaching = set(range(len(self.tokens))) if self.firsts("PRACTITIONER") else set()
        own_body, onset = self._own_body(), self.places("ONSET", "SUDDEN")
        for sentence in self.reading.sentences():
            here = set(sentence)
            if here & now:
                continue
            for start in sorted(here & ifs):
                own = [self.tokens[at].word for at in range(start + 1, min(start + 5, sentence.stop))]
                real = own and own[0] in _OWN and not _UNREAL.intersection(own[1:3])
                asks = sentence.start < len(self.tokens) and (
                    here & worry or self.tokens[sentence.start].sentence in self.reading.questions
                )
                if real and asks and here & worry and not here & during:
                    continue
                self._mark(range(start, sentence.stop), "imagined")
            if here & teaching and not (here & own_body or here & onset):
                self._mark(sentence, "talked about")
            if (here & signs or here & generic) and not here & asserts:
                self._mark(sentence, "talked about")
            quoted = [at for at in sentence if self.tokens[at].quoted]
            if len(quoted) > 1 and not _OWN.intersection(self.tokens[at].word for at in quoted):
                self._mark(quoted, "quoted")

    def _assertions(self, ifs: set[int]) -> set[int]:
        """Words that say: I have, my leg is. Not after an 'if'."""
        have, body = self.firsts("HAVE"), self.places(*_BODY)
        found = set()
        for at in self.firsts("ME"):
            if have & {at + 1, at + 2} and not ifs & {at - 1, at - 2, at - 3}:
                found.add(at)
        for at in self.firsts("MY"):
            if body & {at + 1, at + 2} and not ifs & {at - 1, at - 2, at - 3}:
                found.add(at)
        return found

    def _own_body(self) -> set[int]:
        """The places of "my leg" and the like."""
        body = self.places(*_BODY)
        return {at for at in self.firsts("MY") if body & {at + 1, at + 2}}

    # --- not any more ---

    def _remember(self) -> None:
        tokens = self.tokens
        now = self.places("NOW")
        history, outcome, chronic = self.places("HISTORY"), self.places("OUTCOME"), self.places("CHRONIC")
        for at, token in enumerate(tokens):
            if _YEAR.match(token.word) and at:
                before = tokens[at - 1].word
                if before in _SINCE:
                    chronic.add(at)
                elif before in _IN_YEAR or token.sign == "(":
                    history.add(at)
        past, present = self.places("PAST"), self.places("PRESENT")
        remembering = False
        sentences = list(self.reading.sentences())
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
                self._mark(self._past_part(sentence, told or (here & outcome), now, past, present), "past")
                if told and tokens[sentence.start].word in ("that", "this", "it") and number and len(sentence) <= 8:
                    self._mark(sentences[number - 1], "past")
            elif here & chronic and not here & now:
                for at in here & chronic:
                    self._mark(self.segment(at), "long known")

    def _past_part(
        self, sentence: range, told: set[int], now: set[int], past: set[int], present: set[int]
    ) -> Iterator[int]:
        """The words of a sentence up to the part that speaks of now."""
        at = sentence.start
        while at < sentence.stop:
            segment = self.segment(at)
            inside = set(segment)
            if not inside & told and (inside & now or (inside & present and not inside & past)):
                if inside & now:
                    return
            else:
                yield from segment
            at = segment.stop

    # --- Rules ---

    def derive(self, ideas: Mapping[str, Sequence[str]]) -> None:
        for idea, patterns in ideas.items():
            found = {
                Found(min(places), max(places), places)
                for pattern in patterns
                for places in self.matches(_compiled(pattern))
            }
            if found:
                self.ideas[idea] = sorted({*self.ideas.get(idea, ()), *found})
                self.lived.clear()

    def meant(self, found: Found) -> bool:
        return not any(self.unmeant[at] and self.unmeant[at] != self.even_if for at in found.places)

    def live(self, ideas: Sequence[str]) -> list[Found]:
        known = self.lived.get((ideas, self.even_if))
        if known is None:
            known = sorted(f for idea in ideas for f in self.ideas.get(idea, ()) if self.meant(f))
            self.lived[ideas, self.even_if] = known
        return known

    def matches(self, pattern: _Pattern) -> list[tuple[int, ...]]:
        """The places of the words that fit, at most MATCHES_PER_RULE times."""
        known = self.ideas.keys()
        for ideas in pattern.needed:
            if known.isdisjoint(ideas):  # nearly always: nothing of it stands in the text
                return []
        each = []
        for part in pattern.parts:
            found = self._in_order(part)
            if not found:
                return []
            each.append(found)
        if len(each) == 1:
            return [found.places for found in each[0][:MATCHES_PER_RULE]]
        return self._together(each, pattern.window)

    def _in_order(self, steps: Sequence[_Step]) -> list[Found]:
        found = self.live(steps[0].ideas)
        for step in steps[1:]:
            if not found:
                return []
            by_first: dict[int, list[Found]] = {}
            for follower in self.live(step.ideas):
                by_first.setdefault(follower.first, []).append(follower)
            longer: dict[int, Found] = {}
            for start in found:
                for at in range(start.last + 1, start.last + 2 + step.gap):
                    for follower in by_first.get(at, ()):
                        if self.tokens[at].sentence == self.tokens[start.last].sentence:
                            longer.setdefault(
                                follower.last, Found(start.first, follower.last, start.places + follower.places)
                            )
                # "NOPOINT ..0 ANYMORE ..0 END": the last word itself may be the end
                if step.ideas[0] == "END" and any(f.last == start.last for f in by_first.get(start.last, ())):
                    longer.setdefault(start.last, start)
            found = sorted(longer.values())
        return found

    def _together(self, each: list[list[Found]], window: int) -> list[tuple[int, ...]]:
        """Sliding window: one of each kind, as near as they come."""
        events = sorted((found.first, kind, found) for kind, all_found in enumerate(each) for found in all_found)
        latest: dict[int, Found] = {}
        result: list[tuple[int, ...]] = []
        for _, kind, found in events:
            latest[kind] = found
            if len(latest) < len(each):
                continue
            first = min(f.first for f in latest.values())
            last = max(f.last for f in latest.values())
            same = window or self.tokens[first].sentence == self.tokens[last].sentence
            if same and (not window or last - first < window):
                result.append(tuple(sorted(set(chain.from_iterable(f.places for f in latest.values())))))
                if len(result) >= MATCHES_PER_RULE:
                    break
                latest = {}
        return result


_JOINING = frozenset(
    {"and", "but", "or", "nor", "und", "aber", "oder", "sondern", "y", "e", "pero", "ni", "o", "et", "mais", "ou"}
)
_SHORT_NO = frozenset(
    {"no", "none", "nope", "nein", "keine", "keins", "non", "aucun", "aucune", "ninguno", "ninguna", "nil"}
)
_OWN = frozenset(
    {
        "i",
        "im",
        "ive",
        "my",
        "mein",
        "meine",
        "ich",
        "me",
        "mi",
        "mis",
        "je",
        "j",
        "mon",
        "ma",
        "mes",
        "he",
        "she",
        "his",
    }
    | {"her", "we", "our"}
)
_UNREAL = frozenset(
    {"had", "get", "gets", "were", "ever", "start", "started", "could", "would", "hatte", "bekomme", "avais"}
)
_SINCE = frozenset({"since", "seit", "desde", "depuis"})
_IN_YEAR = frozenset(
    {"in", "of", "from", "en", "im", "jahr", "ano", "back", "during", "until", "early", "late", "summer"}
)
_BODY = ("LEGS", "LEG", "ARM", "FACE", "CALF", "CHEST", "SADDLE", "BUM", "SPINE", "FOOT", "PEE", "POO", "HEADACHE",
         "NECK", "JAW", "BELLY", "VISION", "SPEECH", "TEMPLE", "TESTICLE", "THIGH", "LIMB")  # fmt: skip


# --- The question -------------------------------------------------------------------------------------


def emergencies(text: str, reading: Reading | None = None) -> list[Flag]:
    """At most one flag for each rule. Pure."""
    reading = reading or read(text)
    if not reading.tokens:
        return []
    scene = _Scene(reading)
    scene.derive(emergency_rules.IDEAS)
    flags: dict[str, Flag] = {}
    for rule in emergency_rules.RULES:
        matched = list(_rule_matches(scene, rule))
        if not matched:
            continue
        spans = _spans(reading, matched)
        if rule.name in flags:
            spans = sorted({*flags[rule.name].matched, *spans})
        why = flags[rule.name].why if rule.name in flags else rule.why
        flags[rule.name] = Flag(Kind.EMERGENCY, rule.name, spans, why)
    return list(flags.values())


def _rule_matches(scene: _Scene, rule: emergency_rules.Rule) -> Iterator[tuple[int, ...]]:
    scene.even_if = rule.even_if
    for pattern in rule.patterns:
        for places in scene.matches(_compiled(pattern)):
            if not _is_ordinary(scene, places, rule.unless):
                yield places


def _is_ordinary(scene: _Scene, places: tuple[int, ...], unless: str) -> bool:
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


def explain(text: str) -> list[tuple[str, str, list[str]]]:
    """Every word with why it is not meant, and its ideas. For tests and for those who write the lists."""
    scene = _Scene(read(text))
    ideas: dict[int, list[str]] = {}
    for idea, all_found in scene.ideas.items():
        for found in all_found:
            for at in found.places:
                ideas.setdefault(at, []).append(idea)
    return [
        (token.word, scene.unmeant[at], sorted(Counter(ideas.get(at, ())))) for at, token in enumerate(scene.tokens)
    ]
