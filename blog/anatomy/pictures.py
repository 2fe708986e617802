"""The drawings as pictures of a page: where they are, how large, what they say. Drawn once in each process."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, Self

from blog.anatomy import drawing
from blog.anatomy.models import Entry, EntryKind, EntryText
from blog.database import db
from blog.keys import matches

PICTURES_KEPT = 512  # per process, about 10 kB each

_SIZE = re.compile(r'<svg[^>]*?\bwidth="([0-9.]+)"[^>]*?\bheight="([0-9.]+)"')
_NAME = re.compile(r"(pain-map|pain-close|area-close|sites|stretch|area|film-start|film-end|film)-([a-z0-9-]+)\Z")


@dataclass(frozen=True)
class Drawing:
    """An SVG and what a page needs to show it without a jump."""

    svg: str
    fingerprint: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """A drawing on a page. `alt` is short; the long description stands beside it as text."""

    url: str
    width: int
    height: int
    alt: str
    places: tuple[str, ...] = ()  # what the numbers on it stand for, in their order


class Shown(Protocol):
    """What a drawing needs of an entry."""

    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def document(self) -> Mapping[str, Any]: ...


def pain_map_of(muscle: Shown) -> Picture:
    """Where pain linked with a muscle is commonly reported."""
    return _picture(
        f"pain-map-{muscle.slug}", _pain_map(muscle), f"Body outline with the pain areas of the {muscle.name.lower()}"
    )


def site_map_of(muscle: Shown) -> Picture:
    """Where a muscle lies, with the approximate places of its trigger points where they are known."""
    alt = f"Body outline with the place of the {muscle.name.lower()}"
    picture = _picture(f"sites-{muscle.slug}", _site_map(muscle), alt)
    return replace(picture, places=tuple(drawing.site_names(muscle.slug)))


def pain_close_up_of(muscle: Shown) -> Picture | None:
    """The pain map of a muscle without words, cut to its main areas: for cards, and beside a title.

    None for a muscle without areas.
    """
    if not any(muscle.document.get("pain_areas", {}).values()):
        return None
    alt = f"Body outline with the pain areas of the {muscle.name.lower()}"
    return _picture(f"pain-close-{muscle.slug}", _pain_close_up(muscle), alt)


def area_close_up_of(area: Shown) -> Picture | None:
    """Where a pain area is, for cards; None where it is not drawn."""
    drawn = _area_close_up(area.slug, area.name)
    return _picture(f"area-close-{area.slug}", drawn, f"The area on the body: {area.name.lower()}") if drawn else None


def whole_body() -> Picture:
    """The body from the front and from behind, with the pain areas: the way to them."""
    return _picture("body", _body(), "The body from the front and from behind")


def drawing_of(entry: Entry | EntryText) -> str:
    """The drawing that stands for an entry: a muscle's pain map, a pain area's place. Empty for what is not drawn."""
    if entry.kind == EntryKind.MUSCLE:
        return _pain_map(entry).svg
    drawn = _area_map(entry.slug, entry.name) if entry.kind == EntryKind.PAIN_AREA else None
    return drawn.svg if drawn else ""


def stretch_picture(pose: str) -> Picture | None:
    """A posed figure, by the name of its pose; None where the pose is not drawn."""
    drawn = _stretch(pose)
    return _picture(f"stretch-{pose}", drawn, "The position of the stretch") if drawn else None


def has_film(pose: str) -> bool:
    """Whether a pose is drawn and has a start to move from."""
    return pose in drawing.pose_names() and drawing.pose(pose).start is not None


def film_of(pose: str) -> tuple[Picture, Picture, Picture] | None:
    """A stretch from start to end and back: its first position, its last, and the film, in one size.

    None where the pose is not drawn or has no start.
    """
    if not has_film(pose):
        return None
    words = (
        "The start of the stretch",
        "The end of the stretch",
        "The stretch, moving from its start to its end and back",
    )
    start, end, film = (
        _picture(f"{what}-{pose}", _film(what, pose), alt)
        for what, alt in zip(("film-start", "film-end", "film"), words, strict=True)
    )
    return start, end, film


def pain_map_words(main: Iterable[Entry], other: Iterable[Entry]) -> str:
    """What a pain map shows, in words, made from the same entries as the drawing."""
    mainly = "; ".join(area.name.lower() for area in main)
    less = "; ".join(area.name.lower() for area in other)
    return (
        f"Main areas, densely hatched: {mainly}. "
        + (f"Reported less often, dotted: {less}. " if less else "")
        + "Patterns differ from person to person and are drawn from experts' clinical observation."
    )


def draw(name: str, fingerprint: str) -> str | None:
    """The SVG of this name, if this is its fingerprint today."""
    match = _NAME.match(name)
    if name == "body":
        return _body().svg if matches(fingerprint, _body().fingerprint) else None
    if match is None:
        return None
    what, slug = match.groups()
    drawn = None
    if what == "stretch":
        drawn = _stretch(slug)
    elif what in _FILMS:
        drawn = _film(what, slug) if has_film(slug) else None
    elif what in _OF_AREAS:
        area = db.session.scalar(Entry.shown(EntryKind.PAIN_AREA, slug))
        drawn = _OF_AREAS[what](slug, area.name) if area is not None else None
    else:
        muscle = db.session.scalar(Entry.shown(EntryKind.MUSCLE, slug))
        drawn = _OF_MUSCLES[what](muscle) if muscle is not None else None
    return drawn.svg if drawn is not None and matches(fingerprint, drawn.fingerprint) else None


class _Drawn(NamedTuple):
    """What a drawing of a muscle depends on, so that a changed entry is drawn anew."""

    slug: str
    name: str
    main: tuple[str, ...] = ()
    less_often: tuple[str, ...] = ()

    @classmethod
    def of(cls, muscle: Shown) -> Self:
        said = muscle.document
        areas = said.get("pain_areas", {})
        return cls(said["slug"], said["name"], tuple(areas.get("main", ())), tuple(areas.get("less_often", ())))

    @property
    def document(self) -> dict[str, Any]:
        """In the words of the vocabulary."""
        areas = {"main": list(self.main), "less_often": list(self.less_often)}
        return {"slug": self.slug, "name": self.name, "pain_areas": areas}


def _pain_map(muscle: Shown) -> Drawing:
    return _drawn(drawing.pain_map, _Drawn.of(muscle))


def _pain_close_up(muscle: Shown) -> Drawing:
    return _drawn(drawing.pain_close_up, _Drawn.of(muscle))


def _site_map(muscle: Shown) -> Drawing:
    return _drawn(drawing.site_map, _Drawn.of(muscle)._replace(main=(), less_often=()))


@lru_cache(PICTURES_KEPT)
def _drawn(draw: Callable[[Mapping[str, Any]], str], said: _Drawn) -> Drawing:
    return _measured(draw(said.document))


@lru_cache(PICTURES_KEPT)
def _stretch(name: str) -> Drawing | None:
    return _measured(drawing.stretch_figure(drawing.pose(name))) if name in drawing.pose_names() else None


_FILMS: dict[str, Callable[[drawing.Pose], str]] = {
    "film": drawing.film,
    "film-start": lambda pose: drawing.still(pose, at_end=False),
    "film-end": lambda pose: drawing.still(pose, at_end=True),
}


@lru_cache(PICTURES_KEPT)
def _film(what: str, name: str) -> Drawing:
    return _measured(_FILMS[what](drawing.pose(name)))


@lru_cache(PICTURES_KEPT)
def _area_map(slug: str, name: str) -> Drawing | None:
    return _measured(drawing.area_map(slug, name)) if _is_area(slug) else None


@lru_cache(PICTURES_KEPT)
def _area_close_up(slug: str, name: str) -> Drawing | None:
    return _measured(drawing.area_close_up(slug, name)) if _is_area(slug) else None


@lru_cache(1)
def _body() -> Drawing:
    return _measured(drawing.whole_body())


def _is_area(slug: str) -> bool:
    return any(slug in shapes for shapes in drawing.AREAS.values())


_OF_AREAS = {"area": _area_map, "area-close": _area_close_up}
_OF_MUSCLES = {"pain-map": _pain_map, "pain-close": _pain_close_up, "sites": _site_map}


def _measured(svg: str) -> Drawing:
    size = _SIZE.search(svg)
    if size is None:
        raise ValueError("a drawing says its width and height")
    return Drawing(svg, hashlib.sha256(svg.encode()).hexdigest()[:16], round(float(size[1])), round(float(size[2])))


def _picture(name: str, drawn: Drawing, alt: str) -> Picture:
    address = f"/media/{drawn.fingerprint}/{name}.svg"  # by hand: a list of muscles would ask url_for sixty times
    return Picture(address, drawn.width, drawn.height, alt)
