"""Texts as other sites write them, through the import: kept whole where they are cut, named by the line of the file."""

from __future__ import annotations

import pytest

from blog.transfer import markdown
from blog.transfer.files import FileError

FRONT = "title: A title\nstandfirst: What it is about.\nauthors: [team]\nsafety:\n  red_flags: [back]"  # lines 2 to 6


@pytest.fixture
def read(tmp_path):
    """Read a file with this text, which begins on its line 9, and perhaps more front matter."""

    def page(body, more=""):
        path = tmp_path / "one.md"
        path.write_text(f"---\n{FRONT}\n{more}---\n\n{body}", encoding="utf-8")
        return markdown.read_folder(tmp_path)[0].manuscript

    return page


def slips(read, body):
    with pytest.raises(FileError) as caught:
        read(body)
    return [line.partition("one.md:")[2] for line in str(caught.value).splitlines()]


@pytest.mark.parametrize("shown", ["[^1]: a note", "## Self-help", "[a]: /b", "---", "<!-- x", "{{< x >}}"])
@pytest.mark.parametrize("fence", ["```\n{}\n```", "~~~\n{}\n~~~", "- a\n\n  ```\n  {}\n  ```"])
def test_code_may_show_how_articles_are_written(read, shown, fence):
    """Nothing in it is cut off, moved or refused."""
    code = fence.replace("{}", shown)
    article = read(f"## It\n\n{code}\n\nMoves.\n").article

    assert (f"## It\n\n{code}\n\nMoves.", "") == (article.body, article.self_help)


def test_three_hyphens_may_stand_inside_a_text(read):
    """Only those at the very left end the front matter."""
    assert "One --- Two" == read("## It\n\nMoves.\n", "kicker: |\n  One\n  ---\n  Two\n").article.kicker


def test_addresses_serve_both_halves(read):
    """Written once, at the end, as people do."""
    rendered = read("## It\n\n[a][1]\n\n## Self-help\n\n[b][1] [c]\n\n[1]: https://a.example\n[C]: /d\n").rendered
    links = [str(rendered[half]).count("<a href=") for half in ("body", "self_help")]

    assert [1, 2] == links


def test_notes_bring_all_their_paragraphs(read):
    """To the half that refers to them, with the addresses in them."""
    rendered = read(
        "## It\n\nMoves.[^a]\n\n## Self-help\n\nRest.\n\n[^a]: One.\n\n    Two, see [b].\n\n[b]: /c\n"
    ).rendered

    assert ["Two, see" in str(rendered[half]) for half in ("body", "self_help")] == [True, False]
    assert '<a href="/c">b</a>' in str(rendered["body"])


def test_lines_break_at_two_blanks_in_both_halves(read):
    """Blanks at a line's end mean something."""
    rendered = read("## It\n\na  \nb\n\n## Self-help\n\nc  \nd\n").rendered

    assert ["<br>" in str(rendered[half]) for half in ("body", "self_help")] == [True, True]


def test_comments_reach_no_reader(read):
    """Nor do headings in them begin anything."""
    made = read("## It\n\n<!-- MARK\n\n## Self-help\n\nMARK -->\n\nMoves. <!-- MARK -->\n")

    assert ("MARK" in str(made.rendered), made.article.self_help) == (False, "")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("## It\n\n\n\n\n\nText <div>.\n", "15: body: HTML does not work here: <div>"),
        ("\n\n## It\n\nText {{ x }}.\n", "13: body: This is a command of other software: {{ x }}"),
        ("## It\r\n\r\nText {% x %}.\r\n", "11: body: This is a command of other software: {% x %}"),
        ("## It\n\n<!-- a\n\nb -->\n\n[gallery]\n", "15: body: This is a command of other software: [gallery]"),
        ("## It\n\nA\n\n## Self-help\n\nRest <b>.\n", "15: self help: HTML does not work here: <b>"),
        (
            "## It\n\nA.[^a]\n\n## Self-help\n\nRest.\n\n[^a]: One.\n\n    <i>\n",
            "19: body: HTML does not work here: <i>",
        ),
        ("## It\n\n![a](local.png)\n", "11: body: The picture local.png cannot be shown"),
        ("## It\n\n[a][nowhere]\n", "11: body: The address of this link is missing"),
    ],
)
def test_what_cannot_be_shown_is_named_by_its_line(read, body, said):
    """Of the file, whatever was cut or moved before it was read."""
    assert any(line.startswith(said) for line in slips(read, body)), slips(read, body)
