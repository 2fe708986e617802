"""The list of what was erased, beside the database: a backup from before is restored with it.

It holds numbers and hashes, no word of anybody. One line of JSON for each erasure, in `erasures.jsonl`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "erasures.jsonl"


@dataclass(frozen=True)
class Erasure:
    """Comments by number and by the hash of their link, which no other comment has; the hash of an address."""

    comments: Sequence[int]
    links: Sequence[str]
    address: str = ""


def append(folder: Path, erasure: Erasure) -> None:
    """Write it down for good: it is on the disk when this returns."""
    descriptor = os.open(folder / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(erasure)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> list[Erasure]:
    """All that was written down; a line that a crash cut off is passed over."""
    path, erasures = folder / NAME, []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            erasures.append(Erasure(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return erasures
