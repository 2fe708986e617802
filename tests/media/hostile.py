"""Files that mean harm, made by code: each with what must become of it, a sentence or nothing but a picture."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache

from PIL import Image

from tests.media.files import drawing, file, from_a_phone

PNG = b"\x89PNG\r\n\x1a\n"
SCRIPT = b"<script>alert('SECRETWORDS')</script>"
MARKS = (b"<script", b"<?php", b"PK\x03\x04", b"SECRETWORDS", b"Telephone", b"Exif")
HARMLESS = ""  # taken, and nothing of the mark is left
TOO_MANY = "pixels. At most"
MOVES = "This picture moves"
CUT = "ends in the middle"
DAMAGED = "damaged|not a JPEG|ends in the middle"
NO_PICTURE = "not a JPEG, PNG, WebP, AVIF or GIF picture"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes, *more: bytes) -> bytes:
    """A grey PNG; `pixels` are packed as they are, `more` are chunks before them."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return PNG + header + b"".join(more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@cache
def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing, packed."""
    packer, packed = zlib.compressobj(9), []
    for _ in range(megabytes):
        packed.append(packer.compress(bytes(1024 * 1024)))
    return b"".join([*packed, packer.flush()])


def small(*more: bytes) -> bytes:
    return png(32, 32, zlib.compress(bytes(33 * 32)), *more)


def moving(format: str, frames: int) -> bytes:
    pictures = [Image.new("RGB", (32, 32), (number % 256, number * 50 % 256, 0)) for number in range(frames)]
    return file(pictures[0], format, save_all=True, append_images=pictures[1:], duration=20)


def with_comment(words: bytes) -> bytes:
    return file(format="JPEG", comment=words)


def sized(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose header says another size."""
    at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", SCRIPT)
    return out.getvalue()


def gif_header(width: int, height: int) -> bytes:
    data = bytearray(file(format="GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def webp_canvas(side: int) -> bytes:
    size = struct.pack("<I", side - 1)[:3]
    inner = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes(4) + size + size + file(format="WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def files() -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes, and what must be said; HARMLESS where a picture may come of it."""
    jpeg = file(drawing(400, 300), "JPEG")
    yield "header-bomb.png", png(60_000, 60_000, zlib.compress(b"0")), TOO_MANY
    yield "content-bomb.png", png(32, 32, zeros(300)), f"^$|{DAMAGED}|memory"
    yield "ztxt-bomb.png", small(chunk(b"zTXt", b"Comment\0\0" + zeros(300))), f"^$|{DAMAGED}|memory"
    yield "itxt-bomb.png", small(chunk(b"iTXt", b"Comment\0\1\0\0\0" + zeros(300))), f"^$|{DAMAGED}|memory"
    yield "iccp-bomb.png", small(chunk(b"iCCP", b"sRGB\0\0" + zeros(300))), f"^$|{DAMAGED}|memory"
    yield "many-chunks.png", small(*(chunk(b"tEXt", b"a\0" + b"x" * 900) for _ in range(4000))), f"^$|{DAMAGED}|memory"
    yield "wide.jpg", file(Image.new("L", (65_500, 16)), "JPEG"), TOO_MANY
    yield "tall.png", file(Image.new("1", (16, 65_500)), "PNG"), TOO_MANY
    yield "large.png", file(Image.new("1", (15_000, 15_000)), "PNG"), TOO_MANY
    yield "header-bomb.jpg", sized(jpeg, 65_500, 65_500), TOO_MANY
    yield "grown.jpg", sized(jpeg, 10_000, 10_000), f"^$|{CUT}|{DAMAGED}"  # grey where nothing was
    yield "held-whole.jpg", sized(file(drawing(400, 300), "JPEG", progressive=True), 10_000, 10_900), "memory|middle"
    yield "header-bomb.gif", gif_header(65_535, 65_535), TOO_MANY
    yield "header-bomb.webp", webp_canvas(16_384), f"{TOO_MANY}|{DAMAGED}"
    yield "300-frames.gif", moving("GIF", 300), MOVES
    yield "moving.png", moving("PNG", 5), MOVES
    yield "moving.webp", moving("WEBP", 5), MOVES
    yield "moving.avif", moving("AVIF", 3), MOVES
    for format in ("JPEG", "PNG", "WEBP", "AVIF", "GIF"):
        whole = file(Image.effect_noise((200, 200), 90), format)
        yield f"cut.{format.lower()}", whole[: len(whole) // 2], f"{CUT}|{DAMAGED}"
    yield "crc.png", small().replace(b"IDAT", b"IDAU"), DAMAGED
    yield "drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>", "SVG can carry programs"
    yield "with-doctype.png", b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE svg><svg/>", "SVG can carry programs"
    yield (
        "entities.png",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
        "SVG",
    )
    yield "packed.svgz", gzip.compress(b"<svg/>"), NO_PICTURE
    yield "page.png", b"<!doctype html>" + SCRIPT, NO_PICTURE
    yield "program.gif", b"GIF89a=1;/*" + b" " * 40 + b"*/alert('SECRETWORDS')", f"{DAMAGED}|pixels"
    yield "page-behind.png", file() + SCRIPT, HARMLESS
    yield "archive-behind.jpg", jpeg + zipped(), HARMLESS
    yield "page-inside.jpg", with_comment(SCRIPT), HARMLESS
    yield "php-inside.png", small(chunk(b"tEXt", b"Comment\0<?php system('SECRETWORDS'); ?>")), HARMLESS
    yield "where-it-was-taken.jpg", from_a_phone(), HARMLESS
    yield "turned-99-times.jpg", from_a_phone(turned=99), HARMLESS
    yield "photo.jpg", file(format="PNG"), HARMLESS
    yield "../../../etc/cron.d/x.png", file(drawing(40)), HARMLESS
    yield "a\0b.png/..\\..\\c.php", file(drawing(41)), HARMLESS
    yield "text.pdf", b"%PDF-1.7\n" + SCRIPT, NO_PICTURE
    yield "scan.tif", file(format="TIFF"), NO_PICTURE
    yield "old.bmp", file(format="BMP"), NO_PICTURE
    yield "icon.ico", file(format="ICO"), NO_PICTURE
    yield "print.eps", file(format="EPS"), NO_PICTURE
    yield "layers.psd", b"8BPS\0\1" + bytes(40), NO_PICTURE
    yield "phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40), "HEIC"
    yield "film.jpg", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(40), NO_PICTURE
    yield "program.jpg", b"\x7fELF\2\1\1" + bytes(60), NO_PICTURE
    yield "noise.jpg", bytes(range(256)) * 40, NO_PICTURE
    yield "nothing.png", b"", "empty"
    yield "point.gif", file(drawing(2, 2), "GIF"), "2 × 2 pixels"
