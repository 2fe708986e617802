"""Points add up to likely spam; each part says why."""

from __future__ import annotations

import pytest

from blog.triage import Context, FlagKind, History, KnownText, SpamFilter, bands, likeness, signature, spam_score
from blog.triage.disguise import hidden_inside
from blog.triage.learning import DECISIONS_MIN
from blog.triage.reading import read
from blog.triage.spam import spam
from blog.triage.spam_lists import POINTS, THRESHOLD, TOPICS

LONG = "The second stretch helped my neck a lot, thank you for writing it so clearly for us"
KNOWN = KnownText(signature(LONG) or (), spam=2)

# part: text, name and context that bring it, and neighbours that do not
PAIRS = {
    "channel": (("sub to my channel, i sub back", "", Context()), ("I subscribe to your feed.", "", Context())),
    "giveaway": (("Join the giveaway and win", "", Context()), ("I gave away my old roller.", "", Context())),
    "work_at_home": (("Earn 4,000 euros per week", "", Context()), ("I earn little and sit a lot.", "", Context())),
    "many_links": (
        ("a.example b.example c.example d.example", "", Context()),
        ("see a.example, b.example and c.example", "", Context()),
    ),
    "links": (("see www.a.example", "", Context()), ("see a.example", "", Context(own_hosts=frozenset({"a.example"})))),
    "link_off_topic": (("nice, www.a.example", "", Context()), ("nice for the neck, www.a.example", "", Context())),
    "short_link": (("https://bit.ly/x", "", Context()), ("https://bitly.example/x", "", Context())),
    "markup_link": (('<a href="x">y</a>', "", Context()), ("<b>y</b>", "", Context())),
    "invisible": (("<p style='display:none'>", "", Context()), ("the display: no", "", Context())),
    "keyword_name": (("hi", "best massage gun 2024", Context()), ("hi", "Bessie", Context())),
    "spaced_letters": (("T r a m a d o l", "", Context()), ("I. A. am b at C", "", Context())),
    "disguised_letters": (("bitc0in", "", Context()), ("L5, 2nd, 4x8, 30s", "", Context())),
    "mixed_scripts": (("fоllоwers", "", Context()), ("Спасибо, thanks", "", Context())),
    "hidden_characters": (("ca\u200bsi\u200bno", "", Context()), ("casi no", "", Context())),
    "seen_as_spam": (
        (LONG, "", Context(seen=[KNOWN])),
        ("No copy of that at all, but another text", "", Context(seen=[KNOWN])),
    ),
    "seen_often": (
        (LONG, "", Context(seen=[KnownText(KNOWN.signature, undecided=3)])),
        (LONG, "", Context(seen=[KnownText(KNOWN.signature, approved=1, undecided=3)])),
    ),
    "other_language": (
        ("el dolor de la espalda y el casino online", "", Context()),
        ("el dolor de la espalda y los hombros", "", Context()),
    ),
    "trap": (("hi", "", Context(trap_filled=True)), ("hi", "", Context())),
    "too_fast": (("hi", "", Context(seconds_to_submit=1.0)), ("hi", "", Context(seconds_to_submit=20.0))),
    "sender_spam": (("hi", "", Context(sender=History(spam=1))), ("hi", "", Context(sender=History(rejected=1)))),
    "sender_known": (("hi", "", Context(sender=History(approved=1))), ("hi", "", Context())),
    "proof": (("hi", "", Context(is_proven=True, is_flood=True)), ("hi", "", Context())),
    "flood": (("hi", "", Context(is_flood=True)), ("hi", "", Context(is_flood=True, is_proven=True))),
    "money_emoji": (("🤑🤑", "", Context()), ("🙏🙏", "", Context())),
    "template_praise": (("added you guys to my blogroll", "", Context()), ("I added you to my notes", "", Context())),
    "general_praise": (("Great post", "", Context()), ("Great post about the neck", "", Context())),
    "pharmacy": (("buy viagra", "", Context()), ("my pills", "", Context())),
    "pharmacy_word": (("overnight delivery", "", Context()), ("overnight ache", "", Context())),
    "crypto": (("bitcoin", "", Context()), ("coin", "", Context())),
    "profit": (("guaranteed profit", "", Context()), ("I profit from it", "", Context())),
    "miracle": (("a spell caster", "", Context()), ("a dizzy spell", "", Context())),
    "casino": (("online casino", "", Context()), ("I bet it helps", "", Context())),
    "loan": (("urgent loan", "", Context()), ("on loan from a friend", "", Context())),
    "adult": (("escort service", "", Context()), ("single leg", "", Context())),
    "seo": (("first page of google", "", Context()), ("found by google", "", Context())),
    "guest_post": (("a guest post", "", Context()), ("a post", "", Context())),
    "goods": (("replica watches", "", Context()), ("my watch", "", Context())),
    "crime": (
        ("Passport and driving licence without any exam", "", Context()),
        ("I spy a new stretch on the page, no exam today", "", Context()),
    ),
    "contact": (("WhatsApp +44 7700 900461", "", Context()), ("we use WhatsApp", "", Context())),
    "call_to_click": (("click here", "", Context()), ("it clicks", "", Context())),
    "mass_name": (("the next of kin", "", Context()), ("kind", "", Context())),
}


