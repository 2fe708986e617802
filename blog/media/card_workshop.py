"""Draws cards, in a process of its own: `python -I card_workshop.py < card`, a line of JSON and behind it the photo.

Text and our own drawings in, a PNG of 1200 × 630 pixels out: title, drawing and the site's name. What the font has no
letters for is not written, so that no boxes stand there: the card then shows the drawing and the mark alone. Imports
nothing of the site.
"""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
from functools import cache

import fontpkg_literata
import resvg_py
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
FONT = str(fontpkg_literata.ROOT / "files" / "Literata[opsz,wght].ttf")  # that of the site's titles
FAMILY = fontpkg_literata.FAMILY
OPTICAL_SIZES = (7, 72)

PAPER, INK, SOFT, LINE, PANEL = "#fbfbf9", "#1d2724", "#4c5a54", "#dbe1dc", "#f6f1e7"
MARGIN, GAP = 64, 48
PANEL_WIDTH = 460
TITLE_SIZES = (76, 68, 60, 54, 48, 42)  # the largest with which it fits
TITLE_LINES, LEADING = 6, 1.18
COLOURS = 128  # of the PNG; flat drawings need no more

REGULAR, BOLD = 400, 600


def draw(*, title: str, above: str, site: str, mark: str, drawing: str = "", photo: bytes = b"") -> bytes:
    """The card as a PNG. What its parts mean stands in card.py."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    right = WIDTH - MARGIN
    if drawing or photo:
        right = WIDTH - PANEL_WIDTH - GAP
        canvas.rectangle((WIDTH - PANEL_WIDTH, 0, WIDTH, HEIGHT), fill=PANEL)
        _place(image, drawing, photo)
    else:
        for radius in (248, 312, 376):
            canvas.circle((WIDTH - 120, HEIGHT - 60), radius, outline=LINE, width=2)
    _write_foot(image, canvas, mark, site)
    _write_title(canvas, writable(title), writable(above), right - MARGIN)
    packed = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE if not photo else Image.Dither.FLOYDSTEINBERG).save(
        packed, "PNG", optimize=True
    )
    return packed.getvalue()


def writable(text: str) -> str:
    """`text` as the font can write it, without emoji and the like; nothing where a letter or digit of it is missing."""
    kept = []
    for character in unicodedata.normalize("NFC", " ".join(text.split())):
        if _has(character):
            kept.append(character)
        elif unicodedata.category(character)[0] in "LMN":
            return ""
    return " ".join("".join(kept).split())


def lines_of(text: str, font: ImageFont.FreeTypeFont, width: int, most: int) -> list[str] | None:
    """`text` in lines of this width; None where it needs more than `most`, or a word is wider than a line."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        elif len(lines) == most or font.getlength(word) > width:
            return None
        else:
            lines.append(word)
    return lines


def _write_title(canvas: ImageDraw.ImageDraw, title: str, above: str, width: int) -> None:
    top = MARGIN
    if not title:
        return
    if above:
        canvas.text((MARGIN, top), _cut(above, _font(28), width), fill=SOFT, font=_font(28))
        top += 56
    bottom = HEIGHT - MARGIN - 96
    for size in TITLE_SIZES:
        font, height = _font(size, BOLD), round(size * LEADING)
        lines = lines_of(title, font, width, min(TITLE_LINES, (bottom - top) // height))
        if lines is not None:
            break
    else:
        lines = _cut_lines(title, font, width, (bottom - top) // height)
    for number, line in enumerate(lines):
        canvas.text((MARGIN, top + number * height), line, fill=INK, font=font)


def _write_foot(image: Image.Image, canvas: ImageDraw.ImageDraw, mark: str, site: str) -> None:
    sign = _pixels(mark, 52, 52)
    image.paste(sign, (MARGIN, HEIGHT - MARGIN - 52), sign)
    font = _font(30)
    name = _cut(writable(site), font, WIDTH - PANEL_WIDTH - GAP - MARGIN - 76)
    canvas.text((MARGIN + 72, HEIGHT - MARGIN - 26), name, fill=SOFT, font=font, anchor="lm")


def _place(image: Image.Image, drawing: str, photo: bytes) -> None:
    """The drawing whole in the middle of its panel, or the photo over all of it."""
    left = WIDTH - PANEL_WIDTH
    if drawing:
        shown = _pixels(drawing, PANEL_WIDTH - 24, HEIGHT - 48)
        place = left + (PANEL_WIDTH - shown.width) // 2, (HEIGHT - shown.height) // 2
        image.paste(shown, place, shown)
        return
    with Image.open(io.BytesIO(photo)) as picture:
        shown = picture.convert("RGB")
    scale = max(PANEL_WIDTH / shown.width, HEIGHT / shown.height)
    shown = shown.resize((round(shown.width * scale), round(shown.height * scale)), Image.Resampling.LANCZOS)
    x, y = (shown.width - PANEL_WIDTH) // 2, (shown.height - HEIGHT) // 2
    image.paste(shown.crop((x, y, x + PANEL_WIDTH, y + HEIGHT)), (left, 0))


def _pixels(svg: str, width: int, height: int) -> Image.Image:
    """A drawing of ours as large as fits, with its words in our font."""
    packed = resvg_py.svg_to_bytes(
        svg_string=svg, height=height, skip_system_fonts=True, font_files=[FONT], font_family=FAMILY,
        sans_serif_family=FAMILY,
    )  # fmt: skip
    with Image.open(io.BytesIO(bytes(packed))) as picture:
        drawn = picture.convert("RGBA")
    drawn.thumbnail((width, height), Image.Resampling.LANCZOS)
    return drawn


def _cut_lines(text: str, font: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
    """As many words as fit, the last line ending in …"""
    room = width - round(font.getlength("…")) - 1
    words = [_cut(word, font, room) for word in text.split(" ")]
    while words:
        lines = lines_of(" ".join(words).removesuffix("…") + "…", font, width, most)
        if lines is not None:
            return lines
        words.pop()
    return []


def _cut(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


@cache
def _font(size: int, weight: int = REGULAR) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FONT, size)
    font.set_variation_by_axes([min(max(size, OPTICAL_SIZES[0]), OPTICAL_SIZES[1]), weight])
    return font


@cache
def _has(character: str) -> bool:
    """Whether the font draws this character, and not the box that stands for what it lacks."""
    if character == " ":
        return True
    return _looks(character) not in (_looks("\uffff"), _looks("\U0010ffff"), (0, 0, b""))


def _looks(character: str) -> tuple[int, int, bytes]:
    mask = _font(32).getmask(character)
    return (*mask.size, bytes(mask))


def main() -> None:
    os.nice(10)  # readers go first
    words, _, photo = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.buffer.write(b"{}\n" + draw(**json.loads(words), photo=photo))


if __name__ == "__main__":
    main()
