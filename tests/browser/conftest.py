"""A real site and a real browser. Playwright's own pytest plugin is not used: its event loop disturbs other tests."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from blog import create_app
from blog.database import db
from blog.pages.models import FloodMode
from tests.browser import fonts
from tests.make import Make
from tests.processes import FLASK, RunningSite, chromium

PATIENCE = 30_000  # milliseconds; a machine that has much else to do is slow, and what is right does not wait
expect.set_options(timeout=PATIENCE)

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here drive a browser. Each test process has a site and a Chromium of its own."""
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """`flask serve --sample` from this checkout, behind one trusted proxy: X-Forwarded-For chooses an address."""
    site = RunningSite(
        tmp_path_factory.mktemp("live") / "instance", (FLASK, "serve", "--sample"), BLOG_TRUSTED_PROXIES="1"
    )
    try:
        site.wait_until_up()
        take_no_flood(site)
        yield site
        site.stop()
    finally:
        site.kill()


def take_no_flood(site: RunningSite) -> None:
    """All tests of a process write to this site, more in ten minutes than readers do: that is no flood."""
    app = create_app({"BLOG_INSTANCE_PATH": site.environment["BLOG_INSTANCE_PATH"]})
    with app.app_context():
        Make(app).settings(flood_mode=FloodMode.OFF)
        db.engine.dispose()


def address() -> str:
    """An address that nobody else has: who sends comments from it has sent none yet."""
    return f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.{secrets.randbelow(250)}"


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.fail("Chromium is missing: install the package chromium, or set CHROMIUM.")
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        environment = {**os.environ, "FONTCONFIG_FILE": str(fonts.config(tmp_path_factory.mktemp("fonts")))}
        running = playwright.chromium.launch(executable_path=executable, args=flags, env=environment)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, live_site: RunningSite) -> Iterator[Callable[..., BrowserContext]]:
    """`visit(viewport=DESKTOP, java_script_enabled=False)`: another visitor, with address and cookies of their own."""
    contexts: list[BrowserContext] = []

    def arrive(**choices: Any) -> BrowserContext:
        own = {"X-Forwarded-For": address()}
        context = browser.new_context(
            **{"base_url": live_site.url, "viewport": PHONE, "extra_http_headers": own, **choices}
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def page(visit: Callable[..., BrowserContext]) -> Page:
    """A reader on a phone, 390 px wide."""
    return visit().new_page()


@pytest.fixture
def wide_page(visit: Callable[..., BrowserContext]) -> Page:
    """A reader at a desk, 1280 px wide."""
    return visit(viewport=DESKTOP).new_page()


@pytest.fixture
def no_js_page(visit: Callable[..., BrowserContext]) -> Page:
    """A reader on a phone, without JavaScript."""
    return visit(java_script_enabled=False).new_page()


@pytest.fixture
def accessibility_problems() -> Callable[[Page], list[str]]:
    """`accessibility_problems(page)`: what axe finds, one line per rule with the first place."""

    def find(page: Page) -> list[str]:
        violations = Axe().run(page).response["violations"]
        return [f"{one['id']}: {one['help']} at {one['nodes'][0]['target']}" for one in violations]

    return find
