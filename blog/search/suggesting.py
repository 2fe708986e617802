"""Names and titles that begin with what was typed so far, answered from memory."""

from __future__ import annotations

from typing import NamedTuple

from blog.clock import now
from blog.pagecache import keys
from blog.pagecache.notes import shows
from blog.posts.listing import show_schedule
from blog.search.articles import Articles
from blog.search.beginnings import Place
from blog.search.models import Title
from blog.search.query import QUERY_MAX_CHARS
from blog.search.vocabulary import Called, Vocabulary
from blog.search.words import plain_words

SUGGESTED = 7
MIN_LETTERS = 2

Suggestion = Title | Called


class _Placed(NamedTuple):
    place: Place
    text: str
    what: Suggestion


def suggestions(typed: str) -> list[Suggestion]:
    """What may be meant by an unfinished question, the likeliest first; nothing for a single letter."""
    shows(keys.SEARCH, keys.ENTRIES)
    show_schedule()
    letters = " ".join(plain_words(typed[:QUERY_MAX_CHARS]))
    if len(letters) < MIN_LETTERS:
        return []
    placed = [_Placed(place, called.name, called) for place, called in Vocabulary.current().beginnings.of(letters)]
    titles = Articles.current().beginnings.of(letters)
    placed += [_Placed(place, title.text, title) for place, title in titles if title.published_at <= now()]
    first: dict[object, Suggestion] = {}
    for each in sorted(placed, key=lambda each: each[:2]):
        first.setdefault(each.what.slug if isinstance(each.what, Title) else each.what.entry.id, each.what)
    return list(first.values())[:SUGGESTED]
