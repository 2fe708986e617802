"""Pictures are read and made here, by a process of its own: `python -I workshop.py clean|smaller|portrait < file`.

Imports nothing of the site. What a hostile file breaks is this process, within its limits of memory and time, and
nothing else; it touches no file. After `portrait` comes the part of it that is wanted. It says one line of JSON, and
after it the bytes of the pictures it made.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MEMORY_BYTES = 290 * 1024 * 1024  # of address space: the process cannot take more, whatever a file says
CPU_SECONDS = 40
LONGEST_SIDE = 20_000  # pixels; a phone's panorama has 16,000
SHORTEST_SIDE = 16
MOST_PIXELS = {"JPEG": 110_000_000, "PNG": 24_000_000, "GIF": 24_000_000, "WEBP": 24_000_000, "AVIF": 24_000_000}
KEPT_SIDE = 2400  # pixels of the longer side of what is kept
WIDTHS = (240, 480, 960, 1440)  # of the smaller pictures, pixels
JPEG = {"format": "JPEG", "quality": 84, "progressive": True, "optimize": True}
PNG = {"format": "PNG", "optimize": True}
KEPT_JPEG = {**JPEG, "quality": 90, "subsampling": "4:4:4"}  # what the others are made from
MIMETYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
PORTRAIT_SIDES = (320, 96)  # pixels of the square beside a name: on the page of an author, above an article
PORTRAIT_LEAST = 160  # pixels of the shorter side
# Of what is cut off a portrait, this much on the left and above, by the part that is wanted: faces are high in a tall
# picture.
PORTRAIT_PARTS = {"face": (0.5, 0.3), "first": (0.0, 0.0), "middle": (0.5, 0.5), "last": (1.0, 1.0)}
PNG_MAY_BE = 2  # times as large as a JPEG before a picture without transparency becomes one

NOT_A_PICTURE = "This is not a JPEG, PNG, WebP, AVIF or GIF picture."
BROKEN = "This picture is damaged. Please save it anew and send it again."
CUT_SHORT = "This picture ends in the middle: it was not copied whole. Please copy it again and send it."
TOO_HEAVY = "This picture needs too much memory to be opened. Please save it smaller, such as 4,000 pixels wide."
MOVING = "This picture moves, which disturbs many readers. Please send a single frame of it, or a film."
SVG = (
    "An SVG can carry programs, so none is taken. Please export the drawing as PNG, about 2,000 pixels wide, "
    "and send that."
)
HEIC = (
    "HEIC pictures cannot be shown by most browsers. Please send it as JPEG: on an iPhone choose it from Photos "
    "here in the browser, which changes it by itself, or set Camera, Formats, Most Compatible."
)
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class Refused(Exception):
    """A file that is not taken; the message is for the person who sent it."""


Made = tuple[dict[str, Any], bytes]


def clean(data: bytes) -> list[Made]:
    """The picture upright, in sRGB, without anything but its pixels, at most KEPT_SIDE long. Raises Refused."""
    plain, format = _upright(data)
    return [_kept(plain, may_be_png=format in ("PNG", "GIF", "WEBP", "AVIF"))]


def portrait(data: bytes, part: str = "face") -> list[Made]:
    """A square of this part of PORTRAIT_PARTS of the picture, at each of PORTRAIT_SIDES, and the whole of it, to be cut
    again. Raises Refused.
    """
    plain, _ = _upright(data)
    if min(plain.size) < PORTRAIT_LEAST:
        raise Refused(
            f"This picture has {plain.width} × {plain.height} pixels. A portrait needs {PORTRAIT_LEAST} on each side."
        )
    opaque = Image.new("RGB", plain.size, "white")
    opaque.paste(plain, mask=plain.getchannel("A") if plain.mode == "RGBA" else None)
    squares = [
        ImageOps.fit(opaque, (side, side), Image.Resampling.LANCZOS, centering=PORTRAIT_PARTS[part])
        for side in PORTRAIT_SIDES
    ]
    return [*((_about("jpg", square), _encoded(square, JPEG)) for square in squares), _kept(opaque, may_be_png=False)]


def smaller(data: bytes) -> list[Made]:
    """The same picture at each width and in each form that is worth it."""
    kept = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    is_png = kept.format == "PNG"
    kept.load()
    forms: dict[str, dict[str, Any]] = {
        "png" if is_png else "jpg": PNG if is_png else JPEG,
        "webp": {"format": "WEBP", "method": 4, **({"lossless": True} if is_png else {"quality": 80})},
        "avif": {"format": "AVIF", "speed": 7, "max_threads": 1, "quality": 70 if is_png else 58},
    }
    made: dict[str, list[Made]] = {form: [] for form in forms}
    for width in sorted({min(width, kept.width) for width in WIDTHS}):
        height = max(1, round(kept.height * width / kept.width))
        sized = kept if width == kept.width else kept.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
        for form, how in forms.items():
            body = data if sized is kept and form == next(iter(forms)) else _encoded(sized, how)
            made[form].append((_about(form, sized), body))
    plain = made.pop(next(iter(forms)))
    worth = [image for image in made.values() if _bytes(image) < 0.95 * _bytes(plain)]
    return plain + [picture for form in worth for picture in form]


def _upright(data: bytes) -> tuple[Image.Image, str]:
    """The pixels of a picture as they are to be seen, and the form it came in. Raises Refused."""
    picture = _opened(data)
    format = "JPEG" if picture.format == "MPO" else str(picture.format)
    _check(picture, format)
    try:
        turned = ImageOps.exif_transpose(_smaller(picture, KEPT_SIDE))
    except OSError as error:
        if picture.info.get("progressive") and "truncated" not in str(error):
            raise MemoryError from error  # such a JPEG is held whole, and libjpeg does not say what it lacks
        raise
    return _in_srgb(turned, picture.info.get("icc_profile")), format


def _opened(data: bytes) -> Image.Image:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml")) or b"<svg" in head:
        raise Refused(SVG)
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS and b"avif" not in data[8:64]:
        raise Refused(HEIC)
    try:
        return Image.open(io.BytesIO(data), formats=tuple(MOST_PIXELS))
    except UnidentifiedImageError:
        raise Refused(NOT_A_PICTURE) from None


def _check(picture: Image.Image, format: str) -> None:
    """What its header says, before a pixel is read."""
    width, height = picture.size
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS[format]:
        raise Refused(
            f"This picture has {width:,} × {height:,} pixels. At most {MOST_PIXELS[format] // 1_000_000} million fit, "
            f"and {LONGEST_SIDE:,} on a side. Please save it smaller."
        )
    if min(width, height) < SHORTEST_SIDE:
        raise Refused(
            f"This picture has {width} × {height} pixels; {SHORTEST_SIDE} on each side are the least that can be shown."
        )
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise Refused(MOVING)


def _smaller(picture: Image.Image, side: int) -> Image.Image:
    """At most `side` long. A JPEG is read at a fraction of its size at once."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    elif picture.mode in ("P", "PA", "LA", "1"):
        picture = picture.convert("RGBA" if picture.mode != "1" else "L")
    if max(picture.size) > side:
        scale = side / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture.draft(None, size)
        return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.5)
    picture.load()
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In the colours of the web. A profile that cannot be used is left out of account."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            flat = picture.convert("RGB") if picture.mode == "RGBA" else picture
            converted = ImageCms.profileToProfile(flat, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = converted or picture
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    if alpha is not None and alpha.getextrema() != (255, 255):
        picture = picture.convert("RGB")
        picture.putalpha(alpha)
    elif picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    picture.info = {}  # with it goes what cameras and programs wrote: places, names, times, thumbnails
    return picture


def _kept(picture: Image.Image, may_be_png: bool) -> Made:
    """Drawings and what is transparent as PNG, photographs as JPEG."""
    if picture.mode == "RGBA":
        return _about("png", picture), _encoded(picture, PNG)
    photo = _encoded(picture, KEPT_JPEG)
    if may_be_png:
        drawing = _encoded(picture, PNG)
        if len(drawing) <= PNG_MAY_BE * len(photo):
            return _about("png", picture), drawing
    return _about("jpg", picture), photo


def _encoded(picture: Image.Image, how: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    picture.save(out, **how)
    return out.getvalue()


def _about(form: str, picture: Image.Image) -> dict[str, Any]:
    return {"suffix": form, "mimetype": MIMETYPES[form], "width": picture.width, "height": picture.height}


def _bytes(made: list[Made]) -> int:
    return sum(len(body) for _, body in made)


def said(task: Callable[..., list[Made]], data: bytes, *words: str) -> tuple[dict[str, Any], list[bytes]]:
    """What the process answers: what was made, or why not."""
    try:
        made = task(data, *words)
    except Refused as refusal:
        return {"refused": str(refusal)}, []
    except MemoryError:
        return {"refused": TOO_HEAVY}, []
    except Exception as error:  # whatever a decoder stumbles over
        return {"refused": CUT_SHORT if "truncated" in str(error) else BROKEN, "because": repr(error)[:200]}, []
    return {"files": [{**about, "bytes": len(body)} for about, body in made]}, [body for _, body in made]


TASKS: dict[str, Callable[..., list[Made]]] = {"clean": clean, "smaller": smaller, "portrait": portrait}


def main() -> None:
    with suppress(OSError):  # where the machine runs out of memory, this process goes, and none that serves
        Path("/proc/self/oom_score_adj").write_text("1000")
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)  # readers go first
    Image.MAX_IMAGE_PIXELS = None  # the caps above are ours
    warnings.simplefilter("ignore")
    answer, bodies = said(TASKS[sys.argv[1]], sys.stdin.buffer.read(), *sys.argv[2:])
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(bodies))


if __name__ == "__main__":
    main()
