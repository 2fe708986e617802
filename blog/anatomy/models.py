"""The vocabulary: muscles, regions, pain areas, conditions, red-flag sets and sources, each with its revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import (
    BindParameter,
    ForeignKey,
    ForeignKeyConstraint,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, contains_eager, joinedload, mapped_column, relationship

from blog.checksums import Summed, checksum_column
from blog.clock import now
from blog.database import Base, built_once, db, enum_column
from blog.errors import Refused
from blog.pagecache import keys
from blog.pagecache.changes import changes
from blog.pagecache.notes import whole_on_pages
from blog.revisions import append_only, digest


class EntryKind(StrEnum):
    """What an entry is."""

    MUSCLE = "muscle"
    REGION = "region"
    PAIN_AREA = "pain_area"
    CONDITION = "condition"
    RED_FLAGS = "red_flags"
    SOURCE = "source"


KIND = enum_column(EntryKind, "kind", 12)


@dataclass(frozen=True)
class EntryText:
    """What the public reads of an entry, apart from the database."""

    id: int
    kind: EntryKind
    slug: str
    name: str
    document: Mapping[str, Any]


class Entry(Base):
    """One entry of the vocabulary, found by kind and slug; what it says is in its public revision."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("kind", "slug"),
        ForeignKeyConstraint(
            ["public_revision_id", "id"],
            ["entry_revisions.id", "entry_revisions.entry_id"],
            name="fk_entries_public_revision",
            use_alter=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[EntryKind] = mapped_column(KIND)
    slug: Mapped[str] = mapped_column(String(80))
    public_revision_id: Mapped[int | None]
    card: Mapped[str | None] = mapped_column(String(32))  # where its card lies; see blog/posts/cards.py
    card_stamp: Mapped[str | None] = mapped_column(String(16))

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

    @property
    def is_sample(self) -> bool:
        """Whether it is read as a page and no editor has said yet that a clinician has reviewed it."""
        return self.kind in READ and not self.document.get("reviewed")

    # Queries

    @classmethod
    def texts(cls, references: Sequence[tuple[EntryKind, str]]) -> list[EntryText | None]:
        """What these kinds and slugs say, in this order; None for those that are unknown."""
        by_reference = {
            (entry.kind, entry.slug): EntryText(entry.id, entry.kind, entry.slug, entry.name, entry.document)
            for entry in db.session.scalars(_named(), {"names": list(references)})
        }
        return [by_reference.get(reference) for reference in references]

    @classmethod
    def named(cls, references: Iterable[tuple[EntryKind, str]]) -> Select[Self]:
        """The entries of these kinds and slugs, with their public revisions. Unordered."""
        wanted = references if isinstance(references, BindParameter) else list(references)
        return cls._public().where(tuple_(cls.kind, cls.slug).in_(wanted))

    @classmethod
    def of_kind(cls, kind: EntryKind) -> Select[Self]:
        """All entries of a kind, by name."""
        return cls._public().where(cls.kind == kind).order_by(EntryRevision.name)

    @classmethod
    def regions_of(cls, kind: EntryKind) -> Select[Self]:
        """The regions that entries of a kind name, from head to foot."""
        named = (
            select(EntryLink.other_id)
            .join(Entry, Entry.id == EntryLink.entry_id)
            .where(EntryLink.relation == Relation.REGION, Entry.kind == kind)
        )
        return cls.of_kind(EntryKind.REGION).where(cls.id.in_(named)).order_by(None).order_by(cls.id)

    @classmethod
    def names(cls, kinds: Iterable[EntryKind]) -> Select[EntryKind, str, str]:
        """Kind, slug and name of all entries of these kinds, by name."""
        columns = cls.kind, cls.slug, EntryRevision.name
        return select(*columns).join(cls.revision).where(cls.kind.in_(list(kinds))).order_by(EntryRevision.name)

    @classmethod
    def shown(cls, kind: EntryKind, slug: str) -> Select[Self]:
        """The entry of this kind and slug, as the public sees it."""
        return cls._public().where(cls.kind == kind, cls.slug == slug)

    @classmethod
    def find(cls, kind: EntryKind, slug: str) -> Select[Self]:
        """The entry of this kind and slug, also when nothing of it is public."""
        return select(cls).where(cls.kind == kind, cls.slug == slug)

    def links(self) -> dict[Relation, list[Entry]]:
        """The entries that this one names, by relation, in the order in which it names them."""
        rows = db.session.execute(
            select(EntryLink.relation, Entry)
            .join(EntryLink, EntryLink.other_id == Entry.id)
            .join(Entry.revision)
            .where(EntryLink.entry_id == self.id)
            .order_by(EntryLink.position)
            .options(joinedload(Entry.revision))
        )
        return _grouped(rows.all())

    def backlinks(self) -> dict[Relation, list[Entry]]:
        """The entries that name this one, by relation, by name."""
        rows = db.session.execute(
            select(EntryLink.relation, Entry)
            .join(EntryLink, EntryLink.entry_id == Entry.id)
            .join(Entry.revision)
            .where(EntryLink.other_id == self.id)
            .order_by(EntryRevision.name)
            .options(joinedload(Entry.revision))
        )
        return _grouped(rows.all())

    @classmethod
    def areas_of(cls, conditions: Iterable[Entry]) -> dict[str, Entry]:
        """The pain area of each of these conditions that names one, by the condition's slug. One statement."""
        slugs = {condition.id: condition.slug for condition in conditions}
        rows = db.session.execute(
            select(EntryLink.entry_id, Entry)
            .join(EntryLink, EntryLink.other_id == Entry.id)
            .where(EntryLink.entry_id.in_(slugs), EntryLink.relation == Relation.REGION)
            .options(joinedload(Entry.revision))
        )
        return {slugs[condition_id]: area for condition_id, area in rows}

    @classmethod
    def red_flag_sets_of(cls, areas: Iterable[Entry]) -> Select[Self]:
        """The red-flag sets that these pain areas name, each once."""
        ids = [area.id for area in areas]
        named = select(EntryLink.other_id).where(EntryLink.entry_id.in_(ids), EntryLink.relation == Relation.RED_FLAGS)
        return cls._public().where(cls.id.in_(named)).order_by(cls.id)

    @classmethod
    def pain_areas_of(cls, muscles: Iterable[Entry]) -> Select[Self]:
        """The areas where pain is mainly reported for these muscles, each once."""
        ids = [muscle.id for muscle in muscles]
        named = select(EntryLink.other_id).where(EntryLink.entry_id.in_(ids), EntryLink.relation == Relation.MAIN_PAIN)
        return cls._public().where(cls.id.in_(named)).order_by(cls.id)

    # Verbs

    @classmethod
    def ship(cls, shipped: Mapping[EntryKind, Iterable[Mapping[str, Any]]]) -> int:
        """Bring entries to what the software ships; returns how many changed.

        An entry whose public revision was written by a person at the desk is left alone.
        """
        revised = []
        for kind, documents in shipped.items():
            everything = select(cls).where(cls.kind == kind).options(joinedload(cls.revision))
            known = {entry.slug: entry for entry in db.session.scalars(everything)}
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
                revised.append((entry, entry.revise(document)))
        for entry, revision in revised:  # only now, because entries name each other
            entry.publish(revision)
        return len(revised)

    def revise(self, document: Mapping[str, Any], by_id: int | None = None) -> EntryRevision:
        """Keep a new version, not yet shown. `by_id` is empty for what comes with the software."""
        revision = EntryRevision(
            entry_id=self.id,
            name=document["name"],
            document=dict(document),
            digest=digest(document),
            account_id=by_id,
            created_at=now(),
        )
        db.session.add(revision)
        db.session.flush()
        return revision

    def publish(self, revision: EntryRevision) -> None:
        """Show `revision`; the links follow. Raises Refused naming what it refers to in vain."""
        if revision.entry_id != self.id:
            raise Refused("That version belongs to another entry.")
        wanted = list(_references(self.kind, revision.document))
        named = tuple_(Entry.kind, Entry.slug).in_({(kind, slug) for _, kind, slug in wanted})
        found = (
            {(kind, slug): number for kind, slug, number in db.session.execute(_KEYS.where(named))} if wanted else {}
        )
        missing = [f"{kind.value.replace('_', ' ')} “{slug}”" for _, kind, slug in wanted if (kind, slug) not in found]
        if missing:
            raise Refused(f"The vocabulary has no {', no '.join(missing)}.")
        self.public_revision_id = revision.id  # shown from now on; pages with it are dropped (`changes`, below)
        db.session.execute(delete(EntryLink).where(EntryLink.entry_id == self.id))
        db.session.add_all(
            EntryLink(entry_id=self.id, other_id=found[kind, slug], relation=relation, position=position)
            for position, (relation, kind, slug) in enumerate(dict.fromkeys(wanted))
        )
        db.session.flush()
        db.session.expire(self, ["revision"])

    @classmethod
    def _public(cls) -> Select[Self]:
        return select(cls).join(cls.revision).options(contains_eager(cls.revision))


changes(Entry.public_revision_id, lambda entry: (keys.entry(entry.kind, entry.slug), keys.ENTRIES))
changes(Entry.card, lambda entry: (keys.entry(entry.kind, entry.slug),))


@whole_on_pages
@append_only()
class EntryRevision(Summed, Base):
    """One version of an entry. `account_id` is empty for what came with the software."""

    __tablename__ = "entry_revisions"
    __table_args__ = (UniqueConstraint("id", "entry_id"),)

    SUMMED = (("entry_id", "name", "document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    document: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    checksum: Mapped[str] = checksum_column(SUMMED)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]

    @classmethod
    def of(cls, entry: Entry) -> Select[Self]:
        """All versions of an entry, newest first."""
        return select(cls).where(cls.entry_id == entry.id).order_by(cls.id.desc())


class Relation(StrEnum):
    """How one entry names another."""

    MAIN_PAIN = "main_pain"  # a muscle: where pain is mainly reported
    OTHER_PAIN = "other_pain"  # a muscle: where it is reported less often
    SYNERGIST = "synergist"
    ANTAGONIST = "antagonist"
    CONDITION = "condition"  # a muscle: what it is sometimes mentioned together with
    REGION = "region"  # where it is on the body; of a condition: its pain area
    RED_FLAGS = "red_flags"  # a muscle, pain area or condition: its warning signs
    SOURCE = "source"


class EntryLink(Base):
    """An entry named by another, as its public revision has it."""

    __tablename__ = "entry_links"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    relation: Mapped[Relation] = mapped_column(
        enum_column(Relation, "relation", 12),
        primary_key=True,
    )
    other_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True, index=True)
    position: Mapped[int]


# Where an entry's document names others: relation, kind of what is named, path to a slug or a list of slugs.
REFERENCES: dict[EntryKind, tuple[tuple[Relation, EntryKind, tuple[str, ...]], ...]] = {
    EntryKind.MUSCLE: (
        (Relation.MAIN_PAIN, EntryKind.PAIN_AREA, ("pain_areas", "main")),
        (Relation.OTHER_PAIN, EntryKind.PAIN_AREA, ("pain_areas", "less_often")),
        (Relation.SYNERGIST, EntryKind.MUSCLE, ("synergists",)),
        (Relation.ANTAGONIST, EntryKind.MUSCLE, ("antagonists",)),
        (Relation.CONDITION, EntryKind.CONDITION, ("conditions",)),
        (Relation.REGION, EntryKind.REGION, ("region",)),
        (Relation.RED_FLAGS, EntryKind.RED_FLAGS, ("red_flag_sets",)),
        (Relation.SOURCE, EntryKind.SOURCE, ("sources",)),
    ),
    EntryKind.PAIN_AREA: (
        (Relation.REGION, EntryKind.REGION, ("region",)),
        (Relation.RED_FLAGS, EntryKind.RED_FLAGS, ("red_flag_set",)),
    ),
    EntryKind.CONDITION: (
        (Relation.REGION, EntryKind.PAIN_AREA, ("area",)),
        (Relation.RED_FLAGS, EntryKind.RED_FLAGS, ("red_flag_sets",)),
    ),
}
READ = frozenset({EntryKind.MUSCLE, EntryKind.PAIN_AREA, EntryKind.CONDITION})  # the kinds that have pages
CONFIDENCE = ("high", "medium-high", "medium", "low-medium", "low")  # most sure first


def _references(kind: EntryKind, document: Mapping[str, Any]) -> Iterator[tuple[Relation, EntryKind, str]]:
    """Every entry that a document names."""
    for relation, other, path in REFERENCES.get(kind, ()):
        value: Any = document
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        for slug in [value] if isinstance(value, str) else value or ():
            yield relation, other, slug


@built_once
def _named() -> Select[Entry]:
    return Entry.named(bindparam("names", expanding=True))


def _grouped(rows: Iterable[Any]) -> dict[Relation, list[Entry]]:
    grouped: dict[Relation, list[Entry]] = {relation: [] for relation in Relation}
    for relation, entry in rows:
        grouped[relation].append(entry)
    return grouped


LEVELS = ("emergency", "urgent", "routine")  # most urgent first


@dataclass(frozen=True)
class RedFlagLevel:
    """One card of the safety box."""

    level: str
    heading: str
    items: tuple[str, ...]


def red_flags(sets: Iterable[Entry | EntryText]) -> list[RedFlagLevel]:
    """Red-flag sets merged into one safety box: a card per level, most urgent first, nothing said twice."""
    cards: dict[str, tuple[str, list[str]]] = {}
    for entry in sets:
        for card in entry.document["levels"]:
            _, items = cards.setdefault(card["level"], (card["heading"], []))
            items.extend(item for item in card["items"] if item not in items)
    return [RedFlagLevel(level, cards[level][0], tuple(cards[level][1])) for level in LEVELS if level in cards]


_KEYS = select(Entry.kind, Entry.slug, Entry.id)
