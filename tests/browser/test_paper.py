"""What leaves the printer."""

from __future__ import annotations

import re

import pytest


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/posts/gluteus-minimus-trigger-points/handout", 1),
        ("/posts/gluteus-maximus-trigger-points/handout", 1),
        ("/posts/piriformis-trigger-points", 3),
    ],
)
def test_an_article_fits_three_pages_and_its_handout_one(page, path, most):
    page.goto(path)
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))

    assert 1 <= len(pages) <= most
