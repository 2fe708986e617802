"""From where it hurts to an article, with keys alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

NAME = "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent || '').trim()"


def tab_to(page: Page, name: str, most: int = 260) -> None:
    """Press Tab until the link with this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if re.fullmatch(name, page.evaluate(NAME), re.IGNORECASE):
            return
    raise AssertionError(f"no way to {name!r} by keyboard")


def test_buttock_leads_to_an_article_in_three_steps(page):
    """Chart, muscle, article: each reached with Tab and opened with Enter."""
    page.goto("/pain")
    for name, address in (
        (r"buttock\b.*", "/pain/buttock"),
        (r"gluteus maximus", "/muscles/gluteus-maximus"),
        (r"gluteus maximus: .*", "/posts/gluteus-maximus-trigger-points"),
    ):
        tab_to(page, name)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(re.escape(address) + "$"))
        page.wait_for_load_state()  # else Tab would walk through half a page


@pytest.mark.parametrize(
    "path",
    [
        "/pain",
        "/pain/buttock",
        "/muscles",
        "/muscles/psoas",
        "/conditions",
        "/conditions/sciatica",
        "/posts/soleus-trigger-points",
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_body_are_accessible_and_fit_a_phone(visit, accessibility_problems, path, scheme):
    """Axe finds nothing, and no page is wider than the screen."""
    page = visit(color_scheme=scheme).new_page()
    answer = page.goto(path)

    assert answer.status == 200
    assert [] == accessibility_problems(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_areas_can_be_hit_with_a_thumb(page):
    """At 390 px each area of the chart has room for a circle of 23 px that belongs to it alone."""
    page.goto("/pain")
    small = page.evaluate(
        """() => [...document.querySelectorAll('a.chart__area:not([aria-hidden])')].filter((link) => {
          const target = link.querySelector('.chart__target');
          target.scrollIntoView({block: 'center', behavior: 'instant'});
          const box = target.getBoundingClientRect();
          const hits = (x, y) => document.elementFromPoint(x, y)?.closest('a')?.dataset.area === link.dataset.area;
          const around = [[0, 0], [11.5, 0], [-11.5, 0], [0, 11.5], [0, -11.5], [8, 8], [-8, -8], [8, -8], [-8, 8]];
          for (let x = box.left; x <= box.right; x += 1.5)
            for (let y = box.top; y <= box.bottom; y += 1.5)
              if (around.every(([dx, dy]) => hits(x + dx, y + dy))) return false;
          return true;
        }).map((link) => link.dataset.area)"""
    )

    assert [] == small


def test_an_area_is_named_beside_the_pointer_and_the_focus(page):
    """Before it is chosen; it goes with the pointer and with Escape."""
    page.goto("/pain")
    name = page.locator(".chart__name")
    page.locator('a[data-area="buttock"]').first.locator(".chart__target").hover(
        force=True, position={"x": 30, "y": 40}
    )
    expect(name).to_have_text("Buttock")
    page.mouse.move(2, 2)
    expect(name).to_be_hidden()
    tab_to(page, r"forehead")
    expect(name).to_have_text("Forehead")
    page.keyboard.press("Escape")
    expect(name).to_be_hidden()


def test_an_area_under_the_pointer_stands_out_on_both_sides(page):
    """The other side is the same curve mirrored, and looks the same."""
    page.emulate_media(reduced_motion="reduce")
    page.goto("/pain")
    area = page.locator('a[data-area="buttock"]').first
    area.locator(".chart__target").hover(force=True, position={"x": 30, "y": 40})
    sides = area.locator(".chart__shape > *")

    expect(sides).to_have_count(2)
    for side in sides.all():
        expect(side).to_have_css("stroke-opacity", "1")
