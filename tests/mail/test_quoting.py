"""What a comment's writer typed, quoted in a mail: every word is there, and no mail program makes links of it."""

from __future__ import annotations

import pytest

from blog.mail.quoting import EXCERPT_CHARS, quoted

BLANKED = [
    ("Look at http://evil.example/x?y=1 now", "Look at [address] now"),
    ("www.evil.example", "[address]"),
    ("javascript://x", "[address]"),
    ("Write to me@evil.example, please", "Write to [address], please"),
    ("(see www.evil.de)", "(see [address])"),
    ("“https://evil.de/”!", "“[address]”!"),
    ("mailto:me@evil.de or tel:030123", "[address] or [address]"),
    ("evil.com and Evil.Com and EVIL.COM.", "[address] and [address] and [address]."),
    ("buy-pills.xyz, cheap", "[address], cheap"),
    ("evil.it/now", "[address]"),
    ("t.me/pills x.com", "[address] [address]"),
    ("shop24.de; my-shop.is; a.b.so", "[address]; [address]; [address]"),
    ("physio-berlin.ch:8080?x", "[address]"),
    ("боль.рф", "[address]"),
]
KEPT = [
    "It hurts.Then it stops.",
    "ask an M.Sc. or a B.Sc. or a Ph.D.",
    "e.g. 3.5 cm, or 1/2",
    "i.e. at 5 a.m. or 6 p.m.",
    "Dr.Smith and Prof.Dr.med. Ada",
    "z.B. u.a. d.h. m.E.",
    "worse.It is",
    "neck.My arm",
    "no pain.In the night",
    "better...but",
    "and/or",
    "3*10 reps @ 20 kg",
    "5@home @ada",
    "Tel: 030 123",
    "Mail: ask me",
    "Hotel: near",
    "hold 1.5.So",
    "approx.30 s",
    "hurts.then",
    "end.of.week",
    "www. is not one",
    "a :// b",
    "Nr.5",
    "½.Done",
    "C5/C6.Pain",
    "12:30",
    "3.5.cm",
    "...",
    "@",
    "://",
]


class TestAddresses:
    @pytest.mark.parametrize(("text", "said"), BLANKED)
    def test_are_blanked(self, text, said):
        assert said == quoted(text)

    @pytest.mark.parametrize("text", KEPT)
    def test_are_not_seen_where_none_is(self, text):
        """A missing space, a title, a unit: not one word is eaten."""
        assert text == quoted(text)

    @pytest.mark.parametrize("text", ["hurts.so bad", "evil.is", "dolor.de cabeza", "try.my.", "(my.shop)"])
    def test_that_may_be_words_are_kept_and_not_linked(self, text):
        """A space without width stands behind the dot."""
        said = quoted(text)

        assert text == said.replace("\u200b", "")
        assert "\u200b" in said


class TestQuoting:
    def test_is_one_line(self):
        assert "two lines and more" == quoted("two\nlines\r\nand\u2028more")

    def test_is_short(self):
        """An excerpt; the whole text is at the desk."""
        assert len(quoted("word " * 1000)) <= EXCERPT_CHARS

    @pytest.mark.parametrize("text", ["a." * 50_000, "a@" * 50_000, "." * 50_000, "a-" * 50_000 + ".de", "(" * 50_000])
    def test_of_something_without_spaces_is_one_too(self, text):
        assert len(quoted(text)) <= EXCERPT_CHARS
