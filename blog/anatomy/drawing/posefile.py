"""Pose files: what an author writes about a stretch, read and checked. docs/drawing.md explains each field.

A slip is told with the file and the field, so that it can be mended without reading this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blog.anatomy.drawing.skeleton import (
    PAIRED_PLACES,
    PLACES,
    SIDES,
    Arm,
    Bend,
    Body,
    Leg,
    OutOfReach,
    Posture,
    Spot,
    posed,
)
from blog.anatomy.drawing.space import Eye, Vector
from blog.anatomy.drawing.supports import KINDS, Thing
from blog.libraries import later

if TYPE_CHECKING:
    import yaml
else:
    yaml = later("yaml")

FOLDER = Path(__file__).parents[1] / "poses"

TINTED = {
    "pelvis": "trunk",
    "waist": "trunk",
    "chest": "trunk",
    "neck": "trunk",
    "head": "head",
    "jaw": "head",
    **{
        f"{side} {part}": limb
        for side in SIDES
        for part, limb in (
            ("thigh", "leg"),
            ("shin", "leg"),
            ("foot", "leg"),
            ("upper arm", "arm"),
            ("forearm", "arm"),
            ("hand", "arm"),
        )
    },
}
LAYERS = (
    "trunk",
    "head",
    *(f"{side} {part}" for side in SIDES for part in ("arm", "leg", "upper arm", "forearm", "thigh", "shin")),
)


class PoseError(ValueError):
    """A slip in a pose file: names file and field."""


@dataclass(frozen=True)
class Tint:
    """The stretched region: a stripe on a part of the body, given in the part's own frame."""

    part: str
    start: Vector
    end: Vector
    radius: float


@dataclass(frozen=True)
class Arrow:
    """The movement, along points."""

    points: tuple[Spot, ...]
    both: bool = False


@dataclass(frozen=True)
class Strap:
    """A strap or towel held tight along points."""

    points: tuple[Spot, ...]


