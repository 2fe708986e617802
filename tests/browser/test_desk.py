"""The desk as a therapist uses it between two patients: thirty comments by keys alone, and by thumb alone."""

from __future__ import annotations

import json
import re
import secrets
import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import expect

from blog.moderation.batches import BATCH
from tests.browser.conftest import DESKTOP, PATIENCE
from tests.browser.people import ARTICLE, administrator, sign_in

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


def decisions(page):
    """What the page decides, as it is sent: complete once a later question of the page is answered."""
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    return sent


def test_thirty_comments_by_keyboard_alone(visit, live_site):
    """j, then a verdict for each: the next comment has the focus by itself, and u takes the last one back."""
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
    """Letters in the search field, with a modifier, or switched off: no decision."""
    text = mark()
    send(live_site, 2, text)
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto(f"/desk/comments?state=pending&q={text}")
    sent = decisions(page)
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
    expect(page.locator("#keys")).to_be_hidden()
    page.locator(".card").first.focus()
    expect(page.locator(".card").first).to_be_focused()
    page.keyboard.press("a")

    assert (2, []) == (waiting(page, text), sent)
    page.reload()
    page.locator(".card").first.focus()
    page.keyboard.press("s")
    assert (2, []) == (waiting(page, text), sent)


def press(page, key, code, **more):
    """A key as another keyboard layout sends it."""
    page.evaluate(
        "([key, code, more]) => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...more }))",
        [key, code, more],
    )


@pytest.mark.parametrize(
    ("down", "hold", "search", "help_"),
    [
        (("J", "KeyJ"), ("H", "KeyH"), ("/", "Slash"), ("?", "Slash")),
        (("о", "KeyJ"), ("р", "KeyH"), (".", "Slash"), (",", "Slash")),
        (("О", "KeyJ"), ("Р", "KeyH"), (".", "Slash"), (",", "Slash")),
        (("ξ", "KeyJ"), ("η", "KeyH"), ("/", "Slash"), ("?", "Slash")),
        (("ت", "KeyJ"), ("ا", "KeyH"), ("ظ", "Slash"), ("؟", "Slash")),
    ],
    ids=["CapsLock", "Russian", "Russian with CapsLock", "Greek", "Arabic"],
)
def test_keys_work_with_any_layout(visit, live_site, down, hold, search, help_):
    """CapsLock makes no difference; without Latin letters a key is known by its place."""
    text = mark()
    send(live_site, 2, text)
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto(f"/desk/comments?state=pending&q={text}")
    press(page, *down)
    expect(page.locator(".card").first).to_be_focused()
    press(page, *hold)
    expect(page.locator(".card")).to_have_count(1)
    press(page, *search)
    expect(page.locator("#q")).to_be_focused()
    page.locator(".card").first.focus()
    press(page, *help_, shiftKey=True)

    expect(page.locator("#keys")).to_be_visible()
    assert 1 == waiting(page, text)


def test_keys_of_latin_layouts_are_known_by_their_letter(visit, live_site):
    """On a French keyboard "a" lies where others have "q", and nothing is decided by the place."""
    text = mark()
    send(live_site, 1, text)
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto(f"/desk/comments?state=pending&q={text}")
    sent = decisions(page)
    press(page, "j", "KeyJ")
    for key, code in (("q", "KeyA"), ("!", "Slash"), ("é", "Digit2")):
        press(page, key, code)

    assert (1, []) == (waiting(page, text), sent)


def test_keys_come_back_to_the_comment_where_one_was(visit, live_site):
    """From the search, a decision's key first goes back to the third comment, and decides nothing yet."""
    text = mark()
    send(live_site, 3, text)
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto(f"/desk/comments?state=pending&q={text}")
    for key in "jjj":
        page.keyboard.press(key)
    expect(page.locator(".card").nth(2)).to_be_focused()
    page.get_by_role("link", name=re.compile("Held")).first.focus()
    page.keyboard.press("h")

    expect(page.locator(".card").nth(2)).to_be_focused()
    assert 3 == waiting(page, text)


def test_thirty_comments_by_touch_alone(visit, live_site):
    """At 390 px: every button can be hit with a thumb, and nothing is covered."""
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
        expect(button).to_be_visible()  # what a finger opens is open a moment later
        box = button.bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        button.tap()
        expect(page.locator(".card")).to_have_count(29 - number)

    assert 0 == waiting(page, text)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_spam_over_a_filter_and_undo(visit, live_site, script):
    """The number is said first, all of it is decided, and one button takes it back."""
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


