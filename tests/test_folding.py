"""Words are found however they are written, on both databases alike."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select

from blog.database import db
from blog.folding import fold, folded, holds

SAME = [
    ("Özlem", "özlem"),
    ("МАРИЯ", "мария"),
    ("ΝΊΚΟΣ", "νίκος"),
    ("Νίκος", "νικοσ"),
    ("José", "jose"),
    ("Jose\u0301", "José"),
    ("Straße", "STRASSE"),
    ("Łukasz", "lukasz"),
    ("Søren", "SOREN"),
    ("Işık", "isik"),
    ("İstanbul", "istanbul"),
    ("Ægir", "aegir"),
    ("ﬁbre", "FIBRE"),
    ("Ｋｉｍ", "kim"),
    ("Йошка", "ЙОШКА"),
    ("محمّد", "محمد"),
    ("100%_\\", "100%_\\"),
]

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


@pytest.mark.parametrize(("stored", "asked"), SAME)
def test_both_spellings_are_one(stored, asked):
    assert fold(stored) == fold(asked)


@pytest.mark.parametrize(("stored", "asked"), SAME)
def test_the_database_finds_one_by_the_other(stored, asked):
    assert db.session.scalar(select(holds(literal(f"I am {stored}, hello"), asked)))


@pytest.mark.parametrize("text", [stored for stored, _ in SAME])
def test_the_database_folds_as_we_do(text):
    assert fold(text) == db.session.scalar(select(folded(literal(text))))


@pytest.mark.parametrize(("stored", "asked"), [("Ann", "Anna"), ("100 per cent", "100%"), ("axb", "a_b")])
def test_others_are_not_found(stored, asked):
    assert not db.session.scalar(select(holds(literal(stored), asked)))
