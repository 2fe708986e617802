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

ROOT = Path(__file__).parents[1]
RULES = 1  # of making subsets; a higher number makes them anew

# Ranges of letters, each a file of its own: browsers fetch the second for names such as "Łódź" alone.
LATIN = (
    "U+20-7E, U+A0-FF, U+2009-2011, U+2013-2014, U+2018-201A, U+201C-201E, U+2022, U+2026, U+202F, U+2039-203A, "
    "U+20AC, U+2212"
)
FURTHER = "U+100-17F, U+218-21B, U+1E80-1E85, U+1EF2-1EF3"
RANGES = {"latin": LATIN, "further": FURTHER}


@dataclass(frozen=True)
class Face:
    """One weight of a font. `stand_ins` are fonts of devices, all of one width, that are shown until it is there."""

    name: str  # of its files
    family: str
    weight: str  # as the stylesheet names it
    package: str
    file: str
    axes: Mapping[str, float]  # where a variable font is fixed
    stand_ins: tuple[str, ...]
    stand_in_width: float  # of their letters as they are common in English, in ems


SANS = ("Arial", "Liberation Sans", "Arimo")
SERIF = ("Times New Roman", "Liberation Serif", "Tinos")
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
        0.4563,
    ),
    Face(
        "strong",
        HYPERLEGIBLE,
        "600 700",
        "fontpkg-atkinson-hyperlegible",
        "AtkinsonHyperlegible-Bold.ttf",
        {},
        SANS,
        0.4937,
    ),
    Face(
        "title",
        LITERATA,
        "400 600",
        "fontpkg-literata",
        "Literata[opsz,wght].ttf",
        {"opsz": 36, "wght": 500},
        SERIF,
        0.4172,
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
    return [parent / "fonts" / digest() for parent in (ROOT / ".cache", *([instance / "cache"] if instance else []))]


def made(instance: Path | None) -> Path | None:
    """The folder of the subsets and their stylesheet; None before they were made."""
    return next((folder for folder in folders(instance) if (folder / STYLES).is_file()), None)


def preloaded() -> list[str]:
    """The files that every page needs at once."""
    return [f"{face.name}-latin.woff2" for face in FACES]
