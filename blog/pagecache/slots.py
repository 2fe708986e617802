"""A table of random numbers shared by all processes of this machine: a page holds while the slots of its keys do.

The file has a fixed size, is allocated once and never replaced. A key's slot is written anew after each committed
change of what the key names; two keys that fall into one slot only drop a page too much. Slot 0 changes with every
write, so one comparison tells that nothing at all has changed.

Ordering. A writer writes the slots, then slot 0; a reader that trusts slot 0 has read it before it compared the slots.
So whoever sees the old slot 0 may be ahead of `touch`, but never behind its end. The lock passed between the two steps
keeps processors that reorder memory from undoing this. A torn copy of a slot differs from what was written before and
after, except with a chance of 2^-32, and then only one half of a number changed: it drops a page too much, too.

Behind the slots stand two numbers on which all processes of the machine agree: until when the slots are proven to say
what other machines have changed, and up to where their changes were read (blog/pagecache/following.py). Who looks at a
page first asks whether the slots are proven, then compares them: in this order, what was told before the proof is seen.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path

SLOT_BYTES = 8
SLOTS = 1 << 16  # half a megabyte; copying it takes 20 µs
PROVEN_UNTIL, READ_UP_TO = SLOTS, SLOTS + 1  # places behind them
PLACES = SLOTS + 2
ALWAYS = (1 << 63) - 1

# Nanoseconds since the machine started, the same in all its processes; also while it slept, where the system can say.
boot_clock: Callable[[], int] = partial(time.clock_gettime_ns, getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Slots:
    """The table in `path`, opened or made."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < PLACES * SLOT_BYTES:
                os.posix_fallocate(descriptor, 0, PLACES * SLOT_BYTES)  # a full disk must not stop us later
            self._map = mmap.mmap(descriptor, PLACES * SLOT_BYTES)
        finally:
            os.close(descriptor)
        self.view = memoryview(self._map).cast("Q")
        self._order = threading.Lock()

    @property
    def generation(self) -> int:
        """Slot 0: unchanged means that no slot has changed."""
        return self.view[0]

    @property
    def is_proven(self) -> bool:
        """Whether pages that the slots do not speak against may be given out. Ask before comparing slots."""
        return self.view[PROVEN_UNTIL] > boot_clock()

    def touch(self, keys: Iterable[str]) -> None:
        """Drop every page that shows one of `keys`, in all processes. Call after the change is committed."""
        with self._order:
            for key in keys:
                self.view[slot_of(key)] = secrets.randbits(64)
        with self._order:
            self.view[0] = secrets.randbits(64)

    def copy(self) -> memoryview:
        """All values as they are now."""
        return memoryview(self.view.tobytes()).cast("Q")

    def values(self, places: tuple[int, ...]) -> tuple[int, ...]:
        """What stands now in some slots, read after everything that was read before."""
        with self._order:
            pass
        return values_at(self.view, places)


def values_at(table: memoryview, places: tuple[int, ...]) -> tuple[int, ...]:
    """The values of a table or of a copy at some places."""
    return itemgetter(*places)(table) if len(places) > 1 else tuple(table[place] for place in places)


@lru_cache(1 << 14)
def slot_of(key: str) -> int:
    """The slot of a key, the same in every process; never slot 0."""
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % (SLOTS - 1) + 1
