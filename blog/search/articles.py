"""What is known of the indexed articles by heart: the words that most of them use, and the newest titles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from blog.pagecache import keys
from blog.pagecache.notes import remembered
from blog.search.beginnings import Beginnings
from blog.search.models import SearchPost, SearchWord, Title


class Articles:
    """Read once after each change of the index, by every process. Holds also what is still to come: ask the clock."""

    def __init__(self, words: Iterable[str], titles: Iterable[Title]) -> None:
        self.words = tuple(words)  # of most articles first
        self.beginnings = Beginnings((title.text, 3, title) for title in titles)

    @classmethod
    def current(cls) -> Self:
        """As the index is now."""
        return remembered([keys.SEARCH], lambda _: [cls(SearchWord.most_used(), SearchPost.titles())])[0]
