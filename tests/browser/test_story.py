"""An article from nothing: with a picture, a stretch and a source, mended, reviewed, scheduled, read by a stranger."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.people import administrator, colleague
from tests.media.files import from_a_phone

SECONDS_AHEAD = 15  # and three times what the step before took, on a machine that has much else to do


class Keys:
    """Somebody at a wide screen who uses the keyboard alone."""

    choices = {"viewport": DESKTOP}

    @staticmethod
    def press(control: Locator) -> None:
        control.focus()
        control.press("Enter")

    @staticmethod
    def write(field: Locator, words: str) -> None:
        field.focus()
        field.press("Control+a")
        field.page.keyboard.insert_text(words)


class Thumb:
    """Somebody with a phone."""

    choices = {"viewport": PHONE, "has_touch": True}

    @staticmethod
    def press(control: Locator) -> None:
        control.tap()

    @staticmethod
    def write(field: Locator, words: str) -> None:
        field.tap()
        field.fill(words)


@pytest.mark.parametrize("by", [Keys, Thumb])
def test_from_nothing_to_its_readers(visit, live_site, tmp_path, by):
    """A slip is mended beside its field, a colleague approves; nobody reads it before its moment, everybody after."""
    mark = "story" + secrets.token_hex(4)
    photo = tmp_path / f"{mark}.jpg"
    photo.write_bytes(from_a_phone(900, 600))
    page = administrator(visit, live_site, **by.choices)
    field = lambda name: page.locator(f"[name='{name}']")  # noqa: E731
    button = lambda name: page.get_by_role("button", name=name, exact=True).first  # noqa: E731
    page.goto("/desk/posts")
    by.press(page.get_by_role("link", name="New article"))
    by.write(field("title"), f"Piriformis {mark}")
    by.write(field("standfirst"), "What it does, and one stretch.")
    by.write(field("authors"), "Sample editorial teem")
    by.write(field("muscles"), "Piriformis")
    by.write(field("body"), "## What it does\n\nIt turns the hip.")
    by.press(page.get_by_role("toolbar", name="Format: Text").get_by_role("button", name="Picture"))
    page.set_input_files("dialog [type=file]", photo)
    by.press(page.get_by_role("dialog").get_by_role("button", name="Choose", exact=True))
    expect(field("figures-0-caption")).to_be_focused()
    by.write(field("figures-0-caption"), "Somebody who sits")
    by.write(field("figures-0-alt"), "A person on a chair")
    by.press(button("Add a stretch"))
    by.write(field("stretches-0-name"), "Knee to the other shoulder")
    by.write(field("stretches-0-steps"), "Lie on your back.\nPull the knee.")
    by.write(field("stretches-0-dose"), "30 seconds")
    by.write(field("stretches-0-stop_if"), "Stop if your foot goes numb.")
    by.press(button("Add a source"))
    by.write(field("references-0-text"), "A textbook, 2020.")
    by.press(button("Save"))

    said = page.locator(".field__error", has_text="Did you mean “Sample editorial team”?")
    expect(said).to_be_visible()
    page.wait_for_load_state()  # its scripts hear the next press
    by.write(field("authors"), "Sample editorial team")
    names = page.locator(".field", has=field("safety-red_flags")).locator("[data-names]")
    by.press(names.locator("summary"))
    by.press(names.get_by_role("button").first)
    by.press(button("Ask for a review"))
    expect(page.get_by_text("Done. It waits for a review")).to_be_visible()
    expect(page.locator("#missing-title")).to_have_count(0)
    address = page.url

    begun = time.monotonic()
    reviewer = colleague(visit, live_site, f"{mark}@example.org", "reviewer")
    reviewer.goto(address)
    expect(reviewer.get_by_text("It turns the hip.")).to_be_visible()
    with reviewer.expect_navigation():
        reviewer.get_by_role("button", name="Approve this version").click()

    page.reload()
    at = datetime.now(UTC) + timedelta(seconds=SECONDS_AHEAD + 3 * (time.monotonic() - begun))
    by.write(field("publish_at"), f"{at:%Y-%m-%dT%H:%M:%SZ}")
    by.press(button("Schedule"))
    expect(page.locator(".editor__state")).to_contain_text("Scheduled")
    stranger = visit().new_page()
    places = ("/", "/feed.atom", "/sitemap.xml", f"/posts/piriformis-{mark}")
    before = [mark in stranger.request.get(place).text() for place in places[:3]]
    hidden = stranger.request.get(places[3]).status
    was_early = datetime.now(UTC) < at
    stranger.wait_for_timeout(max(0, (at - datetime.now(UTC)).total_seconds()) * 1000 + 100)
    after = [mark in stranger.request.get(place).text() for place in places]
    stranger.goto(places[3])

    assert ([False] * 3, 404, True) == (before, hidden, was_early)
    assert [True] * 4 == after
    expect(stranger.get_by_role("img", name="A person on a chair").first).to_be_visible()
    expect(stranger.get_by_text("Knee to the other shoulder").first).to_be_visible()
