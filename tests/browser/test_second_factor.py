"""Signing in with a passkey or a code, in a real browser with virtual authenticators; by keyboard, on a phone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from passlib.totp import TOTP
from playwright.sync_api import BrowserContext, Page, expect

from tests.processes import FLASK, RunningSite, run

PASSWORD = "a long pass phrase for keys"
PLATFORM = {"transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
ROAMING = {"transport": "usb", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def named_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site under a name: browsers make no passkeys for a number."""
    instance = tmp_path_factory.mktemp("named") / "instance"
    instance.mkdir()
    (instance / "config.py").write_text("import os\nBLOG_SITE_URL = f\"http://localhost:{os.environ['PORT']}\"\n")
    site = RunningSite(instance, (FLASK, "serve"))
    try:
        yield site.wait_until_up()
        site.stop()
    finally:
        site.kill()


@pytest.fixture
def account() -> str:
    """The address of somebody new."""
    return f"{time.monotonic_ns()}@example.org"


@pytest.fixture
def person(visit: Callable[..., BrowserContext], named_site: RunningSite, account: str) -> Page:
    """A new moderator on a phone, at their second factors."""
    settings = {"BLOG_INSTANCE_PATH": str(named_site.output.parent), "PORT": str(named_site.port)}
    link = re.search(
        r"/account/link/\S+", run(FLASK, "users", "add", account, "--role", "moderator", **settings).stdout
    )
    assert link is not None
    page = visit(base_url=f"http://localhost:{named_site.port}", viewport=PHONE).new_page()
    page.goto(link[0])
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    page.wait_for_url("**/desk")
    page.goto("/account/factors")
    return page


def sign_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def authenticator(page: Page, kind: dict[str, Any]) -> None:
    """A device that says yes at once: the reader of a laptop, or a key that is plugged in."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "automaticPresenceSimulation": True, **kind}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Sign out", exact=True).last.click()
    page.wait_for_url("**/login")


@pytest.mark.parametrize("kind", [PLATFORM, ROAMING], ids=["platform", "roaming"])
def test_a_passkey_signs_in_alone_and_as_the_second_step(person: Page, account: str, kind: dict[str, Any]):
    """Added once, it replaces the password, and it is asked for after the password."""
    authenticator(person, kind)
    person.get_by_label("Name of the new passkey").fill("My key")
    person.get_by_role("button", name="Add a passkey").click()
    person.get_by_text("Keep these codes").first.wait_for()
    expect(person.locator(".codes code")).to_have_count(10)

    sign_out(person)
    person.get_by_role("link", name="Sign in with a passkey").click()
    person.get_by_role("button", name="Use a passkey").click()
    person.wait_for_url("**/desk")

    sign_out(person)
    sign_in(person, account)
    person.wait_for_url("**/login/second")
    person.get_by_role("button", name="Use a passkey").click()
    person.wait_for_url("**/desk")

    person.goto("/account/factors")
    person.get_by_role("button", name="Remove My key").click()
    person.get_by_text("is removed").wait_for()
    sign_out(person)
    sign_in(person, account)
    person.wait_for_url("**/desk")


def test_a_plain_security_key_is_a_second_step(person: Page, account: str):
    """One that can check nobody and remembers nothing is enough after the password."""
    authenticator(person, {"protocol": "u2f", "transport": "usb"})
    person.get_by_label("Name of the new passkey").fill("Plain key")
    person.get_by_role("button", name="Add a passkey").click()
    person.get_by_text("Keep these codes").first.wait_for()

    sign_out(person)
    sign_in(person, account)
    person.get_by_role("button", name="Use a passkey").click()
    person.wait_for_url("**/desk")


def test_an_app_is_set_up_and_used_by_keyboard(person: Page, account: str, accessibility_problems):
    """Without a mouse, on a narrow screen, and no page is wider than it."""
    person.get_by_role("button", name="Set up an app").focus()
    person.keyboard.press("Enter")
    person.get_by_label("Six digits").wait_for()
    key = re.sub(r"[^A-Z2-7]", "", person.locator(".key").inner_text())
    picture = person.locator("main img")
    picture.evaluate("image => image.decode()")  # waits until it is there; the page's policy refuses wait_for_function
    assert 220 == picture.evaluate("image => image.width")
    problems = accessibility_problems(person)
    person.get_by_label("Six digits").focus()
    person.keyboard.type(TOTP(key=key).generate().token)
    person.keyboard.press("Enter")
    person.get_by_text("Keep these codes").first.wait_for()
    code = person.locator(".codes code").first.inner_text()
    problems += accessibility_problems(person)

    sign_out(person)
    sign_in(person, account)
    person.get_by_label("Code").wait_for()
    problems += accessibility_problems(person)
    expect(person.get_by_label("Code")).to_be_focused()
    person.keyboard.type(code)
    person.keyboard.press("Enter")
    person.wait_for_url("**/desk")
    widths = []
    for path in ("/account", "/account/factors", "/login/passkey"):
        person.goto(path)
        widths.append(person.evaluate("document.documentElement.scrollWidth"))
        problems += accessibility_problems(person)

    assert [] == problems
    assert [390, 390, 390] == widths
