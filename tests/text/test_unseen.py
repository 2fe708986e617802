"""Characters without a shape stay where the Unicode Standard says that scripts and emoji need them, and only there."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.articles import article_html
from blog.text.characters import clean_line, clean_text
from blog.text.comments import comment_html
from blog.text.plain import plain
from tests.text.reading import html_of


def tags(word: str) -> str:
    """`word` in tag characters, closed."""
    return "".join(chr(0xE0000 + ord(sign)) for sign in word) + "\U000e007f"


FLAG = "\U0001f3f4"
NEEDED = {
    "Malayalam, end of a word": "അവന\u0d4d\u200d",
    "Malayalam, before a blank": "അവന\u0d4d\u200d വന്നു",
    "Malayalam, before a full stop": "അവള\u0d4d\u200d.",
    "Malayalam, before a consonant": "ന\u0d4d\u200dമ",
    "Malayalam, sign u apart": "ക\u200c\u0d41",
    "Bengali, ya-phalaa": "র\u200d\u09cdয\u09beম",
    "Bengali, ya-phalaa as typed before 2005": "র\u200c\u09cdয\u09beম",
    "Bengali, khanda ta": "হঠাত\u09cd\u200d",
    "Bengali, apart": "উদ\u09cd\u200cবেগ",
    "Devanagari, eyelash ra": "र\u094d\u200dय",
    "Devanagari, half form": "क\u094d\u200dष",
    "Devanagari, half form alone": "क\u094d\u200d",
    "Devanagari, apart": "क\u094d\u200cष",
    "Devanagari, with a nukta": "ड\u093c\u094d\u200dय",
    "Gujarati": "ક\u0acd\u200dષ",
    "Gurmukhi": "ਕ\u0a4d\u200dਹ",
    "Oriya": "କ\u0b4d\u200cଷ",
    "Tamil": "க\u0bcd\u200cஷ",
    "Telugu": "క\u0c4d\u200cష",
    "Kannada, apart": "ನ\u0ccd\u200cನ",
    "Kannada, ra": "ರ\u200d\u0ccdಕ",
    "Sinhala": "ශ\u0dca\u200dරී",
    "Sinhala, touching": "ක\u200d\u0dcaෂ",
    "Khmer, words": "ខ្ញុំ\u200bទៅ\u200bផ្សារ",
    "Khmer, register": "ប\u17ca\u200c\u17b8",
    "Khmer, register before": "ប\u200c\u17ca\u17b8",
    "Lao": "ຂ້ອຍ\u200bໄປ\u200bຕະຫຼາດ",
    "Thai": "ฉัน\u200bไป\u200bตลาด",
    "Burmese": "ကျွန်တော်\u200bသွား",
    "Burmese, dotted": "က\ufe00",
    "Persian": "می\u200cخواهم",
    "Persian, plural": "کتاب\u200cها",
    "Persian, marked": "کتابِ\u200cها",
    "Persian, a year": "1357 ه\u200d.ش",
    "Arabic, form of the beginning": "ع\u200d",
    "Arabic, form of the end": "\u200dع",
    "Urdu": "علم\u200cدوست",
    "Syriac": "ܒ\u200cܒ",
    "Mongolian, selector": "ᠭ\u180bᠠ",
    "Mongolian, vowel apart": "ᠨ\u180eᠠ",
    "Hebrew, two vowels": "יְרוּשָׁלַ\u034fִם",
    "emoji, family": "👨\u200d👩\u200d👧\u200d👦",
    "emoji, skin": "👩🏽\u200d⚕\ufe0f",
    "emoji, flag": "🏳\ufe0f\u200d⚧\ufe0f",
    "emoji, pirates": "🏴\u200d☠\ufe0f",
    "emoji, bird": "🐦\u200d⬛",
    "England": FLAG + tags("gbeng"),
    "Scotland, in words": f"go {FLAG}{tags('gbsct')}!",
    "Wales and England": FLAG + tags("gbwls") + FLAG + tags("gbeng"),
    "Texas": FLAG + tags("ustx"),
}
HIDING = {
    "Latin": ("a\u200bd\u200cm\u200di\u034fn", "admin"),
    "Latin, ends": ("\u200dadmin\u200d", "admin"),
    "Cyrillic": ("ми\u200bр", "мир"),
    "Han": ("漢\u200b字\u200d", "漢字"),
    "Latin beside Khmer": ("a\u200bទ\u200bb", "aទb"),
    "Khmer, end": ("ទៅ\u200b", "ទៅ"),
    "Khmer, beside a blank": ("ទៅ\u200b ទៅ", "ទៅ ទៅ"),
    "Khmer, twice": ("ទៅ\u200b\u200b\u200dទៅ", "ទៅ\u200bទៅ"),
    "Thai, no joiners": ("ไ\u200dป\u200cไ", "ไปไ"),
    "Arabic, between letters that join anyhow": ("مح\u200dمد", "محمد"),
    "Arabic, after one that does not join": ("ر\u200d", "ر"),
    "Arabic, end": ("می\u200c", "می"),
    "Arabic, beside Latin": ("a\u200cم\u200cb", "aمb"),
    "Devanagari, without a virama": ("क\u200dष\u200cत", "कषत"),
    "Devanagari, end": ("क\u094d\u200c", "क\u094d"),
    "Malayalam, before a vowel sign": ("ക\u0d4d\u200d\u0d3e", "ക\u0d4d\u0d3e"),
    "virama alone": ("\u094d\u200d a", "\u094d a"),
    "virama on Latin": ("a\u094d\u200cb", "a\u094db"),
    "selector on Latin": ("a\u180bb\u180ec\ufe00", "abc"),
    "marks in order": ("a\u0316\u034f\u0301\u034f", "a\u0316\u0301"),
    "tags alone": (tags("gbeng"), ""),
    "tags on a letter": ("a" + tags("gbeng"), "a"),
    "tags on another emoji": ("😀" + tags("gbeng"), "😀"),
    "tags not closed": (FLAG + tags("gbeng")[:-1], FLAG),
    "tags that say more": (FLAG + tags("gbenghi"), FLAG),
    "tags in capitals": (FLAG + tags("GBENG"), FLAG),
    "tags twice": (FLAG + tags("gbeng") + tags("gbsct"), FLAG),
    "joiner beside no emoji": ("👩\u200d \u200d👩", "👩 👩"),
    "joiner twice": ("👩\u200d\u200d👩", "👩\u200d👩"),
}


@pytest.mark.parametrize("text", NEEDED.values(), ids=NEEDED.keys())
def test_keeps_what_is_needed(text: str) -> None:
    """In names, comments and articles alike."""
    expected = unicodedata.normalize("NFC", text)

    assert expected == clean_line(text)
    assert expected == clean_text(text)
    assert expected == plain(comment_html(text))
    assert expected == plain(html_of(article_html(text)))


@pytest.mark.parametrize(("text", "clean"), HIDING.values(), ids=HIDING.keys())
def test_removes_what_only_hides(text: str, clean: str) -> None:
    """The same signs elsewhere change nothing that anybody sees."""
    clean = unicodedata.normalize("NFC", clean)

    assert clean == clean_line(text)
    assert clean == clean_text(text)
    assert clean == plain(comment_html(text))
    assert clean == plain(html_of(article_html(text)))


def test_marks_stay_together_after_a_joiner() -> None:
    """ "e", a joiner that goes, and an accent are one letter."""
    assert "é" == clean_line("e\u200d\u0301")


def test_joiners_open_no_second_stack_of_marks() -> None:
    """Marks on both sides of a joiner are counted together."""
    piled = "ប" + "\u17ca\u200c" * 9 + "\u17c6" * 9

    assert 8 >= sum(unicodedata.category(sign)[0] == "M" for sign in clean_line(piled))


SIGNS = st.lists(
    st.sampled_from(
        [
            *"aе漢 1.",
            *"\u200b\u200c\u200d\u034f\u180b\u180e\ufe00\ufe0f",
            *"അന\u0d4d\u0d41\u0d3e",
            *"র\u09cdয",
            *"क\u094dष\u093c",
            *"ទ\u17ca\u17b8",
            *"ไปม",
            *"مهر\u064b",
            *"ᠭᠠ",
            *"ל\u05b7\u05b4",
            *"e\u0301\u0316",
            *"👩⚕❤🏴",
            "\U000e0067",
            "\U000e007f",
            tags("gbeng"),
            "\n",
        ]
    ),
    max_size=14,
).map("".join)


@settings(max_examples=1500, deadline=None)
@given(SIGNS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """What was taken out lets nothing else fall away or come together later."""
    for clean in (clean_text, clean_line):
        once = clean(text)
        assert once == clean(once)
        assert once == unicodedata.normalize("NFC", once)
