"""The second tier of emergencies."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from blog.triage import FlagKind, alarming, triage
from blog.triage.amber import MODEL, Model, model, tongue
from blog.triage.reading import read
from blog.triage.training import VERSION, Labelled, built, cuts, digest, labelled, left_out

NO_RULE_KNOWS = "Dad looks waxen since lunch, he is dripping and grips his sternum. Is it a knot?"
ORDINARY = "Thank you, I do the stretch in the morning and the office chair is higher now."


def test_finds_what_no_rule_names():
    assert [FlagKind.POSSIBLE_EMERGENCY] == [flag.kind for flag in alarming(NO_RULE_KNOWS)]


def test_leaves_an_ordinary_comment():
    assert [] == alarming(ORDINARY)


def test_is_not_asked_where_a_rule_found_an_emergency():
    assert {FlagKind.EMERGENCY} == {flag.kind for flag in alarming("I lost control of my bladder this morning.")}


def test_says_nothing_about_a_few_words():
    assert [] == alarming("sternum waxen")


def test_marks_words_of_the_text():
    flag = next(flag for flag in triage(NO_RULE_KNOWS) if flag.kind == FlagKind.POSSIBLE_EMERGENCY)

    assert flag.matched
    assert all(NO_RULE_KNOWS[start:end] == words for start, end, words in flag.matched)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("My calf hurts when I run", "en"), ("Mir tut die Wade weh, wenn ich laufe", "other"), ("Hm", "en")],
)
def test_has_a_cut_for_english_and_one_for_other_languages(text, expected):
    assert expected == tongue(read(text))


def test_model_was_trained_on_the_texts_that_come_with_it():
    """`flask triage train --check` compares every byte; it takes a minute."""
    assert (VERSION, digest(labelled())) == (model().version, model().trained_on)


def test_model_is_written_as_it_was_read():
    assert MODEL.read_text("utf-8") == Model.loaded(json.loads(MODEL.read_text("utf-8"))).dumped()


def small() -> list[Labelled]:
    """A few texts of each sort, so that training takes no time."""
    texts = labelled(["readers"])
    return [*texts[::9], *(replace(text, source="house") for text in texts[1::30])]


def test_training_gives_the_same_model_each_time():
    assert built(small()).dumped() == built(small()).dumped()


def test_figures_come_from_texts_that_were_left_out_and_not_spent():
    judged = left_out(small(), lambda text: text.voice)

    assert [] == [text for text, _ in judged if text.source == "house"]


def test_cut_lets_a_small_share_of_ordinary_texts_through():
    text = next(text for text in labelled(["readers"]) if not text.is_emergency and text.language == "en")
    judged = [(text, score / 100) for score in range(100)]

    assert 900 == cuts(judged)["en"]
