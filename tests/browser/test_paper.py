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
        ("/posts/forearm-extensor-trigger-points", 2),
        ("/posts/sternocleidomastoid-trigger-points", 2),
    ],
)
def test_an_article_with_one_stretch_fits_two_pages_and_with_two_three_and_its_handout_one(page, path, most):
    page.goto(path)
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))

    assert 1 <= len(pages) <= most


def test_a_muscle_prints_on_one_page_with_its_name_whole(page):
    """Beside its picture, above both columns; lists of articles are for the screen."""
    page.goto("/muscles/gluteus-maximus")
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")

    assert 1 == len(pages)
    assert page.locator("h1").bounding_box()["height"] < 40
    assert not page.get_by_role("heading", name="Articles about it").is_visible()


def size_of_letters(page, path, where):
    page.goto(path)
    page.emulate_media(media="print")
    return page.evaluate(f"parseFloat(getComputedStyle(document.querySelector('{where}')).fontSize)")


@pytest.mark.parametrize(
    ("larger", "smaller", "where"),
    [
        ("gluteus-maximus-trigger-points", "piriformis-trigger-points", ".article__body p"),
        ("piriformis-trigger-points/handout", "gluteus-maximus-trigger-points/handout", ".handout"),
    ],
    ids=["the third page of a second stretch", "a handout with one stretch"],
)
def test_room_is_used_for_larger_letters(page, larger, smaller, where):
    sizes = [size_of_letters(page, f"/posts/{path}", where) for path in (larger, smaller)]

    assert sizes[0] > 1.03 * sizes[1]
