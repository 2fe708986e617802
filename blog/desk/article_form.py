"""An article as it stands in the editor: what was typed, field by field, and the document it makes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from blog.desk.article_parts import LISTS, PAGE, SECTIONS, Part, Section, Shape
from blog.desk.names import Names
from blog.posts.document import PICTURE, Path, Slip
from blog.posts.writing import slug_of
from blog.text.characters import clean_line, clean_markdown

CARDS_MAX = 60  # that buttons add to a list; what a file or a browser brought beyond it is kept
VERBS = ("is ", "has ", "must ", "needs ", "says ", "would ")

Row = dict[str, str]


@dataclass(frozen=True)
class Removed:
    """A card that was taken out, until it is put back or the article is saved."""

    list: str
    at: int
    row: Row

    @property
    def name(self) -> str:
        """What it said first."""
        return next((line for text in self.row.values() for line in [clean_line(text)[:60]] if line), "an empty card")

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From the form. None for anything that is none."""
        try:
            said = json.loads(text)
            parts = {part.name for part in LISTS[said["list"]].parts}
            row = {str(name): str(value).replace("\0", "") for name, value in said["row"].items() if name in parts}
            "".join(row.values()).encode()  # half a character, which JSON can hold, is a ValueError
            return cls(said["list"], max(0, int(said["at"])), row)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return None

    def __str__(self) -> str:
        return json.dumps({"list": self.list, "at": self.at, "row": self.row})


@dataclass
class Sheet:
    """What stands in the editor's fields. Nothing typed is ever refused here, and nothing is lost."""

    fields: dict[str, str] = field(default_factory=dict)
    cards: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in LISTS})
    removed: Removed | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any], names: Names) -> Self:
        """A document, as it stands in the form."""
        sheet = cls()
        for section in SECTIONS:
            values = document.get(section.record) or {} if section.record else document
            for part in section.parts:
                sheet.fields[section.field(part)] = _typed(part, values.get(part.name), names)
        for name, repeated in LISTS.items():
            sheet.cards[name] = [
                {part.name: _typed(part, row.get(part.name), names) for part in repeated.parts}
                for row in document.get(name) or ()
            ]
        return sheet

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Self:
        """What a browser sent."""
        sheet = cls(removed=Removed.read(form.get("removed", "")))
        for section in SECTIONS:
            for part in section.parts:
                name = section.field(part)
                sheet.fields[name] = form.get(name, "")
        for name, repeated in LISTS.items():
            numbers = sorted({int(found[1]) for key in form if (found := re.match(rf"{name}-(\d{{1,4}})-", key))})
            sheet.cards[name] = [
                {part.name: form.get(f"{name}-{number}-{part.name}", "") for part in repeated.parts}
                for number in numbers
            ]
        return sheet

    def change(self, asked: str) -> str:
        """Do what a button asks and say where to look then.

        "add:LIST", "remove:LIST:2", "up:LIST:2", "down:LIST:2" or "undo"; anything else changes nothing.
        """
        verb, _, rest = asked.partition(":")
        name, _, number = rest.partition(":")
        if verb == "undo" and self.removed is not None:
            back, self.removed = self.removed, None
            at = min(back.at, len(self.cards[back.list]))
            self.cards[back.list].insert(at, back.row)
            return f"{back.list}-{at}"
        if name not in LISTS:
            return ""
        rows, at = self.cards[name], int(number) if re.fullmatch(r"\d{1,4}", number) else len(self.cards[name])
        if verb == "add" and len(rows) < CARDS_MAX:
            rows.append({})
            return f"{name}-{len(rows) - 1}"
        if verb == "remove" and at < len(rows):
            self.removed = Removed(name, at, rows.pop(at))
            return "removed"
        to = at + {"up": -1, "down": 1}.get(verb, 0)
        if at < len(rows) and 0 <= to < len(rows):
            rows.insert(to, rows.pop(at))
            return f"{name}-{to}"
        return name

    def drop_empty_cards(self) -> None:
        """A card in which nothing was typed is none."""
        for name, rows in self.cards.items():
            self.cards[name] = [row for row in rows if any(text.strip() for text in row.values())]

    def adds_nothing_to(self, blank: Sheet) -> bool:
        """Whether nothing was typed but what an empty editor holds."""
        same = (text.strip() in ("", blank.fields[name].strip()) for name, text in self.fields.items())
        return all(same) and not any(self.cards.values())

    def document(self, names: Names) -> tuple[dict[str, Any], list[Slip]]:
        """Plain data for `Article`, and a slip for each name that nothing has."""
        slips: list[Slip] = []
        document: dict[str, Any] = {}
        for section in SECTIONS:
            at: Path = (section.record,) if section.record else ()
            said = _read(
                section.parts, {part.name: self.fields[section.field(part)] for part in section.parts}, names, at, slips
            )
            if not section.record:
                document |= said
            elif any(value not in ("", True) for value in said.values()):
                document[section.record] = said
        for name, repeated in LISTS.items():
            rows = [
                _read(repeated.parts, row, names, (name, index), slips) for index, row in enumerate(self.cards[name])
            ]
            document[name] = rows
        _complete_figures(document["figures"])
        return {name: value for name, value in document.items() if value}, slips

    @property
    def inputs(self) -> dict[str, str]:
        """Each input and what stands in it, as a browser sends them."""
        cards = {
            f"{name}-{number}-{part}": text
            for name, rows in self.cards.items()
            for number, row in enumerate(rows)
            for part, text in row.items()
        }
        return self.fields | cards | {"removed": str(self.removed or "")}

    @property
    def texts(self) -> dict[str, tuple[str, str]]:
        """What each field is called and what stands in it, by its input, in the order of the page."""
        found: dict[str, tuple[str, str]] = {}
        for one in PAGE:
            if isinstance(one, Section):
                for part in one.parts:
                    text = self.fields[one.field(part)]
                    found[one.field(part)] = part.label, ("yes" if text else "no") if part.shape == Shape.FLAG else text
                continue
            for index, row in enumerate(self.cards[one.name]):
                for part in one.parts:
                    label = f"{one.one} {index + 1}: {part.label}"
                    found[f"{one.name}-{index}-{part.name}"] = label, row.get(part.name, "")
        return found


