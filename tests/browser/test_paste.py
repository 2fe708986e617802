"""Pasting into an article what was written elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP
from tests.browser.people import administrator
from tests.text.exports import EXPORTS

pytestmark = pytest.mark.browser

PASTE = """(area, { html, plain }) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", plain);
  area.focus();
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  return area.dispatchEvent(event);
}"""


@pytest.fixture
def body(visit, live_site):
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto("/desk/posts/new")
    return page.locator("#body")


def test_a_paste_is_converted_and_undone_as_one_step(body):
    export = EXPORTS["Word: headings, bold, italic and an empty paragraph"]
    body.press_sequentially("Before. ")
    body.evaluate(PASTE, {"html": export.html, "plain": "x"})
    expect(body).to_have_value("Before. " + export.markdown)
    expect(body.locator("xpath=following-sibling::p[@role='status']")).to_have_text("Pasted.")
    body.press("Control+z")

    expect(body).to_have_value("Before. ")


def test_what_cannot_be_read_is_pasted_as_plain_text(body):
    """Also when nobody answers."""
    body.page.route("**/desk/posts/pasted", lambda route: route.abort())
    body.evaluate(PASTE, {"html": "<h1>Words</h1>", "plain": "Words"})

    expect(body).to_have_value("Words")
    expect(body.page.get_by_text("Pasted as plain text.")).to_be_visible()


def test_plain_text_is_left_to_the_browser(body):
    assert body.evaluate(PASTE, {"html": "<meta charset=utf-8><span>words</span>", "plain": "words"})
