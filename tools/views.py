"""The views of the README: `.venv/bin/python -m tools.views [FOLDER]`; needs the dev requirements and Chromium.

A site of its own with samples and a few comments that wait, looked at as readers and moderators do, by day and by
night; the pictures are cut to few colours, so that the repository stays small.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import DESKTOP, FLAGS, PHONE
from tests.browser.people import ARTICLE, administrator
from tests.processes import FLASK, ROOT, RunningSite, chromium

FOLDER = ROOT / "docs" / "images"
COLOURS = 96
SHARP: dict[str, Any] = {"viewport": PHONE, "device_scale_factor": 2}
HANDOUT: dict[str, Any] = {"viewport": {"width": 800, "height": 900}}
# Handouts name their address: that of an example, at which a proxy says that it is asked.
SETTINGS = {"BLOG_TRUSTED_PROXIES": "1", "BLOG_SITE_URL": "http://notes.example"}
PROXY = {"X-Forwarded-Host": "notes.example"}
WAITING = (
    ("Mara", "I sit on trains for a living. Would a rolled towel under the thigh do instead of standing up?"),
    ("Joost", "The side-lying one helped within a week. Is once a day still right after that?"),
    ("A reader", "Since the fall yesterday my leg is numb and I cannot hold my water. Which stretch is best?"),
)


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as instance, sync_playwright() as playwright:
        site = RunningSite(Path(instance) / "instance", (FLASK, "serve", "--sample"), **SETTINGS)
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--no-sandbox"])
        try:
            site.wait_until_up(120)
            for name, picture in _pictures(browser, site):
                _save(picture, folder / f"{name}.png")
        finally:
            browser.close()
            site.kill()


def _pictures(browser: Browser, site: RunningSite) -> Iterator[tuple[str, bytes]]:
    def visit(reader: str = "198.51.100.99", **choices: Any) -> Any:
        told = {**PROXY, "X-Forwarded-For": reader}
        return browser.new_context(base_url=site.url, extra_http_headers=told, **choices)

    def seen(path: str, **choices: Any) -> Page:
        page = visit(**choices).new_page()
        page.goto(path)
        return _ready(page)

    for light, end in (("light", ""), ("dark", "-dark")):
        yield f"home{end}", seen("/", viewport=DESKTOP, color_scheme=light).screenshot()
    yield "article", seen(ARTICLE, viewport=DESKTOP).screenshot()
    yield "article-phone-dark", seen(ARTICLE, **SHARP, color_scheme="dark").screenshot()
    yield "safety", seen(f"{ARTICLE}#safety", viewport=DESKTOP).screenshot()
    yield "handout", seen(f"{ARTICLE}/handout", **HANDOUT).locator(".handout").screenshot()
    _send(site, visit)
    staff = administrator(visit, site, **SHARP)
    for light, end in (("light", ""), ("dark", "-dark")):
        staff.emulate_media(color_scheme=light)
        staff.goto("/desk/comments?state=pending")
        yield f"queue{end}", _ready(staff).screenshot()


def _ready(page: Page) -> Page:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)  # what fades in has come
    return page


def _send(site: RunningSite, visit: Any) -> None:
    for number, (name, words) in enumerate(WAITING, start=1):
        page = visit(reader=f"198.51.100.{number}").new_page()
        page.goto(ARTICLE)
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Your comment").fill(words)
        page.get_by_role("button", name="Send for approval").click()
        page.wait_for_load_state()


def _save(picture: bytes, file: Path) -> None:
    with Image.open(io.BytesIO(picture)) as shown:
        # Colours as far apart as can be: a small bar of amber stays amber.
        flat = shown.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    flat.save(file, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
