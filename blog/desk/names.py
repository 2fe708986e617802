"""What can be named in an article: people, entries of the vocabulary and tags, by name where a form asks for it."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from blog.accounts.models import Person
from blog.anatomy.models import Entry, EntryKind
from blog.database import db
from blog.folding import fold
from blog.posts.models import Tag
from blog.posts.writing import slug_of

KINDS = (EntryKind.MUSCLE, EntryKind.PAIN_AREA, EntryKind.CONDITION, EntryKind.RED_FLAGS)
TAG = "tag"
PERSON = "person"


@dataclass(frozen=True)
class Names:
    """Slug and name of everything that has one, by kind."""

    by_kind: dict[str, dict[str, str]]

    @classmethod
    def current(cls) -> Self:
        """As the database has them now. Three statements."""
        found: dict[str, dict[str, str]] = {kind: {} for kind in (*map(str, KINDS), PERSON, TAG)}
        for kind, slug, name in db.session.execute(Entry.names(KINDS)):
            found[kind][slug] = name
        found[PERSON] = {person.slug: person.name for person in db.session.scalars(Person.by_name())}
        found[TAG] = {tag.slug: tag.name for tag in db.session.scalars(Tag.by_name())}
        return cls(found)

    def shown(self, kind: str, slugs: Collection[str]) -> str:
        """One a line, by name; by slug where the name leads elsewhere or nowhere."""
        known = self.by_kind[kind]
        return "\n".join(
            known[slug] if slug in known and self.slug(kind, known[slug]) == slug else slug for slug in slugs
        )

    def slug(self, kind: str, typed: str) -> str | None:
        """The slug of what was typed, a name or a slug in any case; None when nothing is called so."""
        known = self.by_kind[kind]
        if typed in known:
            return typed
        wanted = fold(typed)
        found = next((slug for slug, name in known.items() if fold(name) == wanted), None)
        return found or (slug_of(typed) or None if kind == TAG else None)

    def like(self, kind: str, typed: str) -> str:
        """The name that comes nearest to what was typed; empty if none does."""
        names = {fold(name): name for name in self.by_kind[kind].values()}
        nearest = difflib.get_close_matches(fold(typed), names, n=1)
        within = [name for folded, name in names.items() if fold(typed) in folded]
        return names[nearest[0]] if nearest else within[0] if within else ""
