"""What an article shows by itself, whoever looks at it: readers on its page, and colleagues in a preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from blog.accounts.models import Person
from blog.anatomy.models import Entry, EntryKind, EntryText, RedFlagLevel, red_flags
from blog.database import db
from blog.media.models import Media
from blog.pages.models import Page, PageSlug, PageText
from blog.posts.document import Article, Figure
from blog.posts.leads import Lead, lead_among
from blog.posts.links import Entries, entries_of
from blog.posts.manuscript import Manuscript
from blog.posts.models import minutes_for
from blog.posts.pictures import Pictures

Named = list[Entry | EntryText]


@dataclass(frozen=True)
class ArticleShown:
    """All that components/_article.html asks for, but whose article it is and from when."""

    article: Article
    rendered: Any  # the HTML of the article's parts
    media: Pictures
    minutes: int
    muscles: Named
    primary: Named  # muscles that take most of the stretches
    secondary: Named
    muscle_names: dict[str, str]
    pain_areas: Named
    conditions: Named
    red_flags: list[RedFlagLevel]
    disclaimer: PageText | None
    lead: Lead  # the picture beside its title

    @classmethod
    def parts(cls, article: Article, entries: Entries) -> dict[str, Any]:
        """The fields that follow from what the vocabulary says of an article."""
        primary, secondary = article.stretched
        flags = article.safety.red_flags if article.safety else ()
        return {
            "muscles": _named(entries, EntryKind.MUSCLE, article.muscles),
            "primary": _named(entries, EntryKind.MUSCLE, primary),
            "secondary": _named(entries, EntryKind.MUSCLE, secondary),
            "muscle_names": {slug: entry.name for (kind, slug), entry in entries.items() if kind == EntryKind.MUSCLE},
            "pain_areas": _named(entries, EntryKind.PAIN_AREA, article.pain_areas),
            "conditions": _named(entries, EntryKind.CONDITION, article.conditions),
            "red_flags": red_flags(_named(entries, EntryKind.RED_FLAGS, flags)),
        }

    @property
    def lead_figure(self) -> Figure | None:
        """The figure of the text that shows the same as the lead, with all that is to be said of it."""
        kind = "picture" if self.lead.shown else "pain-map"
        placed = [ref for kind, ref in (*self.rendered["body"], *self.rendered["self_help"]) if kind == "figure"]
        return next((figure for figure in self.article.figures if figure.kind == kind and figure.id in placed), None)


@dataclass(frozen=True)
class Unpublished:
    """What stands in the byline of an article that nobody reads yet."""

    authors: Sequence[Person]
    published_at: datetime | None = None
    is_updated: bool = False


@dataclass(frozen=True)
class Preview(ArticleShown):
    """An article as its page would look, however far it is written."""

    post: Unpublished

    @classmethod
    def of(cls, manuscript: Manuscript) -> Self:
        """Of what was rendered. What it names in vain is left out."""
        article = manuscript.article
        entries, media = entries_of(article), Media.find(article.pictures)
        people = {person.slug: person for person in db.session.scalars(Person.with_slugs(article.authors))}
        return cls(
            article=article,
            rendered=manuscript.rendered,
            media=media,
            minutes=minutes_for(manuscript.words),
            disclaimer=Page.texts().get(PageSlug.DISCLAIMER),
            lead=lead_among(article.lead_picture, article.lead_muscle, entries, media),
            post=Unpublished([people[slug] for slug in article.authors if slug in people]),
            **cls.parts(article, entries),
        )


def _named(entries: Entries, kind: EntryKind, slugs: Sequence[str]) -> Named:
    return [entries[kind, slug] for slug in slugs if (kind, slug) in entries]
