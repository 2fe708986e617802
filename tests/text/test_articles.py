"""Authors' articles become safe HTML, and authors learn what to change."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.articles import Problem, article_html
from blog.text.characters import COMMENT_MAX_CHARS
from blog.text.directives import LABEL_MAX_CHARS
from tests.text.attacks import ATTACKS, MARKUP
from tests.text.nasty import NASTY
from tests.text.reading import assert_safe_article, elements, html_of, messages

ARTICLE_MAX_CHARS = 40 * COMMENT_MAX_CHARS  # each reference to a note is a link there and a link back


@pytest.mark.parametrize("attack", ATTACKS)
def test_article_stays_safe(attack: str) -> None:
    """Authors are not trusted with HTML either."""
    assert_safe_article(article_html(attack))


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_article_survives(text: str) -> None:
    """The same holds for authors, whose texts are longer and whose Markdown is larger."""
    rendered = article_html(text)

    assert_safe_article(rendered)
    assert len(html_of(rendered)) <= ARTICLE_MAX_CHARS


@settings(max_examples=200, deadline=None)
@given(st.text() | MARKUP)
def test_any_article_is_safe(text: str) -> None:
    """Ids are unique besides."""
    rendered = article_html(text)

    assert_safe_article(rendered)
    ids = [attributes["id"] for _, attributes in elements(html_of(rendered)) if "id" in attributes]
    assert len(set(ids)) == len(ids)


def test_headings_get_ids() -> None:
    """A heading's id is its text in plain letters, and never one that the page uses itself."""
    rendered = article_html("## Übung & Łódź\n\n### main\n\n## 漢字\n\n## Main")

    assert ["section-ubung-lodz", "section-main", "section-part", "section-main-2"] == [
        heading.id for heading in rendered.headings
    ]
    assert ["Übung & Łódź", "main", "漢字", "Main"] == [heading.text for heading in rendered.headings]
    assert '<h2 id="section-ubung-lodz">' in html_of(rendered)
    assert [] == rendered.problems


def test_reserved_ids_are_not_given_out() -> None:
    """The caller may name more ids of its page."""
    rendered = article_html("## A", reserved_ids={"section-a"})

    assert ["section-a-2"] == [heading.id for heading in rendered.headings]


@pytest.mark.parametrize(
    ("markdown", "line", "words"),
    [
        ("# A", 1, "Begin this heading with ##"),
        ("text\n\nA\n===", 3, "Begin this heading with ##"),
        ("## A\n\n#### B", 3, "write ### instead of ####"),
        ("### A", 1, "write ## instead of ###"),
        ("## A\n### B\n#### C\n##### D", 4, "not deeper"),
        ("## A\n\n#### B `c`\nd", 3, "write ###"),
        ("## A\n\n##", 3, "heading is empty"),
        ("\n\n\n\n\nb ![a](/a.png)", 6, "::figure"),
        ("a\nb\n![a](/a.png)", 3, "::figure"),
        ("::figure", 1, "figure's name"),
        ("::figure a\n::figure a", 2, "already placed"),
        ("::video\n\n::video", 3, "already placed"),
        ("::video x", 1, "nothing after"),
        ("a\n\n::foo", 3, "There is no ::foo"),
        ("::note", 1, ":::note"),
        ("- a\n\n  ::figure a", 3, "outside lists"),
        ("> ::video", 1, "outside lists"),
        (":::note\n::figure a\n:::", 2, "outside lists"),
        ("- :::note\n  a\n  :::", 1, "outside lists"),
        (":::foo\na\n:::", 1, "no call-out “foo”"),
        ("a\n\n:::note\nb", 3, "never closed"),
        (":::note\na\n:::care\nb\n:::", 1, "never closed"),
        ("a\n\n:::", 3, "none is open"),
        ("a[^b]", 1, "[^b] is missing"),
        ("a\n\n[^b]: c", 3, "[^b] is never used"),
        ("a\n[b](ftp://c)", 2, "does not work"),
        ("> " * 7 + "a", 1, "6 levels"),
        ("|" + "a|" * 13 + "\n|" + "-|" * 13, 1, "12 columns"),
    ],
)
def test_problems_are_found(markdown: str, line: int, words: str) -> None:
    """The author learns which line, and what to do."""
    problems = article_html(markdown).problems

    assert [line] == [problem.line for problem in problems if words in problem.message]


@pytest.mark.parametrize(
    "markdown",
    [
        "## A\n### B\n#### C\n## D",
        "a\n::figure b\n::figure c\n::video\nd",
        ":::note\na\n:::\n:::care B\nc\n:::",
        ":::note\n```\n:::\n```\n:::",
        "a[^b]\n\n[^b]: c",
        "[a](/b) [c](#d) [e](https://f.example) [g](mailto:h@i.example) [j](tel:+49112)",
        "> " * 6 + "a",
        "|" + "a|" * 12 + "\n|" + "-|" * 12,
        "a::b ::: c\n```\n::foo\n:::\n```",
        "    ::foo",
        "A time: ::",
        "",
    ],
)
def test_no_problems_where_there_are_none(markdown: str) -> None:
    """A sound text brings no message."""
    assert [] == article_html(markdown).problems


