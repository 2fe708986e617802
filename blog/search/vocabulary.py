"""The vocabulary in memory: by what names its entries go, lay words included, and which of them a question names.

It is read once after each change of the vocabulary (`remembered`), by every process.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Self

from blog.anatomy.models import READ, Entry, EntryKind
from blog.database import db
from blog.pagecache import keys
from blog.pagecache.notes import remembered
from blog.search.beginnings import Beginnings
from blog.search.document import spelled_in, subject_word
from blog.search.query import Query
from blog.search.words import STOP, common, words_of

LAY_WORDS = Path(__file__).parent / "data" / "lay_words.json"
SAID_OF = ("plain", "caveat", "actions", "nerve", "overload_causes", "uncertain")  # fields that are searched, too

IN_NAME, IN_OTHER_NAME, IN_TEXT = (
    1.0,
    0.6,
    0.3,
)  # what a word says: in a name that is asked for whole, in others, beside
HALF = 0.5  # of a word: what a common one in a name counts that was not asked for


@dataclass(frozen=True)
class Name:
    """One name of an entry: as people read it, and its stems without words that say nothing."""

    text: str
    stems: frozenset[str]
    common: frozenset[str] = frozenset()  # stems of words in it that fit nearly every page, such as "muscle"


@dataclass(frozen=True)
class Listed:
    """An entry, as it is looked through."""

    id: int
    kind: EntryKind
    slug: str
    name: str
    aliases: tuple[str, ...]  # those that its page shows
    names: tuple[Name, ...]
    said: frozenset[str]  # stems of what else it says
    line: str  # what it is, in a sentence, where it says so
    document: Mapping[str, Any]

    @classmethod
    def of(cls, entry: Entry, lay: Sequence[str]) -> Self:
        document = entry.document
        aliases = tuple(document.get("aliases") or ())
        called = dict.fromkeys(filter(None, (entry.name, document.get("latin"), *aliases, *lay)))
        names = [name for text in called if (name := _name(text)).stems]
        said = " ".join(_texts(document.get(field) for field in SAID_OF))
        return cls(
            id=entry.id,
            kind=entry.kind,
            slug=entry.slug,
            name=entry.name,
            aliases=aliases,
            names=tuple(names),
            said=frozenset(word.stem for word in words_of(said)),
            line=document.get("plain", ""),
            document=document,
        )

    @property
    def word(self) -> str:
        """What says in an article's index that it is about this entry."""
        return subject_word(self.id)


class Called(NamedTuple):
    """An entry by one of its names, which another may be: what is suggested when somebody types that."""

    entry: Listed
    name: str

    @property
    def also(self) -> str:
        """The name that was typed, if it is not the one that its page has."""
        return "" if self.name == self.entry.name else self.name


@dataclass(frozen=True)
class Ranked:
    """An entry that fits a question; `score` from 0 to about 1, and whether one of its names is all that was asked."""

    entry: Listed
    score: float
    is_exact: bool


