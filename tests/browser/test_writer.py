"""Somebody who wrote a comment, on a phone: asked about personal details, told what is urgent, free to take it back."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import ARTICLE, administrator

pytestmark = pytest.mark.browser

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
PHONE = "07700 900123"


@pytest.fixture
def writer(visit):
    """`writer(java_script_enabled=False)`: the page of a reader who is new here."""
    return lambda **choices: visit(**choices).new_page()


def write(page: Page, text: str, name: str = "Wri Ter") -> None:
    page.goto(ARTICLE)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("textbox", name="Your comment", exact=True).fill(text)
    page.get_by_role("button", name="Send for approval").click()


def send(page: Page, text: str, name: str = "Wri Ter") -> None:
    """Write what is stored at once, and wait until it is."""
    write(page, text, name)
    expect(page).to_have_url(re.compile(r"/comments/[\w-]{22,}$"))


def decide(visit, live_site, text: str, verdict: str) -> None:
    """A moderator finds the comment by its text and decides."""
    desk = administrator(visit, live_site)
    desk.goto(f"/desk/comments?state=pending&q={text}")
    desk.get_by_role("button", name=verdict, exact=True).first.click()
    expect(desk.locator(".decided")).to_be_visible()


def mark() -> str:
    return "writer" + secrets.token_hex(5)


@SCRIPT
def test_is_asked_about_personal_details_first(writer, accessibility_problems, script):
    """422 with the words marked and everything kept; one button sends it all the same."""
    page, text = writer(java_script_enabled=script), mark()
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        write(page, f"{text} Please ring me on {PHONE} about my hip.")

    assert 422 == answer.value.status
    expect(page.locator("#personal mark").first).to_have_text(PHONE)
    expect(page.get_by_role("textbox", name="Your comment", exact=True)).to_have_value(re.compile(f"{text}.*{PHONE}"))
    expect(page.get_by_label("Your name")).to_have_value("Wri Ter")
    if script:
        expect(page.locator("#error-summary")).to_be_focused()
        assert [] == accessibility_problems(page)
    page.get_by_role("button", name="Send anyway").click()

    expect(page).to_have_url(re.compile(r"/comments/[\w-]{22,}$"))
    expect(page.locator(".comment--preview")).to_contain_text(PHONE)


def test_may_leave_the_personal_details_out(writer):
    """The text is changed where it stands and sent again."""
    page, text = writer(), mark()
    write(page, f"{text} Please ring me on {PHONE}.")
    page.get_by_role("textbox", name="Your comment", exact=True).fill(f"{text} Does it help the hip?")
    page.get_by_role("button", name="Send for approval").click()

    expect(page.locator(".comment--preview")).to_contain_text(text)
    expect(page.locator(".comment--preview")).not_to_contain_text(PHONE)


def test_tells_how_long_it_took_and_only_once(writer):
    """Seconds since the page was opened; a form that came back with its text would say nothing true."""
    page, text = writer(), mark()
    with page.expect_request(lambda request: request.method == "POST") as first:
        write(page, f"{text} Please ring me on {PHONE}.")
    expect(page.locator("#personal")).to_be_visible()
    with page.expect_request(lambda request: request.method == "POST") as second:
        page.get_by_role("button", name="Send anyway").click()

    assert re.search(r"&elapsed=\d+(\.\d)?(&|$)", first.value.post_data)
    assert "elapsed" not in second.value.post_data


def flagged(desk: Page, text: str) -> bool:
    """Whether a comment stands under "likely spam"."""
    desk.goto(f"/desk/comments?state=pending&flag=spam&q={text}")
    return desk.locator(".card").count() == 1


def test_browser_proves_its_work_where_a_text_looks_like_an_advertisement(writer, visit, live_site):
    """With it, what alone were just enough points is not likely spam; a browser without JavaScript gains nothing."""
    page, other, proved, unproved = writer(), writer(java_script_enabled=False), mark(), mark()
    advertisement = "Look at http://one.example and http://two.example for more."
    page.add_init_script("performance.now = () => 60000")  # nobody types as fast as a test
    page.goto(ARTICLE)
    page.get_by_label("Your name").fill("Wri Ter")
    page.get_by_role("textbox", name="Your comment", exact=True).press_sequentially(f"{proved} {advertisement}")
    expect(page.locator("input[name=proof]")).to_have_count(1)
    page.get_by_role("button", name="Send for approval").click()
    expect(page).to_have_url(re.compile(r"/comments/[\w-]{22,}$"))
    send(other, f"{unproved} {advertisement}")
    desk = administrator(visit, live_site)

    assert (False, True) == (flagged(desk, proved), flagged(desk, unproved))


def test_browser_computes_nothing_for_an_ordinary_text(writer):
    page = writer()
    with page.expect_response("**/comments/proof") as answer:
        page.goto(ARTICLE)
        page.get_by_role("textbox", name="Your comment", exact=True).press_sequentially("Does it help the hip?")

    assert answer.value.json()["wanted"] is False
    expect(page.locator("input[name=proof]")).to_have_count(0)


@SCRIPT
def test_is_told_at_once_what_cannot_wait(writer, accessibility_problems, script):
    """Stored first, never asked first: whom to call stands on top, as numbers that a thumb can press."""
    page = writer(java_script_enabled=script)
    write(page, f"{mark()} Since this morning I cannot control my bladder and my saddle is numb. Ring {PHONE}.")

    expect(page).to_have_url(re.compile(r"/comments/[\w-]{22,}$"))
    expect(page.locator(".alarm__title")).to_be_in_viewport()
    number = page.locator(".alarm__number").first
    assert number.get_attribute("href").startswith("tel:")
    assert number.bounding_box()["height"] >= 44
    if script:
        assert [] == accessibility_problems(page)


@SCRIPT
def test_changes_a_published_comment(writer, visit, live_site, script):
    """Within the window: the new text waits, everybody reads the approved one until a moderator decides."""
    page, text = writer(java_script_enabled=script), mark()
    send(page, f"{text} first words")
    decide(visit, live_site, text, "Approve")
    page.reload()
    page.get_by_text("Change what you wrote").click()
    page.get_by_role("textbox", name="Your comment", exact=True).fill(f"{text} second words")
    page.get_by_role("button", name="Send the new text").click()
    expect(page.get_by_text("Your change is waiting for a moderator.")).to_be_visible()
    stranger = writer()
    stranger.goto(ARTICLE)
    expect(stranger.locator(".comment", has_text=text)).to_contain_text("first words")

    decide(visit, live_site, text, "Approve")
    stranger.reload()
    expect(stranger.locator(".comment", has_text=text)).to_contain_text("second words")


def test_is_told_why_it_was_declined(writer, visit, live_site):
    """The reason's own words, and the way to the policy."""
    page, text = writer(), mark()
    send(page, f"{text} words")
    desk = administrator(visit, live_site)
    desk.goto(f"/desk/comments?state=pending&q={text}")
    desk.locator("summary", has_text="Reject").click()
    desk.get_by_label("Reason, told to the writer").first.select_option(index=1)
    desk.get_by_role("button", name="Reject", exact=True).first.click()
    expect(desk.locator(".decided")).to_contain_text("Rejected")
    page.reload()

    expect(page.get_by_text("Not published.")).to_be_visible()
    expect(page.get_by_text("A moderator decided not to publish it.")).to_have_count(0)


@SCRIPT
def test_takes_it_back_for_good(writer, visit, live_site, script):
    """Withdrawn, it is off the site at once; erased, its words are nowhere, also not at the desk."""
    page, text = writer(java_script_enabled=script), mark()
    send(page, f"{text} words", name=f"Name{text}")
    decide(visit, live_site, text, "Approve")
    page.reload()
    page.get_by_role("button", name="Withdraw my comment").click()
    expect(page.get_by_text("Withdrawn.")).to_be_visible()
    stranger = writer()
    stranger.goto(ARTICLE)
    expect(stranger.locator(".comment", has_text=text)).to_have_count(0)

    page.get_by_text("Erase my comment").click()
    page.get_by_role("button", name="Yes, erase it for good").click()
    expect(page.get_by_text("Erased.")).to_be_visible()
    assert text not in page.content()
    desk = administrator(visit, live_site)
    for path in ("/desk/comments?state=erased", "/desk/comments?state=withdrawn", "/desk/log"):
        desk.goto(path)
        assert text not in desk.content()