@dataclass(frozen=True)
class Pose:
    """One stretch as a picture."""

    name: str
    title: str
    words: str
    eye: Eye
    end: Posture
    start: Posture | None = None
    things: tuple[Thing, ...] = ()
    straps: tuple[Strap, ...] = ()
    tints: tuple[Tint, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    order: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()  # joints that the picture is cut to; all where none are named
    margin: float = 14  # centimetres round them
    room: float = 0  # centimetres that the start position may move into the picture of the end position

    @property
    def body(self) -> Body:
        """The body at the end of the movement."""
        return posed(self.end)


def names() -> frozenset[str]:
    """The poses that there are."""
    return _names()


@lru_cache(1)
def _names() -> frozenset[str]:
    return frozenset(path.stem for path in FOLDER.glob("*.yaml"))


def load(name: str) -> Pose:
    """The pose of this name. Raises KeyError where there is none, PoseError where its file has a slip."""
    if name not in names():
        raise KeyError(name)
    return read(FOLDER / f"{name}.yaml")


def read(path: Path) -> Pose:
    """The pose that a file holds. Raises PoseError."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same rules, ten times as fast where libyaml is there
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.YAMLError as error:
        raise PoseError(f"{path.name}: is not YAML: {error}") from error
    return parse(path.stem, said)


def parse(name: str, said: Any) -> Pose:
    """The pose that a file's content holds. Raises PoseError."""
    top = _Fields(said, f"{name}.yaml")
    view = top.section("view")
    eye = Eye(view.number("round"), view.number("above", 8))
    view.done()
    end = top.required("end")
    posture = _posture(_Fields(end, top.path("end")))
    begun = top.value("start")
    start = _posture(_Fields(_over(end, begun, top.path("start")), top.path("start"))) if begun is not None else None
    pose = Pose(
        name=name,
        title=top.text("title"),
        words=top.text("words"),
        eye=eye,
        end=posture,
        start=start,
        things=tuple(_thing(row) for row in top.rows("support")),
        straps=tuple(_strap(row) for row in top.rows("straps")),
        tints=tuple(_tint(row) for row in top.rows("tint")),
        arrows=tuple(_arrow(row) for row in top.rows("arrows")),
        order=top.names("order", LAYERS),
        shown=top.names("shown", None),
        margin=top.number("margin", 14),
        room=top.number("room", 0),
    )
    top.done()
    _solve(pose)
    return pose


def _solve(pose: Pose) -> None:
    """Refuses what no body can reach, at the time of reading."""
    for where, posture in (("end", pose.end), ("start", pose.start)):
        if posture is None:
            continue
        try:
            posed(posture)
        except OutOfReach as error:
            raise PoseError(f"{pose.name}.yaml: {where}: {error}") from error
    joints = pose.body.joints if pose.shown else {}
    for joint in pose.shown:
        if joint not in joints:
            raise PoseError(f"{pose.name}.yaml: shown: there is no joint {joint!r}; {_choice(joints)}")


def _posture(fields: _Fields) -> Posture:
    pelvis = fields.section("pelvis")
    at, hips = pelvis.vector("at"), _bend(pelvis)
    posture = Posture(
        pelvis=at,
        hips=hips,
        **{part: _bend(fields.section(part, optional=True)) for part in ("waist", "chest", "neck", "head")},
        legs={side: _leg(fields.section(f"{side} leg")) for side in SIDES},
        arms={side: _arm(fields.section(f"{side} arm")) for side in SIDES},
        glide=fields.number("glide", 0),
        jaw=fields.number("jaw", 0),
    )
    fields.done()
    return posture


def _bend(fields: _Fields) -> Bend:
    bend = Bend(fields.number("bend", 0), fields.number("side", 0), fields.number("turn", 0))
    fields.done()
    return bend


def _leg(fields: _Fields) -> Leg:
    leg = Leg(
        sole=fields.spot("sole", optional=True),
        ankle=fields.spot("ankle", optional=True),
        knee=fields.vector("knee", optional=True),
        toes=fields.vector("toes", optional=True),
        foot=fields.number("foot", 90),
        ball=fields.number("ball", 0),
    )
    if (leg.sole is None) == (leg.ankle is None):
        raise PoseError(f"{fields.where}: give either `sole` (a standing foot) or `ankle` (a free one)")
    fields.done()
    return leg


def _arm(fields: _Fields) -> Arm:
    hand = fields.spot("hand")
    arm = Arm(
        hand=hand or Spot(),
        elbow=fields.vector("elbow", optional=True),
        fingers=fields.vector("fingers", optional=True),
        palm=fields.vector("palm", optional=True),
        grip=fields.number("grip", 0),
        shoulder=fields.vector("shoulder", optional=True) or (0, 0, 0),
    )
    fields.done()
    return arm


def _thing(fields: _Fields) -> Thing:
    thing = Thing(
        kind=fields.choice("kind", tuple(KINDS)),
        at=fields.vector("at"),
        size=fields.vector("size", optional=True) or (0, 0, 0),
        turn=fields.number("turn", 0),
        tilt=fields.number("tilt", 0),
        front=fields.flag("front"),
    )
    fields.done()
    return thing


def _strap(fields: _Fields) -> Strap:
    strap = Strap(fields.spots("points"))
    fields.done()
    return strap


def _tint(fields: _Fields) -> Tint:
    tint = Tint(
        part=fields.choice("part", tuple(TINTED)),
        start=fields.vector("from"),
        end=fields.vector("to"),
        radius=fields.number("radius"),
    )
    fields.done()
    return tint


def _arrow(fields: _Fields) -> Arrow:
    arrow = Arrow(fields.spots("points"), fields.flag("both"))
    if len(arrow.points) < 2:
        raise PoseError(f"{fields.where}: points: an arrow needs two points or more")
    fields.done()
    return arrow


def _over(end: Any, start: Any, where: str) -> Any:
    """The end position with the changes that make it the start; a part is taken as a whole."""
    if not isinstance(end, Mapping) or not isinstance(start, Mapping):
        raise PoseError(f"{where}: expected fields of the position")
    return {**end, **start}


def _choice(known: Any) -> str:
    return "known are " + ", ".join(sorted(known))


class _Fields:
    """A mapping of a pose file that remembers what was asked of it, and complains by name."""

    def __init__(self, said: Any, where: str) -> None:
        if not isinstance(said, Mapping):
            raise PoseError(f"{where}: expected fields, not {said!r}")
        self.said, self.where, self.asked = said, where, set[str]()

    def path(self, name: str) -> str:
        return f"{self.where}: {name}"

    def value(self, name: str) -> Any:
        self.asked.add(name)
        return self.said.get(name)

    def required(self, name: str) -> Any:
        if (value := self.value(name)) is None:
            raise PoseError(f"{self.path(name)}: is missing")
        return value

    def done(self) -> None:
        """Refuses fields that nobody asked for: a slip of the pen would pass unseen."""
        if unknown := [str(name) for name in self.said if name not in self.asked]:
            raise PoseError(f"{self.path(unknown[0])}: is not a field; {_choice(self.asked)}")

    def section(self, name: str, optional: bool = False) -> _Fields:
        value = self.value(name)
        return _Fields({} if value is None and optional else self.required(name), self.path(name))

    def rows(self, name: str) -> list[_Fields]:
        value = self.value(name) or []
        if not isinstance(value, list):
            raise PoseError(f"{self.path(name)}: expected a list")
        return [_Fields(row, f"{self.path(name)} {i + 1}") for i, row in enumerate(value)]

    def text(self, name: str) -> str:
        value = self.required(name)
        if not isinstance(value, str) or not value.strip():
            raise PoseError(f"{self.path(name)}: expected words, not {value!r}")
        return value.strip()

    def number(self, name: str, default: float | None = None) -> float:
        value = self.value(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PoseError(f"{self.path(name)}: expected a number, not {value!r}")
        return float(value)

    def flag(self, name: str) -> bool:
        value = self.value(name)
        if value not in (None, True, False):
            raise PoseError(f"{self.path(name)}: expected true or false, not {value!r}")
        return bool(value)

    def choice(self, name: str, known: tuple[str, ...]) -> str:
        value = self.required(name)
        if value not in known:
            raise PoseError(f"{self.path(name)}: there is no {value!r}; {_choice(known)}")
        return str(value)

    def names(self, name: str, known: tuple[str, ...] | None) -> tuple[str, ...]:
        values = self.value(name) or []
        if not isinstance(values, list):
            raise PoseError(f"{self.path(name)}: expected a list of names")
        for value in values:
            if known is not None and value not in known:
                raise PoseError(f"{self.path(name)}: there is no {value!r}; {_choice(known)}")
        return tuple(str(value) for value in values)

    def vector(self, name: str, optional: bool = False) -> Any:
        value = self.value(name)
        if value is None and optional:
            return None
        return _vector(value, self.path(name))

    def spot(self, name: str, optional: bool = False) -> Spot | None:
        value = self.value(name)
        if value is None and optional:
            return None
        return _spot(value, self.path(name))

    def spots(self, name: str) -> tuple[Spot, ...]:
        values = self.required(name)
        if not isinstance(values, list):
            raise PoseError(f"{self.path(name)}: expected a list of points")
        return tuple(_spot(value, f"{self.path(name)} {i + 1}") for i, value in enumerate(values))


def _vector(value: Any, where: str) -> Vector:
    numbers = isinstance(value, list) and len(value) == 3
    if not numbers or any(isinstance(v, bool) or not isinstance(v, int | float) for v in value):
        raise PoseError(f"{where}: expected three numbers (ahead, left, up), not {value!r}")
    return float(value[0]), float(value[1]), float(value[2])


def _spot(value: Any, where: str) -> Spot:
    if isinstance(value, list):
        return Spot(_vector(value, where))
    if isinstance(value, str):
        value = {"place": value}
    if not isinstance(value, Mapping) or set(value) - {"place", "move"} or "place" not in value:
        raise PoseError(f"{where}: expected three numbers, a place of the body, or `place` with `move`, not {value!r}")
    place = str(value["place"])
    side, _, rest = place.partition(" ")
    if place not in PLACES and not (side in SIDES and rest in PAIRED_PLACES):
        known = [*PLACES, *(f"left {name}" for name in PAIRED_PLACES)]
        raise PoseError(f"{where}: the body has no place {place!r}; {_choice(known)} (or right)")
    return Spot(_vector(value["move"], where) if "move" in value else (0.0, 0.0, 0.0), place)