@pytest.mark.slow
def test_more_than_a_request_can_do_goes_to_the_job(visit, live_site):
    """The page says how far it is, by itself, until all of it is decided; undoing, from the log, goes the same way."""
    text = mark()
    count = BATCH + 5
    send(live_site, count, text)
    page = administrator(visit, live_site)
    page.goto(f"/desk/batches/new?state=pending&q={text}")
    page.get_by_role("button", name=f"Mark {count} as spam").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Marking as spam: {count} comments")
    expect(page.locator(".decided")).to_contain_text(f"Marked as spam: {count} comments", timeout=4 * PATIENCE)
    expect(page.locator(".decided")).to_be_focused()
    assert 0 == waiting(page, text)

    page.goto("/desk/log?verdict=spam")
    page.get_by_role("link", name="Undo decision").first.click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Undoing: {count} comments")
    expect(page.locator(".decided")).to_contain_text(f"Undone: {count} comments", timeout=4 * PATIENCE)

    page.goto(f"/desk/comments?state=pending&q={text}")
    expect(page.locator("#count")).to_contain_text(f"{count} comments")


def test_what_was_typed_survives_a_lost_session(visit, live_site):
    """The page says that nobody is signed in; after signing in beside it the same button works."""
    text = mark()
    send(live_site, 1, text)
    page = administrator(visit, live_site)
    page.goto(f"/desk/comments?state=pending&q={text}")
    page.locator("summary", has_text="Answer").click()
    page.get_by_label("Reply from the team").fill("Ten minutes of writing")
    page.context.clear_cookies()
    page.get_by_role("button", name="Approve and publish the answer").click()
    expect(page.locator("#done")).to_contain_text("You are signed out.")
    expect(page.get_by_label("Reply from the team")).to_have_value("Ten minutes of writing")

    with page.context.expect_page() as beside:
        page.get_by_role("link", name="Sign in").click()
    sign_in(beside.value)
    page.get_by_role("button", name="Approve and publish the answer").click()

    expect(page.locator("#done")).to_contain_text("Approved")


def test_a_colleague_was_faster(visit, live_site):
    """Nothing is decided, the reply stays, and an undo that cannot be done any more leaves the queue where it is."""
    text = mark()
    send(live_site, 2, text)
    queue = f"/desk/comments?state=pending&q={text}"
    page, other = administrator(visit, live_site), administrator(visit, live_site)
    page.goto(queue)
    other.goto(queue)
    first = page.locator(".card").first
    first.locator("summary", has_text="Answer").click()
    first.get_by_label("Reply from the team").fill("Ten minutes of writing")
    other.locator(".card").first.get_by_role("button", name="Spam").click()
    expect(other.locator(".decided")).to_contain_text("Marked as spam")
    first.get_by_role("button", name="Approve and publish the answer").click()
    expect(page.locator(".error-summary")).to_contain_text("Already spam by")
    expect(page.get_by_label("Reply from the team")).to_have_value("Ten minutes of writing")

    page.goto(queue)
    page.locator(".card").first.get_by_role("button", name="Hold").click()
    expect(page.locator(".decided")).to_contain_text("Held")
    other.goto(queue.replace("pending", "held"))
    other.locator(".card").first.get_by_role("button", name="Spam").click()
    expect(other.locator(".decided")).to_contain_text("Marked as spam")
    page.get_by_role("button", name="Undo").click()

    expect(page.locator(".decided")).to_contain_text("has decided again")


def test_a_decision_is_said_politely_and_the_next_comment_has_the_focus(visit, live_site):
    """What is read out stands in a place that was there before; a double click decides one comment."""
    text = mark()
    send(live_site, 3, text)
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto(f"/desk/comments?state=pending&q={text}")
    place = page.locator("#done[role=status]").element_handle()
    page.locator(".card").first.get_by_role("button", name="Hold").dblclick()
    expect(page.locator(".card")).to_have_count(2)

    assert "Held: 1 comment." in place.inner_text()
    expect(page.locator(".card").first).to_be_focused()
    assert 2 == waiting(page, text)


def test_the_next_of_several_quick_clicks_decides_nothing(visit, live_site):
    """Where the first was answered in between, it falls on the next comment, which nobody has read."""
    text = mark()
    send(live_site, 3, text)
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto(f"/desk/comments?state=pending&q={text}")
    cards = page.locator(".card")

    def click(number):
        box = cards.first.get_by_role("button", name="Hold", exact=True).bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down(click_count=number)
        page.mouse.up(click_count=number)

    click(1)
    expect(cards).to_have_count(2)
    click(2)
    click(3)
    still = waiting(page, text)
    click(1)
    expect(cards).to_have_count(1)

    assert 2 == still


