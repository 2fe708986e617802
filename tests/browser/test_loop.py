"""The main job, as people do it: read, comment, wait, approve, see."""

from __future__ import annotations

import re
import secrets
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import ARTICLE, administrator
from tests.processes import wait_for

pytestmark = pytest.mark.browser


def fill_by_keyboard(page: Page, name: str, text: str) -> None:
    """Reach the form through the skip link's page order alone and write with keys."""
    page.goto(ARTICLE)
    page.keyboard.press("Tab")
    assert "Skip to" in page.evaluate("document.activeElement.textContent")
    page.locator("#comment-form a").first.focus()  # the policy link just above the fields; from here on keys only
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "name":
            break
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "email"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "notify"
    page.keyboard.press("Tab")
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Lists, quotes and links"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Send for approval"
    page.keyboard.press("Enter")


def surfaces(url: str) -> str:
    """All public places where a comment would appear, read by somebody without cookies."""
    paths = (ARTICLE, "/", "/feed.atom", "/comments.atom", ARTICLE + "/comments.atom")
    return "".join(urllib.request.urlopen(url + path).read().decode() for path in paths)


def shown_count(page: Page) -> int:
    page.goto(ARTICLE)
    heading = page.locator("#comments-title").inner_text()
    return int((re.search(r"\d+", heading) or ["0"])[0])


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_comment_is_seen_by_others_only_after_approval(visit, live_site, script):
    """Read, write with the keyboard, see the status page; a stranger sees it after approval, and not after undo."""
    mark = "loop" + secrets.token_hex(6)
    reader = visit(java_script_enabled=script).new_page()
    stranger = visit(java_script_enabled=script).new_page()
    before = shown_count(stranger)

    if script:
        fill_by_keyboard(reader, "Kay Board", f"Does it help when sitting all day? {mark}")
    else:
        reader.goto(ARTICLE)
        reader.get_by_label("Your name").fill("No Script")
        reader.get_by_label("Your comment", exact=True).fill(f"Does it help when sitting all day? {mark}")
        reader.get_by_role("button", name="Send for approval").click()

    expect(reader).to_have_url(re.compile(r"/comments/[\w-]{22,}$"))
    expect(reader.get_by_text("waiting for a moderator")).to_be_visible()
    expect(reader.locator(".comment--preview", has_text=mark)).to_be_visible()
    assert mark not in surfaces(live_site.url)
    assert before == shown_count(stranger)

    moderator = administrator(visit, live_site, java_script_enabled=script)
    moderator.goto(f"/desk/comments?state=pending&q={mark}")
    moderator.get_by_role("button", name="Approve", exact=True).first.click()
    expect(moderator.locator(".decided")).to_contain_text("Approved")

    stranger.goto(ARTICLE)
    expect(stranger.locator(".comment", has_text=mark)).to_be_visible()
    assert before + 1 == shown_count(stranger)
    assert mark in surfaces(live_site.url)

    moderator.get_by_role("button", name="Undo").click()
    expect(moderator.locator(".decided")).to_contain_text("Undone")
    assert mark not in surfaces(live_site.url)
    assert before == shown_count(stranger)


def test_errors_keep_the_text_and_take_the_focus(page):
    """A form sent without a name comes back with the text, and the summary of errors has the focus."""
    page.goto(ARTICLE)
    page.get_by_label("Your comment", exact=True).fill("Words that must not be lost")
    page.get_by_role("button", name="Send for approval").click()

    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_role("textbox", name="Your comment", exact=True)).to_have_value("Words that must not be lost")


def test_errors_leave_the_focus_to_whoever_has_begun(page):
    """The script that takes the focus to the summary may come late; then somebody is mending it already."""
    late = []
    page.route("**/errors.*.js", lambda route: late.append(route))
    page.goto(ARTICLE)
    page.get_by_label("Your comment", exact=True).fill("Words that must not be lost")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.locator("#error-summary")).to_be_visible()
    name = page.get_by_role("textbox", name="Your name")
    name.press_sequentially("A")
    assert wait_for(lambda: page.title() and late)
    late[0].continue_()
    page.wait_for_load_state()
    page.keyboard.type("da")

    expect(name).to_have_value("Ada")


def test_the_writer_can_withdraw_and_erase(page):
    """From the private page a comment can be taken back without an account."""
    page.goto(ARTICLE)
    page.get_by_label("Your name").fill("Chan Ged")
    page.get_by_label("Your comment", exact=True).fill("I will take this back " + secrets.token_hex(4))
    page.get_by_role("button", name="Send for approval").click()
    page.get_by_role("button", name="Withdraw my comment").click()
    expect(page.get_by_text("Withdrawn.")).to_be_visible()
    page.get_by_text("Erase my comment").click()
    page.get_by_role("button", name="Yes, erase it for good").click()

    expect(page.get_by_text("Erased.")).to_be_visible()


@pytest.mark.parametrize("path", ["/", ARTICLE, "/about", "/archive/2026", "/tags/driving", "/nowhere", "/login"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages_are_accessible_and_fit_a_phone(visit, accessibility_problems, path, scheme):
    """Axe finds nothing, and no page is wider than the screen."""
    page = visit(color_scheme=scheme).new_page()
    page.goto(path)

    assert [] == accessibility_problems(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_desk_pages_are_accessible_and_fit_a_phone(visit, live_site, accessibility_problems):
    """The same holds for those who moderate between two patients."""
    page = administrator(visit, live_site)
    found = {}
    for path in (
        "/desk",
        "/desk/comments",
        "/desk/comments?state=approved",
        "/desk/log",
        "/desk/pages",
        "/desk/pages/disclaimer",
        "/desk/settings",
        "/desk/settings/navigation",
        "/account",
    ):
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        problems = accessibility_problems(page) + ([f"{width} px wide"] if width > 390 else [])
        if problems:
            found[path] = problems

    assert {} == found


def test_nothing_is_asked_of_other_sites(wide_page):
    """Reading an article loads from this site alone and leaves no cookie."""
    asked = []
    wide_page.on("request", lambda request: asked.append(request.url))
    wide_page.goto(ARTICLE)
    wide_page.wait_for_load_state("networkidle")

    assert {wide_page.url.split("/posts")[0]} == {"/".join(url.split("/")[:3]) for url in asked}
    assert [] == wide_page.context.cookies()
