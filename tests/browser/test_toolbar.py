"""The editor's tools: toolbar, keys, undo, cards, and the preview beside the text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP
from tests.browser.people import administrator
from tests.media.files import file
from tests.processes import wait_for


@pytest.fixture
def desk(visit, live_site) -> Page:
    """Somebody before an empty editor, on a wide screen."""
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto("/desk/posts/new")
    return page


def text(page: Page):
    return page.get_by_role("textbox", name="Text", exact=True)


def press(page: Page, name: str):
    page.get_by_role("toolbar", name="Format: Text").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize(
    ("typed", "chosen", "tool", "expected"),
    [
        ("a hip b", (2, 5), "Bold", "a **hip** b"),
        ("a **hip** b", (4, 7), "Bold", "a hip b"),
        ("a hip b", (2, 5), "Italic", "a *hip* b"),
        ("**hip**", (2, 5), "Italic", "***hip***"),
        ("***hip***", (3, 6), "Italic", "**hip**"),
        ("a hip b", (2, 5), "Link", "a [hip](https://) b"),
        ("one\ntwo", (5, 5), "Heading", "one\n## two"),
        ("## one", (0, 0), "Heading", "### one"),
        ("### one", (0, 0), "Heading", "one"),
        ("a\none\ntwo", (2, 9), "List", "a\n\n- one\n- two"),
        ("- one\n- two", (0, 11), "List", "one\ntwo"),
        ("one", (0, 3), "Quote", "> one"),
        ("a", (1, 1), "Table", "a\n\n| Column | Column |\n|---|---|\n| Text | Text |"),
        ("a\n\nhip\n\nb", (3, 6), "Call-out", "a\n\n:::note Title\nhip\n:::\n\nb"),
        ("a hip", (5, 5), "Footnote", "a hip[^1]\n\n[^1]: Note"),
    ],
)
def test_a_tool_writes_what_undo_takes_back(desk, typed, chosen, tool, expected):
    """As if it were typed: the browser's own undo gives the text back, and the field has the focus."""
    area = text(desk)
    area.fill(typed)
    area.evaluate("(area, [from, to]) => { area.focus(); area.setSelectionRange(from, to); }", list(chosen))
    press(desk, tool)
    written = area.input_value()
    for _ in range(2 if tool == "Footnote" else 1):
        desk.keyboard.press("Control+z")

    assert (expected, typed) == (written, area.input_value())
    expect(area).to_be_focused()


def test_keys_do_the_same(desk):
    """Also while the toolbar is out of sight."""
    area = text(desk)
    area.fill("hip")
    for keys in ("Control+a", "Control+b", "Control+i", "Control+Shift+Digit2"):
        desk.keyboard.press(keys)

    expect(area).to_have_value("## ***hip***")


def test_the_toolbar_is_one_stop_of_the_tab_key(desk, accessibility_problems):
    """Arrows move within it; Help opens the examples."""
    text(desk).focus()
    desk.keyboard.press("Shift+Tab")
    expect(desk.get_by_role("button", name="Heading").first).to_be_focused()
    desk.keyboard.press("ArrowLeft")
    desk.keyboard.press("Enter")

    expect(desk.locator(".editor__examples")).to_be_visible()
    assert [] == accessibility_problems(desk)


def test_a_figure_gets_its_card(desk):
    """The first that no text places yet; without one, a new card with its name."""
    text(desk).fill("Look:")
    press(desk, "Figure")
    press(desk, "Figure")

    expect(text(desk)).to_have_value("Look:\n\n::figure figure-1\n\n::figure figure-2")
    names = desk.locator("[name^='figures-'][name$='-id']")
    assert ["figure-1", "figure-2"] == [names.nth(at).input_value() for at in range(names.count())]


def test_a_picture_stands_where_the_cursor_was(desk, tmp_path):
    """Brought in the dialog; its card says what it is, and asks what stands below it."""
    (tmp_path / "wall.png").write_bytes(file())
    text(desk).fill("Above.\n\nBelow.")
    text(desk).evaluate("area => area.setSelectionRange(6, 6)")
    press(desk, "Picture")
    desk.set_input_files("dialog [type=file]", tmp_path / "wall.png")
    desk.get_by_role("dialog").get_by_role("button", name="Choose", exact=True).click()

    expect(text(desk)).to_have_value("Above.\n\n::figure picture-1\n\nBelow.")
    expect(desk.locator("#figures-0-kind")).to_have_value("picture")
    expect(desk.locator("#figures-0-caption")).to_be_focused()


