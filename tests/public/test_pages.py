"""The four pages, as everybody reads them."""

from __future__ import annotations

import pytest

from blog.pages.models import PageSlug


@pytest.mark.parametrize("slug", list(PageSlug))
def test_shows_title_text_and_version(make, client, slug):
    """Each page says which version it is."""
    make.page(slug, title="Plain words", body="First.")
    make.page(slug, title="Plain words", body="What we say.")
    page = client.get(f"/{slug}").text

    assert [] == [
        part for part in ("<h1>Plain words</h1>", "<p>What we say.</p>", "Version 2, <time") if part not in page
    ]


@pytest.mark.parametrize("slug", list(PageSlug))
def test_is_not_found_before_it_says_something(client, slug):
    """A page without a text is a 404."""
    assert 404 == client.get(f"/{slug}").status_code


def test_is_listed_in_the_footer_of_every_page(make, client):
    """Only pages that say something."""
    make.page(PageSlug.PRIVACY, title="Privacy here")
    page = client.get("/").text
    footer = page[page.index("<footer") :]

    assert ('href="/privacy">Privacy here' in footer, 'href="/about"' in footer) == (True, False)


def test_shows_a_title_as_text(make, client):
    """Markup in a title is text."""
    make.page(PageSlug.ABOUT, title="<b>Us</b>")

    assert "<h1>&lt;b&gt;Us&lt;/b&gt;</h1>" in client.get("/about").text
