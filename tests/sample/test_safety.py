"""The sample texts as a careful physiotherapist reads them: no advice against another, no sign that does not fit."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from blog import sample
from blog.posts.document import Article, Reference, Stretch
from blog.transfer import markdown

VOCABULARY = json.loads((sample.FOLDER / "vocabulary.json").read_text(encoding="utf-8"))
MUSCLES = {muscle["slug"]: muscle for muscle in VOCABULARY["muscles"]}
AREAS = {area["slug"]: area for area in VOCABULARY["pain_areas"]}
CONDITIONS = {condition["slug"]: condition for condition in VOCABULARY["conditions"]}
SETS = {signs["slug"]: signs for signs in VOCABULARY["red_flag_sets"]}
SOURCES = {source["id"]: source for source in VOCABULARY["sources"]}
ARTICLES = {page.slug: page.manuscript.article for page in markdown.read_folder(sample.ARTICLES)}

MOST_HEDGES = 4
HEDGE = re.compile(
    r"\b(may|might|could|perhaps|possibly|probably|likely|seems?|sometimes|appears? to|tends? to)\b", re.I
)
NO_SOURCE = re.compile(
    r"brainscape|quizlet|cram\.com|studystack|chegg|course ?hero|studocu|flash ?cards?|student notes|\bblog\b"
    r"|triggerpoints\.net|symptom checker",
    re.I,
)
HANDS_OFF = re.compile(r"do not press\b[^.]*\byourself", re.I)
INVITES_PRESSURE = re.compile(
    r"\b(?:light|gentle|soft|careful)\b[^.:]{0,12}\b(?:pinch|touch|pressure|massage|ball)\b|\bpinch only\b", re.I
)
ENDING = re.compile(
    r"(?!(?:if|you|your|when|not|no|unable|cannot|can|is|are|was|have|has|feel|having|being)\b)[a-z].*[^.:;]\Z"
)
CLAUSE = re.compile(r"(you|your|it|the|\w+ing)\b.*[^.]\Z")  # follows "Not for you if"
IF_YOU_HAVE = re.compile(r"\b[A-Z].* if you have:\Z")
MOST_SIGNS = 6  # five, and one that catches the rest
LEG_ACROSS = {  # drawn with the leg past the middle of the body: tendons squeezed, a new hip at risk
    "side-lying-leg-drop",
    "side-lying-leg-drop-with-cushion",
    "knee-to-opposite-shoulder",
    "crossed-leg-side-lean",
    "half-kneeling-side-reach",
}
BOTH_SIDES_AT_ONCE = {"corner-stretch", "self-hug", "soles-together-sit"}
HIP = {"hip-buttock", "thigh"}


def clashes(article):
    """Conditions under which the article is listed although one of its stretches is not for them."""
    warned = " ".join(words for stretch in article.stretches for words in stretch.not_for).casefold()
    return [
        slug
        for slug in article.conditions
        if any(name.casefold() in warned for name in (CONDITIONS[slug]["name"], *CONDITIONS[slug]["aliases"]))
    ]


def prose(article):
    """All that a reader reads of an article, as typed."""
    stretches = [
        text
        for one in article.stretches
        for text in (one.name, *one.steps, one.dose, one.stop_if, one.easier_version, *one.not_for)
    ]
    lists = (article.key_facts, article.safety.cautions, article.uncertain, stretches)
    return "\n".join(
        [
            article.standfirst,
            article.body,
            article.self_help,
            article.evidence,
            *(line for one in lists for line in one),
        ]
    )


def about_the_hip(article):
    """Whether its muscles or its pain lie at the hip, the buttock or the thigh."""
    return any(MUSCLES[slug]["region"] in HIP for slug in article.muscles) or any(
        AREAS[slug]["region"] == "hip-buttock" for slug in article.pain_areas
    )


def poses(article):
    """Each stretch with the pose in which it is drawn."""
    return [(stretch, figure.pose) for stretch in article.stretches if (figure := article.figure(stretch.figure))]


def signs(slugs, level):
    """The signs of one level, of all these sets."""
    return [item for slug in slugs for card in SETS[slug]["levels"] if card["level"] == level for item in card["items"]]


@pytest.fixture
def bursitis_stretch():
    """An article with one stretch that is not for bursitis."""
    stretch = Stretch("Leg drop", ("Lie down.",), "Once.", "Stop.", not_for=("you have Trochanteric bursitis",))
    return Article("Title", "Standfirst.", "Body.", ("ada",), stretches=(stretch,))


class TestStretches:
    def test_are_not_named_under_what_they_are_not_for(self):
        """Nobody who comes from a condition finds a stretch that warns of it."""
        assert {} == {slug: found for slug, article in ARTICLES.items() if (found := clashes(article))}

    def test_that_warn_of_a_listed_condition_are_noticed(self, bursitis_stretch):
        """The condition's name in `not_for` is enough."""
        assert ["trochanteric-bursitis"] == clashes(replace(bursitis_stretch, conditions=("trochanteric-bursitis",)))

    def test_may_warn_of_what_the_article_is_not_listed_under(self, bursitis_stretch):
        assert [] == clashes(replace(bursitis_stretch, conditions=("hip-osteoarthritis",)))

    def test_across_the_body_spare_new_hips_and_sore_tendons(self):
        """Each says beside its steps that it is not for a hip replacement or for pain over the outer hip bone."""
        bold = [
            (slug, pose)
            for slug, article in ARTICLES.items()
            for stretch, pose in poses(article)
            if pose in LEG_ACROSS
            and not all(words in " ".join(stretch.not_for) for words in ("hip replacement", "outer hip bone"))
        ]

        assert [] == bold

    def test_all_say_whom_they_are_not_for(self):
        """In words that follow "Not for you if"."""
        odd = [
            (slug, stretch.name)
            for slug, article in ARTICLES.items()
            for stretch in article.stretches
            if not stretch.not_for or not all(map(CLAUSE.match, stretch.not_for))
        ]

        assert [] == odd

    def test_of_both_sides_are_not_done_on_each_side(self):
        """What stretches left and right at once has a dose without sides."""
        assert [] == [
            slug
            for slug, article in ARTICLES.items()
            for stretch, pose in poses(article)
            if pose in BOTH_SIDES_AT_ONCE and "side" in stretch.dose
        ]


