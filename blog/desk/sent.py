"""What the editor's form brought, from a request or out of the slot in which it was kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from flask import abort

from blog.desk.article_form import Sheet
from blog.desk.names import Names
from blog.numbers import number_or_none
from blog.posts.autosaves import PAGE_MAX_CHARS, Autosave, new_page

PLACE = ("slug", "publish_at", "comments_open", "comments_days")  # beside what the article says


@dataclass(frozen=True)
class Opened:
    """Which page was opened, and on what. Nobody types this."""

    seen: int | None = None  # the version that stood in it
    page: str = ""  # its name
    continues: str = ""  # the slot that it took over
    aside: str = ""  # a slot of another tab of which its writer has been told
    begun: str = ""  # of a new article: what names it, so that sending it twice makes one

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Self:
        """From a form of the editor; a page that has no name gets one."""
        names = ("page", "continues", "aside", "begun")
        page, continues, aside, begun = (form.get(name, "")[: 2 * PAGE_MAX_CHARS] for name in names)
        return cls(number_or_none(form["seen"]), page[:PAGE_MAX_CHARS] or new_page(), continues, aside, begun)


@dataclass(frozen=True)
class Sent:
    """All that stands in the editor's form."""

    sheet: Sheet
    names: Names
    opened: Opened
    slug: str
    publish_at: str
    comments_days: str
    comments_open: bool

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Self:
        """What a browser sent. Anything that is not the editor's form is refused: saving it would empty the article."""
        if "seen" not in form:
            abort(400)
        kept = {name: text.replace("\0", "") for name, text in form.items()}  # which no database takes
        return cls._of(kept, Opened.read(kept))

    @classmethod
    def kept(cls, slot: Autosave) -> Self:
        """What a slot holds, opened anew by its writer."""
        opened = Opened(seen=slot.revision_id, page=new_page(), continues=slot.token)
        return cls._of(slot.typed, opened)

    @classmethod
    def _of(cls, form: Mapping[str, str], opened: Opened) -> Self:
        slug, publish_at, days = (form.get(name, "").strip() for name in ("slug", "publish_at", "comments_days"))
        return cls(Sheet.read(form), Names.current(), opened, slug, publish_at, days, "comments_open" in form)

    @property
    def again(self) -> dict[str, Any]:
        """What the page shows of it beside the sheet."""
        return {"opened": self.opened, **{name: getattr(self, name) for name in PLACE}}

    @property
    def typed(self) -> dict[str, str]:
        """Everything that somebody typed, as a slot keeps it."""
        place = {name: getattr(self, name) for name in PLACE} | {"comments_open": "1" if self.comments_open else ""}
        return {name: text for name, text in (self.sheet.inputs | place).items() if text}
