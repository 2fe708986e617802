"""Passing an article on: what only a browser knows, such as the reader's Mastodon server, stays in it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.people import ARTICLE


def test_mastodon_asks_for_the_server_once_and_tells_nobody(page):
    """The site is not asked anything; the next time the server stands there already."""
    page.route("https://mastodon.example/**", lambda route: route.fulfill(body="here", content_type="text/html"))
    page.goto(ARTICLE)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Mastodon").click()
    page.get_by_label("Your Mastodon server").fill("https://mastodon.example/@ana")
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page).to_have_url(re.compile(r"https://mastodon\.example/share\?text=.+%20http.+%2Fposts%2F"))
    told = [url for url in asked if "mastodon.example" in url and not url.startswith("https://mastodon.example/share")]
    page.goto(ARTICLE)
    page.get_by_role("link", name="Mastodon").click()

    expect(page.get_by_label("Your Mastodon server")).to_have_value("mastodon.example")
    assert [] == told


def test_mastodon_refuses_what_is_no_server(page):
    """It stays here, and says what is wrong."""
    page.goto(ARTICLE)
    page.get_by_role("link", name="Mastodon").click()
    page.get_by_label("Your Mastodon server").fill("ana")
    page.get_by_role("button", name="Share", exact=True).click()

    expect(page.get_by_label("Your Mastodon server")).to_be_focused()
    assert page.url.endswith(ARTICLE)