class TestCautions:
    def test_mention_hip_replacement_wherever_the_hip_is_moved(self):
        """In the safety box of every article about hip, buttock or thigh."""
        hips = {slug: article for slug, article in ARTICLES.items() if about_the_hip(article)}

        assert len(hips) > 8
        assert [] == [
            slug for slug, article in hips.items() if "hip replacement" not in " ".join(article.safety.cautions)
        ]

    def test_name_clots_and_bleeding_wherever_pressing_is_allowed(self):
        """Nobody presses who should not."""
        open_to_pressure = {slug: article for slug, article in ARTICLES.items() if article.safety.self_pressure}
        needed = ("blood clot", "blood-thinning", "infected", "osteoporosis", "cancer")

        assert [] == [
            (slug, word)
            for slug, article in open_to_pressure.items()
            for word in needed
            if word not in " ".join(article.safety.cautions)
        ]

    def test_ask_for_consent_wherever_the_area_is_sensitive(self):
        """A therapist asks first, and the reader knows that no is an answer."""
        sensitive = {
            slug: article
            for slug, article in ARTICLES.items()
            if any(MUSCLES[muscle]["sensitive_area"] for muscle in article.muscles)
        }

        assert len(sensitive) > 8
        assert [] == [slug for slug, article in sensitive.items() if "You can say no, or stop" not in prose(article)]

    def test_agree_with_the_muscle(self):
        """An article allows pressing exactly where the vocabulary does not forbid it."""
        assert [] == [
            slug
            for slug, article in ARTICLES.items()
            for muscle in article.muscles
            if article.safety.self_pressure == bool(HANDS_OFF.search(MUSCLES[muscle]["pressure_caution"] or ""))
        ]

    def test_never_forbid_and_invite(self):
        """Where the page says not to press, nothing on it speaks of a light pinch or a soft ball."""
        assert [] == [
            (slug, found.group())
            for slug, article in ARTICLES.items()
            if not article.safety.self_pressure and (found := INVITES_PRESSURE.search(prose(article)))
        ]

    @pytest.mark.parametrize("words", ["light pinch only, one side at a time", "Gentle pressure helps.", "a soft ball"])
    def test_that_invite_are_noticed(self, words):
        """However kindly it is put."""
        assert INVITES_PRESSURE.search(words)

    def test_that_forbid_are_no_invitation(self):
        """To say no is allowed."""
        assert not INVITES_PRESSURE.search("Do not press, pinch or massage it yourself, and do not use a ball on it.")


