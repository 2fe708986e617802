"""Draws the touch icon and the social card from the mark: `.venv/bin/python tools/pictures.py`, then commit both.

Needs Chromium, as the browser tests do; a packer such as oxipng or Pillow's quantize makes them a third as large. A
site's own go into its instance folder instead: see docs/design.md.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "static" / "images"
PAPER, LINE, JUNIPER = "#fbfbf9", "#dbe1dc", "#2a8a7f"

TOUCH_ICON = f"""
<svg xmlns="http://www.w3.org/2000/svg" viewBox="-7 -7 46 46" width="180" height="180">
  <rect x="-7" y="-7" width="46" height="46" fill="{PAPER}"/>
  {{mark}}
</svg>"""

# A point, and the place where it is felt, with the way between: the mark, large.
SOCIAL_CARD = f"""
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630" width="1200" height="630" fill="none">
  <rect width="1200" height="630" fill="{PAPER}"/>
  <g stroke="{LINE}" stroke-width="2">
    <circle cx="792" cy="262" r="248"/><circle cx="792" cy="262" r="312"/><circle cx="792" cy="262" r="376"/>
    <circle cx="332" cy="444" r="124"/><circle cx="332" cy="444" r="160"/>
  </g>
  <circle cx="792" cy="262" r="184" fill="{PAPER}" stroke="{JUNIPER}" stroke-width="26"/>
  <path d="M456 500c96 30 186 18 262-14" stroke="{JUNIPER}" stroke-width="20" stroke-linecap="round" stroke-dasharray="0 44"/>
  <circle cx="332" cy="444" r="88" fill="{JUNIPER}"/>
</svg>"""  # noqa: E501


def main() -> None:
    mark = (IMAGES / "mark.svg").read_text().split(">", 1)[1].rsplit("</svg>", 1)[0]
    lines = f'<g fill="none" stroke="{JUNIPER}" stroke-width="2.5" stroke-linecap="round">{mark}</g>'
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for name, drawing, size in (
            ("touch-icon.png", TOUCH_ICON.format(mark=lines), (180, 180)),
            ("card.png", SOCIAL_CARD, (1200, 630)),
        ):
            file = Path(folder) / "drawing.svg"
            file.write_text(drawing)
            page = browser.new_page(viewport={"width": size[0], "height": size[1]})
            page.goto(file.as_uri())
            page.screenshot(path=IMAGES / name)
        browser.close()


if __name__ == "__main__":
    main()
