"""The first look before a pattern is tried: it may spare the work, never a match."""

from __future__ import annotations

import re

import pytest

from blog.triage import advice, personal, spam
from blog.triage.disguise import unmask
from blog.triage.gates import Gated, folded, opened
from tests.triage.floods import FLOODS
from tests.triage.labelled import SETS, rows


def all_gated(found):
    """Every gated pattern in a module's constants, however deep."""
    if isinstance(found, Gated):
        return [found]
    return [gated for one in found for gated in all_gated(one)] if isinstance(found, list | tuple) else []


PLAIN = all_gated([*vars(spam).values(), *vars(advice).values()])  # these see plain small letters
TYPED = all_gated([*vars(personal).values()])
TEXTS = [row["text"] for name in SETS for row in rows(name)] + [text[:600] for text in FLOODS.values()]


class TestGated:
    @pytest.mark.parametrize(
        ("pattern", "text", "expected"),
        [
            (r"\b(?:red|blue) (?:car|bus)\b", "a red bus", True),
            (r"\b(?:red|blue) (?:car|bus)\b", "a red bike", False),
            (r"(?:green )?tree", "a tree", True),
            (r"(?:green )?tree", "green leaves", False),
            (r"(?:red|[0-9]+) bus", "the 7 bus", True),
            (r"[aeiou]{3}", "no such thing", True),
            (r"(?<!red )bus(?! stop)", "a red bike", False),
            (r"(?<!red )bus(?! stop)", "a bus", True),
            (r"[]|]bus", "nothing", False),
            (r"(?i:re?d\.bus)", "a d.bus", True),
            (r"a{0,2}red{2,3}bus", "a reddbus", True),
            (r"(?P<it>red)\x20bus", "a red bike", False),
            (r"\b(?:red bus|green (?:car|tree))\b", "a red tree", False),
            (r"\b(?:red bus|green (?:car|tree))\b", "a green tree", True),
            (r"(?:\d-?){3}|[1-9]\d\d bus", "12-, 3", True),
            (r"(?:\d-?){3}|[1-9]\d\d bus", "the 7 bus", False),
            (r"(?<!\d)\d{2}(?:\d{2})?", "7 trees", False),
        ],
    )
    def test_needs_a_word_of_each_set(self, pattern, text, expected):
        """What need not stand in a match is not asked for, and a pattern that needs nothing is always tried."""
        assert expected is Gated(pattern).may_be_in(text)

    @pytest.mark.parametrize("text", ["KILOS", "KİLOS", "kiloſ", "\u212aılos", "kilos"])
    def test_takes_for_equal_what_the_pattern_does(self, text):
        """Letters that are equal when case is ignored: the Turkish ones, the long s, the sign of Kelvin."""
        gated = Gated("kilos", re.IGNORECASE)

        assert (True, True) == (bool(gated.pattern.search(text)), gated.may_be_in(folded(text)))

    @pytest.mark.parametrize("capitals", [False, True])
    def test_finds_what_the_patterns_find(self, capitals):
        """With every pattern of triage, in all labelled texts and floods, as typed and in capitals."""
        wrong = []
        for typed in TEXTS:
            text = typed.upper() if capitals else typed
            plain, known = unmask(text).plain, folded(text)
            for gated, where, look in [(g, plain, plain) for g in PLAIN] + [(g, text, known) for g in TYPED]:
                if not gated.may_be_in(look) and gated.pattern.search(where):
                    wrong.append((gated.pattern.pattern, text))

        assert [] == wrong

    def test_spares_most_of_the_work(self):
        """On an ordinary text hardly any pattern of spam or advertising is tried."""
        plain = unmask(
            "My neck is stiff in the evening. How long do I hold the stretch, and is twice a day enough?"
        ).plain

        assert sum(gated.may_be_in(plain) for gated in PLAIN) < len(PLAIN) / 5

    def test_opens_at_once_what_each_pattern_opens_alone(self):
        """One look for the words of all patterns, of which a text holds hardly any."""
        wrong = []
        for typed in TEXTS:
            plain, known = unmask(typed).plain, folded(typed)
            for text, patterns in ((plain, PLAIN), (known, TYPED)):
                at_once = opened(text)
                wrong += [(gated.written, text) for gated in patterns if (gated in at_once) != gated.may_be_in(text)]

        assert [] == wrong

    def test_opens_as_much_of_a_text_without_disguise_as_of_what_was_typed(self):
        """So that one look serves both."""
        plain = [text for text in TEXTS if unmask(text).is_as_typed]

        assert len(plain) > 100
        assert [] == [text for text in plain if not opened(folded(text)) <= unmask(text).opened]

    def test_spares_no_hidden_address(self):
        """Wherever a mail address is hidden, the first look finds a hint of one."""
        hidden = [text for text in TEXTS if any(pattern.search(text) for pattern in personal._MAIL_HIDDEN)]

        assert len(hidden) > 5
        assert all(personal._may_hide_mail(text, opened(folded(text))) for text in hidden)
