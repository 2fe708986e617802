"""Videos and captions as they are sent: what they really are is looked at, and where they were taken is taken out.

Pure functions on bytes. A video is not made anew: its frames stay as the camera wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from blog.errors import Refused
from blog.text.characters import clean_text

MOST_CAPTION_BYTES = 500_000
MOST_BOXES = 10_000

NO_VIDEO = "This is neither an MP4 nor a WebM video."
QUICKTIME = (
    "This is a QuickTime film (.mov), which many browsers cannot play. Please export it as MP4 (H.264): on an iPhone "
    "set Camera, Formats, Most Compatible."
)
CUT_SHORT = "This video ends in the middle: it was not copied whole. Please copy it again and send it."
NO_CAPTIONS = "These are no captions. Please send a WebVTT file (.vtt), which begins with WEBVTT, or an SRT file."

_BRANDS = frozenset(b"isom iso2 iso4 iso5 iso6 iso8 mp41 mp42 avc1 M4V  M4VH M4VP MSNV dash f4v  XAVC".split(b" ")) | {
    b"M4V ",
    b"f4v ",
}
_TELLING = frozenset({b"udta", b"meta", b"uuid", b"\xa9xyz", b"loci"})  # boxes that say where, when and with what
_HOLDING = frozenset({b"moov", b"trak", b"mdia"})
_SEGMENT, _TAGS, _ATTACHMENTS = 0x18538067, 0x1254C367, 0x1941A469
_EBML = b"\x1a\x45\xdf\xa3"
_SRT_TIME = re.compile(r"(\d{2}:\d{2}:\d{2}),(\d{3})")
_CUE = re.compile(r"(?:\d{2,}:)?\d{2}:\d{2}\.\d{3} +--> +(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}")


def cleaned_video(data: bytes) -> tuple[str, bytes]:
    """The suffix of a video, and the video without what it tells of its maker. Raises Refused."""
    if data[4:8] == b"ftyp":
        return "mp4", _cleaned_mp4(data)
    if data.startswith(_EBML) and b"webm" in data[:64]:
        return "webm", _cleaned_webm(data)
    raise Refused(NO_VIDEO)


def cleaned_captions(data: bytes) -> str:
    """Captions as WebVTT; those in SRT are turned into it. Raises Refused."""
    try:
        text = clean_text(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise Refused(NO_CAPTIONS) from None
    if not text.startswith("WEBVTT"):
        text = "WEBVTT\n\n" + _SRT_TIME.sub(r"\1.\2", text) if _SRT_TIME.search(text) else ""
    if len(data) > MOST_CAPTION_BYTES or not _CUE.search(text):
        raise Refused(NO_CAPTIONS)
    return text


def _cleaned_mp4(data: bytes) -> bytes:
    brand = data[8:12]
    if brand == b"qt  ":
        raise Refused(QUICKTIME)
    if brand not in _BRANDS:
        raise Refused(NO_VIDEO)
    clean, found = bytearray(data), set()
    for kind, start, body, end in _boxes(data, 0, len(data)):
        found.add(kind)
        if kind in _TELLING:  # its place stays, so that no other moves
            clean[start + 4 : start + 8] = b"free"
            clean[body:end] = bytes(end - body)
    if not {b"moov", b"mdat"} <= found:
        raise Refused(CUT_SHORT)
    return bytes(clean)


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Kind, start, body and end of the boxes between `at` and `end`, and of those inside them. Raises Refused."""
    for _ in range(MOST_BOXES):
        if at == end:
            return
        size, kind, body = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, body = int.from_bytes(data[at + 8 : at + 16]), at + 16
        last = end if size == 0 else at + size
        if last > end or last < body or body > end:
            raise Refused(CUT_SHORT)
        yield kind, at, body, last
        if kind in _HOLDING:
            yield from _boxes(data, body, last)
        at = last
    raise Refused(NO_VIDEO)


def _cleaned_webm(data: bytes) -> bytes:
    clean = bytearray(data)
    for id, start, end in _elements(data):
        if id in (_TAGS, _ATTACHMENTS) and end - start >= 9:
            clean[start] = 0xEC  # Void: its place stays, so that no other moves
            clean[start + 1 : start + 9] = (end - start - 9 | 1 << 56).to_bytes(8)
            clean[start + 9 : end] = bytes(end - start - 9)
    return bytes(clean)


def _elements(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Id, start and end of the parts of the segment. Raises Refused."""
    at, end = 0, len(data)
    for _ in range(MOST_BOXES):
        if at >= end:
            return
        id, behind = _number(data, at, keep_mark=True)
        size, body = _number(data, behind, keep_mark=False)
        is_unknown = size == (1 << 7 * (body - behind)) - 1
        if id == _SEGMENT:
            at = body
            continue
        last = body + size
        if is_unknown:
            return  # a recording without lengths: nothing of interest follows its frames
        if last > end:
            raise Refused(CUT_SHORT)
        yield id, at, last
        at = last


def _number(data: bytes, at: int, keep_mark: bool) -> tuple[int, int]:
    """A number of EBML, and where the next begins. Raises Refused."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    if length > 8 or at + length > len(data):
        raise Refused(CUT_SHORT)
    value = int.from_bytes(data[at : at + length])
    return value if keep_mark else value & ((1 << 7 * length) - 1), at + length
