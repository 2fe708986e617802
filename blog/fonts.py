"""The site's own fonts: which, from which packages, and the subsets that `blog.fontmaking` makes of them.

Until then, and for letters that no subset has, readers see the fonts of their device; nothing moves when ours arrive,
because the ones of the device are set to the same measures. Licences: see docs/design.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from blog.instance import caches

ROOT = Path(__file__).parents[1]
RULES = 3  # of making subsets; a higher number makes them anew

# Ranges of letters, each a file of its own: browsers fetch the second for names such as "Jürgen" alone, the third for
# "Łódź".
ENGLISH = (
    "U+20-7E, U+A0, U+A3, U+A9, U+AB, U+AE, U+B0-B1, U+B7, U+BB, U+BD, U+D7, U+2009-2011, U+2013-2014, U+2018-201A, "
    "U+201C-201E, U+2022, U+2026, U+202F, U+2039-203A, U+20AC, U+2212"
)
WESTERN = "U+A1-A2, U+A4-A8, U+AA, U+AC-AD, U+AF, U+B2-B6, U+B8-BA, U+BC, U+BE-D6, U+D8-FF"
FURTHER = "U+100-17F, U+218-21B, U+1E80-1E85, U+1EF2-1EF3"
RANGES = {"english": ENGLISH, "western": WESTERN, "further": FURTHER}


@dataclass(frozen=True)
class StandIn:
    """Fonts of devices, all of one width, that are shown until ours is there."""

    fonts: tuple[str, ...]
    width: float  # of their letters as they are common in English, in ems


@dataclass(frozen=True)
class Face:
    """One weight of a font. The last stand-in that a device has is the one it shows."""

    name: str  # of its files
    family: str
    weight: str  # as the stylesheet names it
    package: str
    file: str
    axes: Mapping[str, float]  # where a variable font is fixed
    stand_ins: tuple[StandIn, ...]


# On Linux, on Android, and everywhere else.
SANS = (
    StandIn(("DejaVu Sans",), 0.5226),
    StandIn(("Roboto", "Roboto Regular"), 0.458),
    StandIn(("Arial", "Liberation Sans", "Arimo", "Arimo Regular"), 0.4563),
)
SANS_BOLD = (
    StandIn(("DejaVu Sans Bold",), 0.5888),
    StandIn(("Roboto Bold",), 0.4647),
    StandIn(("Arial Bold", "Liberation Sans Bold", "Arimo Bold"), 0.4937),
)
SERIF = (
    StandIn(("DejaVu Serif",), 0.527),
    StandIn(("Noto Serif", "Noto Serif Regular"), 0.4972),
    StandIn(("Times New Roman", "Liberation Serif", "Tinos"), 0.4172),
)
HYPERLEGIBLE, LITERATA = "Atkinson Hyperlegible", "Literata"
FACES = (
    Face(
        "text",
        HYPERLEGIBLE,
        "400",
        "fontpkg-atkinson-hyperlegible",
        "AtkinsonHyperlegible-Regular.ttf",
        {},
        SANS,
    ),
    Face(
        "strong",
        HYPERLEGIBLE,
        "600 700",
        "fontpkg-atkinson-hyperlegible",
        "AtkinsonHyperlegible-Bold.ttf",
        {},
        SANS_BOLD,
    ),
    Face(
        "title",
        LITERATA,
        "400 600",
        "fontpkg-literata",
        "Literata[opsz,wght].ttf",
        {"opsz": 36, "wght": 500},
        SERIF,
    ),
)
STYLES = "fonts.css"


@cache
def digest() -> str:
    """Names everything that the subsets depend on."""
    packages = {face.package: version(face.package) for face in FACES}
    said = [RULES, RANGES, [asdict(face) for face in FACES], packages]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def folders(instance: Path | None) -> list[Path]:
    """Where the subsets may lie: beside the software, and where that cannot be written, in the instance folder."""
    return [folder / digest() for folder in caches("fonts", instance)]


def made(instance: Path | None) -> Path | None:
    """The folder of the subsets and their stylesheet; None before they were made."""
    return next((folder for folder in folders(instance) if (folder / STYLES).is_file()), None)


def preloaded() -> list[str]:
    """The files that every page needs at once."""
    return [f"{face.name}-english.woff2" for face in FACES]
