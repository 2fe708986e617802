"""People who use the site in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import DESKTOP
from tests.processes import FLASK, RunningSite, run

ARTICLE = "/posts/gluteus-maximus-trigger-points"
EMAIL, PASSWORD = "first@example.org", "a long pass phrase for tests"


def administrator(visit: Callable[..., BrowserContext], site: RunningSite, **choices: Any) -> Page:
    """The first administrator: set up through the one-time link when nobody is, signed in otherwise."""
    page = visit(**choices).new_page()
    link = re.search(r"/account/link/\S+", site.output.read_text())
    if link:
        page.goto(link[0])
        if page.get_by_label("E-mail").count():
            page.get_by_label("Name").fill("Dr First")
            page.get_by_label("E-mail").fill(EMAIL)
            page.locator("[name=password]").fill(PASSWORD)
            page.get_by_role("button").last.click()
            page.wait_for_url("**/desk")
            return page
    page.goto("/login")
    sign_in(page)
    return page


def sign_in(page: Page) -> None:
    """Fill in the log-in that stands on the page."""
    page.get_by_label("E-mail").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button").last.click()
    page.wait_for_url("**/desk")


def colleague(visit: Callable[..., BrowserContext], site: RunningSite, email: str, role: str) -> Page:
    """Somebody new at the desk, who has just used their one-time link."""
    settings = {"BLOG_INSTANCE_PATH": str(site.output.parent), "PORT": str(site.port)}
    told = run(FLASK, "users", "add", email, "--role", role, **settings).stdout
    page = visit(viewport=DESKTOP).new_page()
    page.goto(re.search(r"/account/link/\S+", told)[0])  # type: ignore[index]
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    page.wait_for_url("**/desk")
    return page