class TestWarningSigns:
    @pytest.mark.parametrize("slug", SETS)
    def test_are_endings_of_one_heading(self, slug):
        """ "… if you have:" and then what one has, never another sentence."""
        cards = SETS[slug]["levels"]

        assert [] == [card["heading"] for card in cards if not IF_YOU_HAVE.match(card["heading"])]
        assert [] == [item for card in cards for item in card["items"] if not ENDING.match(item)]

    @pytest.mark.parametrize(
        "item", ["a limp", "new dizziness that does not settle", "headaches more than once a week"]
    )
    def test_that_one_can_have_are_endings(self, item):
        """A thing with a name."""
        assert ENDING.match(item)

    @pytest.mark.parametrize(
        "item",
        ["you cannot put weight on it", "not able to walk", "if it hurts", "no improvement", "A limp", "a limp."],
    )
    def test_that_are_sentences_are_not(self, item):
        """They would read "if you have: you cannot"."""
        assert not ENDING.match(item)

    @pytest.mark.parametrize("kind", ["muscles", "conditions"])
    def test_are_named_by_the_subject_itself(self, kind):
        """Not collected from everywhere its pain reaches."""
        assert [] == [
            entry["slug"] for entry in VOCABULARY[kind] if not set(entry.get("red_flag_sets", ())) & set(SETS)
        ]

    def test_of_an_article_are_those_of_its_muscles(self):
        """The same subject warns of the same things on both pages."""
        assert [] == [
            slug
            for slug, article in ARTICLES.items()
            if set(article.safety.red_flags)
            != {name for one in article.muscles for name in MUSCLES[one]["red_flag_sets"]}
        ]

    def test_fit_on_a_card(self):
        """A card that is too long is not read; and nothing stands on two cards."""
        shown = [entry["red_flag_sets"] for kind in ("muscles", "conditions") for entry in VOCABULARY[kind]]
        shown += [[area["red_flag_set"]] for area in AREAS.values()]
        long = [
            (slugs, level)
            for slugs in shown
            for level in ("emergency", "urgent", "routine")
            if len(signs(slugs, level)) > MOST_SIGNS
        ]
        twice = [
            slugs
            for slugs in shown
            for every in ([item for level in ("emergency", "urgent", "routine") for item in signs(slugs, level)],)
            if len(every) != len(set(every))
        ]

        assert ([], []) == (long, twice)


class TestSources:
    def test_are_such_as_a_clinician_accepts(self):
        """
        No flash cards, quizzes, students' notes or a clinic's own advertising, in the vocabulary or in an article.
        """
        named = [source["name"] for source in SOURCES.values()]
        named += [f"{one.text} {one.url}" for article in ARTICLES.values() for one in article.references]

        assert [] == [name for name in named if NO_SOURCE.search(name)]

    @pytest.mark.parametrize("text", ["Trigger point flash cards (brainscape)", "quizlet.com/1", "A clinic's blog"])
    def test_that_are_none_are_noticed(self, text):
        """By name or by host."""
        assert NO_SOURCE.search(Reference(text).text)

    def test_name_a_textbook_for_each_muscle(self):
        """And no source that the vocabulary does not list."""
        kinds = {slug: [SOURCES[name]["kind"] for name in muscle["sources"]] for slug, muscle in MUSCLES.items()}

        assert [] == [slug for slug, named in kinds.items() if "textbook" not in named]

    def test_bear_out_how_sure_a_pain_map_claims_to_be(self):
        """ "Several sources agree" needs one beside the manual, its new edition and the works of plain anatomy."""
        manual = {"travell-simons-1", "travell-simons-2", "donnelly-2019", "grays", "ta2", "gpnotebook-gmax"}

        assert [] == [
            slug
            for slug, muscle in MUSCLES.items()
            if muscle["confidence"]["referred_pain"] == "medium-high" and not set(muscle["sources"]) - manual
        ]


class TestVoice:
    @pytest.mark.parametrize("slug", ARTICLES)
    def test_says_things_plainly(self, slug):
        """A hedge in every sentence says nothing; the doubt has its own section."""
        assert len(HEDGE.findall(prose(ARTICLES[slug]))) <= MOST_HEDGES

    @pytest.mark.parametrize(
        ("text", "hedges"), [("It may perhaps seem so.", 3), ("It is so in May.", 1), ("It is so.", 0)]
    )
    def test_counts_hedges(self, text, hedges):
        """Each word that takes a statement back; a month is rare enough here to count."""
        assert hedges == len(HEDGE.findall(text))

    def test_says_once_that_trigger_points_are_a_model(self):
        """Under "How sure is this?", and nowhere else."""
        said = {slug: prose(article).count("working model") for slug, article in ARTICLES.items()}

        assert {1} == set(said.values())
        assert [] == [slug for slug, article in ARTICLES.items() if "working model" not in article.evidence]

    @pytest.mark.parametrize("words", ["turned down", "switch down", "jump in load", "load jump", "raised too fast"])
    def test_keeps_off_translated_phrases(self, words):
        """Each had a better one."""
        everything = json.dumps(VOCABULARY) + "".join(map(prose, ARTICLES.values()))

        assert words not in everything
