"""A word that nobody uses is read as the one that was meant, and as nothing else."""

from __future__ import annotations

import pytest

from blog.search.results import Results


@pytest.fixture
def corrected(sample_site):
    """`corrected("hamstirng")`: the question that is answered instead; empty for one that is answered as it is."""

    def asking(words: str) -> str:
        with sample_site.test_request_context():
            return Results.of(words).corrected

    return asking


def test_another_first_letter_may_be_meant_by_a_name_of_the_vocabulary(corrected):
    assert "piriformis" == corrected("biriformis")


def test_another_first_letter_is_not_meant_by_a_word_of_an_article(corrected):
    """They say "sleep", and a leg that falls asleep is asleep."""
    assert "" == corrected("asleep")


def test_three_letters_may_be_a_slip_of_a_name(corrected):
    assert "back pain" == corrected("bak pain")


def test_three_letters_are_no_slip_of_a_word_of_an_article(corrected):
    """They say "rest"; no name does."""
    assert "" == corrected("rst")
