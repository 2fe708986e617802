"""The vocabulary: muscles, regions, pain areas, conditions, red-flag sets and sources, each with its revisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import (
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Select,
    String,
    UniqueConstraint,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from blog.clock import now
from blog.extensions import Base, db
from blog.revisions import append_only, digest


class Kind(StrEnum):
    """What an entry is."""

    MUSCLE = "muscle"
    REGION = "region"
    PAIN_AREA = "pain_area"
    CONDITION = "condition"
    RED_FLAGS = "red_flags"
    SOURCE = "source"


KIND = Enum(
    Kind, native_enum=False, length=12, create_constraint=True, name="kind",
    values_callable=lambda kinds: [kind.value for kind in kinds],
)  # fmt: skip


class Entry(Base):
    """One entry of the vocabulary, found by kind and slug; what it says is in its public revision."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("kind", "slug"),
        ForeignKeyConstraint(
            ["public_revision_id", "id"], ["entry_revisions.id", "entry_revisions.entry_id"],
            name="fk_entries_public_revision", use_alter=True,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[Kind] = mapped_column(KIND)
    slug: Mapped[str] = mapped_column(String(80))
    public_revision_id: Mapped[int | None]

    revision: Mapped[EntryRevision | None] = relationship(
        foreign_keys="Entry.public_revision_id",
        primaryjoin="Entry.public_revision_id == EntryRevision.id",
        post_update=True,
        viewonly=True,
    )

    @property
    def name(self) -> str:
        """The name readers see."""
        return self.revision.name if self.revision else self.slug

    @property
    def document(self) -> dict[str, Any]:
        """What the public revision says, in the shape of the vocabulary's JSON."""
        return self.revision.document if self.revision else {}

    @classmethod
    def named(cls, references: Iterable[tuple[Kind, str]]) -> Select[Self]:
        """The entries of these kinds and slugs, with their public revisions. Unordered."""
        return (
            select(cls)
            .join(cls.revision)
            .where(tuple_(cls.kind, cls.slug).in_(list(references)))
            .options(joinedload(cls.revision))
        )

    @classmethod
    def find(cls, kind: Kind, slug: str) -> Select[Self]:
        """The entry of this kind and slug, also when nothing of it is public."""
        return select(cls).where(cls.kind == kind, cls.slug == slug)

    @classmethod
    def ship(cls, kind: Kind, documents: Iterable[Mapping[str, Any]]) -> int:
        """Bring the entries of one kind to what the software ships; returns how many changed.

        An entry whose public revision was written by a person at the desk is left alone.
        """
        known = {
            entry.slug: entry
            for entry in db.session.scalars(select(cls).where(cls.kind == kind).options(joinedload(cls.revision)))
        }
        changed = 0
        for document in documents:
            entry = known.get(document["slug"])
            if entry is None:
                entry = cls(kind=kind, slug=document["slug"])
                db.session.add(entry)
                db.session.flush()
            elif entry.revision and (
                entry.revision.account_id is not None or entry.revision.digest == digest(document)
            ):
                continue
            revision = EntryRevision(
                entry_id=entry.id,
                name=document["name"],
                document=dict(document),
                digest=digest(document),
                created_at=now(),
            )
            db.session.add(revision)
            db.session.flush()
            entry.public_revision_id = revision.id
            changed += 1
        return changed


@append_only()
class EntryRevision(Base):
    """One version of an entry. `account_id` is empty for what came with the software."""

    __tablename__ = "entry_revisions"
    __table_args__ = (UniqueConstraint("id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    document: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]


LEVELS = ("emergency", "urgent", "routine")  # most urgent first


@dataclass(frozen=True)
class RedFlagLevel:
    """One card of the safety box."""

    level: str
    heading: str
    items: tuple[str, ...]


def red_flags(sets: Iterable[Entry]) -> list[RedFlagLevel]:
    """Red-flag sets merged into one safety box: a card per level, most urgent first, nothing said twice."""
    cards: dict[str, tuple[str, list[str]]] = {}
    for entry in sets:
        for card in entry.document["levels"]:
            _, items = cards.setdefault(card["level"], (card["heading"], []))
            items.extend(item for item in card["items"] if item not in items)
    return [RedFlagLevel(level, cards[level][0], tuple(cards[level][1])) for level in LEVELS if level in cards]
