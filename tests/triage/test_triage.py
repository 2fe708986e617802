"""Triage as a whole: over the labelled texts, over anything, and in time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.triage import Confusion, Context, FlagKind, evaluate, triage
from tests.triage.floods import FLOODS
from tests.triage.labelled import SETS, rows

CPU_SECONDS_MAX = 0.1  # of the slowest text, on a busy machine


def all_texts() -> list[str]:
    return [row["text"] for name in SETS for row in rows(name)]


@pytest.mark.parametrize("name", SETS)
def test_development_texts_stay_right(name):
    """What was reached once is kept: at most two misses and no false flag in a set."""
    confusion = evaluate(rows(name))

    assert [] == [judged.text for judged in confusion.false]
    assert len(confusion.missed) <= 2


def test_matched_words_stand_where_the_flag_says():
    for name in SETS:
        for row in rows(name):
            for flag in triage(row["text"], row["author"]):
                source = row["author"] if flag.in_name else row["text"]
                assert [source[start:end] for start, end, _ in flag.matched] == [s.words for s in flag.matched]
                assert flag.why


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(all_texts()[::3]), max_size=3).map("\u200b \n".join)))
def test_takes_any_text(text):
    for flag in triage(text, text[:60], Context(staff_names=["Ann Lee"], article_title="The neck")):
        source = text[:60] if flag.in_name else text
        assert all(source[start:end] == words for start, end, words in flag.matched)


@pytest.mark.parametrize("name", FLOODS)
def test_is_quick(name):
    """The best of three: the first one loads numbering plans, and the machine does other work too."""
    seconds = []
    for _ in range(3):
        started = time.process_time()
        triage(FLOODS[name])
        seconds.append(time.process_time() - started)

    assert min(seconds) < CPU_SECONDS_MAX


def test_emergencies_come_first():
    flags = triage("I can't feel my legs since today, ring 07700 900318")

    assert [FlagKind.EMERGENCY, FlagKind.PERSONAL_DATA] == [flag.kind for flag in flags]


class TestConfusion:
    @pytest.fixture
    def confusion(self) -> Confusion:
        return evaluate(
            [
                {"author": "", "label": "medical_emergency", "text": "I can't pee since yesterday, ring 07700 900318"},
                {"author": "", "label": "spam", "text": "hello"},
                {"author": "", "label": "thanks", "text": "You moron"},
                {"author": "", "label": "genuine_question", "text": "How long?"},
            ]
        )

    def test_counts_misses_and_false_flags(self, confusion):
        assert (2, ["spam"], ["thanks"]) == (
            confusion.right,
            [judged.label for judged in confusion.missed],
            [judged.label for judged in confusion.false],
        )

    def test_lists_further_flags_without_blame(self, confusion):
        assert confusion.texts[0].is_right
        assert ["phone"] == [flag.rule for flag in confusion.texts[0].further]

    def test_prints_a_table(self, confusion):
        assert "2 of 4 right." in confusion.table()

    def test_becomes_json(self, confusion):
        assert {"text": "You moron", "label": "thanks"}.items() <= confusion.as_json()[2].items()
        assert [{"kind": "abuse", "rule": "abuse", "matched": ["moron"]}] == confusion.as_json()[2]["flags"]
