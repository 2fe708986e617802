"""What was typed is understood as it was meant, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.search.asking import Asked, fts5_words, tsquery
from blog.search.query import QUERY_MAX_CHARS, TERMS_MAX, Query
from blog.search.words import fold_in_place, stems_of


def stems(typed):
    return [" ".join(term.stems) for term in Query.read(typed).terms]


class TestTerms:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("Calf CRAMPS", ["calf", "cramp"]),
            ("golfer's elbow", ["golfer", "elbow"]),
            ("Psoás", ["psoa"]),
            ("calves", ["calf"]),
            ("why does it hurt", ["hurt"]),
            ("hollow of the knee", ["hollow", "knee"]),
            ("what is it", ["what", "is", "it"]),
            ('"low back" pain', ["low back", "pain"]),
            ("“low back”", ["low back"]),
            ('"calf"', ["calf"]),
            ('"low back', ["low back"]),
            ("calf calf", ["calf"]),
            ("calf AND (knee OR NOT hip)", ["calf", "knee", "hip"]),
            ("", []),
            ("!?*", []),
        ],
    )
    def test_are_the_telling_words(self, typed, expected):
        """Without case, accents and endings; words that say nothing only where there are no others."""
        assert expected == stems(typed)

    def test_are_few(self):
        """Nobody makes the database look for a thousand words."""
        query = Query.read("".join(f"{number}x " for number in range(1000)))

        assert len(query.text) <= QUERY_MAX_CHARS
        assert TERMS_MAX == len(query.terms)

    @pytest.mark.parametrize(("typed", "complains"), [("calf pain", True), ("my calf hurts", True), ("calf", False)])
    def test_say_whether_something_hurts(self, typed, complains):
        """With one of these words, the name of a place asks about that place."""
        assert complains == Query.read(typed).complains


@given(st.text(max_size=300))
def test_no_sign_can_be_an_operator(typed):
    """What reaches a database are words of letters and digits, each in quotes."""
    for term in Query.read(typed).terms:
        assert all(stem.isalnum() for stem in term.stems)
        asked = Asked(((term.stems,),))
        assert 2 == fts5_words(asked).count('"')
        assert 2 * len(term.stems) == tsquery(asked).count("'")


@given(st.text(max_size=300))
def test_folding_in_place_keeps_places(text):
    """A letter stays where it was, so that what is found can be marked."""
    assert text.isascii() or len(fold_in_place(text)) == len(text)


def test_long_words_are_cut():
    """A word fits its column."""
    assert [64] == [len(stem) for stem in stems_of("é" * 1000)]
