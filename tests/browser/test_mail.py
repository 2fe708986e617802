"""Mails as people use them: ask for them, confirm, decide from one, hear of it, leave."""

from __future__ import annotations

import re
import secrets
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE, PHONE
from tests.browser.people import ARTICLE, EMAIL, administrator
from tests.mail.servers import PostOffice, Received, post_office
from tests.processes import FLASK, RunningSite, wait_for

pytestmark = pytest.mark.browser

ADA = "ada@example.org"


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with post_office() as running:
        yield running


@pytest.fixture(scope="module")
def mail_site(tmp_path_factory: pytest.TempPathFactory, office: PostOffice) -> Iterator[RunningSite]:
    """`flask serve --sample` with a mail server."""
    site = RunningSite(
        tmp_path_factory.mktemp("mail") / "instance",
        (FLASK, "serve", "--sample"),
        BLOG_TRUSTED_PROXIES="1",
        BLOG_MAIL_URL=office.url,
        BLOG_MAIL_FROM="blog@clinic.example",
    )
    try:
        yield site.wait_until_up()
        site.stop()
    finally:
        site.kill()


@pytest.fixture
def arrive(browser: Browser, mail_site: RunningSite) -> Iterator[Callable[..., BrowserContext]]:
    """`arrive()`: another visitor of that site, with cookies of their own."""
    contexts: list[BrowserContext] = []

    def arriving(**choices: Any) -> BrowserContext:
        context = browser.new_context(**{"base_url": mail_site.url, "viewport": PHONE, **choices})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context

    yield arriving
    for context in contexts:
        context.close()


@pytest.fixture
def admin(arrive: Callable[..., BrowserContext], mail_site: RunningSite) -> Page:
    """The administrator, who wants each comment's mail at once, and a site where nobody waits for an undo."""
    page = administrator(arrive, mail_site)
    page.goto("/account/mails")
    page.get_by_label("Comments that wait for a decision").select_option("instant")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main").get_by_role("status")).to_be_visible()
    page.goto("/desk/settings/mail")
    page.locator("[name=mail_delay_minutes]").fill("0")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice--done")).to_be_visible()
    return page


def newest(office: PostOffice, to: str, subject: str, words: str = "", seconds: float = 120) -> Received:
    """The mail that comes soon to `to`; with `words` in it, where other tests' mails are alike."""

    def found() -> list[Received]:
        return [mail for mail in office.to(to) if subject in mail.subject and words in mail.text]

    assert wait_for(found, seconds), [(mail.recipients, mail.subject) for mail in office.mails]
    return found()[-1]


def link(mail: Received, kind: str) -> str:
    """The address in the plain part of a mail that begins with `kind`."""
    address = re.search(rf"http\S+/mail/{kind}-\S+", mail.text)
    assert address, mail.text
    return address[0]


def write(page: Page, words: str, address: str = "") -> None:
    page.goto(ARTICLE)
    page.get_by_label("Your name").fill("Ada Reader")
    page.get_by_label("Your comment", exact=True).fill(words)
    if address:
        page.get_by_label("Your email address").fill(address)
        page.get_by_label("Email me about this comment").check()
    page.get_by_role("button", name="Send for approval").click()
    expect(page).to_have_url(re.compile(r"/comments/[\w-]{22,}$"))


def test_from_a_comment_to_leaving(arrive, admin, office, mail_site):
    """Comment with a wish, confirm, approve from the mail's page without signing in, hear of it, one click, no more."""
    mark = "loop" + secrets.token_hex(4)
    reader = arrive(extra_http_headers={"X-Forwarded-For": "198.51.100.8"}).new_page()
    write(reader, f"Does it help when sitting all day? {mark}", ADA)
    private = reader.url
    asked = newest(office, ADA, "confirm")
    assert mark not in asked.raw.decode()

    reader.goto(link(asked, "confirm"))
    reader.get_by_role("button", name="Yes, write to me").click()
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()

    offered = newest(office, EMAIL, "waits", mark)
    assert ADA not in offered.raw.decode()
    moderator = arrive().new_page()  # not signed in: the link is the permission
    moderator.goto(link(offered, "decide-approve"))
    expect(moderator.locator(".comment--preview", has_text=mark)).to_be_visible()
    assert mark not in mail_site.read(ARTICLE)
    moderator.get_by_role("button", name="Approve", exact=True).click()
    expect(moderator.get_by_role("heading", name="approved now")).to_be_visible()
    assert mark in mail_site.read(ARTICLE)

    wake(admin)
    told = newest(office, ADA, "is published", mark)
    leave = str(told.message["List-Unsubscribe"])[1:-1]
    with urllib.request.urlopen(leave, urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()) as answer:
        assert answer.status == 200
    reader.goto(private)
    expect(reader.get_by_text("You get none.")).to_be_visible()


def wake(admin: Page) -> None:
    """Do not wait for the worker's next minute."""
    admin.goto("/desk/operations")
    admin.locator("form[action$='/jobs/send_mail'] button").click()


def test_an_emergency_is_mailed_at_once(arrive, admin, office):
    """Nobody has to wake the worker for it, and its link asks before anything happens."""
    reader = arrive(extra_http_headers={"X-Forwarded-For": "198.51.100.9"}).new_page()
    write(reader, "Since this morning I cannot control my bladder and my saddle area is numb.")
    mail = newest(office, EMAIL, "mergency", "saddle area", 45)  # of the worker's minute
    page = arrive().new_page()
    page.goto(link(mail, "decide-hold"))

    expect(page.get_by_role("button", name="Hold", exact=True)).to_be_visible()
    expect(page.locator(".comment--preview")).to_contain_text("bladder")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_mails_are_accessible_and_fit_a_phone(arrive, admin, office, accessibility_problems, scheme):
    """Axe finds nothing on what a link opens and where mails are chosen and watched, and nothing is too wide."""
    page = arrive(color_scheme=scheme).new_page()
    admin.emulate_media(color_scheme=scheme)
    address = f"198.51.100.{10 + len(scheme)}"
    reader = arrive(extra_http_headers={"X-Forwarded-For": address}).new_page()
    write(reader, "My leg is numb and I cannot control my bladder.")
    offered = newest(office, EMAIL, "mergency")
    places = [
        (page, link(offered, "decide-reject")),
        (page, "/mail/no-such-link"),
        (admin, "/desk/mail"),
        (admin, "/account/mails"),
    ]
    found = {}
    for browser, where in places:
        browser.goto(where)
        width = browser.evaluate("document.documentElement.scrollWidth")
        problems = accessibility_problems(browser) + ([f"{width} px wide"] if width > 390 else [])
        if problems:
            found[where] = problems

    assert {} == found
