"""Which articles use the same words: compared in the index, by the words that say most of an article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import log, sqrt

from blog.database import db
from blog.search.asking import Asked, Field
from blog.search.models import SearchPost, SearchWord
from blog.search.words import common

READ_STEMS = 60  # of an article, those that it uses most often
TELLING = 12  # of them, by which others are looked for and compared
COMPARED = 60  # articles
LEAST = 0.35  # of likeness, from 0 to 1


def alike(post_id: int, most: int) -> list[int]:
    """The published articles that use the same telling words, the most alike first; at most `most`."""
    own = db.session.get(SearchPost, post_id)
    if own is None:
        return []
    counted = Counter(stem for stem in f"{own.title} {own.more} {own.body}".split() if stem not in common())
    often = dict(counted.most_common(READ_STEMS))
    documents = SearchWord.documents_with(often)
    shared = {stem: often[stem] * _rarity(count, documents) for stem, count in documents.items() if count > 1}
    telling = dict(sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:TELLING])
    if len(telling) < TELLING // 2:
        return []
    asked = Asked(tuple(((stem,),) for stem in sorted(telling)), any_group=True)
    others = [row.post_id for row in SearchPost.found(asked, Field.TEXTS, COMPARED) if row.post_id != post_id]
    likeness = {number: _cosine(telling, body, documents) for number, body in SearchPost.bodies(others).items()}
    near = [number for number, value in likeness.items() if value >= LEAST]
    return sorted(near, key=lambda number: (-likeness[number], -number))[:most]


def _rarity(count: int, documents: Mapping[str, int]) -> float:
    return 1 + log(max(documents.values()) / count)


def _cosine(telling: Mapping[str, float], body: str, documents: Mapping[str, int]) -> float:
    """How alike the use of these words is, each weighed by its rarity."""
    counted = Counter(stem for stem in body.split() if stem in telling)
    theirs = {stem: count * _rarity(documents[stem], documents) for stem, count in counted.items()}
    both = sum(telling[stem] * value for stem, value in theirs.items())
    length = sqrt(sum(v * v for v in telling.values())) * sqrt(sum(v * v for v in theirs.values()))
    return both / length if length else 0.0