def test_names_are_chosen_from_the_list(desk, accessibility_problems):
    """Found by a part of them, also without accents; pressed again, they go."""
    names = desk.locator(".field", has=desk.locator("#muscles"))
    names.locator("summary").click()
    expect(names.get_by_role("searchbox")).to_be_focused()
    desk.keyboard.type("PIRI")
    desk.keyboard.press("Enter")
    names.get_by_role("button", name="Psoas").first.click()
    before = desk.locator("#muscles").input_value().split("\n")
    names.get_by_role("button", name="Piriformis").click()

    assert ("Piriformis", 2) == (before[0], len(before))
    assert before[1:] == desk.locator("#muscles").input_value().split("\n")
    assert [] == accessibility_problems(desk)


def test_cards_move_without_asking_the_site(desk):
    """Added, moved, taken out and put back with what is in them, by the keyboard, also without a connection."""
    desk.context.set_offline(True)
    add = desk.get_by_role("button", name="Add a source")
    for words in "ABC":
        add.focus()
        desk.keyboard.press("Enter")
        desk.get_by_label("Source", exact=True).last.fill(words)
    desk.locator("[value='up:references:2']").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    values = lambda: [desk.locator(f"[name=references-{at}-text]").input_value() for at in range(3)]  # noqa: E731
    moved = values()
    desk.locator("[value='remove:references:1']").press("Enter")
    expect(desk.locator("#removed")).to_be_focused()
    expect(desk.locator("#removed")).to_contain_text("“A” is taken out.")
    desk.get_by_role("button", name="Put it back").press("Enter")

    assert (["C", "A", "B"],) * 2 == (moved, values())
    expect(desk.locator("#references-1")).to_be_focused()


@pytest.mark.parametrize("way", ["mouse", "touch"])
def test_a_card_is_dragged_by_its_handle(visit, live_site, way):
    """From the first place to the last; the order is that of the page, and is saved."""
    page = administrator(visit, live_site, viewport=DESKTOP, has_touch=way == "touch")
    page.goto("/desk/posts/new")
    page.get_by_label("Title", exact=True).first.fill(f"Dragged by {way}")
    for at, words in enumerate("ABC"):
        page.get_by_role("button", name="Add a source").click()
        page.locator(f"[name=references-{at}-text]").fill(words)
        if words == "B":
            page.get_by_role("button", name="Save", exact=True).first.click()
            expect(page.locator(".notice--done")).to_contain_text("Saved.")
            page.wait_for_load_state()  # its scripts hear the next press
    grip = page.locator("#references-0 [data-grip]")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = page.context.new_cdp_session(page) if way == "touch" else None

    def point(kind, name, at):
        if finger:
            points = [] if kind == "up" else [{"x": x, "y": at}]
            finger.send("Input.dispatchTouchEvent", {"type": name, "touchPoints": points})
        elif kind == "move":
            page.mouse.move(x, at)
        else:
            getattr(page.mouse, kind)()

    if not finger:
        page.mouse.move(x, y)
    point("down", "touchStart", y)
    expect(page.locator("#references")).to_have_class(re.compile("rows--moving"))
    last = page.locator("#references-2").bounding_box()
    for at in (y + 20, last["y"] + last["height"] - 4):
        point("move", "touchMove", at)
    point("up", "touchEnd", last["y"])
    expect(page.locator("#references")).not_to_have_class(re.compile("rows--moving"))
    with page.expect_navigation():  # the page from before says "Saved.", too
        page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".notice--done")).to_contain_text("Saved.")

    assert ["B", "C", "A"] == [page.locator(f"[name=references-{at}-text]").input_value() for at in range(3)]


def test_the_preview_follows_what_is_typed(desk):
    """Beside the text, by the page's own renderer and styles; nothing of it is a script's."""
    desk.get_by_label("Title", exact=True).first.fill("Hips")
    text(desk).fill("It **moves**.")
    shown = desk.frame_locator(".preview__frame")

    expect(shown.get_by_role("heading", level=1)).to_have_text("Hips")
    expect(shown.locator(".article__body strong").first).to_have_text("moves")
    expect(shown.locator(".article__body")).not_to_have_css("color", "rgb(0, 0, 0)")  # its stylesheet comes after it


def test_the_preview_takes_the_texts_place_on_a_phone(visit, live_site):
    """And gives it back as it was."""
    page = administrator(visit, live_site)
    page.goto("/desk/posts/new")
    text(page).fill("It **moves**.")
    page.get_by_role("button", name="Preview").click()
    expect(page.frame_locator(".preview__frame").locator("strong").first).to_have_text("moves")
    expect(text(page)).to_be_hidden()
    page.get_by_role("button", name="Preview").click()

    expect(text(page)).to_have_value("It **moves**.")
    text(page).click()
    bar = page.get_by_role("toolbar", name="Format: Text")

    def place():
        box = bar.bounding_box()
        return round(box["y"] + box["height"]), box["height"] < 80

    wait_for(lambda: place() == (844, True))
    assert (844, True) == place()
