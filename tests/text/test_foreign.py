"""Articles of other sites: shown as Markdown means it, dropped, or a slip that names the line; never printed raw."""

from __future__ import annotations

import pytest

from blog.text.articles import article_html
from tests.text.reading import html_of


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a <!-- secret --> b", "<p>a  b</p>"),
        ("a <!--> b", "<p>a  b</p>"),
        ("a <!-- se\ncret --> b", "<p>a  b</p>"),
        ("<!-- secret\n\n## secret\n\nsecret -->\n\na", "<p>a</p>"),
        ("a\n<!-- secret -->\nb", "<p>a</p>\n<p>b</p>"),
        ("<!-- secret --> a", "<p> a</p>"),
        ("> <!-- secret\n> secret -->\n> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("{/* secret */}\n\na %%secret%% b", "<p>a  b</p>"),
        ("<!--more-->", ""),
        ("[TOC]\n\n[[toc]]\n\n{:toc}\n\na", "<p>a</p>"),
        ("a\n{: .note}", "<p>a\n</p>"),
        ('{:.x}\n\na {: target="_blank"}b{.y}', "<p>a b</p>"),
        ("## A {: .no_toc}", '<h2 id="section-a">A </h2>'),
        ("a<br>b<br/>c<BR />d", "<p>a<br>\nb<br>\nc<br>\nd</p>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("a \nb", "<p>a\nb</p>"),
        ("a\\\nb", "<p>a<br>\nb</p>"),
        ("a\r\n\r\nb  \r\nc", "<p>a</p>\n<p>b<br>\nc</p>"),
        ("a\t\nb", "<p>a\nb</p>"),
        ("<br>\n\na", "<p>a</p>"),
        (
            "[a][1] [b][] [c]\n\n[1]: /d\n[b]: <#e>\n[C]: https://f.example 'G'",
            '<p><a href="/d">a</a> <a href="#e">b</a> <a href="https://f.example" rel="noopener">c</a></p>',
        ),
        ("- [ ] a\n- [x] b\n- [z] c", "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n<li>[z] c</li>\n</ul>"),
        ("~~a~~ &copy; &#53;", "<p><s>a</s> © 5</p>"),
        ("Title\n---\n\na", '<h2 id="section-title">Title</h2>\n<p>a</p>'),
        ("1. a\n   - b\n2. c", "<ol>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ol>"),
        (
            "<mail@a.example> <https://b.example>",
            '<p><a href="mailto:mail@a.example">mail@a.example</a> '
            '<a href="https://b.example" rel="noopener">https://b.example</a></p>',
        ),
    ],
)
def test_is_shown_as_meant_or_dropped(markdown: str, html: str) -> None:
    """No slip, and nothing of what was not for readers."""
    rendered = article_html(markdown)

    assert ([], html) == (rendered.problems, html_of(rendered))


def test_breaks_lines_in_tables() -> None:
    """A cell has no other way."""
    rendered = article_html("|a<br>b|\n|-|\n|c<br />d|")

    assert [] == rendered.problems
    assert '<th scope="col">a<br>\nb</th>' in html_of(rendered)
    assert "<td>c<br>\nd</td>" in html_of(rendered)


