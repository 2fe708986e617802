"""What a post refers to: people, entries of the vocabulary and tags, as its public version has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from sqlalchemy import CompoundSelect, String, cast, delete, literal, select, union_all

from blog.accounts.models import Person
from blog.anatomy.drawing import pose_names
from blog.anatomy.models import Entry, EntryKind, EntryText
from blog.anatomy.pictures import has_film
from blog.database import db
from blog.pagecache import keys
from blog.pagecache.notes import remembered
from blog.posts.document import Article, ArticleError, Slip
from blog.posts.models import PostEntry, PostPerson, PostTag, Tag
from blog.posts.pictures import slips_of

WEIGHTS = {
    EntryKind.MUSCLE: 5,
    EntryKind.CONDITION: 3,
    EntryKind.PAIN_AREA: 1,
}  # how much a shared entry says of kinship


Reference = tuple[EntryKind, str]
Entries = dict[Reference, EntryText]


@dataclass(frozen=True)
class Links:
    """What an article refers to, found in the database."""

    people: list[Person]
    entries: list[tuple[EntryText, int]]
    tags: tuple[str, ...]

    @classmethod
    def of(cls, article: Article) -> Self:
        """Raises ArticleError with a slip for each name that does not exist."""
        people = {person.slug: person for person in db.session.scalars(Person.with_slugs(article.authors))}
        entries = entries_of(article)
        slips = [
            Slip(("authors", index), f"nobody has the slug {slug!r}")
            for index, slug in enumerate(article.authors)
            if slug not in people
        ]
        for name, kind, slugs in (
            ("muscles", EntryKind.MUSCLE, article.muscles),
            ("stretches", EntryKind.MUSCLE, sum(article.stretched, ())),
            ("pain_areas", EntryKind.PAIN_AREA, article.pain_areas),
            ("conditions", EntryKind.CONDITION, article.conditions),
            ("safety", EntryKind.RED_FLAGS, article.safety.red_flags if article.safety else ()),
        ):
            slips += [
                Slip((name,), f"the vocabulary has no {kind.value.replace('_', ' ')} {slug!r}")
                for slug in slugs
                if (kind, slug) not in entries
            ]
        slips += [
            Slip(("figures", index, "pose"), f"no drawn pose is called {figure.pose!r}")
            for index, figure in enumerate(article.figures)
            if figure.pose and figure.pose not in pose_names()
        ]
        if article.video and article.shows_drawn_film and not has_film(article.video.ref):
            slips.append(Slip(("video", "ref"), f"no pose with a start position is called {article.video.ref!r}"))
        slips += slips_of(article)
        if slips:
            raise ArticleError(slips)
        subjects = [
            (entries[kind, slug], WEIGHTS[kind])
            for kind, slugs in (
                (EntryKind.MUSCLE, article.muscles),
                (EntryKind.PAIN_AREA, article.pain_areas),
                (EntryKind.CONDITION, article.conditions),
            )
            for slug in dict.fromkeys(slugs)
        ]
        return cls([people[slug] for slug in dict.fromkeys(article.authors)], subjects, article.tags)

    def replace(self, post_id: int) -> None:
        """Make these the links of the post."""
        for model in (PostPerson, PostEntry, PostTag):
            db.session.execute(delete(model).where(model.post_id == post_id))
        db.session.add_all(
            PostPerson(post_id=post_id, person_id=person.id, position=position)
            for position, person in enumerate(self.people)
        )
        db.session.add_all(PostEntry(post_id=post_id, entry_id=e.id, weight=weight) for e, weight in self.entries)
        db.session.add_all(PostTag(post_id=post_id, tag_id=tag.id) for tag in _tags(self.tags))
        db.session.flush()


def entries_of(article: Article) -> Entries:
    """Every vocabulary entry an article names, found in one query at most."""
    return entries_named(references_of(article))


def references_of(article: Article) -> list[Reference]:
    """Kind and slug of every vocabulary entry an article names."""
    return [
        *((EntryKind.MUSCLE, slug) for slug in article.named_muscles),
        *((EntryKind.PAIN_AREA, slug) for slug in article.pain_areas),
        *((EntryKind.CONDITION, slug) for slug in article.conditions),
        *((EntryKind.RED_FLAGS, slug) for slug in (article.safety.red_flags if article.safety else ())),
    ]


def entries_named(references: Iterable[Reference]) -> Entries:
    """What these entries say, without those that are unknown. One query at most."""
    by_key = {keys.entry(kind, slug): (kind, slug) for kind, slug in references}
    found = remembered(list(by_key), lambda unknown: Entry.texts([by_key[key] for key in unknown]))
    return {(entry.kind, entry.slug): entry for entry in found if entry is not None}


def _tags(slugs: Iterable[str]) -> list[Tag]:
    """The tags with these slugs; a new one takes its name from its slug."""
    wanted = dict.fromkeys(slugs)
    known = {tag.slug: tag for tag in db.session.scalars(select(Tag).where(Tag.slug.in_(wanted)))} if wanted else {}
    for slug in wanted:
        if slug not in known:
            known[slug] = Tag(slug=slug, name=slug.replace("-", " ").capitalize())
            db.session.add(known[slug])
    db.session.flush()
    return [known[slug] for slug in wanted]


def subjects(post_id: int) -> CompoundSelect[str, str]:
    """What a post is listed under: a person, a tag or the kind of an entry, and a slug."""
    return union_all(
        select(literal(keys.PERSON), Person.slug).join(PostPerson).where(PostPerson.post_id == post_id),
        select(literal(keys.TAG), Tag.slug).join(PostTag).where(PostTag.post_id == post_id),
        select(cast(Entry.kind, String), Entry.slug).join(PostEntry).where(PostEntry.post_id == post_id),
    )
