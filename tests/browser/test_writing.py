"""Nothing that was typed is lost: the browser closed, the log-in over or the site away in mid-sentence, two tabs."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.people import administrator, colleague, sign_in
from tests.processes import wait_for

KEPT = "[data-kept]"


@pytest.fixture
def desk(visit, live_site) -> Page:
    """Somebody who may write, before an empty editor."""
    page = administrator(visit, live_site)
    page.goto("/desk/posts/new")
    return page


def text(page: Page):
    return page.get_by_role("textbox", name="Text", exact=True)


def begin(page: Page) -> str:
    """Write a title and wait until it is kept; the article's address."""
    page.get_by_label("Title", exact=True).first.fill(f"Kept {secrets.token_hex(4)}")
    expect(page.locator(KEPT)).to_contain_text("Saved")
    return page.url


def another(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def test_closed_in_mid_sentence(desk, accessibility_problems):
    """Opened again, the editor offers what was typed last, and goes on with it."""
    address = begin(desk)
    assert re.search(r"/desk/posts/\d+$", address)
    text(desk).press_sequentially("In mid-sent")
    desk.close(run_before_unload=False)

    desk = another(desk.context, address)
    offer = desk.get_by_role("link", name="Continue with it")
    assert wait_for(lambda: desk.reload() and offer.count(), 60)  # what a closing page sends may arrive after this
    assert "" == text(desk).input_value()
    assert [] == accessibility_problems(desk)
    offer.click()
    expect(text(desk)).to_have_value("In mid-sent")
    desk.get_by_role("button", name="Save").first.click()
    expect(desk.locator(".notice--done", has_text="Saved.")).to_be_visible()
    expect(desk.get_by_text("not in a saved version yet")).to_have_count(0)


def test_signed_out_in_mid_sentence(desk):
    """The text stays; after a log-in in another tab it is sent by itself."""
    begin(desk)
    desk.context.clear_cookies()
    text(desk).press_sequentially("In mid-sent")
    expect(desk.locator(KEPT)).to_contain_text("kept on this device. You are signed out.")
    with desk.expect_popup() as beside:
        desk.get_by_role("link", name="Sign in (new tab)").click()
    sign_in(beside.value)
    beside.value.close()
    desk.bring_to_front()
    text(desk).press_sequentially("ence.")

    expect(desk.locator(KEPT)).to_contain_text("Saved", timeout=2 * PATIENCE)
    expect(text(desk)).to_have_value("In mid-sentence.")


def test_away_from_the_site(desk):
    """Without a connection the browser keeps it, also over a restart of the page, and the site gets it afterwards."""
    address = begin(desk)
    desk.context.set_offline(True)
    text(desk).press_sequentially("In mid-sent")
    expect(desk.locator(KEPT)).to_contain_text(re.compile("Not saved since .*, kept on this device"))
    desk.close()
    desk.context.set_offline(False)

    desk = another(desk.context, address)
    expect(desk.get_by_role("heading", name=re.compile("This browser keeps changes from"))).to_be_visible()
    desk.get_by_role("button", name="Put them back").click()
    expect(text(desk)).to_have_value("In mid-sent")
    expect(desk.locator(KEPT)).to_contain_text("Saved")
    expect(desk.locator("[data-local]")).to_be_hidden()
    assert 0 == desk.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('unsaved')).length")


def test_while_the_site_is_back(desk):
    """The page that was left open saves by itself once the connection is there again."""
    begin(desk)
    desk.context.set_offline(True)
    text(desk).press_sequentially("In mid-sent")
    expect(desk.locator(KEPT)).to_contain_text("Not saved since")
    desk.context.set_offline(False)

    expect(desk.locator(KEPT)).to_contain_text("Saved", timeout=2 * PATIENCE)


def test_in_two_tabs(desk):
    """The later one is told at once; saving it shows both texts, and keeps both."""
    address = begin(desk)
    other = another(desk.context, address)
    text(other).fill("Other words.")
    expect(other.locator(KEPT)).to_contain_text("Saved")
    text(desk).fill("These words.")
    expect(desk.locator(KEPT)).to_contain_text("You have other unsaved changes here")
    desk.get_by_role("button", name="Save").first.click()

    expect(desk.get_by_role("alert")).to_contain_text("You typed something else in another tab")
    expect(desk.locator(".mark--added").first).to_be_visible()
    desk.get_by_role("button", name="Save").first.click()
    expect(desk.locator(".notice--done", has_text="Saved.")).to_be_visible()
    desk.goto(f"{address}/versions")
    assert 4 == desk.get_by_role("row").count()  # with the head: the title, the other words, these words


def test_two_see_each_other(desk, visit, live_site):
    """Both only read; whoever closes the page is gone for the other."""
    address = begin(desk)
    name = f"editor{secrets.token_hex(3)}@example.org"
    other = colleague(visit, live_site, name, "editor")
    other.goto(address)
    desk.evaluate("setInterval(() => document.dispatchEvent(new Event('visibilitychange')), 300)")  # a minute is long
    others = desk.locator("[data-others]")
    expect(others).to_contain_text("has this article open just now")
    other.goto("/desk")

    expect(others).to_be_hidden()


def test_signing_out_leaves_nothing_in_the_browser(desk):
    """What was saved goes with the log-in; whoever comes next finds no text."""
    begin(desk)
    text(desk).fill("Private words.")
    desk.get_by_role("button", name="Sign out").click()
    desk.wait_for_url("**/login")

    assert 0 == desk.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('unsaved')).length")
