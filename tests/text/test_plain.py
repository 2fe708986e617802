"""The words of HTML made here, and the beginning of a text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.characters import clean_line
from blog.text.comments import comment_html
from blog.text.plain import excerpt, plain


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_plain_gives_back_the_words(text: str) -> None:
    """Text without markup comes out of its HTML as it went in, but for spaces and signs that are markup."""
    letters = "".join(c for c in clean_line(text) if c.isalpha())

    assert letters == plain(comment_html(letters))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a <em>b</em></p>\n<p>c</p>", "a b\n\nc"),
        ("<p>a<br>\nb</p>", "a\nb"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "a\n\nb"),
        ("<p>&lt;b&gt; &amp;amp;</p>", "<b> &amp;"),
        ("<pre><code>a\n  b\n</code></pre>", "a\n  b"),
        ('<p>a<sup class="footnote-ref"><a href="#note-1" aria-label="Note 1">1</a></sup> b</p>', "a b"),
        ('<div aria-label="a > b">c</div>', "c"),
        ("<table><tr><th>a</th>\n<th>b</th></tr></table>", "a b"),
        ("a<b", "a"),
        ('a<b c="', "a"),
        ("", ""),
    ],
)
def test_plain(html: str, text: str) -> None:
    """Words and line breaks, nothing else."""
    assert text == plain(html)


@pytest.mark.parametrize(
    ("text", "chars", "short"),
    [
        ("one two", 7, "one two"),
        ("one two three", 9, "one two…"),
        ("one two, three", 10, "one two…"),
        ("one\n two", 20, "one two"),
        ("abcdefghij", 5, "abcd…"),
        ("👩\u200d👩\u200d👧x", 5, "…"),
        ("abcdcs\u0323x", 7, "abcdc…"),
    ],
)
def test_excerpt(text: str, chars: int, short: str) -> None:
    """Cut after a word, never inside of a letter, never longer than asked for."""
    assert short == excerpt(text, chars)
    assert len(short) <= chars
