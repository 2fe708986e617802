"""Which encoding a client gets, and whether it holds the page already."""

from __future__ import annotations

import gzip

import brotli
import pytest
import zstandard

from blog.pagecache.negotiation import PACKERS, encoding_for, has_current, is_packable

UNPACK = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "identity"),
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd, gzip", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000, gzip;q=0.001", "gzip"),
        ("gzip;q=0", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *;q=0.1", "zstd"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, *;q=0", "identity"),
        ("deflate, compress", "identity"),
        ("gzip;q=nonsense", "identity"),
        (" gzip ; q=0.8 , ,", "gzip"),
        ("gzip;q=nan", "identity"),
    ],
)
def test_the_client_is_sent_what_it_likes_best(accept, expected):
    """By quality, ours first among equals; never what it refuses."""
    assert expected == encoding_for(accept)


@pytest.mark.parametrize("encoding", PACKERS)
def test_packed_bodies_unpack_to_the_same(encoding):
    """Each encoding is what its name says, and always the same bytes, as a strong ETag promises."""
    body = b"<p>Trigger points</p>\n" * 500
    packed = PACKERS[encoding](body)

    assert body == UNPACK[encoding](packed)
    assert packed == PACKERS[encoding](body)
    assert len(packed) < len(body) / 10


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('"abc"', True),
        ('W/"abc"', True),
        ("*", True),
        ('"x", "abc"', True),
        ('"x" , W/"abc" ,"y"', True),
        ('"with, comma", "abc"', True),
        ('"abcd"', False),
        ('"ab"', False),
        ('"x", "y"', False),
        ("abc", False),
        ('x"abc"', False),
        ('"abc', False),
        ("", False),
        ('"*"', False),
    ],
)
def test_if_none_match_compares_weakly(given, expected):
    """Lists, weak marks and the star count; parts and unquoted words do not."""
    assert expected == has_current(given, '"abc"')


@pytest.mark.parametrize(
    ("kind", "size", "expected"),
    [
        ("text/html; charset=utf-8", 5000, True),
        ("application/atom+xml", 5000, True),
        ("image/svg+xml", 5000, True),
        ("image/png", 5000, False),
        ("text/html", 10, False),
    ],
)
def test_only_text_is_packed(kind, size, expected):
    """Pictures are packed already, and a few bytes are not worth it."""
    assert expected == is_packable(kind, size)
