"""What leaves the printer."""

from __future__ import annotations

import re

import pytest


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/posts/gluteus-minimus-trigger-points/handout", 1),
        ("/posts/gluteus-maximus-trigger-points/handout", 1),
        ("/posts/gluteus-maximus-trigger-points", 3),
        ("/posts/piriformis-trigger-points", 2),
    ],
)
def test_an_article_with_one_stretch_fits_two_pages_and_with_two_three_and_its_handout_one(page, path, most):
    page.goto(path)
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))

    assert 1 <= len(pages) <= most


def test_the_third_page_of_a_second_stretch_is_used_for_larger_letters(page):
    sizes = {}
    for name in ("gluteus-maximus", "piriformis"):
        page.goto(f"/posts/{name}-trigger-points")
        page.emulate_media(media="print")
        sizes[name] = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.article__body p')).fontSize)")

    assert sizes["gluteus-maximus"] > 1.03 * sizes["piriformis"]