@dataclass
class Beside:
    """The slips of an article, each with the field beside which it stands."""

    by_field: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, slips: Iterable[Slip], unknown: Iterable[Slip] = ()) -> Self:
        """`unknown` names stand for whatever else would be said of their fields."""
        beside, told = cls(), {slip.path[:-1]: slip for slip in unknown}
        for slip in unknown:
            beside._add(slip)
        for slip in slips:
            if slip.path in told or slip.path[:-1] in told or _is_told_by(slip, told):
                continue
            beside._add(slip)
        return beside

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The field and what is wrong with it, in the order of the page."""
        return [(name, text) for name, texts in self.by_field.items() for text in texts]

    def _add(self, slip: Slip) -> None:
        name, label, line = _place(slip)
        said = f"{label}, line {line}" if line else label
        text = f"{said} {slip.message}" if slip.message.startswith(VERBS) else f"{said}: {slip.message}"
        if slip.message == "is missing":  # as it reads behind any label, also one in the plural
            text = f"{said}: still missing"
        texts = self.by_field.setdefault(name, [])
        if text not in texts:
            texts.append(text + ("" if text.endswith((".", "?", "!", "”")) else "."))


def _is_told_by(slip: Slip, told: Mapping[Path, Slip]) -> bool:
    """Whether it only says of a whole list or group that a name in it is unknown."""
    says_unknown = slip.message.startswith(("the vocabulary has no", "nobody has the slug"))
    return says_unknown and any(path[0] == slip.path[0] for path in told)


def _read(parts: Iterable[Part], row: Row, names: Names, at: Path, slips: list[Slip]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for part in parts:
        text = row.get(part.name, "")
        if part.shape == Shape.FLAG:
            said[part.name] = bool(text)
        elif part.shape == Shape.MARKDOWN:
            said[part.name] = clean_markdown(text).strip("\n")
        elif part.shape == Shape.LINES:
            said[part.name] = _lines(text)
        elif part.shape == Shape.NAMES:
            said[part.name] = [
                _slug(part, line, names, (*at, part.name, n), slips) for n, line in enumerate(_lines(text))
            ]
        else:
            said[part.name] = clean_line(text)
    return {name: value for name, value in said.items() if value != [] and value != ""} | {
        part.name: said[part.name] for part in parts if part.shape == Shape.FLAG
    }


def _slug(part: Part, typed: str, names: Names, path: Path, slips: list[Slip]) -> str:
    found = names.slug(part.names, typed)
    if found is None:
        like = names.like(part.names, typed)
        slips.append(Slip(path, f"nothing is called “{typed}”" + (f". Did you mean “{like}”?" if like else "")))
    return found or typed


def _typed(part: Part, value: Any, names: Names) -> str:
    if part.shape == Shape.FLAG:
        return "1" if (part.ticked if value is None else value) else ""
    if part.shape == Shape.NAMES:
        return names.shown(part.names, value or ())
    if part.shape == Shape.LINES:
        return "\n".join(value or ())
    return str(value or "")


def _lines(text: str) -> list[str]:
    return [line for line in map(clean_line, text.splitlines()) if line]


def _complete_figures(figures: list[dict[str, Any]]) -> None:
    """What a chosen picture says of itself, and a short name from the caption, so that the text can place it."""
    taken = {figure.get("id") for figure in figures}
    for figure in figures:
        if figure.get("picture"):
            figure.setdefault("kind", PICTURE)
        if figure.get("id") or not figure.get("caption"):
            continue
        stem = slug_of(figure["caption"])[:40].rstrip("-") or "figure"
        numbered = (f"{stem}-{number}" for number in range(2, len(figures) + 3))
        figure["id"] = next(one for one in (stem, *numbered) if one not in taken)
        taken.add(figure["id"])


def _place(slip: Slip) -> tuple[str, str, int]:
    """The input, what it is called, and the line in it, of a slip."""
    first = str(slip.path[0])
    if first in LISTS:
        return _place_in_list(slip)
    section = next((one for one in SECTIONS if one.record == first), None)
    path = slip.path[1:] if section else slip.path
    section = section or next((one for one in SECTIONS if not one.record and _part(one.parts, first)), None)
    if section is None:
        return first, slip.field, slip.line
    part = _part(section.parts, str(path[0])) if path else section.parts[0]
    if part is None:
        return first, slip.field, slip.line
    return section.field(part), part.label, _line(path[1:]) or slip.line


def _place_in_list(slip: Slip) -> tuple[str, str, int]:
    repeated = LISTS[str(slip.path[0])]
    if len(slip.path) < 2 or not isinstance(slip.path[1], int):
        return repeated.name, repeated.title, 0
    card = f"{repeated.name}-{slip.path[1]}"
    label = f"{repeated.one} {slip.path[1] + 1}"
    part = _part(repeated.parts, str(slip.path[2])) if len(slip.path) > 2 else None
    if part is None:
        return card, label, 0
    return f"{card}-{part.name}", f"{label}: {part.label}", _line(slip.path[3:])


def _part(parts: Iterable[Part], name: str) -> Part | None:
    return next((part for part in parts if part.name == name), None)


def _line(rest: Path) -> int:
    return rest[0] + 1 if rest and isinstance(rest[0], int) else 0
