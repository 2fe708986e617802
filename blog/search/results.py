"""A question and its answers: the pain area that it names, what fits best, and the rest by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from blog.anatomy.models import EntryKind
from blog.pagecache import keys
from blog.pagecache.notes import shows, with_damaged
from blog.posts.listing import show_schedule
from blog.posts.models import Post
from blog.search.asking import Asked, Field
from blog.search.excerpts import Piece, excerpt, marked
from blog.search.models import SearchPost, SearchWord
from blog.search.query import Query
from blog.search.ranking import RankedPost, ranked_posts
from blog.search.slips import nearest
from blog.search.vocabulary import Listed, Ranked, Vocabulary
from blog.search.words import stem

BEST = 3
ARTICLES_PER_PAGE = 10
ENTRIES_SHOWN = 8  # of a kind
FEW = 2  # results; with no more, a word that nobody uses is taken for a slip
LEAST = 0.3  # of the score, for entries: below, they share a word and nothing else
OF_BEST = 0.5


@dataclass(frozen=True)
class FoundPost:
    """An article as it is listed: its title and a place of its text, with the words marked."""

    post: Post
    muscle: Listed | None  # the first that it is about
    title: list[Piece]
    excerpt: list[Piece]


@dataclass(frozen=True)
class FoundEntry:
    """An entry as it is listed: its name and the other names that were asked for, with the words marked."""

    entry: Listed
    name: list[Piece]
    also: list[Piece]


Result = FoundPost | FoundEntry


class FoundRegion(NamedTuple):
    """A part of the body that answers are about."""

    slug: str
    name: str
    answers: int


@dataclass(frozen=True)
class Results:
    """What was found. `corrected` is the question that was answered instead of the one that was typed."""

    query: Query
    corrected: str = ""
    answer: FoundEntry | None = None
    best: list[Result] = field(default_factory=list)
    articles: list[FoundPost] = field(default_factory=list)
    entries: dict[EntryKind, list[FoundEntry]] = field(default_factory=dict)
    page: int = 1
    has_next: bool = False
    region: str = ""  # to which part of the body the answers are narrowed
    regions: list[FoundRegion] = field(default_factory=list)  # to which they can be, where there are several

    @property
    def is_empty(self) -> bool:
        return not (self.answer or self.best or self.articles or any(self.entries.values()))

    @classmethod
    def of(cls, typed: str, page: int = 1, as_typed: bool = False, region: str = "") -> Results:
        """Answer a question. `as_typed` takes no word for a slip. Says what keys a page with the answers shows.

        `region` narrows the answers to a part of the body.
        """
        shows(keys.SEARCH, keys.ENTRIES)
        show_schedule()
        query = Query.read(typed)
        if not query.terms:
            return cls(query)
        looked = _Look.at(query)
        if not as_typed and looked.unknown and looked.count <= FEW:
            better = looked.corrected()
            if better is not None:
                return better._results(query, page, better.query.text, region)
        return looked._results(query, page, "", region)


@dataclass(frozen=True)
class _Look:
    """One look through everything."""

    query: Query
    vocabulary: Vocabulary
    alternatives: dict[str, frozenset[str]]
    unknown: tuple[str, ...]  # words, as typed, that occur nowhere and begin nothing
    areas: tuple[Listed, ...]  # pain areas that are named, the best first
    entries: list[Ranked]
    posts: list[RankedPost]

    @classmethod
    def at(cls, query: Query) -> Self:
        vocabulary = Vocabulary.current()
        counted = SearchWord.documents_with(query.stems)
        alternatives, unknown = _alternatives(query, vocabulary, counted)
        stems = frozenset().union(*(alternatives.get(stem, {stem}) for stem in query.stems))
        named = vocabulary.named(stems)
        ranked = vocabulary.ranked(query, alternatives)
        least = max(LEAST, OF_BEST * ranked[0].score) if ranked else 0
        entries = [entry for entry in ranked if entry.score >= least]
        order = {entry.entry.id: number for number, entry in enumerate(ranked)}
        exact = {entry.entry.id for entry in ranked if entry.is_exact}
        areas = sorted(
            (
                (-len(name.stems), order.get(entry.id, len(order)), entry.id, entry)
                for name, entry in named
                if entry.kind == EntryKind.PAIN_AREA and (query.complains or entry.id in exact)
            ),
            key=lambda area: area[:3],
        )
        posts = ranked_posts(query.weighed(counted), alternatives, named)
        return cls(query, vocabulary, alternatives, unknown, tuple(area[3] for area in areas), entries, posts)

    @property
    def count(self) -> int:
        """How much fits well: articles with all words, and entries."""
        return sum(post.score >= LEAST for post in self.posts) + len(self.entries)

    def corrected(self) -> _Look | None:
        """The same with each unknown word replaced by the nearest that leads to something public; None without one."""
        new = {}
        for word in self.unknown:
            for known in nearest(word, self.vocabulary):
                if stem(known) in self.vocabulary.stems or _is_public(known):
                    new[word] = known
                    break
        if not new:
            return None
        better = _Look.at(Query.read(self.query.replaced(new)))
        return better if better.posts or better.entries else None

    def _regions(self) -> list[FoundRegion]:
        """The parts of the body that answers are about, and how many are; none where there is only one part."""
        counted = Counter(region for entry in self.entries for region in self.vocabulary.regions_of(entry.entry))
        counted.update(region for post in self.posts for region in self.vocabulary.regions_in(post.subjects))
        names = self.vocabulary.regions
        found = [FoundRegion(slug, name, counted[slug]) for slug, name in names.items() if counted[slug]]
        return found if len(found) > 1 else []

    def _within(self, region: str) -> _Look:
        """Only what is about this part of the body."""
        known = self.vocabulary
        return replace(
            self,
            areas=tuple(area for area in self.areas if region in known.regions_of(area)),
            entries=[entry for entry in self.entries if region in known.regions_of(entry.entry)],
            posts=[post for post in self.posts if region in known.regions_in(post.subjects)],
        )

    def _results(self, query: Query, page: int, corrected: str, region: str) -> Results:
        """The answers, and to which parts of the body they can be narrowed."""
        told = (self._within(region) if region else self)._page(query, page, corrected)
        return replace(told, region=region, regions=self._regions())

    def _page(self, query: Query, page: int, corrected: str) -> Results:
        """Page `page` of the answers, each of them once."""
        answer = self.areas[0] if self.areas else None
        scored: list[tuple[float, int, Ranked | RankedPost]] = [
            *((entry.score, 0, entry) for entry in self.entries if entry.entry is not answer),
            *((post.score, 1, post) for post in self.posts),
        ]
        scored.sort(key=lambda row: (-row[0], row[1]))
        best = [result for _, _, result in scored[: BEST - (answer is not None)]]
        first = {result.post_id for result in best if isinstance(result, RankedPost)}
        others = [post.post_id for post in self.posts if post.post_id not in first]
        here = others[(page - 1) * ARTICLES_PER_PAGE : page * ARTICLES_PER_PAGE]
        told = {stem for term in self.query.telling for stem in term.stems}
        stems = frozenset().union(*(self.alternatives.get(stem, {stem}) for stem in told))
        posts = self._read_posts([*first, *here] if page == 1 else here, stems)
        entries: dict[EntryKind, list[FoundEntry]] = {}
        for kind in (EntryKind.MUSCLE, EntryKind.PAIN_AREA, EntryKind.CONDITION):
            of_kind = [entry for entry in self.entries if entry.entry.kind == kind and entry.entry is not answer]
            entries[kind] = [_found_entry(entry.entry, stems) for entry in of_kind if entry not in best][:ENTRIES_SHOWN]
        return Results(
            query,
            corrected,
            _found_entry(answer, stems) if answer and page == 1 else None,
            [
                _found_entry(result.entry, stems) if isinstance(result, Ranked) else posts[result.post_id]
                for result in best
                if isinstance(result, Ranked) or result.post_id in posts
            ]
            if page == 1
            else [],
            [posts[number] for number in here if number in posts],
            entries if page == 1 else {},
            page,
            len(others) > page * ARTICLES_PER_PAGE,
        )

    def _read_posts(self, post_ids: Sequence[int], stems: frozenset[str]) -> dict[int, FoundPost]:
        """These articles, as far as they are published and not damaged."""
        if not post_ids:
            return {}
        texts = SearchPost.texts(post_ids)
        by_id = {}
        for post in with_damaged(Post.published(Post.id.in_(post_ids))):
            if not post.is_fit:
                continue
            text, subjects = texts.get(post.id, ("", ""))
            place = excerpt(text.partition("\n\n")[2], stems)
            place = place or [Piece(post.revision.standfirst if post.revision else "", False)]
            by_id[post.id] = FoundPost(post, self.vocabulary.muscle_of(subjects), marked(post.title, stems), place)
        return by_id


def _alternatives(
    query: Query, vocabulary: Vocabulary, counted: Collection[str]
) -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    """For unfinished words, the stems that they may become; and the words that become nothing."""
    alternatives, unknown = {}, []
    for term in query.terms:
        if term.is_phrase or term.stem in counted or term.stem in vocabulary.stems:
            continue
        plain = term.words[0].plain
        finished = vocabulary.beginning(plain) | set(SearchWord.beginning(plain)) if len(plain) > 1 else set()
        if finished:
            alternatives[term.stem] = frozenset({term.stem, *finished})
        else:
            unknown.append(plain)
    return alternatives, tuple(unknown)


def _is_public(word: str) -> bool:
    """Whether a published article holds the word: the words of one that is still to come must not be told."""
    return bool(SearchPost.found(Asked((((stem(word),),),)), Field.TEXTS, 1))


def _found_entry(entry: Listed, stems: frozenset[str]) -> FoundEntry:
    main, *others = entry.names
    also = [name for name in others if name.stems != main.stems and (name.stems <= stems or name.text in entry.aliases)]
    text = ", ".join(dict.fromkeys(name.text for name in also))
    return FoundEntry(entry, marked(entry.name, stems), marked(text, stems))