def test_a_key_that_is_held_down_decides_once(visit, live_site):
    """Its repetitions come when the next comment has the focus already."""
    text = mark()
    send(live_site, 3, text)
    page = administrator(visit, live_site, viewport=DESKTOP)
    page.goto(f"/desk/comments?state=pending&q={text}")
    page.keyboard.press("j")
    page.keyboard.down("h")
    expect(page.locator(".card")).to_have_count(2)
    expect(page.locator(".card").first).to_be_focused()
    page.keyboard.down("h")
    still = waiting(page, text)
    page.keyboard.up("h")
    page.keyboard.press("h")
    expect(page.locator(".card")).to_have_count(1)

    assert 2 == still


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_moderator_meets_on_the_way_is_accessible(visit, live_site, accessibility_problems, scheme):
    """After a decision, when it is stale, when it is refused, before many are decided, and with a redacted copy."""
    text = mark()
    send(live_site, 3, f"{text} call me on 07700 900123 {'long' * 60}")
    queue = f"/desk/comments?state=pending&q={text}"
    page, other = (administrator(visit, live_site, color_scheme=scheme) for _ in range(2))
    other.goto(queue)
    page.goto(queue)
    found = {}

    def look(state):
        width = page.evaluate("document.documentElement.scrollWidth")
        found[state] = accessibility_problems(page) + ([f"{width} px wide"] if width > 390 else [])

    page.locator(".card").first.get_by_role("button", name="Hold").click()
    expect(page.locator(".decided")).to_contain_text("Held")
    look("decided")
    other.locator(".card").first.get_by_role("button", name="Approve", exact=True).click()
    expect(other.locator(".error-summary")).to_contain_text("Already held")
    page.context.clear_cookies()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".decided")).to_contain_text("signed out")
    look("signed out")
    page = other
    look("stale")
    page.goto(queue)
    page.get_by_role("link", name=re.compile("in this filter")).click()
    look("batch")
    page.goto(queue)
    page.locator(".card__choose").first.check()
    page.locator("#bulk").get_by_role("button", name="Reject").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reject 1 comment?")
    look("selection")
    page.goto(queue)
    page.locator("summary", has_text="More").first.click()
    page.get_by_role("link", name="Redact and publish").first.click()
    page.get_by_role("button", name="Show the copy").click()
    expect(page.get_by_role("button", name="Publish this copy")).to_be_visible()
    look("redacted copy")

    assert {} == {state: problems for state, problems in found.items() if problems}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desks_own_pages_are_accessible_and_fit_a_phone(visit, live_site, accessibility_problems, scheme):
    """Axe finds nothing on what a moderator opens, with every panel of a card open."""
    text = mark()
    send(live_site, 2, f"{text} call me on 07700 900123")
    page = administrator(visit, live_site, color_scheme=scheme)
    page.goto(f"/desk/comments?state=pending&q={text}")
    number = page.locator(".card").first.get_attribute("id").split("-")[1]
    found = {}
    for path in (
        "/desk",
        f"/desk/comments?state=pending&q={text}",
        f"/desk/batches/new?state=pending&q={text}",
        f"/desk/comments/{number}/redaction",
        "/desk/log",
        "/desk/log?verdict=approve",
    ):
        page.goto(path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        width = page.evaluate("document.documentElement.scrollWidth")
        problems = accessibility_problems(page) + ([f"{width} px wide"] if width > 390 else [])
        if problems:
            found[path] = problems

    assert "{}" == json.dumps(found, indent=1)


def test_the_menu_folds_on_a_phone_and_is_one_row_on_a_wide_screen(visit, live_site):
    """Every part of the desk is in reach, also without JavaScript: behind a button, or side by side."""
    state = administrator(visit, live_site).context.storage_state()
    phone = visit(storage_state=state, java_script_enabled=False).new_page()
    wide = visit(storage_state=state, java_script_enabled=False, viewport=DESKTOP).new_page()
    phone.goto("/desk")
    wide.goto("/desk")
    links = phone.get_by_role("navigation", name="Desk").get_by_role("link")
    expect(links).to_have_count(0)
    phone.get_by_text("Menu", exact=True).click()
    expect(links).to_have_count(14)
    boxes = [link.bounding_box() for link in links.all()]
    row = [link.bounding_box() for link in wide.get_by_role("navigation", name="Desk").get_by_role("link").all()]

    assert 14 == len(boxes) == len(row)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert ({row[0]["y"]}, True) == ({box["y"] for box in row}, row[-1]["x"] + row[-1]["width"] <= 1280)