class Vocabulary:
    """All entries that have pages."""

    def __init__(self, entries: Iterable[Listed], regions: Mapping[str, str] | None = None) -> None:
        self.entries = tuple(entries)
        self.regions = dict(regions or {})  # names by slug, from head to foot
        self._muscle_regions = {
            e.slug: e.document.get("region", "") for e in self.entries if e.kind == EntryKind.MUSCLE
        }
        self.stems = frozenset(stem for entry in self.entries for name in entry.names for stem in name.stems)
        self.spelled = {
            word: stem for entry in self.entries for name in entry.names for word, stem in spelled_in(name.text).items()
        }
        called = (Called(entry, name.text) for entry in self.entries for name in entry.names)
        self.beginnings = Beginnings((name.name, _ORDER[name.entry.kind], name) for name in called)
        self._by_word = {entry.word: entry for entry in self.entries}
        self._by_stem: dict[str, list[Listed]] = defaultdict(list)
        for entry in self.entries:
            for stem in entry.said.union(*(name.stems for name in entry.names)):
                self._by_stem[stem].append(entry)

    @classmethod
    def current(cls) -> Self:
        """As the public sees it now."""
        return remembered([keys.ENTRIES], lambda _: [cls._read()])[0]

    @classmethod
    def _read(cls) -> Self:
        lay = _lay_words()
        entries = [
            Listed.of(entry, lay.get(kind, {}).get(entry.slug, ()))
            for kind in EntryKind
            if kind in READ
            for entry in db.session.scalars(Entry.of_kind(kind))
        ]
        regions = sorted(db.session.scalars(Entry.of_kind(EntryKind.REGION)), key=lambda region: region.id)
        return cls(entries, {region.slug: region.name for region in regions})

    def regions_of(self, entry: Listed) -> set[str]:
        """Where an entry is on the body: its own region, or those of the muscles that a condition names."""
        own = entry.document.get("region")
        named = (self._muscle_regions.get(slug, "") for slug in entry.document.get("muscles") or ())
        return {own} if own else {region for region in named if region} if entry.kind == EntryKind.CONDITION else set()

    def regions_in(self, subjects: str) -> set[str]:
        """The regions of the muscles and pain areas that an article is about."""
        about = (self._by_word.get(word) for word in subjects.split())
        return {r for e in about if e is not None and e.kind != EntryKind.CONDITION for r in self.regions_of(e)}

    def muscle_of(self, subjects: str) -> Listed | None:
        """The first muscle among what an article is about."""
        about = (self._by_word.get(word) for word in subjects.split())
        return next((entry for entry in about if entry is not None and entry.kind == EntryKind.MUSCLE), None)

    def beginning(self, letters: str) -> set[str]:
        """Stems of names' words that begin with these letters."""
        return {stem for word, stem in self.spelled.items() if word.startswith(letters)}

    def named(self, stems: Collection[str]) -> list[tuple[Name, Listed]]:
        """The names that stand in a question, the longest first; none of which every word belongs to a longer one."""
        asked = frozenset(stems)
        whole = [
            (name, entry)
            for entry in {e.id: e for stem in asked for e in self._by_stem.get(stem, ())}.values()
            for name in entry.names
            if name.stems <= asked
        ]
        whole.sort(key=lambda pair: -len(pair[0].stems))
        longer: list[frozenset[str]] = []
        for name, _ in whole:
            if name.stems not in longer:
                longer.append(name.stems)
        return [(name, entry) for name, entry in whole if not any(name.stems < other for other in longer)]

    def ranked(self, query: Query, alternatives: Mapping[str, frozenset[str]]) -> list[Ranked]:
        """The entries that fit a question, best first. `alternatives` of a stem are what else it may stand for."""
        touched = {
            entry.id: entry
            for term in query.telling
            for stem in term.stems
            for word in alternatives.get(stem, {stem})
            for entry in self._by_stem.get(word, ())
        }
        ranked = [ranked for entry in touched.values() if (ranked := _rank(entry, query, alternatives)) is not None]
        return sorted(ranked, key=lambda entry: (-entry.score, _ORDER[entry.entry.kind], entry.entry.id))


_ORDER = {EntryKind.PAIN_AREA: 0, EntryKind.MUSCLE: 1, EntryKind.CONDITION: 2}


def _rank(entry: Listed, query: Query, alternatives: Mapping[str, frozenset[str]]) -> Ranked | None:
    """How well an entry fits: what part of the question its names hold, and what part of a name was asked for."""
    terms = [[alternatives.get(stem, frozenset({stem})) for stem in term.stems] for term in query.terms]
    asked = frozenset(stem for term in terms for alternative in term for stem in alternative)
    whole: frozenset[str] = frozenset()  # stems of the names that stand in the question with all their words
    others: set[str] = set()
    best, is_exact = 0.0, False
    for name in entry.names:
        common = name.stems & asked
        if len(common) == len(name.stems):
            whole |= name.stems
            is_exact = is_exact or all(
                not term.is_telling or all(alternative & name.stems for alternative in term_stems)
                for term, term_stems in zip(query.terms, terms, strict=True)
            )
        else:
            others |= name.stems
        left_out = len(name.common - asked)
        best = max(best, len(common) / (len(name.stems) + HALF * left_out))
    total = held = 0.0
    for term, term_stems in zip(query.terms, terms, strict=True):
        total += term.weight
        told = min(_worth(alternative, whole, others, entry.said) for alternative in term_stems)
        held += term.weight * told
    if not held:
        return None
    covered = held / total
    main = entry.names[0].stems if entry.names else frozenset()
    is_main = bool(main) and main <= asked
    return Ranked(entry, covered * (0.7 + 0.2 * best) + 0.1 * is_exact + 0.03 * is_main, is_exact)


def _worth(stems: frozenset[str], whole: frozenset[str], others: set[str], said: frozenset[str]) -> float:
    if stems & whole:
        return IN_NAME
    if stems & others:
        return IN_OTHER_NAME
    return IN_TEXT if stems & said else 0.0


def _name(text: str) -> Name:
    """A name by its telling words; by all of them where none tells."""
    words = list(words_of(text))
    stems = frozenset(word.stem for word in words if word.plain not in STOP) or frozenset(word.stem for word in words)
    return Name(text, stems - common(), stems & common()) if stems - common() else Name(text, stems)


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            yield from _texts(value)


@cache
def _lay_words() -> dict[str, dict[str, list[str]]]:
    return json.loads(LAY_WORDS.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
