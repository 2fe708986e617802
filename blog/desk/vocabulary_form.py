"""Forms for the entries of the vocabulary, made from a list of what each kind says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from blog.anatomy.models import CONFIDENCE, LEVELS, Entry, EntryKind
from blog.database import db
from blog.text.characters import clean_line

Path = tuple[str | int, ...]
LINE_MAX_CHARS = 400


class Shape(Enum):
    """How a part of an entry is typed."""

    LINE = auto()
    LINES = auto()  # one a line
    NAMES = auto()  # other entries by name, one a line
    NAME = auto()  # one other entry, chosen
    SURE = auto()  # how sure, chosen
    FLAG = auto()


@dataclass(frozen=True)
class Part:
    """A part of an entry's document: where it stands, what it is called, how it is typed."""

    path: Path
    label: str
    shape: Shape
    kind: EntryKind | None = None  # of the entries named
    required: bool = False

    @property
    def field(self) -> str:
        """The name of its input."""
        return "_".join(map(str, self.path))


_NAME = Part(("name",), "Name", Shape.LINE, required=True)
_REVIEWED = Part(("reviewed",), "A clinician has reviewed this page: show it without the sample label", Shape.FLAG)
_ALSO = Part(("aliases",), "Also called", Shape.LINES)
PARTS: dict[EntryKind, tuple[Part, ...]] = {
    EntryKind.MUSCLE: (
        _NAME,
        Part(("latin",), "Latin name", Shape.LINE),
        _ALSO,
        Part(("region",), "Region", Shape.NAME, EntryKind.REGION),
        Part(("actions",), "What it does", Shape.LINES),
        Part(("nerve",), "Nerve", Shape.LINE),
        Part(("pain_areas", "main"), "Pain mainly reported in", Shape.NAMES, EntryKind.PAIN_AREA),
        Part(("pain_areas", "less_often"), "Pain reported less often in", Shape.NAMES, EntryKind.PAIN_AREA),
        Part(("synergists",), "Works together with", Shape.NAMES, EntryKind.MUSCLE),
        Part(("synergists_other",), "Works together with, without an entry", Shape.LINES),
        Part(("antagonists",), "Works against", Shape.NAMES, EntryKind.MUSCLE),
        Part(("antagonists_other",), "Works against, without an entry", Shape.LINES),
        Part(("neighbours",), "Lies beside", Shape.LINES),
        Part(("conditions",), "Sometimes mentioned together with", Shape.NAMES, EntryKind.CONDITION),
        Part(("overload_causes",), "Said to overload it", Shape.LINES),
        Part(("sensitive_area",), "A sensitive area", Shape.FLAG),
        Part(("pressure_caution",), "Caution about pressing", Shape.LINE),
        Part(("red_flag_sets",), "Warning signs", Shape.NAMES, EntryKind.RED_FLAGS),
        Part(("uncertain",), "Uncertain points", Shape.LINES),
        Part(("confidence", "anatomy"), "How sure: anatomy", Shape.SURE),
        Part(("confidence", "referred_pain"), "How sure: reported pain", Shape.SURE),
        Part(("confidence", "conditions"), "How sure: conditions", Shape.SURE),
        Part(("sources",), "Sources", Shape.NAMES, EntryKind.SOURCE),
        _REVIEWED,
    ),
    EntryKind.PAIN_AREA: (
        _NAME,
        _ALSO,
        Part(("region",), "Region", Shape.NAME, EntryKind.REGION),
        Part(("red_flag_set",), "Warning signs", Shape.NAME, EntryKind.RED_FLAGS),
        _REVIEWED,
    ),
    EntryKind.CONDITION: (
        _NAME,
        _ALSO,
        Part(("plain",), "In plain words", Shape.LINE, required=True),
        Part(("caveat",), "What to keep in mind", Shape.LINE),
        Part(("area",), "Where on the body", Shape.NAME, EntryKind.PAIN_AREA),
        Part(("red_flag_sets",), "Warning signs", Shape.NAMES, EntryKind.RED_FLAGS),
        Part(("confidence",), "How sure: the muscles", Shape.SURE),
        _REVIEWED,
    ),
    EntryKind.RED_FLAGS: (
        _NAME,
        *(
            part
            for index, level in enumerate(LEVELS)
            for part in (
                Part(("levels", index, "heading"), f"{level.capitalize()}: heading", Shape.LINE, required=True),
                Part(("levels", index, "items"), f"{level.capitalize()}: signs", Shape.LINES, required=True),
            )
        ),
    ),
    EntryKind.REGION: (_NAME,),
    EntryKind.SOURCE: (_NAME,),
}


