"""The desk as a therapist uses it between two patients: thirty comments by keys alone, and by thumb alone."""

from __future__ import annotations

import json
import re
import secrets
import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP
from tests.browser.people import ARTICLE, administrator

pytestmark = pytest.mark.browser


def send(site, count, text):
    """Readers send `count` comments with `text`, each from an address of its own."""
    page = urllib.request.urlopen(site.url + ARTICLE).read().decode()
    token = re.search(r'name="token"[^>]*value="([^"]+)"', page)[1]
    for number in range(count):
        address = f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.{number + 1}"
        fields = {
            "name": f"Reader {number}",
            "body": f"{text} number {number}, does it help?",
            "token": token,
            "personal": "keep",
        }
        request = urllib.request.Request(
            f"{site.url}{ARTICLE}/comments", urllib.parse.urlencode(fields).encode(), {"X-Forwarded-For": address}
        )
        assert urllib.request.urlopen(request).status == 200


def mark():
    return "desk" + secrets.token_hex(5)


def waiting(page, text):
    """How many comments with this text still wait, as a fresh page says."""
    return page.evaluate(
        """async (address) => {
          const text = await (await fetch(address)).text();
          return new DOMParser().parseFromString(text, 'text/html').querySelectorAll('.card').length;
        }""",
        f"/desk/comments?state=pending&q={text}",
    )


def test_thirty_comments_by_keyboard_alone(visit, live_site):
    """
    j, then a verdict for each: the next comment has the focus by itself, and u takes the last one back.
    """
    text = mark()
    send(live_site, 30, text)
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto(f"/desk/comments?state=pending&q={text}")
    expect(page.locator(".card")).to_have_count(30)

    page.keyboard.press("j")
    for number in range(30):
        expect(page.locator(".card").first).to_be_focused()
        left = 30 - number
        key = "arsh"[number % 4] if number != 29 else "e"
        page.keyboard.press(key)
        if key == "r":
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
        elif key == "e":
            page.keyboard.type("Yes, it often does.")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        expect(page.locator(".card")).to_have_count(left - 1)
        if left == 2:
            page.keyboard.press("u")
            expect(page.locator(".card")).to_have_count(2)
            expect(page.locator(".card").first).to_be_focused()
            page.keyboard.press("a")
            expect(page.locator(".card")).to_have_count(1)

    assert 0 == waiting(page, text)


def test_keys_do_nothing_while_somebody_types(visit, live_site):
    """
    Letters in the search field, with a modifier, or switched off: no decision.
    """
    text = mark()
    send(live_site, 2, text)
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto(f"/desk/comments?state=pending&q={text}")
    page.keyboard.press("j")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("ashu")
    page.locator(".card").first.focus()
    for keys in ("Control+s", "Alt+h", "Shift+A"):
        page.keyboard.press(keys)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.locator(".card").first.focus()
    page.keyboard.press("a")
    page.wait_for_timeout(300)

    assert 2 == waiting(page, text)
    page.reload()
    page.locator(".card").first.focus()
    page.keyboard.press("s")
    page.wait_for_timeout(300)
    assert 2 == waiting(page, text)


def test_thirty_comments_by_touch_alone(visit, live_site):
    """
    At 390 px: every button can be hit with a thumb, and nothing is covered.
    """
    text = mark()
    send(live_site, 30, text)
    page = administrator(visit, live_site, has_touch=True, is_mobile=True)
    page.goto(f"/desk/comments?state=pending&q={text}")
    expect(page.locator(".card")).to_have_count(30)

    for number in range(30):
        first = page.locator(".card").first
        name = ("Approve", "Spam", "Hold", "Reject")[number % 4]
        if name == "Reject":
            first.locator("summary", has_text="Reject").tap()
        button = first.get_by_role("button", name=name, exact=True)
        box = button.bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        button.tap()
        expect(page.locator(".card")).to_have_count(29 - number)

    assert 0 == waiting(page, text)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_spam_over_a_filter_and_undo(visit, live_site, script):
    """
    The number is said first, all of it is decided, and one button takes it back. More than 200 go to the job.
    """
    text = mark()
    send(live_site, 12, text)
    page = administrator(visit, live_site, java_script_enabled=script)
    page.goto(f"/desk/comments?state=pending&q={text}")
    page.get_by_role("link", name="All 12 in this filter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All 12 comments in this filter")
    page.get_by_role("button", name="Mark 12 as spam").click()
    expect(page.locator(".decided")).to_contain_text("Marked as spam: 12 comments")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".decided")).to_contain_text("Undone: 12 comments")

    page.goto(f"/desk/comments?state=pending&q={text}")
    expect(page.locator(".card")).to_have_count(12)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desks_own_pages_are_accessible_and_fit_a_phone(visit, live_site, accessibility_problems, scheme):
    """
    Axe finds nothing on what a moderator opens, with every panel of a card open.
    """
    text = mark()
    send(live_site, 2, f"{text} call me on 07700 900123")
    page = administrator(visit, live_site, color_scheme=scheme)
    page.goto(f"/desk/comments?state=pending&q={text}")
    number = page.locator(".card").first.get_attribute("id").split("-")[1]
    found = {}
    for path in ("/desk", f"/desk/comments?state=pending&q={text}", f"/desk/batches/new?state=pending&q={text}",
                 f"/desk/comments/{number}/redaction", "/desk/log", "/desk/log?verdict=approve"):  # fmt: skip
        page.goto(path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        width = page.evaluate("document.documentElement.scrollWidth")
        problems = accessibility_problems(page) + ([f"{width} px wide"] if width > 390 else [])
        if problems:
            found[path] = problems

    assert "{}" == json.dumps(found, indent=1)
