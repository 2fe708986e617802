"""The contact sheets: `python -m tools.contact_sheet FOLDER`; needs the dev requirements and Chromium.

For the people who draw: the chart, all close-ups, maps and stretches, by day, by night and on paper, to be looked at
critically. `python -m tools.contact_sheet FOLDER POSE…` draws only these stretches, large and as small as a card.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from blog.anatomy import drawing

ROOT = Path(__file__).parents[1]
VOCABULARY = ROOT / "blog" / "sample" / "vocabulary.json"
CHART_STYLE = (
    "tokens.css",
    "components/body-chart.css",
)  # the chart is part of a page and takes its colours from there
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
WIDTH = 1120  # pixels of a sheet
LIGHTS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "print": {"color_scheme": "light", "media": "print"},
}
STYLE = """
:root { color-scheme: light dark }
body { margin: 24px; font: 13px system-ui, sans-serif }
.cards { display: grid; grid-template-columns: repeat(var(--across, 5), 1fr); gap: 12px; align-items: start }
.card { margin: 0; break-inside: avoid }
.card img { display: block; inline-size: 100%; block-size: auto; border-radius: 6px }
.card figcaption { margin: 4px 2px; font-size: 12px }
.sizes { display: flex; gap: 16px; align-items: end; margin-block-end: 16px }
"""


def chart_page(vocabulary: dict[str, Any]) -> str:
    """The body chart as HTML."""
    names = {area["slug"]: area["name"] for area in vocabulary["pain_areas"]}
    style = "".join((ROOT / "static" / "css" / name).read_text(encoding="utf-8") for name in CHART_STYLE)
    chart = drawing.chart(lambda slug: f"#{slug}", names)
    return _page("Body chart", f'<style>{style}</style><div class="chart">{chart}</div>')


def maps_page(vocabulary: dict[str, Any]) -> str:
    """Where pain is felt and where the muscle lies, side by side, for every muscle."""
    cards = (
        _card(muscle["name"], drawing.pain_map(muscle)) + _card(f"{muscle['name']}: site", drawing.site_map(muscle))
        for muscle in vocabulary["muscles"]
    )
    return _page("Pain maps and site maps", f'<div class="cards" style="--across:8">{"".join(cards)}</div>')


def close_ups_page(vocabulary: dict[str, Any]) -> str:
    """What cards and titles show: every muscle, and every pain area."""
    cards = [_card(muscle["name"], drawing.pain_close_up(muscle)) for muscle in vocabulary["muscles"]]
    cards += [
        _card(area["name"], drawing.area_close_up(area["slug"], area["name"])) for area in vocabulary["pain_areas"]
    ]
    return _page("Close-ups", f'<div class="cards" style="--across:8">{"".join(cards)}</div>')


def stretches_page() -> str:
    """All stretches."""
    poses = [drawing.pose(name) for name in sorted(drawing.pose_names())]
    cards = "".join(_card(pose.title, drawing.stretch_figure(pose)) for pose in poses)
    return _page("Stretches", f'<div class="cards">{cards}</div>')


def closely(names: Iterable[str]) -> str:
    """These stretches at the sizes of a card and of an article."""
    rows = []
    for name in names:
        svg = drawing.stretch_figure(drawing.pose(name))
        rows.append(f'<div class="sizes">{"".join(_image(svg, width) for width in (160, 320, 640))}</div>')
    return _page("Stretches", "".join(rows))


def main(folder: Path, names: list[str]) -> None:
    """Writes the sheets as PNG."""
    vocabulary = json.loads(VOCABULARY.read_text(encoding="utf-8"))
    pages = (
        {"poses": closely(names)}
        if names
        else {
            "chart": chart_page(vocabulary),
            "close-ups": close_ups_page(vocabulary),
            "maps": maps_page(vocabulary),
            "stretches": stretches_page(),
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        for name, html in pages.items():
            for light in LIGHTS:
                _shoot(browser, html, light, folder / f"{name}-{light}.png")
        browser.close()


def _shoot(browser: Browser, html: str, light: str, out: Path) -> None:
    sheet = browser.new_page(viewport={"width": WIDTH, "height": 300})
    sheet.emulate_media(**LIGHTS[light])
    sheet.set_content(html)
    sheet.screenshot(path=str(out), full_page=True)
    sheet.close()


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
        f"<h2>{title}</h2>{content}</html>"
    )


def _card(words: str, svg: str) -> str:
    return f'<figure class="card">{_image(svg)}<figcaption>{escape(words)}</figcaption></figure>'


def _image(svg: str, width: int | None = None) -> str:
    data = base64.b64encode(svg.encode()).decode()
    size = f' width="{width}"' if width else ""
    return f'<img{size} src="data:image/svg+xml;base64,{data}" alt="">'


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
