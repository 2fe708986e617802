"""What the pages of the vocabulary work out from what an entry names: its warning signs, and the surest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blog.anatomy.models import CONFIDENCE, Entry, RedFlagLevel, Relation, red_flags
from blog.database import db

Links = Mapping[Relation, Sequence[Entry]]


def signs_of_muscle(links: Links) -> list[RedFlagLevel]:
    """A muscle's own warning signs, or those of the areas where its pain is mainly reported."""
    return red_flags(links[Relation.RED_FLAGS] or _signs_of(links[Relation.MAIN_PAIN]))


def signs_of_condition(links: Links, muscles: Sequence[Entry]) -> list[RedFlagLevel]:
    """A condition's own warning signs, or those of the areas of the muscles that name it."""
    own = links[Relation.RED_FLAGS]
    return red_flags(own or _signs_of(db.session.scalars(Entry.pain_areas_of(muscles)).all()))


def most_sure_first(muscles: Sequence[Entry]) -> list[Entry]:
    """By confidence in the reported pain, then by name."""
    return sorted(muscles, key=lambda m: (CONFIDENCE.index(m.document["confidence"]["referred_pain"]), m.name))


def _signs_of(areas: Sequence[Entry]) -> Sequence[Entry]:
    """The warning signs of these pain areas: for an entry that names none of its own."""
    return db.session.scalars(Entry.red_flag_sets_of(areas)).all()
