"""Searching in a browser: with keys, with a thumb, and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

SUGGESTED = re.compile("/search/suggestions")


def box(page):
    return page.get_by_role("search").first.locator("input")


def test_leads_from_a_letter_to_a_page_with_keys_alone(page):
    """Typed, chosen by an arrow, opened with Enter; the box says what is chosen."""
    page.goto("/")
    box(page).click()
    box(page).press_sequentially("glut", delay=30)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")

    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/(muscles|pain|posts)/"))


def test_asks_once_for_what_is_typed_in_one_go(page):
    """At most one question in 150 ms, and none while the same words stand there."""
    asked = []
    page.on("request", lambda request: asked.append(request.url) if SUGGESTED.search(request.url) else None)
    page.goto("/")
    box(page).click()
    expect(box(page)).to_have_attribute("role", "combobox")
    box(page).press_sequentially("piriformis", delay=10)
    expect(page.get_by_role("option").first).to_be_visible()

    assert 1 == len(asked)


def test_closes_with_escape_and_searches_with_enter(page):
    """What was typed stays, and is looked for as typed."""
    page.goto("/")
    box(page).click()
    box(page).press_sequentially("calf", delay=10)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/search\?q=calf$"))
    expect(page.get_by_role("heading", level=3).first).to_contain_text("Calf")


def test_loads_nothing_before_the_box_is_touched(page):
    """A first visit does not pay for it."""
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto("/")
    page.wait_for_load_state("networkidle")

    assert [] == [url for url in loaded if "suggest" in url]


def test_works_without_javascript(no_js_page):
    """A form like any other."""
    no_js_page.goto("/nowhere-at-all")
    box(no_js_page).fill("hollow of the knee")
    box(no_js_page).press("Enter")

    expect(no_js_page.get_by_role("link", name="Back of the knee")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/search?q=pain+in+my+left+buttock", "/search?q=piriformus", "/search?q=xyzzy", "/search"]
)
def test_what_was_found_is_accessible_and_fits_a_phone(visit, accessibility_problems, path, scheme):
    """Axe finds nothing, and no page is wider than the screen."""
    page = visit(color_scheme=scheme).new_page()
    page.goto(path)

    assert [] == accessibility_problems(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
