"""The contact sheet: `python -m tools.contact_sheet OUT.html` or `OUT.png`; needs the dev requirements and Chromium.

For the people who draw: all maps, the chart and the stretches on one page, to be looked at critically.
"""

from __future__ import annotations

import base64
import json
import sys
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from blog.anatomy.drawing.chart import chart
from blog.anatomy.drawing.maps import pain_map, site_map
from blog.anatomy.drawing.stretches import POSES, stretch_figure

VOCABULARY = Path(__file__).parents[1] / "blog" / "sample" / "vocabulary.json"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTH = 1680
STYLE = """
body { margin: 24px; background: #fff; color: #2b3835; font: 13px system-ui, sans-serif }
h2 { font-size: 18px; margin: 20px 0 8px }
.chart { display: flex; gap: 16px; background: #f7f2e7; inline-size: max-content }
.cards { display: grid; grid-template-columns: repeat(8, 1fr); gap: 10px; align-items: start }
.card { border: 1px solid #dbe1dc; break-inside: avoid }
.card img { display: block; inline-size: 100%; block-size: auto }
.card p { margin: 4px 6px; font-size: 11px }
"""


def page(vocabulary: dict[str, Any]) -> str:
    """The sheet as HTML."""
    names = {area["slug"]: area["name"] for area in vocabulary["pain_areas"]}
    maps = "".join(
        _card(muscle["name"], pain_map(muscle)) + _card(f"{muscle['name']}: site", site_map(muscle))
        for muscle in vocabulary["muscles"]
    )
    stretches = "".join(_card(pose.title, stretch_figure(pose)) for pose in POSES.values())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Contact sheet</title><style>{STYLE}</style>'
        f"<h2>Body chart</h2>{chart(lambda slug: f'#{slug}', names)}"
        f'<h2>Pain maps and site maps</h2><div class="cards">{maps}</div>'
        f'<h2>Stretches</h2><div class="cards">{stretches}</div></html>'
    )


def main(out: Path) -> None:
    """Writes the sheet."""
    html = page(json.loads(VOCABULARY.read_text(encoding="utf-8")))
    if out.suffix == ".html":
        out.write_text(html, encoding="utf-8")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        sheet = browser.new_page(viewport={"width": WIDTH, "height": 1000})
        sheet.set_content(html)
        sheet.screenshot(path=str(out), full_page=True)
        browser.close()


def _card(words: str, svg: str) -> str:
    data = base64.b64encode(svg.encode()).decode()
    return f'<div class="card"><img src="data:image/svg+xml;base64,{data}" alt=""><p>{escape(words)}</p></div>'


if __name__ == "__main__":
    main(Path(sys.argv[1]))
