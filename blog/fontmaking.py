"""Makes the subsets of the site's fonts: `python -m blog.fontmaking [INSTANCE]`, a few seconds, once for each version.

A process of its own, as no request needs what it loads. Part of the installation and of `flask init`.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from blog import fonts
from blog.fonts import FACES, RANGES, STYLES, Face, StandIn

COMMON = "aaabcdeeeefghiijklmnnoopqrrssttuvwxyz      "  # letters and blanks as often as English has them
FEATURES = ("kern", "liga", "tnum")
FAINT = 0.02  # ems: kerning of less is not seen, and a tenth of a font's bytes
PAIRS = 2  # the type of a lookup that kerns
UNUSED = ("GDEF", "STAT", "vhea", "vmtx")  # tables: for marks that we have no letters for, for axes, for upright lines
NAMES = (0, 1, 2, 13, 14)  # copyright, family, style, licence and its address stay in the file


def main(instance: Path | None) -> None:
    """Make what is missing, in the first folder that can be written."""
    if fonts.made(instance):
        return
    for folder in fonts.folders(instance):
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            begun = Path(tempfile.mkdtemp(dir=folder.parent))
        except OSError:
            continue
        for name, body in make().items():
            (begun / name).write_bytes(body)
        begun.chmod(0o755)
        try:
            begun.replace(folder)  # whole or not at all
        except OSError:
            shutil.rmtree(begun)  # somebody else was quicker
        return
    raise SystemExit("The fonts could not be made: neither .cache nor the instance folder can be written.")


def make() -> dict[str, bytes]:
    """All subsets, and the stylesheet that names them."""
    files, rules = {}, []
    for face in FACES:
        source = _source(face)
        for name, letters in RANGES.items():
            file = f"{face.name}-{name}.woff2"
            files[file] = _subset(source, face, subset.parse_unicodes(letters.replace("U+", "")))
            rules.append(_rule(face, file, letters))
        with TTFont(source, lazy=True) as font:
            rules += [_stand_in(face, stand_in, font) for stand_in in face.stand_ins]
    return {**files, STYLES: "\n".join(dict.fromkeys(rules)).encode()}


def _source(face: Face) -> Path:
    files = distribution(face.package).files or ()
    return next(Path(str(file.locate())) for file in files if file.name == face.file)


def _subset(source: Path, face: Face, letters: Iterable[int]) -> bytes:
    options = subset.Options(layout_features=list(FEATURES), hinting=False, name_IDs=list(NAMES), notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    body = io.BytesIO()
    with TTFont(source, lazy=True, recalcTimestamp=False) as font:  # the same bytes on each machine
        cutter.subset(font)  # first, because fixing an axis takes as long as there are letters
        if face.axes:
            instancer.instantiateVariableFont(font, dict(face.axes), inplace=True)
        for table in UNUSED:
            if table in font:
                del font[table]
        _kern_less(font)
        font.flavor = "woff2"
        font.save(body)
    return body.getvalue()


def _kern_less(font: Any) -> None:
    """Leave faint kerning out: classes that hardly move, and pairs that are kerned nearly as their classes are."""
    least = FAINT * font["head"].unitsPerEm
    for lookup in font["GPOS"].table.LookupList.Lookup if "GPOS" in font else ():
        classes = [table for table in lookup.SubTable if table.LookupType == PAIRS and table.Format == 2]
        for record in (record for table in classes for row in table.Class1Record for record in row.Class2Record):
            if 0 < abs(_moved(record)) < least:
                record.Value1.XAdvance = 0
        for table in lookup.SubTable:
            if table.LookupType == PAIRS and table.Format == 1:
                kept = []
                for first, pairs in zip(table.Coverage.glyphs, table.PairSet, strict=True):
                    pairs.PairValueRecord = [
                        pair
                        for pair in pairs.PairValueRecord
                        if abs(_moved(pair) - _of_classes(classes, first, pair.SecondGlyph)) >= least
                    ]
                    if pairs.PairValueRecord:
                        kept.append((first, pairs))
                table.Coverage.glyphs, table.PairSet = [first for first, _ in kept], [pairs for _, pairs in kept]


def _moved(record: Any) -> int:
    return getattr(record.Value1, "XAdvance", 0) or 0


def _of_classes(classes: Iterable[Any], first: str, second: str) -> int:
    """How far a pair is kerned by the classes of its letters."""
    for table in classes:
        if first in table.Coverage.glyphs:
            row = table.Class1Record[table.ClassDef1.classDefs.get(first, 0)]
            return _moved(row.Class2Record[table.ClassDef2.classDefs.get(second, 0)])
    return 0


def _rule(face: Face, file: str, letters: str) -> str:
    return (
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-display: swap; '
        f'src: url("{file}") format("woff2"); unicode-range: {letters}; }}'
    )


def _stand_in(face: Face, stand_in: StandIn, font: Any) -> str:
    """A font of the device in the measures of ours, so that lines break where they will."""
    em, metrics, letters = font["head"].unitsPerEm, font["hmtx"], font.getBestCmap()
    width = sum(metrics[letters[ord(letter)]][0] for letter in COMMON) / len(COMMON) / em
    size = width / stand_in.width
    rise, fall = font["hhea"].ascent / em / size, -font["hhea"].descent / em / size
    local = ", ".join(f'local("{name}")' for name in stand_in.fonts)
    return (
        f'@font-face {{ font-family: "{face.family} stand-in"; font-weight: {face.weight}; src: {local}; '
        f"size-adjust: {size:.1%}; ascent-override: {rise:.1%}; descent-override: {fall:.1%}; line-gap-override: 0%; }}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
