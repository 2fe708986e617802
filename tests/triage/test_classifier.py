"""Learning what speaks for a label, and naming the words."""

from __future__ import annotations

from math import hypot, log

import pytest

from blog.triage.classifier import Classifier, counted, learn, words_of
from blog.triage.reading import read
from blog.triage.traits import traits

SPEAKS_FOR = ["my calf is swollen and hot", "swollen foot since today", "hot swollen knee and fever"]
SPEAKS_AGAINST = ["thanks for the stretch", "the stretch is great", "great page thanks a lot"]


def words(text: str) -> list[str]:
    return words_of(read(text))


@pytest.fixture
def trained() -> Classifier:
    texts = [*SPEAKS_FOR, *SPEAKS_AGAINST]
    return learn([counted(words(text)) for text in texts], [text in SPEAKS_FOR for text in texts], texts_min=1)


def test_tells_new_texts_apart(trained):
    assert trained.score(words("a swollen ankle")) > 0 > trained.score(words("great stretches"))


def test_adds_up_what_every_trait_says(trained):
    """Also where one stands in several words, or twice in one: each weighs by how often it is there."""
    text = words("Swollen swelling, and a hot, hot foot: thanks to the shot, the hothouse and #")
    values = {
        trait: trained.weights[trait][1] * (1 + log(count))
        for trait, count in counted(text, ["swollen hot"]).items()
        if trait in trained.weights
    }
    total = sum(trained.weights[trait][0] * value for trait, value in values.items())
    expected = total / hypot(*values.values()) / 1000 + trained.bias / 1000

    assert pytest.approx(expected, abs=1e-9) == trained.score(text, ["swollen hot"])


def test_learns_the_same_from_the_same_texts(trained):
    texts = [*SPEAKS_FOR, *SPEAKS_AGAINST]
    again = learn([counted(words(text)) for text in texts], [text in SPEAKS_FOR for text in texts], texts_min=1)

    assert trained == again


def test_survives_storing(trained):
    assert trained == Classifier.from_json(trained.to_json())


def test_keeps_the_heaviest_traits_alone():
    texts = [*SPEAKS_FOR, *SPEAKS_AGAINST]
    small = learn([counted(words(text)) for text in texts], [text in SPEAKS_FOR for text in texts], 1, 10)

    assert 10 == len(small.weights)


def test_tells_ideas_from_words():
    """An idea and a word of the same letters are two traits, and each list has its own."""
    mixed = Classifier({"@NUMB": (900, 300), "=numb": (-800, 300), "@!WARM": (-700, 300)}, 0)

    assert ["NUMB", "!WARM"] == [name for name, _ in mixed.top_ideas()]
    assert ["numb"] == [name for name, _ in mixed.top_words()]


def test_names_the_heaviest_words_where_they_stand(trained):
    text = "Hélas, the swollen knee… thanks"
    spans = trained.telling(read(text), words(text))

    assert "swollen" in next(span.words for span in spans)
    assert all(text[start:end] == shown for start, end, shown in spans)


def test_knows_a_fever_among_numbers():
    seen = words("39.2 then 38,5 then 37 then 120 then 2019")

    assert ["#fever", "then", "#fever", "then", "##", "then", "###", "then", "###"] == seen


def test_looks_at_groups_of_letters_and_pairs():
    assert {"=ab", "_a", "ab", "b_", "_ab", "ab_", "_ab_", "ab cd"} <= set(traits(["ab", "cd"]))
