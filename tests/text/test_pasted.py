"""What was written elsewhere becomes our Markdown, and what is lost on the way is said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.articles import article_html
from blog.text.foreign_html import MOST_PICTURES
from blog.text.pasted import Pasted, TooMuch
from blog.text.plain import plain
from tests.text.attacks import ATTACKS
from tests.text.exports import EXPORTS, PIXEL, Export


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS.keys())
def test_an_export_becomes_markdown(export: Export) -> None:
    pasted = Pasted.read(export.html)

    assert (export.markdown, export.left_out) == (pasted.markdown, pasted.left_out)


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS.keys())
def test_our_renderer_finds_no_slip_in_it(export: Export) -> None:
    assert [] == article_html(Pasted.read(export.html).markdown).problems


def test_pictures_are_taken_out() -> None:
    """Each stands as a figure where it was, under a name that can be chosen."""
    image = f'<img alt="A hip" src="data:image/png;base64,{PIXEL}">'
    pasted = Pasted.read(f"<p>One {image} two {image}</p>", "hip")

    assert "One two\n\n::figure hip-1\n\n::figure hip-2" == pasted.markdown
    assert [("hip-1", "A hip", b"\x89PNG"), ("hip-2", "A hip", b"\x89PNG")] == [
        (picture.id, picture.alt, picture.data[:4]) for picture in pasted.pictures
    ]


def test_pictures_have_a_ration() -> None:
    image = f'<p><img src="data:image/png;base64,{PIXEL}"></p>'
    pasted = Pasted.read(image * (MOST_PICTURES + 2))

    assert MOST_PICTURES == len(pasted.pictures)
    assert ("2 pictures (bring them under Media)",) == pasted.left_out


@pytest.mark.parametrize(
    "broken", ["data:image/png;base64,@@", "data:text/html;base64,PGI+", "data:image/svg+xml,<svg/>"]
)
def test_a_picture_that_is_none_is_left_out(broken: str) -> None:
    pasted = Pasted.read(f"<p>a</p><img src='{broken}'>")

    assert ("a", (), ("a picture (bring it under Media)",)) == (pasted.markdown, pasted.pictures, pasted.left_out)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_hostile_brings_no_slip(attack: str) -> None:
    """All that looks like a command or HTML is text, or gone."""
    assert [] == article_html(Pasted.read(f"<p>{attack}</p>").markdown).problems


WORDS = st.text(alphabet="ab1 .*_`[](){}<>#+-=~^:|!$%&\\/\n•é", max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=4))
def test_any_text_reads_as_it_did(texts: list[str]) -> None:
    """Whatever signs it holds, as text they stay what they are."""
    html = "".join(f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>" for text in texts if text.strip(" \n•"))
    rendered = article_html(Pasted.read(html).markdown)
    wanted = [" ".join(text.split()) for text in texts if text.strip(" \n•")]

    assert [] == rendered.problems
    assert "".join(wanted).replace(" ", "").replace("•", "") == "".join(
        plain(rendered.html, numbered=False).split()
    ).replace("•", "")


@pytest.mark.parametrize("html", ["<b>a</b>" * 12_001, "<br>" * 12_001, "words " * 400_000], ids=["b", "br", "words"])
def test_what_is_too_long_is_refused_before_it_is_read(html: str) -> None:
    with pytest.raises(TooMuch, match="in parts"):
        Pasted.read(html)


@pytest.mark.parametrize(
    "html", ["<ul><li>" * 400, "<div>" * 300_000 + "x", "<b>" * 3000 + "x", "<table><tr><td>" * 300], ids=len
)
def test_what_is_nested_too_deeply_is_refused_or_flat(html: str) -> None:
    try:
        Pasted.read(html)
    except TooMuch as refusal:
        assert "nested" in str(refusal)
