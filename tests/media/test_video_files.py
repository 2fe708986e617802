"""Videos and captions as they are sent."""

from __future__ import annotations

import pytest

from blog.errors import Refused
from blog.media.video_files import cleaned_captions, cleaned_video
from tests.media.films import CAPTIONS, PLACE, SRT, box, mp4, webm


@pytest.mark.parametrize(("data", "suffix"), [(mp4(), "mp4"), (webm(), "webm")])
def test_a_video_stays_but_for_where_it_was_taken(data, suffix):
    """Nothing moves: a player finds every frame where the file says it is."""
    found, clean = cleaned_video(data)

    assert (suffix, len(data)) == (found, len(clean))
    assert (True, False) == (PLACE.encode() in data, PLACE.encode() in clean)
    assert clean.index(b"ffff") == data.index(b"ffff")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "neither an MP4 nor a WebM"),
        (b"<html>", "neither an MP4 nor a WebM"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "neither an MP4 nor a WebM"),
        (mp4(b"heic"), "neither an MP4 nor a WebM"),
        (mp4(b"qt  "), "QuickTime"),
        (mp4()[:-1], "ends in the middle"),
        (mp4()[:200], "ends in the middle"),
        (box(b"ftyp", b"isom") + box(b"free"), "ends in the middle"),
        (box(b"ftyp", b"isom") + b"\0\0\0\2moov", "ends in the middle"),
        (box(b"ftyp", b"isom") + box(b"free") * 10_001, "neither an MP4 nor a WebM"),
        (mp4(moov=b"\0\0\0\1" + b"trak" + b"\xff" * 8), "ends in the middle"),
        (webm(b"matroska"), "neither an MP4 nor a WebM"),
        (webm()[:80], "ends in the middle"),
    ],
)
def test_what_is_no_video_is_refused_with_a_sentence(data, why):
    with pytest.raises(Refused, match=why):
        cleaned_video(data)


@pytest.mark.parametrize("data", [CAPTIONS, b"\xef\xbb\xbf" + CAPTIONS, SRT])
def test_captions_become_webvtt(data):
    text = cleaned_captions(data)

    assert text.startswith("WEBVTT\n")
    assert "00.500 --> " in text and "Lie on one side." in text


@pytest.mark.parametrize("data", [b"", b"WEBVTT", b"\xff\xfe", b"Just words", CAPTIONS + b"x" * 500_000])
def test_what_is_no_captions_is_refused(data):
    with pytest.raises(Refused, match="no captions"):
        cleaned_captions(data)
