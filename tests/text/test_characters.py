"""Names and texts lose what cannot be seen, and keep what is spelled."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.characters import clean_line, clean_text
from tests.text.attacks import MARKUP


@settings(max_examples=400, deadline=None)
@given(st.text() | MARKUP)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """What is stored can be cleaned again: it stays the same, in NFC, and can be written as UTF-8."""
    for clean in (clean_text, clean_line):
        once = clean(text)
        assert once == clean(once)
        assert once == unicodedata.normalize("NFC", once)
        once.encode()


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("  Ann \t\u3000 Lee \n", "Ann Lee"),
        ("A\r\nB\u2028C\x0bD\x85E", "A B C D E"),
        ("e\u0301", "é"),
        ("a\x00b\x1b\x7f\x9fc", "abc"),
        ("\u202eadmin\u202c \u2067x\u2069\u200f", "admin x"),
        ("a\u200bd\ufeffm\u2060i\u00adn\u034f", "admin"),
        ("\u3164\u115f\u2800", ""),
        ("a\ud800b", "ab"),
        ("a\ue000\ufdd0\U000e0041b", "ab"),
        ("a\u200db", "ab"),
        ("Z" + "\u0335" * 9, "Z" + "\u0335" * 4),
        ("ส" + "\u0e47" * 9, "ส" + "\u0e47" * 4),
        ("a" + "\u0344" * 4, "ä" + "\u0301\u0308" * 2),
        ("ب\u064b\u064c\u064d\u064e\u200c\u064f", "ب\u064b\u064c\u064d\u064e"),
        ("a\ufe0f", "a"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f"),
        ("\u200d👩 \u200d 👩\u200d", "👩 👩"),
        ("می\u200c", "می"),
        ("می\u200c\u200cخواهم", "می\u200cخواهم"),
        ("a\u200cم", "aم"),
    ],
)
def test_line_loses_what_is_hidden(dirty: str, clean: str) -> None:
    """No hidden, reordering, stacking or line-breaking character survives in a name."""
    assert clean == clean_line(dirty)


@pytest.mark.parametrize(
    "text",
    [
        "Łukasz O’Brien-Müller",
        "Nguyễn Thị Ánh",
        "می\u200cخواهم",
        "क्\u200dष",
        "ශ්\u200dරී",
        "👩\u200d⚕\ufe0f",
        "👨\u200d👩\u200d👧\u200d👦",
        "🙂\u200d↔\ufe0f",
        "🏳\ufe0f\u200d🌈",
        "👍🏽 1\ufe0f\u20e3",
        "葛\U000e0100",
        "မျှော့်",
        "שָׁלוֹם",
        "สวัสดี",
        "한국어",
        "؀١",
    ],
)
def test_line_keeps_what_is_spelled(text: str) -> None:
    """Names of all scripts and emoji stay whole."""
    assert unicodedata.normalize("NFC", text) == clean_line(text)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\r\nb\rc\u2028d\u2029e\x0bf\x0cg", "a\nb\nc\nd\ne\nf\ng"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n\n\nb", "a\n\n\nb"),
        ("a\n \n\t\n  \n\u200b\nb", "a\n\n\nb"),
        ("\n\na  \n b\t\n\n", "a\n b"),
        ("- a\n\t- b", "- a\n    - b"),
        ("    code", "    code"),
        ("a\x00\ud800b", "ab"),
        ("a\u2003b\xa0c", "a b\xa0c"),
    ],
)
def test_text_keeps_its_lines(dirty: str, clean: str) -> None:
    """A body keeps line breaks and indentation, and loses what cannot be seen."""
    assert clean == clean_text(dirty)
