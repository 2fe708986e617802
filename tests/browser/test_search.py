"""Searching in a browser: with keys, with a thumb, and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.processes import wait_for

SUGGESTED = re.compile("/search/suggestions")


def box(page):
    return page.get_by_role("search").first.locator("input")


def type_at_once(page, words):
    """In one go, however slow the machine, once the box's script is there: so there is one list of suggestions."""
    box(page).click()
    expect(box(page)).to_have_attribute("role", "combobox")
    page.keyboard.insert_text(words)


def test_leads_from_a_letter_to_a_page_with_keys_alone(page):
    """Typed, chosen by an arrow, opened with Enter; the box says what is chosen."""
    page.goto("/")
    type_at_once(page, "glut")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")

    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/(muscles|pain|posts)/"))


def hold_the_clock(page):
    """The page's timers run when the test says so, so a slow machine is no slow writer."""
    page.clock.install(time="2026-01-01T00:00:00Z")
    page.clock.pause_at("2026-01-01T01:00:00Z")


def asked_of(page):
    """What the page asks the site for suggestions, as it comes."""
    asked = []
    page.on("request", lambda request: asked.append(request.url) if SUGGESTED.search(request.url) else None)
    return asked


def test_asks_once_for_what_is_typed_in_one_go(page):
    """Nothing within 150 ms after a letter, then one question; and none while the same words stand there."""
    asked = asked_of(page)
    hold_the_clock(page)
    page.goto("/")
    box(page).click()
    expect(box(page)).to_have_attribute("role", "combobox")
    for letter in "piriformis":
        page.keyboard.type(letter)
        page.clock.run_for(140)
    before = told(page, asked)
    page.clock.run_for(20)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.type(" ")
    page.clock.run_for(1000)

    assert (0, 1) == (before, told(page, asked))


def told(page, asked):
    """How often the page has asked; the answer to a later question says that none of before is on its way."""
    page.evaluate("async () => (await fetch('/robots.txt')).text()")
    return len(asked)


def test_stays_closed_after_escape(page):
    """Also where a question was about to be asked."""
    asked = asked_of(page)
    hold_the_clock(page)
    page.goto("/")
    type_at_once(page, "ca")
    page.clock.run_for(1000)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.type("lf")
    page.keyboard.press("Escape")
    page.clock.run_for(1000)

    assert 1 == told(page, asked)
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box(page)).to_have_value("calf")


def test_keeps_what_is_chosen_when_more_is_found(page):
    """An answer that comes after the arrow key does not take back the choice of what it names, too."""
    page.goto("/")
    type_at_once(page, "glut")
    options, held = page.get_by_role("option"), []
    expect(options.first).to_be_visible()
    address = options.first.get_attribute("data-address")
    page.route(SUGGESTED, lambda route: held.append(route))
    page.keyboard.insert_text("e")
    assert wait_for(lambda: page.title() and held)
    page.keyboard.press("ArrowDown")
    held[0].fulfill(json=["glute", ["Another", "The one"], ["", ""], ["/about", address]])
    expect(options).to_have_count(2)

    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", options.last.get_attribute("id"))


def test_closes_with_escape_and_searches_with_enter(page):
    """What was typed stays, and is looked for as typed."""
    page.goto("/")
    type_at_once(page, "calf")
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
