"""The Back button never puts what was typed for one comment onto the card of another one.

Browsers give fields their text back by their place in the page, and after a decision another comment stands there.
Each test types into every field of a card that such a page has, lets one comment go, leaves the page and comes back.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP
from tests.browser.people import administrator
from tests.browser.test_desk import mark, send

EMERGENCY = "I have crushing chest pain right now and cannot breathe,"  # its card has a private answer, too
TYPED = "Meant for the second one"

# What stands in a field and is not what the server sent, as "name: value".
CHANGED = """() => [...document.querySelectorAll('.card')].flatMap((card) => {
  const fields = [...card.querySelectorAll('textarea, input:not([type=hidden]), select')];
  return fields.flatMap((field) => {
    const preset = field.tagName === 'SELECT' ? (field.querySelector('[selected]') || field.options[0]).value
      : field.type === 'checkbox' ? field.defaultChecked : field.defaultValue;
    const now = field.type === 'checkbox' ? field.checked : field.value;
    return now === preset ? [] : [`${field.name}: ${now}`];
  });
})"""
FILLED = {f"message: {TYPED}", f"reply: {TYPED}", f"note: {TYPED}", "comment: true"}  # and the reason


def fill(card):
    """Type into everything that a card asks for; each lies in a menu."""
    card.locator(".card__choose").check()
    for menu, label in (
        ("Answer privately", "Answer to the writer alone"),
        ("Approve and answer", "Reply from the team"),
        ("Reject", "Note for colleagues"),
    ):
        card.locator("summary", has_text=menu).click()
        card.get_by_label(label).fill(TYPED)
    card.get_by_label("Reason, told to the writer").select_option(index=2)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def moderator(request, visit, live_site):
    """`moderator()`: somebody at the desk, in a session of their own."""
    return lambda: administrator(visit, live_site, viewport=DESKTOP, java_script_enabled=request.param)


@pytest.fixture
def queue(live_site, moderator):
    """A queue of three comments about an emergency; afterwards none of them waits."""
    text = mark()
    send(live_site, 3, f"{EMERGENCY} {text}")
    address = f"/desk/comments?state=pending&q={text}"
    yield address
    page = moderator()
    page.goto(address.replace("/desk/comments", "/desk/batches/new"))
    page.get_by_role("button", name="as spam").click()
    expect(page.locator(".decided")).to_contain_text("Marked as spam")
    page.context.close()


def open_queue(page, address):
    page.goto(address)
    cards = page.locator(".card")
    expect(cards).to_have_count(3)
    return cards


def leave_and_come_back(page):
    page.get_by_role("link", name="Log", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who decided what")
    page.go_back()
    expect(page.locator(".card")).to_have_count(2)


def let_go(card):
    """A decision that is one press away on a card with a possible emergency."""
    card.get_by_role("button", name="Hold", exact=True).click()


def test_every_field_is_typed_into(queue, moderator):
    """What the others rely on: five fields of one card hold something that the server did not send."""
    page = moderator()
    cards = open_queue(page, queue)
    fill(cards.nth(1))
    changed = set(page.evaluate(CHANGED))

    assert FILLED < changed
    assert {"reason"} == {one.partition(":")[0] for one in changed - FILLED}


def test_after_an_own_decision(queue, moderator):
    """The first of three goes: the second comment's words are not on the third one's card."""
    page = moderator()
    cards = open_queue(page, queue)
    fill(cards.nth(1))
    let_go(cards.first)
    expect(cards).to_have_count(2)
    leave_and_come_back(page)

    assert [] == page.evaluate(CHANGED)


def test_straight_back_after_an_own_decision(queue, moderator):
    """Without a page in between: Back from the page that the decision was answered with."""
    page = moderator()
    page.goto("/desk/log")
    cards = open_queue(page, queue)
    fill(cards.nth(1))
    let_go(cards.first)
    expect(cards).to_have_count(2)
    page.go_back()
    page.wait_for_load_state()
    if "/desk/log" in page.url:  # the page's script asked in the background, so this was the page before
        page.go_forward()
    expect(page.locator(".card")).to_have_count(2)

    assert [] == page.evaluate(CHANGED)


def test_after_a_colleague_has_decided(queue, moderator):
    """The same in another session: the page knows nothing of it until somebody comes back to it."""
    page, colleague = moderator(), moderator()
    cards = open_queue(page, queue)
    fill(cards.nth(1))
    let_go(open_queue(colleague, queue).first)
    expect(colleague.locator(".card")).to_have_count(2)
    leave_and_come_back(page)

    assert [] == page.evaluate(CHANGED)
