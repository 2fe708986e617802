"""Why an article is related to another, in words: what `RelatedPost.reason` says, with the names of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blog.anatomy.models import EntryKind
from blog.posts.links import Entries, Reference
from blog.posts.related import REFERS, WORDS

SAYS = {
    EntryKind.MUSCLE: "Also about {}",
    EntryKind.CONDITION: "Also mentions {}",
    EntryKind.PAIN_AREA: "Also about pain here: {}",
    REFERS: "Pain reported in the same place: {}",
    "tag": "Also on {}",
}


def places_in(reasons: Iterable[str]) -> list[Reference]:
    """The entries that an article shares with others without naming them itself."""
    split = (reason.partition(":") for reason in reasons)
    return [(EntryKind.PAIN_AREA, slug) for what, _, slug in split if what == REFERS]


def in_words(reason: str, entries: Entries, tags: Mapping[str, str]) -> str:
    """The reason for readers; empty for what has no name any more. `tags` are names by slug."""
    what, _, slug = reason.partition(":")
    if what == WORDS:
        return "Much the same in its words"
    if what == "tag":
        name = tags.get(slug, "")
    else:
        kind = EntryKind.PAIN_AREA if what == REFERS else what
        entry = entries.get((EntryKind(kind), slug)) if kind in set(EntryKind) else None
        name = entry.name if entry else ""
    return SAYS[what].format(name.lower()) if name and what in SAYS else ""
