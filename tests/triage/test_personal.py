"""Personal data is found with its exact place; look-alikes are not."""

from __future__ import annotations

import pytest

from blog.triage import Context
from blog.triage import personal as module
from blog.triage.personal import personal_data

# rule: text, its exact words, and a look-alike
PAIRS = [
    ("phone", "Ring 07700 900318 after six.", "07700 900318", "Hold 2 to 3 times, 30 seconds, 07.30 and 22:00."),
    ("phone", "Ruf an: +49 171 1234567.", "+49 171 1234567", "Order 20394857123, please."),
    ("phone", "text me 212-555-0142 please", "212-555-0142", "3 x 15, later 4x8, in 2010 2012 2015."),
    ("phone", "mi móvil 612 34 56 78", "612 34 56 78", "between L4/L5 and 110-142"),
    ("mail", "Write to pat.m71@example.com.", "pat.m71@example.com", "Meet me at the clinic, dot."),
    ("mail", "mail kev (at) hotmail [dot] com", "kev (at) hotmail [dot] com", "I looked at gmail for an hour."),
    ("address", "I live at 12 Mill Lane, Ashby.", "12 Mill Lane, Ashby", "2 weeks on the road, 5 minutes of walk."),
    ("address", "Lindenstraße 12, 50674 Köln", "Lindenstraße 12, 50674 Köln", "Auf dem Heimweg 20 Minuten gehen."),
    ("address", "15 rue de la Paix, 75002 Paris", "15 rue de la Paix, 75002 Paris", "15 fois par jour"),
    ("address", "calle Mayor 14, 28013 Madrid", "calle Mayor 14, 28013 Madrid", "hago 14 en la calle"),
    ("birth_date", "born 14/03/2009", "14/03/2009", "I started on 14/03/2009."),
    ("id_number", "NHS 943 476 5919", "943 476 5919", "943 pages, 476 of them read"),
    ("id_number", "my number is QQ 12 34 56 C", "QQ 12 34 56 C", "in 12 34 56"),
    ("id_number", "codice fiscale RSSMRA85T10A562S", "RSSMRA85T10A562S", "codice RSSMRA85T10A562T"),
    ("id_number", "aadhaar 2341 2341 2346", "2341 2341 2346", "2341 2341 2345 steps"),
    ("id_number", "mijn BSN is 111222333", "111222333", "BSN is what 12 of us need"),
    (
        "phone",
        "oh seven seven double oh nine hundred one two three",
        "oh seven seven double oh nine hundred one two three",
        "one hundred and two or three",
    ),
    ("id_number", "mi DNI es 12345678Z", "12345678Z", "código 12345678A"),
    ("bank_account", "to GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 33"),
    ("card_number", "card 4111 1111 1111 1111", "4111 1111 1111 1111", "part 4111 1111 1111 1112"),
    ("full_name", "My colleague Robert Ashworth has MS.", "Robert Ashworth", "Robert, Gluteus Maximus has two heads."),
]


def found(text: str) -> dict[str, list[str]]:
    return {flag.rule: [span.words for span in flag.matched] for flag in personal_data(text, Context().regions)}


@pytest.mark.parametrize(("rule", "text", "words", "look_alike"), PAIRS)
def test_finds_the_words_exactly(rule, text, words, look_alike):
    assert [words] == found(text).get(rule)


@pytest.mark.parametrize(("rule", "text", "words", "look_alike"), PAIRS)
def test_leaves_look_alikes(rule, text, words, look_alike):
    assert rule not in found(look_alike)


def test_every_rule_has_a_pair():
    assert set(module._WHYS) == {rule for rule, *_ in PAIRS}


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (module.luhn, "4111111111111111", "4111111111111112"),
        (module.is_nhs_number, "943 476 5919", "943 476 5918"),
        (module.is_iban, "DE89 3704 0044 0532 0130 00", "DE88 3704 0044 0532 0130 00"),
        (module.is_german_tax_id, "86095742719", "86095742718"),
        (module.is_german_health_number, "A123456780", "A123456781"),
        (module.is_german_pension_number, "15070649C103", "15070649C104"),
        (module.is_french_number, "2 55 08 14 168 025 38", "2 55 08 14 168 025 39"),
        (module.is_spanish_id, "X1234567L", "X1234567M"),
        (module.is_us_number, "219-09-9999", "000-09-9999"),
    ],
)
def test_check_digits(check, right, wrong):
    assert (True, False) == (check(right), check(wrong))
