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
