"""Word files become articles; hostile ones are refused or harmless."""

from __future__ import annotations

import io
import zipfile

import pytest

from blog.errors import Refused
from blog.transfer.word import WordFile
from blog.transfer.word_workshop import MOST_XML_BYTES, STYLES, html_of
from tests.transfer.docx import SPACES, docx, drawing, paragraph

TEXT = paragraph("Hip pain", "Title") + paragraph("Causes", "Heading1") + paragraph("Sitting", "", "<w:b/>")


def test_a_word_file_has_title_headings_and_marks() -> None:
    found = WordFile.read(docx(TEXT), "anything.docx")

    assert ("Hip pain", "## Causes\n\n**Sitting**") == (found.title, found.pasted.markdown)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (paragraph("Only", "Heading1") + paragraph("Text"), "Only"),
        (paragraph("One", "Heading1") + paragraph("Two", "Heading1"), "about hips"),
        (paragraph("Text"), "about hips"),
    ],
)
def test_without_a_title_a_single_heading_or_the_file_names_it(body: str, title: str) -> None:
    assert title == WordFile.read(docx(body), "C:\\texts\\about hips.docx").title


def test_a_picture_comes_along_with_its_words() -> None:
    found = WordFile.read(docx(TEXT + drawing("A hip")), "a.docx").pasted

    assert ("A hip", b"\x89PNG") == (found.pictures[0].alt, found.pictures[0].data[:4])
    assert found.markdown.endswith("::figure picture-1")


def _with_entity() -> bytes:
    written = io.BytesIO(docx(TEXT))
    entity = (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document {SPACES}><w:body>&e;</w:body></w:document>'
    )
    with zipfile.ZipFile(written, "a") as file:
        file.writestr("word/footnotes.xml", entity)
    return written.getvalue()


HOSTILE = {
    "nothing": (b"", "This is not a Word file"),
    "text": (b"Just words", "This is not a Word file"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Word file"),
    "another zip": (docx("").replace(b"word/document.xml", b"word/dokument.xml"), "In LibreOffice"),
    "cut short": (docx(TEXT)[:-300], "This is not a Word file"),
    "damaged": (docx("<w:p>"), "damaged"),
    "macros": (docx(TEXT, word__vbaProject_DOT_bin=b"x"), "macros"),
    "a large part": (docx(TEXT, word__x_DOT_xml=b" " * (MOST_XML_BYTES + 1)), "too large"),
    "a bomb": (docx(TEXT, word__media__b_DOT_bin=bytes(81 * 1024 * 1024)), "too large"),
    "an entity": (_with_entity(), "damaged"),
    "another encoding": (docx(TEXT, word__x_DOT_xml="<!DOCTYPE x>".encode("utf-16")), "damaged"),
    "deep": (docx(f"{'<w:tbl><w:tr><w:tc>' * 600}{'</w:tc></w:tr></w:tbl>' * 600}"), ""),
}


@pytest.mark.parametrize(("data", "why"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_hostile_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(Refused) as refusal:
        WordFile.read(data, "a.docx")

    assert why in str(refusal.value)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "/etc/passwd", "https://example.org/a.png"])
def test_pictures_from_outside_are_not_fetched(target: str) -> None:
    """A file that names what lies elsewhere gets nothing of it."""
    body = TEXT + drawing("x", "r:link")
    try:
        found = WordFile.read(docx(body, target=target, mode='TargetMode="External"'), "a.docx").pasted
    except Refused:
        return

    assert () == found.pictures


def test_the_workshop_knows_the_styles_of_word() -> None:
    """Its list of styles is one that mammoth can read."""
    assert '<p class="MsoTitle">Hip pain</p>' in html_of(docx(TEXT))
    assert "comment-reference" in STYLES
