"""The vocabulary: what the software ships, what people made of it, and the warning signs in one box."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from blog.anatomy.models import Entry, EntryKind, EntryRevision, red_flags
from blog.database import begin_write, db
from blog.errors import Refused
from blog.revisions import AppendOnlyError

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


def ship(*documents, kind=EntryKind.CONDITION):
    """Ship entries; how many changed."""
    begin_write()
    changed = Entry.ship({kind: [{"name": document["slug"], **document} for document in documents]})
    db.session.commit()
    return changed


def entry(slug, kind=EntryKind.CONDITION):
    return db.session.scalars(Entry.find(kind, slug)).one()


def card(level, *items, heading="Heading"):
    return {"level": level, "heading": heading, "items": list(items)}


class TestShip:
    def test_adds_what_is_missing(self):
        """A new entry is public at once."""
        assert (1, "Bursitis") == (ship({"slug": "bursitis", "name": "Bursitis"}), entry("bursitis").name)

    def test_changes_nothing_twice(self):
        """The same again makes no version."""
        ship({"slug": "bursitis"})

        assert (0, 1) == (ship({"slug": "bursitis"}), db.session.query(EntryRevision).count())

    def test_updates_what_nobody_touched(self):
        """A newer text of the software replaces an older one, which is kept."""
        ship({"slug": "bursitis", "plain": "Old."})

        assert 1 == ship({"slug": "bursitis", "plain": "New."})
        assert ("New.", 2) == (entry("bursitis").document["plain"], db.session.query(EntryRevision).count())

    def test_leaves_what_a_person_wrote(self, make):
        """An update of the software never overwrites the site's own words."""
        ship({"slug": "bursitis", "plain": "Old."}, {"slug": "other", "plain": "Old."})
        account = make.account()
        begin_write()
        mine = entry("bursitis")
        mine.publish(mine.revise({"slug": "bursitis", "name": "Bursitis", "plain": "Ours."}, by_id=account.id))
        db.session.commit()

        assert 1 == ship({"slug": "bursitis", "plain": "New."}, {"slug": "other", "plain": "New."})
        assert ("Ours.", "New.") == (entry("bursitis").document["plain"], entry("other").document["plain"])

    def test_keeps_kinds_apart(self):
        """A muscle and a condition may share a slug."""
        ship({"slug": "psoas", "name": "A muscle"}, kind=EntryKind.MUSCLE)
        ship({"slug": "psoas", "name": "A condition"})

        assert ("A muscle", "A condition") == (entry("psoas", EntryKind.MUSCLE).name, entry("psoas").name)

    def test_forgets_nothing_that_is_no_longer_shipped(self):
        """Articles may still name it."""
        ship({"slug": "bursitis"})
        ship({"slug": "other"})

        assert "bursitis" == entry("bursitis").name


class TestNamed:
    def test_finds_by_kind_and_slug(self):
        """Exactly what is asked for, whatever else has the slug."""
        ship({"slug": "psoas"}, {"slug": "hip"}, kind=EntryKind.MUSCLE)
        ship({"slug": "psoas"})
        found = db.session.scalars(Entry.named([(EntryKind.MUSCLE, "psoas"), (EntryKind.CONDITION, "hip")]))

        assert [(EntryKind.MUSCLE, "psoas")] == [(one.kind, one.slug) for one in found]

    def test_leaves_out_what_is_not_public(self):
        """An entry without a public version is not offered."""
        begin_write()
        db.session.add(Entry(kind=EntryKind.CONDITION, slug="draft"))
        db.session.commit()

        assert [] == db.session.scalars(Entry.named([(EntryKind.CONDITION, "draft")])).all()


class TestRevisions:
    def test_are_never_rewritten(self):
        """What an article was checked against can be looked up."""
        ship({"slug": "bursitis"})
        begin_write()
        entry("bursitis").revision.name = "Other"

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    def test_of_another_entry_are_refused(self):
        """Each entry shows its own versions."""
        ship({"slug": "bursitis"}, {"slug": "other"})
        begin_write()

        with pytest.raises(Refused):
            entry("bursitis").publish(entry("other").revision)

    def test_of_another_entry_are_refused_by_the_database(self):
        """Whatever the code does."""
        ship({"slug": "bursitis"}, {"slug": "other"})
        begin_write()
        entry("bursitis").public_revision_id = entry("other").public_revision_id

        with pytest.raises(IntegrityError):
            db.session.flush()


class TestRedFlags:
    def sets(self, *levels):
        """One set per list of cards."""
        for number, cards in enumerate(levels):
            ship({"slug": f"set-{number}", "levels": cards}, kind=EntryKind.RED_FLAGS)
        return [entry(f"set-{number}", EntryKind.RED_FLAGS) for number in range(len(levels))]

    def test_begin_with_the_most_urgent(self):
        """Emergency, urgent, routine, in whatever order a set names them."""
        merged = red_flags(self.sets([card("routine", "c"), card("emergency", "a"), card("urgent", "b")]))

        assert ["emergency", "urgent", "routine"] == [one.level for one in merged]

    def test_are_merged_in_the_order_of_their_sets(self):
        """One card per level, the first set's heading and items first, nothing said twice."""
        merged = red_flags(
            self.sets(
                [card("urgent", "a", "b", heading="First")],
                [card("urgent", "b", "c", "c", heading="Second"), card("emergency", "d", heading="Call")],
            )
        )

        assert [("emergency", "Call", ("d",)), ("urgent", "First", ("a", "b", "c"))] == [
            (one.level, one.heading, one.items) for one in merged
        ]

    def test_of_nothing_are_none(self):
        """Without a set there is no box."""
        assert [] == red_flags([])
