"""Videos made of boxes, without frames: what they hold is looked at, never played."""

from __future__ import annotations


def box(kind: bytes, body: bytes = b"") -> bytes:
    return (8 + len(body)).to_bytes(4) + kind + body


PLACE = "+48.8577+002.295/"
TELLING = box(b"udta", box(b"\xa9xyz", PLACE.encode()) + box(b"loci", PLACE.encode()))


def mp4(brand: bytes = b"isom", moov: bytes = TELLING, frames: bytes = b"f" * 5000) -> bytes:
    """An MP4 file that says where it was taken, for the film and for its track."""
    track = box(b"trak", box(b"tkhd", b"\0" * 84) + box(b"udta", PLACE.encode()))
    whole = box(b"moov", box(b"mvhd", b"\0" * 100) + track + moov)
    return box(b"ftyp", brand + b"\0\0\2\0isommp41") + whole + box(b"uuid", PLACE.encode()) + box(b"mdat", frames)


def element(id: bytes, body: bytes) -> bytes:
    return id + (len(body) | 1 << 56).to_bytes(8) + body


def webm(kind: bytes = b"webm", frames: bytes = b"f" * 3000) -> bytes:
    """A WebM file with tags behind its frames."""
    head = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", kind))
    parts = element(b"\x16\x54\xae\x6b", b"tracks") + element(b"\x1f\x43\xb6\x75", frames)
    return head + element(b"\x18\x53\x80\x67", parts + element(b"\x12\x54\xc3\x67", PLACE.encode()))


CAPTIONS = b"WEBVTT\n\n00:00.500 --> 00:02.000\nLie on one side.\n"
SRT = b"1\r\n00:00:00,500 --> 00:00:02,000\r\nLie on one side.\r\n"
