"""docs/asvs.md names tests, documents and files that exist, and each requirement once."""

from __future__ import annotations

import re
from collections import Counter

from blog.config import ROOT

TEXT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = [row.split("|")[1:4] for row in TEXT.splitlines() if re.match(r"\| \d", row)]
STATES = {"met", "partly", "not", "owner"}


def test_what_is_named_exists():
    """A test that was renamed or taken away is noticed."""
    named = set(re.findall(r"`((?:tests|docs|blog|templates)/[^`]+)`", TEXT))

    assert len(named) > 60
    assert [] == sorted(path for path in named if not (ROOT / path).exists())


def test_each_requirement_stands_once_with_its_state():
    """Met, partly, not, or the owner's; and something is said of each."""
    numbers = Counter(number for row in ROWS for number in re.findall(r"\d+\.\d+\.\d+", row[0]))

    assert [] == [number for number, count in numbers.items() if count > 1]
    assert STATES >= {row[1].strip() for row in ROWS}
    assert [] == [row for row in ROWS if len(row[2].strip()) < 8]


def test_what_security_md_is_named_for_stands_there():
    """The headings to which lines point."""
    headings = set(re.findall(r"^## (.+)$", (ROOT / "docs" / "security.md").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r'`docs/security.md`, "([^"]+)"', TEXT)) <= headings
