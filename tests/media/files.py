"""Files for tests: pictures of every form, made by code."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

GPS, ORIENTATION, GPS_LATITUDE = 0x8825, 0x0112, 2


def drawing(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Four colours in four corners, so that a turn is seen."""
    colours = {"L": (10, 80, 160, 240), "RGB": ((200, 0, 0), (0, 200, 0), (0, 0, 200), (200, 200, 0))}
    red, green, blue, yellow = colours.get(mode) or tuple((*one, 128) for one in colours["RGB"])
    picture = Image.new(mode, (width, height), red)
    picture.paste(green, (width // 2, 0, width, height // 2))
    picture.paste(blue, (0, height // 2, width // 2, height))
    picture.paste(yellow, (width // 2, height // 2, width, height))
    return picture


def file(picture: Image.Image | None = None, format: str = "PNG", **how: Any) -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    (picture or drawing()).save(out, format, **how)
    return out.getvalue()


def from_a_phone(width: int = 64, height: int = 48, turned: int = 6) -> bytes:
    """A JPEG that says where it was taken, and that it must be turned."""
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    exif[0x0110] = "Telephone 12"
    exif.get_ifd(GPS)[GPS_LATITUDE] = (47.0, 22.0, 11.5)
    return file(drawing(width, height), "JPEG", exif=exif, quality=95, comment=b"SECRETWORDS")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
