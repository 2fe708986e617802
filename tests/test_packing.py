"""Static files are packed once for all starts."""

from __future__ import annotations

import os
import time

import brotli
import pytest

from blog import packing

BODY = b".a { color: red }\n" * 50


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "packed"


@pytest.fixture
def packs(monkeypatch):
    """The bodies that were really packed."""
    bodies = []
    pack = packing.pack
    monkeypatch.setattr(packing, "pack", lambda body: bodies.append(body) or pack(body))
    return bodies


def test_what_was_packed_is_read_at_the_next_start(folder, packs):
    before = packing.packed(BODY, [folder])

    assert before == packing.packed(BODY, [folder])
    assert BODY == brotli.decompress(before["br"])
    assert [BODY] == packs


def test_another_body_is_packed_for_itself(folder):
    packing.packed(BODY, [folder])

    assert BODY[1:] == brotli.decompress(packing.packed(BODY[1:], [folder])["br"])


@pytest.mark.parametrize("damage", [lambda kept: kept[:-1], lambda kept: b"", lambda kept: kept[:-1] + b"x"])
def test_a_damaged_file_is_never_sent(folder, damage):
    before = packing.packed(BODY, [folder])
    for path in folder.iterdir():
        path.write_bytes(damage(path.read_bytes()))

    assert before == packing.packed(BODY, [folder])


def test_where_the_software_cannot_be_written_the_next_folder_is_taken(tmp_path, folder, packs):
    """And where none can, the site goes on."""
    (tmp_path / "software").touch()
    for folders in ([tmp_path / "software" / "packed", folder],) * 2:
        assert packing.packed(BODY, folders)

    assert [BODY] == packs
    assert packing.packed(BODY, [tmp_path / "software" / "packed"])


def test_what_nobody_has_used_for_long_goes(folder):
    """What is used, on any day, stays."""
    packing.packed(BODY, [folder])
    packing.packed(BODY[1:], [folder])
    long_ago = time.time() - packing.UNUSED_SECONDS - 1
    for path in folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    packing.packed(BODY, [folder])
    packing.packed(BODY[2:], [folder])

    assert 2 * len(packing.ENCODINGS) == len(list(folder.iterdir()))
