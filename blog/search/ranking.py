"""Which articles fit a question best. The databases only say which hold its words; the order is made here.

So both databases give the same order, and its cost has a bound however many articles there are: the newest of those
that hold all words in their heads, and of those that hold them anywhere, are compared; if these are few, those that
hold some of the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from operator import mul

from blog.anatomy.models import EntryKind
from blog.search.asking import Alternative, Asked, Field
from blog.search.models import Found, SearchPost
from blog.search.query import Query, Term
from blog.search.vocabulary import Listed, Name

COMPARED = 150  # articles of each way to look
READ_THROUGH = 40  # of them, whose texts are looked at
FEW = 5

IN_TITLE, IN_LEAD, IN_BODY = 1.0, 0.65, 0.3
IN_BODY_OFTEN = 0.25  # more, for a word that stands there again and again
ABOUT = {EntryKind.MUSCLE: 0.85, EntryKind.CONDITION: 0.75, EntryKind.PAIN_AREA: 0.55}
TITLE_IS_ASKED = 0.1  # for a title of which every word was asked for
ALL_WORDS = 0.05
MISSED = 0.5  # how much less the rest counts for when words are missing

Alternatives = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Wanted:
    """One term: what may stand for it in a text, and the entries that it names, alone or with others."""

    term: Term
    texts: tuple[Alternative, ...]
    entries: tuple[Listed, ...]
    in_texts: tuple[str, ...]  # the same as they stand in a text between blanks
    in_subjects: tuple[tuple[str, float], ...]  # and what each entry says for an article that is about it

    @classmethod
    def of(cls, term: Term, alternatives: Alternatives, named: Sequence[tuple[Name, Listed]]) -> Wanted:
        if term.is_phrase:
            return cls._made(term, (term.stems,), ())
        stems = alternatives.get(term.stem, frozenset({term.stem}))
        entries = {entry.id: entry for name, entry in named if name.stems & stems}
        return cls._made(term, tuple((stem,) for stem in sorted(stems)), tuple(entries.values()))

    @classmethod
    def _made(cls, term: Term, texts: tuple[Alternative, ...], entries: tuple[Listed, ...]) -> Wanted:
        in_texts = tuple(f" {' '.join(text)} " for text in texts)
        return cls(term, texts, entries, in_texts, tuple((f" {entry.word} ", ABOUT[entry.kind]) for entry in entries))

    @property
    def group(self) -> tuple[Alternative, ...]:
        return (*self.texts, *((entry.word,) for entry in self.entries))

    def in_heads(self, title: str, more: str, subjects: str) -> float:
        """What this term says for an article by the parts of its head, with blanks around them; 0: nothing."""
        if any(text in title for text in self.in_texts):
            return IN_TITLE
        said = IN_LEAD if any(text in more for text in self.in_texts) else 0.0
        for word, worth in self.in_subjects:
            if worth > said and word in subjects:
                said = worth
        return said

    def in_body(self, body: str) -> float:
        """The same by its text, with blanks around it."""
        often = sum(body.count(text) for text in self.in_texts)
        return IN_BODY + IN_BODY_OFTEN * min(1.0, log(often) / 3) if often else 0.0


@dataclass(frozen=True)
class RankedPost:
    """An article that fits a question; `score` from 0 to about 1."""

    post_id: int
    score: float
    subjects: str = ""  # a word for each entry that it is about


def ranked_posts(query: Query, alternatives: Alternatives, named: Sequence[tuple[Name, Listed]]) -> list[RankedPost]:
    """Published articles that fit, best first."""
    wanted = [Wanted.of(term, alternatives, named) for term in query.terms]
    weights = [term.term.weight for term in wanted]
    told = []
    for found in _compared(wanted):
        title, more, subjects = f" {found.title} ", f" {found.more} ", f" {found.subjects} "
        said = [term.in_heads(title, more, subjects) for term in wanted]
        told.append((sum(map(mul, weights, said)), found, said))
    told.sort(key=lambda row: (-row[0], -row[1].post_id))
    bodies = SearchPost.bodies([found.post_id for _, found, _ in told[:READ_THROUGH]])
    ranked = []
    for _, found, said in told:
        body = bodies.get(found.post_id)
        if body is not None:
            body = f" {body} "
            said = [max(head, term.in_body(body)) for head, term in zip(said, wanted, strict=True)]
        ranked.append(RankedPost(found.post_id, _score(found.title, wanted, said), found.subjects))
    ranked.sort(key=lambda post: (-post.score, -post.post_id))
    least = 0.4 * ranked[0].score if ranked else 0
    return [post for post in ranked if post.score >= least]


def _compared(wanted: Sequence[Wanted]) -> Iterable[Found]:
    telling = [term for term in wanted if term.term.is_telling]
    groups = tuple(term.group for term in telling)
    compared: dict[int, Found] = {}
    ways = [(Asked(groups), Field.HEADS), (Asked(groups), Field.TEXTS)]
    if len(groups) > 1:
        ways += [(Asked(groups, any_group=True), Field.HEADS), (Asked(groups, any_group=True), Field.TEXTS)]
    for number, (asked, field) in enumerate(ways):
        if number < 2 or len(compared) < FEW:
            compared |= {post.post_id: post for post in SearchPost.found(asked, field, COMPARED)}
    return compared.values()


def _score(title: str, wanted: Sequence[Wanted], said: Sequence[float]) -> float:
    """How well an article fits, by what each term says for it and by its title."""
    total = held = there = 0.0
    for term, told in zip(wanted, said, strict=True):
        held += term.term.weight * told
        there += term.term.weight * (told > 0)
        total += term.term.weight
    words = title.split()
    asked = {stem for term in wanted for text in term.texts for stem in text}
    share = sum(word in asked for word in words) / len(words) if words else 0
    covered = held / total * (1 - MISSED * (1 - there / total))
    return covered + TITLE_IS_ASKED * share + ALL_WORDS * (there == total)