def test_directives_become_parts() -> None:
    """Figures and the video stand between pieces of HTML, where they were written."""
    assert [
        ("html", "<p>a</p>"),
        ("figure", "pain-map"),
        ("video", ""),
        ("html", "<p>b</p>"),
    ] == article_html("a\n::figure pain-map\n::video\nb").parts


def test_call_out_holds_code() -> None:
    """Colons in a code block do not close the call-out."""
    html = html_of(article_html(":::note\n```\n:::\n```\na\n:::"))

    assert "<pre><code>:::\n</code></pre>\n<p>a</p>\n</aside>" in html


def test_indented_colons_are_text() -> None:
    """What is indented like code is no directive, also where it goes on with a quote."""
    assert [("html", "<blockquote>\n<p>a\n::video</p>\n</blockquote>")] == article_html("> a\n    ::video").parts


def test_misplaced_directives_are_left_out() -> None:
    """Readers do not see them; the author's list of problems names them."""
    assert "::" not in html_of(article_html("> ::figure a\n\n::foo\n\n:::"))


def test_call_out() -> None:
    """A call-out is an aside named by its kind and title."""
    assert [
        (
            "html",
            '<aside class="callout callout--care" aria-label="Take care: Stop &amp; &lt;ask&gt;">\n'
            '<p class="callout__title">Stop &amp; &lt;ask&gt;</p>\n'
            "<ul>\n<li>a</li>\n</ul>\n</aside>\n<p>b</p>",
        )
    ] == article_html(":::care Stop & <ask>\n- a\n:::\nb").parts


def test_table() -> None:
    """A table scrolls in a named region that the keyboard reaches, and aligns by class."""
    html = html_of(article_html("|Muscle|Dose|\n|:-|-:|\n|a|b|\n\n|Muscle|Dose|\n|-|-|"))

    labels = [attributes["aria-label"] for tag, attributes in elements(html) if tag == "div"]
    assert ["Table 1: Muscle, Dose", "Table 2: Muscle, Dose"] == labels
    assert '<div class="table-scroll" tabindex="0" role="region"' in html
    assert '<th class="align-left" scope="col">Muscle</th>' in html
    assert '<td class="align-right">b</td>' in html
    assert "style" not in html


def test_table_is_named_as_typed() -> None:
    """Quotes and signs in a head reach the name whole; a long one is cut."""
    html = html_of(article_html('|"a" & \\<b>|\n|-|\n\n|' + "long " * 40 + "|\n|-|"))

    labels = [attributes["aria-label"] for tag, attributes in elements(html) if tag == "div"]
    assert 'Table 1: "a" & <b>' == unescape(labels[0])
    assert labels[1].endswith("long…")
    assert LABEL_MAX_CHARS >= len(labels[1])


def test_footnotes() -> None:
    """A note is linked both ways; each way back has a name of its own."""
    html = html_of(article_html("a[^x] b[^x]\n\n[^x]: note"))

    assert '<a href="#note-1" id="note-ref-1" aria-label="Note 1">1</a>' in html
    assert '<a href="#note-1" id="note-ref-1-2" aria-label="Note 1">1</a>' in html
    assert '<li id="note-1">' in html
    assert '<a href="#note-ref-1" class="footnotes__back" aria-label="Back to reference 1">' in html
    assert '<a href="#note-ref-1-2" class="footnotes__back" aria-label="Back to reference 1-2">' in html


def test_two_bodies_share_no_id() -> None:
    """The prefix keeps two bodies on one page apart."""
    one, two = (article_html("## A\n\nb[^x]\n\n[^x]: note", prefix=prefix) for prefix in ("", "summary"))

    ids = [attributes["id"] for _, attributes in elements(html_of(one) + html_of(two)) if "id" in attributes]
    assert 6 == len(set(ids)) == len(ids)


def test_links_of_articles() -> None:
    """Only links that leave the site get a rel."""
    html = html_of(article_html("[a](/b) [c](https://d.example) [e](mailto:f@g.example)"))

    assert '<p><a href="/b">a</a> <a href="https://d.example" rel="noopener">c</a>' in html
    assert '<a href="mailto:f@g.example">e</a></p>' in html


def test_article_shows_no_hidden_characters() -> None:
    """Entities cannot bring back what cleaning took out."""
    html = html_of(article_html("a&#x202e;b&#x200b;c&nbsp;d ![&#x202e;](/a)\n\n## &#x202e;e"))

    assert not set(html) & {"\u202e", "\u200b"}
    assert "abc&nbsp;d" in html


def test_article_counts_words() -> None:
    """Markup and note numbers are no words."""
    assert 5 == article_html("## One two\n\n- **three**[^1]\n\n::figure a\n\nfour\n\n[^1]: five").words


def test_floods_are_reported() -> None:
    """An author whose links are shown as text, or whose lines are joined, is told."""
    assert any("more links" in message for message in messages(article_html("[a](/b)" * 2100)))
    assert [] == messages(article_html("[a](/b)" * 1000))
    assert ["An article can have 3000 lines."] == messages(article_html("a\n" * 3001))
    assert [] == messages(article_html("a\n" * 2999))


def test_problems_come_by_line() -> None:
    """The list follows the text, each problem once."""
    rendered = article_html("::foo\n\n![a](/b)\n\n::bar")

    assert sorted(rendered.problems) == rendered.problems
    assert [1, 3, 5] == [problem.line for problem in rendered.problems]
    assert isinstance(rendered.problems[0], Problem)
