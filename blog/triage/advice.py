"""What is neither danger nor spam and still asks for a second look. Pure; the list of abuse is the owner's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from string import ascii_uppercase

from blog.triage import advice_lists
from blog.triage.context import Context
from blog.triage.disguise import Unmasked, skeleton, unmask
from blog.triage.flags import Flag, FlagKind, Span
from blog.triage.gates import Gated
from blog.triage.reading import Reading, plain_words, read
from blog.triage.spam import links

MATCHES_PER_RULE = 8
WORD_MAX_CHARS = 24
ENDINGS = ("", "s", "es", "ed", "ing", "in", "er", "ers", "e", "en", "n")

_DIAGNOSIS = tuple(Gated(pattern) for pattern in advice_lists.DIAGNOSIS)
_PROMOTION = tuple((hint.points, Gated(hint.pattern)) for hint in advice_lists.PROMOTION)
_PROMOTION_NAME = re.compile(advice_lists.PROMOTION_NAME)
_THREATS = tuple(Gated(pattern) for pattern in advice_lists.THREATS)
_MEDICINE = rf"(?:{'|'.join(advice_lists.MEDICINES.split())})"
_DOSES = (
    Gated(rf"\b{_MEDICINE}\b[^.!?\n]{{0,25}}?\b(?:{advice_lists.DOSE})"),
    Gated(rf"(?<![\d.,]){advice_lists.DOSE}[^.!?\n]{{0,20}}?\b{_MEDICINE}\b"),
    Gated(
        r"\b(?:take|took|try|taking|nimm|nehmen|toma|tomar|prends|prenez) (?:\w+ )?"
        rf"(?:\d|one|two|three|four|zwei|drei|dos|tres|deux|trois) (?:of )?{_MEDICINE}\b"
    ),
)
_STARS, _SIGNS = "*#", "*#@$!013457"  # for letters left out, and for letters that look alike
_STARRED = re.compile(r"(?<![^\W_])[^\W\d_]+[*#@$!][*#@$!\w]*[^\W_]")
_LETTERS = re.compile(r"[^\W\d_]+")
_KINDS = {"abuse": FlagKind.ABUSE, "threat": FlagKind.ABUSE, "self_promotion": FlagKind.SELF_PROMOTION}
_WHYS = {
    "diagnosis": "Asks for a diagnosis, which no comment can give.",
    "self_promotion": "Seems to advertise the writer's own work: decline it, or redact the offer and keep the rest.",
    "dose": "Names a medicine with a dose.",
    "staff_name": "The name looks like one of the team's.",
    "shouting": "Mostly in capitals.",
    "abuse": "Abusive words: ask whether they are meant for somebody, or only for a sore neck.",
    "threat": "A threat, or contempt for a group of people.",
}


def advice(
    text: str, name: str, context: Context, reading: Reading | None = None, bare: Unmasked | None = None
) -> list[Flag]:
    """At most one flag for each rule. Pure."""
    reading, bare = reading or read(text), bare or unmask(text)
    words = advice_lists.ABUSE_WORDS if context.abuse_words is None else tuple(context.abuse_words)
    flags = []
    for rule, spans in (
        ("abuse", abuse(text, words, reading, bare)),
        ("threat", _found(bare, _THREATS)),
        ("self_promotion", _promotion(bare, name, context)),
        ("diagnosis", _found(bare, _DIAGNOSIS)),
        ("dose", _found(bare, _DOSES)),
        ("shouting", _shouting(text)),
    ):
        if spans:
            flags.append(Flag(_KINDS.get(rule, FlagKind.ADVICE), rule, spans[:MATCHES_PER_RULE], _WHYS[rule]))
    if is_like_staff(name, context.staff_names):
        flags.append(Flag(FlagKind.ADVICE, "staff_name", [Span(0, len(name), name)], _WHYS["staff_name"], in_name=True))
    return flags


def abuse(text: str, words: Sequence[str], reading: Reading | None = None, bare: Unmasked | None = None) -> list[Span]:
    """Where listed words stand, as whole words with their endings. For the desk to test a list on old comments."""
    reading = reading or read(text)
    single, several = _word_list(tuple(words))
    spans = []
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if token.word in single and not _about_oneself(reading, at) and not _about_a_thing(reading, at):
            spans.append(reading.span(at, at))
        if token.word in several and at + 1 < len(tokens):
            for rest in several[token.word].get(tokens[at + 1].word, ()):
                last = at + 1 + len(rest)
                if last < len(tokens) and all(tokens[at + 2 + n].word == word for n, word in enumerate(rest)):
                    spans.append(reading.span(at, last))
    bare = bare or unmask(text)
    if any(c in text for c in (_STARS if bare.is_as_typed else _SIGNS)):
        spans += _starred(bare, single)
    return _apart(spans)


def is_like_staff(name: str, staff: Sequence[str]) -> bool:
    """Equal at a glance to a name of the team, or one letter off a longer one."""
    mine = skeleton(name)
    if len(mine) < 3:
        return False
    for theirs in staff:
        known = _skeleton(theirs)
        if mine == known or (len(known) >= 6 and (known in mine or _one_off(mine, known))):
            return True
    return False


@lru_cache(maxsize=512)
def _skeleton(name: str) -> str:
    return skeleton(name)


def _one_off(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) == len(long):
        return short[at + 1 :] == long[at + 1 :] or (
            short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
        )
    return short[at:] == long[at + 1 :]


@lru_cache(maxsize=16)
def _word_list(words: tuple[str, ...]) -> tuple[frozenset[str], dict[str, dict[str, list[tuple[str, ...]]]]]:
    """Single words with their endings; of several words by the first and then by the second what follows these."""
    single: set[str] = set()
    several: dict[str, dict[str, list[tuple[str, ...]]]] = {}
    for entry in words:
        for spelled in {entry, entry.replace("ö", "oe").replace("ä", "ae").replace("ü", "ue")}:
            parts = [token.word for token in read(spelled).tokens]
            if len(parts) == 1:
                single.update(_inflected(parts[0]))
            elif parts:
                for ending in ("", "s", "es"):
                    first, second, *rest = [*parts[:-1], parts[-1] + ending]
                    several.setdefault(first, {}).setdefault(second, []).append(tuple(rest))
    return frozenset(single), several


def _inflected(word: str) -> Iterator[str]:
    for ending in ENDINGS:
        yield word + ending
        if word.endswith("e") and ending.startswith("e"):
            yield word + ending[1:]
        elif word.endswith("e") and ending == "ing":
            yield word[:-1] + ending
        elif len(word) > 2 and ending[:1] in ("e", "i") and word[-1] not in "aeioxyw":
            yield word + word[-1] + ending


def _about_oneself(reading: Reading, at: int) -> bool:
    """'I felt like an idiot' insults nobody else."""
    near = [
        token.word for token in reading.tokens[max(0, at - 5) : at] if token.sentence == reading.tokens[at].sentence
    ]
    after = [token.word for token in reading.tokens[at + 1 : at + 3] if token.sentence == reading.tokens[at].sentence]
    others = {"you", "your", "u", "ihr", "du", "vous", "tu", "they"}
    if others.intersection(near):
        return False
    return bool(advice_lists.SELF.intersection(near)) or after[:1] == ["i"] or after == ["je", "suis"]


def _about_a_thing(reading: Reading, at: int) -> bool:
    """'The stretch is a bitch' insults nobody."""
    near = [token.word for token in reading.tokens[max(0, at - 4) : at]]
    return near[-2:] == ["is", "a"] and bool({"it", "this", "that", "stretch", "knot", "roller", "ball"} & {*near[:-2]})


def _starred(bare: Unmasked, single: frozenset[str]) -> list[Span]:
    """f*ck, sh1thead, @sshole: a sign stands for any one letter."""
    spans = []
    for match in _STARRED.finditer(bare.typed):
        typed = plain_words(match[0])
        if len(typed) > WORD_MAX_CHARS or not any(c in _STARS for c in typed):
            continue
        shape = re.compile("".join(re.escape(c) if c.isalnum() else r"[a-z]" for c in typed) + r"\Z")
        if any(shape.match(word) for word in single if len(word) == len(typed)):
            spans.append(Span(match.start(), match.end(), match[0]))
        if len(spans) >= MATCHES_PER_RULE:
            break
    for word in _LETTERS.finditer(bare.plain):
        if word[0] in single:
            span = bare.span(*word.span())
            if not span.words.isalpha():
                spans.append(span)
    return spans


def _promotion(bare: Unmasked, name: str, context: Context) -> list[Span]:
    points, spans = 0, []
    for worth, pattern in _PROMOTION:
        promoting = bare.find(pattern) if pattern in bare.opened else ()
        if promoting:
            points += worth
            spans += promoting[:MATCHES_PER_RULE]
    if points:
        points += bool(links(bare.typed, context.own_hosts)) + bool(_PROMOTION_NAME.search(plain_words(name)))
    return _apart(spans) if points >= advice_lists.PROMOTION_THRESHOLD else []


def _found(bare: Unmasked, patterns: Sequence[Gated]) -> list[Span]:
    return _apart([span for pattern in patterns if pattern in bare.opened for span in bare.find(pattern)])


def _apart(spans: Sequence[Span]) -> list[Span]:
    """In order, the longer of two that overlap."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _capitals(text: str) -> int:
    if text.isascii():  # the same at a tenth of the cost
        return len(text) - len(text.encode().translate(None, ascii_uppercase.encode()))
    return sum(map(str.isupper, text))


def _shouting(text: str) -> list[Span]:
    if _capitals(text) < advice_lists.SHOUTING_SHARE * advice_lists.SHOUTING_LETTERS_MIN:
        return []  # most texts: cheaper than to look at each letter
    letters = [c for c in text if c.isalpha() and c.lower() != c.upper()]
    loud = sum(c.isupper() for c in letters)
    if len(letters) < advice_lists.SHOUTING_LETTERS_MIN or loud < advice_lists.SHOUTING_SHARE * len(letters):
        return []
    return [Span(m.start(), m.end(), m[0]) for m in re.finditer(r"\b[^\W\d_a-z]{2,}(?:[^\w\n]+[^\W\d_a-z]+)*\b", text)]