def test_keeps_all_paragraphs_of_a_note() -> None:
    """What is indented below a note belongs to it."""
    html = html_of(article_html("a[^1]\n\n[^1]: one\n\n    two\n\n    - three\n\nb"))

    note = html[html.index('<li id="note-1">') :]
    assert "<p>one</p>\n<p>two" in note
    assert "<li>three</li>" in note
    assert "<p>b</p>" not in note


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("<div class='x'>", "HTML"),
        ("</div>", "HTML"),
        ("<b>a</b>", "Write **words**"),
        ("<img src=a.png>", "The picture a.png cannot be shown"),
        ("<iframe src=x></iframe>", "::video"),
        ("<Note kind={1} />", "HTML"),
        ("<script>x</script>", "HTML"),
        ("<details><summary>a</summary></details>", "HTML"),
        ("<?php x ?>", "HTML"),
        ("<% x %>", "command"),
        ("{{< figure src='x' >}}", "command"),
        ("{{% note %}}", "command"),
        ("{{ site.url }}", "command"),
        ("{% include x.html %}", "command"),
        ("{::nomarkdown}", "command"),
        ("{#x}", "Delete {#x}"),
        ("{: #x .y}", "Delete"),
        ("{.y #x}", "Delete"),
        ('[caption id="a" align="left"]', "command"),
        ("[/caption]", "command"),
        ('[gallery ids="1,2"]', "command"),
        ("[gallery]", "command"),
        ("[youtube https://a.example/b]", "command"),
        ("[vc_row full_width='x']", "command"),
        ("[[Page]]", "wiki"),
        ("![[a.png|300]]", "The picture a.png cannot be shown"),
        ("![a](a.png)", "The picture a.png cannot be shown"),
        ("![a](/a.png)", "cannot be shown"),
        ("[![a](a.png)](/b)", "cannot be shown"),
        ("![a][1]", "address of this link is missing"),
        ("[a][1]", "address of this link is missing"),
        ("[*a*][b]", "address of this link is missing"),
        ("[a](b.md)", "A link here does not work"),
        ("[a](../b)", "A link here does not work"),
        ("[!NOTE]", ":::note"),
        ("[@smith2010, p. 3]", "note such as [^1]"),
        ("a^[said]", "[^1]"),
        ("$$x^2$$", "Formulas"),
        ("$x_1$", "Formulas"),
        ("\\(x^2\\)", "Formulas"),
        ("\\[x = 2\\]", "Formulas"),
        ("\\newpage", "command"),
        ("x^2^", "sign"),
        ("H~2~O", "sign"),
        ("==a==", "sign"),
        (":smile:", "picture itself"),
    ],
)
@pytest.mark.parametrize("place", ["b\n\n{}", "- b\n\n  {} c", "> b\n>\n> *c* {}"])
def test_is_a_slip_that_names_its_line(raw: str, words: str, place: str) -> None:
    """In a paragraph, a list and a quote."""
    problems = article_html(place.replace("{}", raw)).problems

    assert 3 in [problem.line for problem in problems if words in problem.message]


@pytest.mark.parametrize(
    ("markdown", "line", "words"),
    [
        ("a\n\n<!-- open\n\nb", 3, "never closed"),
        ("<!-- a\n\nb --> c", 1, "line of its own"),
        ("a\n\nb <!-- c\n\nd", 3, "not closed in its paragraph"),
        ("a\nb <!-- c\nd --> e <div>", 3, "HTML"),
        ("a<br>b\nc <div>", 2, "HTML"),
        ("a  \nb\\\n<div>", 3, "HTML"),
        ("|a|\n|-|\n|b|\n|<div>|", 4, "HTML"),
        ("## a\n\n## b {{ c }}", 3, "command"),
        ("a[^1]\n\n[^1]: b\n\n    <div>", 5, "HTML"),
        ("a\n\n[1]: b.md", 3, "address on this line"),
        ("a\n\nTerm\n: what it is", 4, "Lists of terms"),
        ("import A from 'b'", 1, "command"),
        ("a\n\nexport const b = 1", 3, "command"),
        ("!!! note\n\n    a", 1, "command"),
        ("*[HTML]: a", 1, "command"),
        ("a\n\n::: {.note}", 3, "call-out begins"),
    ],
)
def test_slips_of_whole_lines(markdown: str, line: int, words: str) -> None:
    """Counted through breaks, comments and tables."""
    assert line in [problem.line for problem in article_html(markdown).problems if words in problem.message]


@pytest.mark.parametrize(
    "markdown",
    [
        "```\n[^1]: a\n## Self-help\n<!-- b -->\n{{ c }}\n[TOC]\n<div>\n```",
        "~~~\n<div>\n~~~",
        "    <div> {{ c }}",
        "`<b>` `{{ a }}` `<!-- b -->` ``[gallery]``",
        "\\<b> &lt;b&gt; \\{{ a }} \\[\\[a\\]\\] \\$\\$a\\$\\$",
        "2 < 3 > 1, <3, a<b, 1 <= 2, <- and ->",
        "$5 and $6, $5-$10, a_1 and $7",
        "[sic] [...] [1] [1][2] [video of a stretch] [Video]. [note]",
        "[gallery](/a) [toc](/b) [video][c]\n\n[c]: /d",
        "[[1]](/a) [[a]][b]\n\n[b]: /c",
        "C++ and C++, a == b and c == d, 10~20, ~5, 2^3",
        "5:30:10, a:b:c, 10:00: now",
        "{a, b} {1} {see #5} # and #3",
        "import duty is paid. Export is not.",
        "!!! really",
        "100% of 5%",
        "[a]: said somebody",
    ],
)
def test_is_text_where_it_is_none(markdown: str) -> None:
    """Code, escaped signs and prose bring no slip, and nothing of them is lost."""
    rendered = article_html(markdown)

    assert [] == rendered.problems
    assert rendered.words > 0
