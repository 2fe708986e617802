"""What of an article is looked through. Pure: an article, its stored HTML and the entries it is about, made plain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from blog.posts.document import Article
from blog.search.words import plain_words, stem, stems_of
from blog.text.plain import plain

BODY_MAX_WORDS = 15_000  # PostgreSQL knows no later places
SUBJECT = "\ue000"  # begins the word of an entry; nobody can type it (blog/text/characters.py)
KNOWN_MIN_CHARS = 3  # of a word that slips are compared with


@dataclass(frozen=True)
class Document:
    """Stems of the parts of an article, what it is about, and its text as it is read."""

    title: tuple[str, ...]
    more: tuple[str, ...]
    body: tuple[str, ...]
    subjects: tuple[str, ...]
    plain: str

    @classmethod
    def of(cls, article: Article, rendered: Mapping[str, Any], entry_ids: Iterable[int]) -> Self:
        stretches = [stretch.name for stretch in article.stretches]
        parts = [
            plain(html) for name in ("body", "self_help") for kind, html in rendered.get(name, ()) if kind == "html"
        ]
        steps = [text for stretch in article.stretches for text in (stretch.name, *stretch.steps)]
        tags = [slug.replace("-", " ") for slug in article.tags]
        text = "\n\n".join(filter(None, [article.standfirst, *article.key_facts, *parts, *steps]))
        return cls(
            title=tuple(stems_of(article.title)),
            more=tuple(stems_of("\n".join([article.standfirst, article.kicker, *stretches, *tags]))),
            body=tuple(stems_of(text)[:BODY_MAX_WORDS]),
            subjects=tuple(map(subject_word, entry_ids)),
            plain=text,
        )


def subject_word(entry_id: int) -> str:
    """The word in an article's index that says it is about this entry of the vocabulary."""
    return f"{SUBJECT}{entry_id}"


def spelled_in(text: str) -> dict[str, str]:
    """The words of a text that slips are compared with, each with its stem."""
    return {word: stem(word) for word in set(plain_words(text)) if len(word) >= KNOWN_MIN_CHARS and word.isalpha()}
