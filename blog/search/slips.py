"""What a mistyped word may have meant: the nearest one among those that the vocabulary and the articles use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from blog.libraries import later
from blog.search.articles import Articles
from blog.search.vocabulary import Vocabulary

if TYPE_CHECKING:
    from rapidfuzz import distance, process
else:
    distance, process = later("rapidfuzz.distance"), later("rapidfuzz.process")

MIN_CHARS = 3  # of a word that may be a slip
MIN_CHARS_OF_ARTICLES = 4  # of one for which more than names is looked through: three letters are like too many words
NEAR = 0.66  # of 1: how alike two words have to be; three slips in nine letters
NEAR_OF_THREE = 0.75  # a letter left out, no other one
TRIED = 4  # candidates of a word
OF_VOCABULARY = 0.05  # how much liker a word of the articles has to be


def nearest(plain: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Known words that are most like `plain`, the likeliest first; none for a short word.

    Names of the vocabulary may be meant whatever the first letter is; a word of the articles only with the same one,
    since slips are rare there and "love" is no way to write "move".
    """
    if len(plain) < MIN_CHARS or not plain.isalpha():
        return
    likeness: dict[str, float] = {}
    for words, advantage in ((tuple(vocabulary.spelled), OF_VOCABULARY), (_of_articles(plain), 0.0)):
        alike = process.extract(
            plain,
            words,
            scorer=distance.DamerauLevenshtein.normalized_similarity,
            score_cutoff=NEAR if len(plain) > MIN_CHARS else NEAR_OF_THREE,
            limit=TRIED,
            processor=None,
        )
        for word, score, _ in alike:
            told = score + advantage + (0.02 if word[0] == plain[0] else 0)
            likeness[word] = max(told, likeness.get(word, 0))
    yield from sorted(likeness, key=lambda word: (-likeness[word], word))[:TRIED]


def _of_articles(plain: str) -> list[str]:
    if len(plain) < MIN_CHARS_OF_ARTICLES:
        return []
    return [word for word in Articles.current().words if word.startswith(plain[0])]
