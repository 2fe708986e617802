"""What deserves a second look, and what only resembles it."""

from __future__ import annotations

import pytest

from blog.triage import Context, abuse
from blog.triage import advice as module
from blog.triage.advice import advice, is_like_staff

TEAM = Context(staff_names=["Ann Lee-Hart", "Paul Miller"])

# rule, and text with name that brings it, and a neighbour that does not
PAIRS = [
    ("diagnosis", ("Can you diagnose me?", ""), ("My doctor gave me a diagnosis.", "")),
    ("diagnosis", ("What is wrong with my hip?", ""), ("Is that the piriformis?", "")),
    ("self_promotion", ("First session half price this month.", ""), ("Half of my first session I slept.", "")),
    ("self_promotion", ("DM me the word GLUTE.", ""), ("In my practice we avoid this.", "")),
    ("dose", ("Take 400 mg ibuprofen.", ""), ("I took ibuprofen for years.", "")),
    ("staff_name", ("hi", "Аnn Lee-Hart"), ("hi", "Ann")),
    ("staff_name", ("hi", "Pau1 Miller"), ("hi", "Paula Mills")),
    ("shouting", ("WHY DOES NOBODY EVER ANSWER ME HERE", ""), ("OMG this works", "")),
    ("abuse", ("You are all morons.", ""), ("I felt like a moron.", "")),
    ("abuse", ("What a f*ck you lot are, fuck off", ""), ("Scunthorpe, and I assess the class", "")),
    ("threat", ("I will find you.", ""), ("I will find you a chair.", "")),
]


def rules(text: str, name: str) -> set[str]:
    return {flag.rule for flag in advice(text, name, TEAM)}


@pytest.mark.parametrize(("rule", "flagged", "neighbour"), PAIRS)
def test_flags(rule, flagged, neighbour):
    assert rule in rules(*flagged)


@pytest.mark.parametrize(("rule", "flagged", "neighbour"), [pair for pair in PAIRS if pair[0] != "threat"])
def test_leaves_its_neighbour(rule, flagged, neighbour):
    assert rule not in rules(*neighbour)


def test_every_rule_has_a_pair():
    assert set(module._WHYS) == {rule for rule, *_ in PAIRS}


@pytest.mark.parametrize(
    ("text", "words"),
    [("two wallies", ["wallies"]), ("Wally!", []), ("swallies", []), ("a daft old sausage", ["daft old sausage"])],
)
def test_owners_list_matches_whole_words(text, words):
    assert words == [span.words for span in abuse(text, ["wallie", "daft old sausage"])]


def test_empty_list_finds_no_abuse():
    assert "abuse" not in {flag.rule for flag in advice("You moron", "", Context(abuse_words=()))}


def test_no_staff_means_no_look_alike():
    assert not is_like_staff("Ann Lee-Hart", [])
