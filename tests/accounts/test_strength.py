"""Passwords that many people use, or that anybody expects here, are refused; how strong one is, is told."""

from __future__ import annotations

import pytest

from blog.accounts import passwords
from blog.accounts.strength import COMMON, is_common, is_expected, strength


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("qwerty123456", True),
        ("Password1234", True),
        ("!!passwordpassword99", True),
        ("123456654321", True),
        ("five unrelated cows", False),
        ("passwordless sheep", False),
        ("Zürich-Kühe-2026", False),
    ],
)
def test_the_commonest_are_known(password: str, refused: bool):
    """Also in capitals, repeated, and with digits and signs around them; never by what kinds of signs they have."""
    assert refused is is_common(password)


def test_ten_thousand_are_known():
    """As many as the rule says; the list of the package is in the order of how common they are."""
    assert 10_000 == COMMON
    assert is_common("123456") and not is_common("leshka99leshka1")


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("trigger-points-2026", True),
        ("clinic.example!!", True),
        ("annotheranother", False),
        ("trigger happy cows", False),
        ("8361-9275-1048", False),
    ],
)
def test_words_of_the_site_are_no_password(password: str, refused: bool):
    """Whoever guesses tries them first. With other words beside them they are fine."""
    assert refused is is_expected(password, ["trigger", "points", "clinic", "example", "org"])


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("eleven char", "at least 12"),
        ("x y" * 67, "at most 200"),
        ("password1234", "Very many people"),
        ("Blog Trigger Points 1", "everybody expects"),
        ("first.colleague", "everybody expects"),
        ("First.Colleague@example.org", "must not be the e-mail address"),
        ("all small and long", None),
        ("ALL LARGE AND LONG", None),
        ("ユニコードも長ければよいです", None),
        ("long enough to be safe " * 4, None),
        ("  spaces count, too  ", None),
    ],
)
@pytest.mark.usefixtures("context")
def test_a_new_password_is_judged_by_length_and_by_lists(password: str, says: str | None):
    """Twelve characters or more, up to 200; no rule about its kinds of signs."""
    found = passwords.complaint(password, "first.colleague@example.org")

    assert (found is None) if says is None else (says in (found or ""))


def test_strength_is_told_in_a_word():
    """With advice where it is weak."""
    assert ("weak", True) == (strength("password1234")[0], "another word" in strength("password1234")[1])
    assert ("very strong", "") == strength("five unrelated cows walk")


def test_strength_of_a_very_long_one_is_quick():
    """Measuring takes the beginning alone; otherwise it raises, or takes minutes."""
    assert strength("five unrelated cows walk " * 8)[0] == "very strong"