def parts(text: str, name: str, context: Context) -> set[str]:
    return {part.rule for part in spam_score(text, name, context).parts}


def test_every_part_has_a_pair():
    learned = {"learned", "learned_likely", "learned_good"}
    counted = {"links", "many_links", "template_praise", "general_praise"}

    assert {*POINTS, *(topic.name for topic in TOPICS), *counted} - learned == set(PAIRS)


@pytest.mark.parametrize("rule", PAIRS)
def test_counts(rule):
    assert rule in parts(*PAIRS[rule][0])


@pytest.mark.parametrize("rule", PAIRS)
def test_does_not_count(rule):
    assert rule not in parts(*PAIRS[rule][1])


def test_total_is_the_sum_of_its_parts():
    score = spam_score("Great post! Visit <a href='https://a.example'>casino</a>", "", Context())

    assert score.total == sum(part.points for part in score.parts)
    assert score.is_spam == (score.total >= THRESHOLD)


def test_a_near_miss_is_shown_as_one():
    found = spam("Guaranteed profit 💰💰", "", Context())

    assert [(FlagKind.ADVICE, "nearly_spam")] == [(flag.kind, flag.rule) for flag in found]
    assert "3.5 of 4 points" in found[0].why


def test_what_is_far_below_is_not_shown():
    assert [] == spam("The video at https://video.example shows the psoas stretch.", "", Context())


def test_owner_changes_points():
    assert 0 == spam_score("hi", "", Context(trap_filled=True, spam_points={"trap": 0})).total


@pytest.mark.parametrize("seconds", [None, 1.0, 20.0])
def test_what_a_password_manager_fills_in_is_a_hint(seconds):
    """Not even with a text that was pasted and sent at once; a person may do both."""
    context = Context(trap_filled=True, seconds_to_submit=seconds)

    assert not spam_score("My calf hurts when I climb stairs.", "Ada", context).is_spam


def test_a_filled_trap_adds_to_other_signs():
    text = "Nice, www.shop.example"

    assert [False, True] == [spam_score(text, "", Context(trap_filled=filled)).is_spam for filled in (False, True)]


def trained(texts: int = 20) -> SpamFilter:
    return SpamFilter.trained(
        [(f"cheap watches for sale, number {'abcdefghijklmnopqrstuvwxyz'[n]} today", True) for n in range(texts)]
        + [(f"my neck feels better {'abcdefghijklmnopqrstuvwxyz'[n]}", False) for n in range(texts)]
    )


def test_filter_is_off_until_it_has_enough_decisions():
    assert None is trained(DECISIONS_MIN - 1).margin(read("cheap watches"))


def test_filter_learns():
    learned = trained()

    assert (learned.margin(read("cheap watches for sale")) or 0) > 0 > (learned.margin(read("my neck is better")) or 1)
    assert "learned" in parts("cheap watches for sale", "", Context(spam_filter=learned))
    assert {"cheap", "watches", "neck"} <= {word for word, _ in learned.top_words(12)}


def test_filter_is_off_where_it_finds_too_little():
    """The same words for both: nothing can be told apart, and it says so instead of guessing."""
    letters = "abcdefghijklmnopqrst"
    learned = SpamFilter.trained(
        [
            (f"{'neck' if n % 2 else 'knee'} {x} feels better", n % 3 == 0)
            for n, x in enumerate(letters + letters.upper())
        ]
    )

    assert (True, False) == (learned.has_enough, learned.is_ready)


def test_filter_flags_none_of_the_approved_comments_it_was_checked_on():
    learned = trained()

    assert all((learned.margin(read(f"my neck feels better {letter}")) or 1) < 0 for letter in "abcdefgh")


def test_filter_survives_storing():
    learned = trained()

    assert learned == SpamFilter.from_json(learned.to_json())


def test_what_an_older_release_counted_is_no_use():
    assert SpamFilter() == SpamFilter.from_json({"spam": {}, "good": {}, "spam_texts": 90, "good_texts": 90})


def test_likeness_of_copies_and_strangers():
    copy, stranger = (
        signature(LONG.replace("lot", "bit")),
        signature("Quite another text about the calf and the heel today"),
    )
    assert copy and stranger

    assert likeness(KNOWN.signature, copy) > 0.5 > likeness(KNOWN.signature, stranger)
    assert set(bands(KNOWN.signature)) & set(bands(copy))
    assert None is signature("thanks a lot")


def test_signature_stays_what_it_was():
    """Those that are stored are compared with new ones."""
    made = signature("Thank you, the stretch against the wall took the pain out of my calf in a week.")
    assert made

    assert (44455962, 192634057, 397000994, 741216137) == made[:4]
    assert (24899011886713164, 31661434656755541) == (bands(made)[0], bands(made)[-1])


@pytest.mark.parametrize(
    ("text", "hides"), [("ca\u200bsi\u200bno", True), ("ទៅ\u200bផ្សារ", False), ("می\u200cخواهم", False)]
)
def test_signs_that_a_script_needs_hide_nothing(text, hides):
    assert hides == bool(hidden_inside(text))
