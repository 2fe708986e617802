"""The font that browser tests are set in: the same on every machine, whatever else is installed there."""

from __future__ import annotations

from pathlib import Path

import fontpkg_arimo

FAMILY = "Arimo"

CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern">
    <edit name="family" mode="assign" binding="strong"><string>{family}</string></edit>
  </match>
</fontconfig>
"""


def config(folder: Path) -> Path:
    """A file for FONTCONFIG_FILE, written into `folder`, after which a browser knows one font."""
    file = folder / "fonts.conf"
    files = Path(fontpkg_arimo.ROOT) / "files"
    file.write_text(CONFIG.format(folder=files, cache=folder / "cache", family=FAMILY), encoding="utf-8")
    return file
