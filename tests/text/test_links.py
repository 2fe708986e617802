"""Links in HTML that is read elsewhere, in feeds and mails: in full, and nothing else is touched."""

from __future__ import annotations

import pytest

from blog.text.articles import article_html
from blog.text.links import absolute_links

PAGE = "https://blog.example/posts/neck"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/about">x</a>', '<a href="https://blog.example/about">x</a>'),
        ('<a href="#note-1">x</a>', '<a href="https://blog.example/posts/neck#note-1">x</a>'),
        ('<a rel="x" href="/a?b=1&amp;c=2#d">x</a>', '<a rel="x" href="https://blog.example/a?b=1&amp;c=2#d">x</a>'),
        ('<img alt="a > b" src="/media/a.png">', '<img alt="a > b" src="https://blog.example/media/a.png">'),
        ('<video poster="/p.jpg">', '<video poster="https://blog.example/p.jpg">'),
    ],
)
def test_name_the_site(html, expected):
    assert expected == absolute_links(html, PAGE)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://other.example/#x">x</a>',
        '<a href="mailto:a@b.example">x</a>',
        '<a href="tel:+49">x</a>',
        '<p>Write href="/about" in it.</p>',
        '<p aria-label="say href=&quot;/about&quot;">x</p>',
        "<p>a < b, c > d</p>",
    ],
)
def test_leave_alone(html):
    assert html == absolute_links(html, PAGE)


def test_lead_from_a_footnote_and_back():
    """Both ends of a note in an article, as stored."""
    parts = article_html("Text.[^1]\n\n[^1]: A note.").parts
    html = absolute_links("".join(content for _, content in parts), PAGE)

    assert 2 == html.count(f'href="{PAGE}#')
    assert 'href="#' not in html