class EntryForm(FlaskForm):
    """One entry; the parts of its kind are added by `form_for`."""

    parts: tuple[Part, ...] = ()
    named: Mapping[EntryKind, dict[str, str]] = {}

    def document(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The entry's document with what was typed; what the form does not know stays. Call after `validate`."""
        document = deepcopy(dict(before))
        for part in self.parts:
            value = self._read(part)
            if value is not False or _get(document, part.path) is not None:  # a box never ticked is not written down
                _put(document, part.path, value)
        return document

    def _read(self, part: Part) -> Any:
        data = self[part.field].data
        if part.shape == Shape.LINES:
            return lines(data)
        if part.shape == Shape.NAMES and part.kind:
            return [self.named[part.kind][line.casefold()] for line in lines(data)]
        if part.shape == Shape.LINE:
            return clean_line(data or "") or (None if part.path == ("pressure_caution",) else "")
        return data


def form_for(entry: Entry, document: Mapping[str, Any]) -> EntryForm:
    """The form of an entry, filled with `document` unless something was sent."""
    parts = PARTS[entry.kind]
    kinds = {part.kind for part in parts if part.kind}
    entries = {kind: list(db.session.scalars(Entry.of_kind(kind))) for kind in kinds}
    names = {entry.slug: entry.name for found in entries.values() for entry in found}
    named = {
        kind: {key.casefold(): one.slug for one in found for key in (one.name, one.slug)}
        for kind, found in entries.items()
    }
    fields = {part.field: _field(part, entries, named) for part in parts}
    form = type("EntryForm", (EntryForm,), {**fields, "parts": parts, "named": named})
    return form(data={part.field: _typed(part, _get(document, part.path), names) for part in parts})  # type: ignore[no-any-return]


def lines(text: str | None) -> list[str]:
    """The lines of a text that say something."""
    return [line for line in map(clean_line, (text or "").splitlines()) if line]


def _field(part: Part, entries: Mapping[EntryKind, list[Entry]], named: Mapping[EntryKind, dict[str, str]]) -> Any:
    needed = [DataRequired("Please fill this in.")] if part.required else []
    if part.shape == Shape.FLAG:
        return BooleanField(part.label)
    if part.shape == Shape.SURE:
        return SelectField(part.label, choices=list(CONFIDENCE))
    if part.shape == Shape.NAME and part.kind:
        return SelectField(part.label, choices=[SelectChoice(one.slug, one.name) for one in entries[part.kind]])
    if part.shape == Shape.LINE:
        return StringField(part.label, [*needed, Length(max=120 if part.path == ("name",) else LINE_MAX_CHARS)])
    known = named[part.kind] if part.kind else None
    return TextAreaField(part.label, [*needed, _LinesKnown(known)])


@dataclass(frozen=True)
class _LinesKnown:
    """Every line is short enough and, where others are named, names one that exists."""

    known: Mapping[str, str] | None

    def __call__(self, form: Any, field: Any) -> None:
        typed = lines(field.data)
        long = [line for line in typed if len(line) > LINE_MAX_CHARS]
        if long:
            raise ValidationError(f"This line is too long: “{long[0][:40]}…”")
        unknown = [line for line in typed if self.known is not None and line.casefold() not in self.known]
        if unknown:
            raise ValidationError(f"The vocabulary does not know: {', '.join(unknown)}")


def _typed(part: Part, value: Any, names: Mapping[str, str]) -> Any:
    """A value as it stands in the form."""
    if part.shape == Shape.NAMES:
        return "\n".join(names.get(slug, slug) for slug in value or ())
    if part.shape == Shape.LINES:
        return "\n".join(value or ())
    return value


def _get(document: Any, path: Iterable[str | int]) -> Any:
    for step in path:
        if isinstance(document, list):
            document = document[step] if isinstance(step, int) and step < len(document) else None
        else:
            document = document.get(step) if isinstance(document, Mapping) else None
    return document


def _put(document: Any, path: Path, value: Any) -> None:
    *way, last = path
    for step in way:
        document = document[step]
    document[last] = value
