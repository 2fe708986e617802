"""Readers' comments become safe HTML, quickly, and look as meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text import comments
from blog.text.characters import COMMENT_MAX_CHARS, clean_text
from blog.text.comments import _formatted, comment_html
from blog.text.plain import plain
from tests.text.attacks import ATTACKS, MARKUP
from tests.text.nasty import NASTY
from tests.text.reading import assert_safe_comment

MARKED = ("*long*", "**So long**.", "_è così_!", "*a*b", "*", "__", "a & b", "&amp;")
PIECES = """My neck|hurts!|(yes)|"so"|5|12.|1)|-|+|--|==|#|~~|:|:::|…|’|é|e\u0301|王明|שלום|👩\u200d⚕\ufe0f|½|@|$"""
GAPS = (" ", "  ", "    ", "\n", "\n\n", "\n  ", "\n\n\n\n")
SIGNS = st.sampled_from([*MARKED, *PIECES.split("|"), *GAPS])
HARDLY_MARKED = st.lists(SIGNS | st.text(max_size=4)).map("".join)

HTML_MAX_CHARS = 10 * COMMENT_MAX_CHARS


@pytest.mark.parametrize("attack", ATTACKS)
def test_comment_stays_safe(attack: str) -> None:
    """Nothing but the allowed tags, attributes and schemes comes out of a comment."""
    assert_safe_comment(comment_html(attack))


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_comment_survives(text: str) -> None:
    """Whatever 5,000 characters are, the HTML is safe, well formed and of bounded size."""
    html = comment_html(clean_text(text))

    assert_safe_comment(html)
    assert len(html) <= HTML_MAX_CHARS


@settings(max_examples=300, deadline=None)
@given(HARDLY_MARKED)
def test_text_with_hardly_a_mark_is_what_the_parser_makes_of_it(text: str) -> None:
    assert _formatted(clean_text(text)) == comment_html(text)


def test_text_with_hardly_a_mark_does_without_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(comments, "_formatted")

    assert "<p>How <em>long</em> &amp; <strong>how often</strong>?</p>" == comment_html("How *long* & __how often__?")


@settings(max_examples=400, deadline=None)
@given(st.text() | MARKUP)
def test_any_comment_is_safe(text: str) -> None:
    """Only allowed tags and attributes; sanitising the result again changes nothing."""
    assert_safe_comment(comment_html(clean_text(text)))


REL = 'rel="ugc nofollow noopener"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("`a<b`", "<p><code>a&lt;b</code></p>"),
        ("```py\na<b\n```", "<pre><code>a&lt;b\n</code></pre>"),
        ("[a](https://b.example/c)", f'<p><a href="https://b.example/c" {REL}>a</a></p>'),
        ("<http://b.example>", f'<p><a href="http://b.example" {REL}>http://b.example</a></p>'),
        ("", ""),
    ],
)
def test_comment_shows(text: str, html: str) -> None:
    """The subset works."""
    assert html == comment_html(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("&lt;b&gt; &amp; &", "<p>&amp;lt;b&amp;gt; &amp;amp; &amp;</p>"),
        ("# a", "<p># a</p>"),
        ("a\n===", "<p>a<br>\n===</p>"),
        ("---", "<p>---</p>"),
        ("|a|\n|-|\n|b|", "<p>|a|<br>\n|-|<br>\n|b|</p>"),
        ("    a", "<p>a</p>"),
        ("[a](/b)", "<p>[a](/b)</p>"),
        ("[a](mailto:b@c.example)", "<p>[a](mailto:b@c.example)</p>"),
        ("<b@c.example>", "<p>&lt;b@c.example&gt;</p>"),
        ("https://b.example", "<p>https://b.example</p>"),
        ("[a]\n\n[a]: https://b.example", "<p>[a]</p>\n<p>[a]: https://b.example</p>"),
        ("~~a~~", "<p>~~a~~</p>"),
        ("&#x202e;a", "<p>&amp;#x202e;a</p>"),
        ('"a"', '<p>"a"</p>'),
    ],
)
def test_comment_shows_as_typed(text: str, html: str) -> None:
    """What is not in the subset is text, not lost."""
    assert html == comment_html(text)


def test_comment_cleans_its_text() -> None:
    """A caller that forgot clean_text does no harm."""
    assert "<p>admin</p>" == comment_html("\u202ead\u200bmin\x00")


def test_link_text_is_as_typed() -> None:
    """A decoded address could bring back a right-to-left override."""
    assert ">https://x.example/%E2%80%AEgpj</a>" in comment_html("<https://x.example/%E2%80%AEgpj>")


def test_link_shows_where_a_foreign_host_goes() -> None:
    """The address of a host that looks like another is spelled out in ASCII."""
    assert 'href="https://xn--' in comment_html("[bank](https://bаnk.example)")


def test_six_levels_nest() -> None:
    """Quotes in quotes stay quotes."""
    assert 6 == comment_html("> " * 6 + "a").count("<blockquote>")


def test_seventh_level_is_text() -> None:
    """Deeper markers are shown as typed, so that no word is lost."""
    html = comment_html("> " * 8 + "a")

    assert 6 == html.count("<blockquote>")
    assert "&gt; &gt; a" in html


def test_deepest_list_keeps_its_items() -> None:
    """The limit does not merge neighbours at the last level allowed."""
    deep = "".join("  " * n + "- a\n" for n in range(6))
    back = "".join("  " * n + "- b\n" for n in reversed(range(6)))

    assert 12 == comment_html(deep + back).count("<li>")


def test_signs_that_are_no_markup_cost_nothing() -> None:
    """Somebody who is glad, or compares numbers, still gets links."""
    assert "<a " in comment_html("!" * 300 + " 1 < 2" * 300 + " [a](https://b.example)")


def test_lines_below_the_limit_break() -> None:
    """A long list of short lines is still a list of lines."""
    assert 249 == comment_html("a\n" * 250).count("<br>")


def test_lines_above_the_limit_join() -> None:
    """The last line takes the rest; no word is lost."""
    html = comment_html("\n".join(f"a{n}" for n in range(600)))

    assert 249 == html.count("<br>")
    assert "a599" in html


@pytest.mark.parametrize(
    ("unit", "tag", "most"),
    [
        ("*a* ", "<em>", 100),
        ("`a` ", "<code>", 60),
        ("[a](http://b)", "<a ", 100),
        ("> a\n\n", "<blockquote>", 60),
    ],
)
def test_ration_ends(unit: str, tag: str, most: int) -> None:
    """Markup up to the ration works; the rest stays in the text as typed."""
    assert most // 2 == comment_html(unit * (most // 2)).count(tag)
    assert most >= comment_html(unit * 250).count(tag)
    assert 250 == plain(comment_html(unit * 250)).count("a")
