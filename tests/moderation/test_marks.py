"""Texts as moderators look at them."""

from __future__ import annotations

import time

import pytest

from blog.comments.models import CommentFlag
from blog.moderation.marks import Piece, compared, marked, redacted
from blog.triage import Flag, FlagKind, Span


def flag(kind, *spans, in_name=False):
    found = Flag(kind, "rule", [Span(*span) for span in spans], "Why.", in_name)
    return CommentFlag(**CommentFlag.columns_of(1, found))


def seconds(before, after):
    """Of processor time that comparing takes."""
    began = time.process_time()
    compared(before, after)
    return time.process_time() - began


class TestMarked:
    def test_marks_the_words_that_were_matched(self):
        """The text stays whole; its pieces say what was found where."""
        pieces = marked("Call 123 now", [flag(FlagKind.PERSONAL_DATA, (5, 8, "123"))])

        assert [Piece("Call "), Piece("123", "personal_data"), Piece(" now")] == pieces

    def test_gives_a_place_to_the_first_flag(self):
        """Where two flags overlap, none is lost and no character is twice."""
        pieces = marked("abcdef", [flag(FlagKind.EMERGENCY, (1, 4, "bcd")), flag(FlagKind.SPAM, (2, 6, "cdef"))])

        assert [Piece("a"), Piece("bcd", "emergency"), Piece("ef", "spam")] == pieces

    @pytest.mark.parametrize("span", [(0, 3, "xyz"), (90, 93, "abc"), (-3, 0, "abc")])
    def test_leaves_out_a_place_that_does_not_fit(self, span):
        """A flag of another text marks nothing."""
        assert [Piece("abc")] == marked("abc", [flag(FlagKind.SPAM, span)])

    def test_tells_name_and_text_apart(self):
        """What was found in the name is not marked in the text."""
        assert [Piece("abc")] == marked("abc", [flag(FlagKind.ADVICE, (0, 3, "abc"), in_name=True)])
        assert [Piece("abc", "advice")] == marked("abc", [flag(FlagKind.ADVICE, (0, 3, "abc"), in_name=True)], True)

    def test_of_nothing_is_nothing(self):
        """An erased text has no pieces."""
        assert [] == marked("", [flag(FlagKind.SPAM, (0, 0, ""))])


class TestCompared:
    def test_says_what_went_and_what_came(self):
        """Word by word; each side is whole."""
        left, right = compared("It hurts a little.", "It hurts very much.")

        assert (["It hurts a little.", "It hurts very much."]) == [
            "".join(p.text for p in side) for side in (left, right)
        ]
        assert ["a", "little"] == [p.text for p in left if p.kind == "removed" and p.text.strip()]
        assert ["very", "much"] == [p.text for p in right if p.kind == "added" and p.text.strip()]

    def test_is_bounded_for_long_texts(self):
        """Five thousand short words take no longer than the first part of them."""
        left, right = compared("a b " * 1250, "b a " * 1250)

        assert ("a b " * 1250, "b a " * 1250) == ("".join(p.text for p in left), "".join(p.text for p in right))

    def test_finds_one_word_in_a_long_text(self):
        """However often some of the words around it come."""
        words = [f"word{number} and" for number in range(300)]
        left, right = compared(" ".join(words), " ".join([*words[:150], "here", *words[150:]]))

        assert [] == [p.text for p in left if p.kind]
        assert ["here"] == [p.text.strip() for p in right if p.kind]

    @pytest.mark.parametrize("signs", ["+1 ", "&amp;", "[a](", "a "])
    def test_is_no_slower_for_a_few_signs_again_and_again(self, signs):
        """A writer cannot stall the desk with a text and its change: without "autojunk", 1,000 times as slow."""
        text = signs * (10_000 // len(signs))
        ordinary = " ".join(f"word{number}" for number in range(1_500))

        assert seconds(text, text[::-1]) < 100 * seconds(ordinary, ordinary[::-1])


class TestRedacted:
    @pytest.mark.parametrize(
        ("text", "words", "expected"),
        [
            ("Call 123, or 123.", ["123"], "Call […], or […]."),
            ("ada@example.org is Ada", ["ADA"], "[…]@example.org is […]"),
            ("one two three", ["one two", "two three"], "[…]"),
            ("one two three", ["two", "one two three"], "[…]"),
            ("a.c abc", ["a.c"], "[…] abc"),
            ("same", ["", "  "], "same"),
        ],
    )
    def test_replaces_every_place(self, text, words, expected):
        """Letters of any case, places that overlap become one, and nothing is a pattern."""
        assert (expected, []) == redacted(text, words)

    def test_names_what_is_not_there(self):
        """A slip of the keyboard must not look like success."""
        assert ("Call […]", ["124"]) == redacted("Call 123", ["123", "124"])
