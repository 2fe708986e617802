"""The table of slots: shared, fixed, and changed by every touch."""

from __future__ import annotations

import os
import subprocess
import sys

from blog.config import ROOT
from blog.pagecache.slots import PLACES, SLOT_BYTES, Slots, slot_of, values_at


def test_a_touch_is_seen_through_another_mapping(tmp_path):
    """Two processes, or two sites in one, share the table through its file."""
    here, there = Slots(tmp_path / "slots"), Slots(tmp_path / "slots")
    places = (slot_of("post:1"), slot_of("post:2"))
    before, generation = there.values(places), there.generation

    here.touch(["post:1"])

    changed = [old != new for old, new in zip(before, there.values(places), strict=True)]
    assert [True, False] == changed
    assert generation != there.generation


def test_every_touch_writes_another_value(tmp_path):
    """A value never comes back, so an old page cannot become current again."""
    slots = Slots(tmp_path / "slots")
    seen = set()
    for _ in range(1000):
        slots.touch(["site"])
        seen.add((slots.generation, *slots.values((slot_of("site"),))))

    assert 1000 == len(seen)


def test_a_copy_stays_as_it_was(tmp_path):
    """What a page is kept with does not follow the table."""
    slots = Slots(tmp_path / "slots")
    copied, place = slots.copy(), slot_of("site")

    slots.touch(["site"])

    assert (0,) == values_at(copied, (place,)) != slots.values((place,))


def test_the_file_is_never_replaced(tmp_path):
    """Opened again it keeps its size, its place on the disk and its values."""
    path = tmp_path / "slots"
    slots = Slots(path)
    slots.touch(["site"])
    before = path.stat()

    again = Slots(path)

    assert (before.st_ino, PLACES * SLOT_BYTES) == (path.stat().st_ino, path.stat().st_size)
    assert slots.values((slot_of("site"),)) == again.values((slot_of("site"),))


def test_a_key_has_the_same_slot_in_every_process():
    """Python's own hash differs from process to process; ours must not. Slot 0 belongs to no key."""
    code = "from blog.pagecache.slots import slot_of; print(slot_of('post:1'), slot_of('Ä'))"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert f"{slot_of('post:1')} {slot_of('Ä')}" == run.stdout.strip()
    assert 0 not in {slot_of(f"post:{number}") for number in range(200_000)}
