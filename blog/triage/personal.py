"""Personal data in a text: exact spans, so that they can be redacted. Numbers that carry a check digit must pass it."""

# ruff: noqa: E501 - a pattern reads best on one line

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import phonenumbers

from blog.triage.flags import Flag, FlagKind, Span
from blog.triage.gates import Gated, Opened, digits_in, folded, opened
from blog.triage.personal_lists import (
    BIRTH_CUES,
    HEALTH_WORDS,
    MAIL_HOSTS,
    MONTHS,
    NAME_CUES,
    NOT_NAMES,
    NOT_PHONE_CUES,
    PHONE_CUES,
    US_STATES,
)

MATCHES_PER_RULE = 20
NEAR_CHARS = 160  # between a name and what makes it personal
_FLAGS = re.IGNORECASE
_I = "(?i:"


def _either(words: str) -> str:
    return "|".join(re.escape(word).replace("_", r"[\s-]+") for word in sorted(words.split(), key=len, reverse=True))


# --- Mail ---------------------------------------------------------------------------------------------

_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}", _FLAGS)
_AT_WORDS, _DOT_WORDS = "arroba|arobase|klammeraffe|ät", "dot|punkt|punto|point"
_AT = rf"(?:\s{{0,2}}[\[({{<]\s?(?:at|ät|@|arroba|arobase)\s?[\])}}>]\s{{0,2}}|\s{{1,2}}(?:{_AT_WORDS})\s{{1,2}})"
_DOT = rf"(?:\s{{0,2}}[\[({{<]\s?(?:{_DOT_WORDS}|\.)\s?[\])}}>]\s{{0,2}}|\s{{1,2}}(?:{_DOT_WORDS})\s{{1,2}})"
_LOCAL = rf"(?<![\w.+%-])[\w.+%-]{{1,64}}(?:{_DOT}[\w+%-]{{1,30}}){{0,3}}"
_HOST = rf"[\w-]{{1,63}}(?:(?:{_DOT}|\.)[\w-]{{2,30}}){{1,3}}"
_MAIL_HIDDEN = (
    re.compile(rf"{_LOCAL}{_AT}{_HOST}", _FLAGS),
    re.compile(rf"{_LOCAL}\s{{1,2}}at\s{{1,2}}[\w-]{{1,63}}(?:{_DOT}[\w-]{{2,30}}){{1,3}}", _FLAGS),
    re.compile(rf"{_LOCAL}\s{{1,2}}(?:at|@)\s{{1,2}}(?:{_either(MAIL_HOSTS)})(?:\.[a-z]{{2,4}}){{1,2}}\b", _FLAGS),
)
# Without one of these nothing is hidden: @ or a dot in brackets, a word for @, or "at" before a host or with a "dot".
_MAIL_HINTS = (
    Gated(rf"[\[({{<]\s?(?:@|\.|at|arroba|arobase|ät|{_DOT_WORDS})\s?[\])}}>]", _FLAGS),
    Gated(_AT_WORDS, _FLAGS),
    Gated(rf"\s(?:at|@)\s{{1,2}}(?:{_either(MAIL_HOSTS)}|[\w-]{{1,63}}\s{{1,2}}(?:{_DOT_WORDS})\s)", _FLAGS),
)


_MAIL_SPACED = re.compile(
    r"(?<![\w.+%-])(?:[\w+%-]{1,40}\s?\.\s?)?[\w.+%-]{1,64}\s?@\s?[\w-]{1,63}(?:\s?\.\s?[\w-]{2,30}){0,2}"
    r"\s?\.\s?(?:com|net|org|co|uk|de|fr|es|eu|ie|at|ch|it|info|me|example)\b",
    _FLAGS,
)
_HELPLINES = ("samaritans.org", "telefonseelsorge.de", "988lifeline.org")  # their addresses are nobody's own


def _mails(text: str, known: Opened) -> Iterator[tuple[int, int]]:
    if "@" in text:
        for pattern in (_MAIL, _MAIL_SPACED):
            yield from (m.span() for m in pattern.finditer(text) if not m[0].lower().endswith(_HELPLINES))
    if not _may_hide_mail(text, known):
        return
    for pattern in _MAIL_HIDDEN:
        for match in pattern.finditer(text):
            yield match.span()


def _may_hide_mail(text: str, known: Opened) -> bool:
    return any(hint.search(text, known) for hint in _MAIL_HINTS)


# --- Numbers with check digits ------------------------------------------------------------------------


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit() and c.isascii())


def luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(d if at % 2 == 0 else sum(divmod(2 * d, 10)) for at, d in enumerate(digits)) % 10 == 0


def is_nhs_number(number: str) -> bool:
    digits = _digits(number)
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(d) * (10 - at) for at, d in enumerate(digits[:9])) % 11
    return check != 10 and check % 11 == int(digits[9])


_COUNTRIES = (  # ISO 13616; the codes in use, Europe and its neighbours first
    "AD AL AT AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GI GL GR HR HU IE IL IS IT LB LI LT LU LV MC MD ME MK "
    "MT NL NO PL PT RO RS RU SE SI SK SM TN TR UA VA XK AE BH BR CR DO EG GT IQ JO KW KZ LC LY MN MR MU NI OM PK PS QA "
    "SA SC SD SO ST SV TL VG YE"
)
IBAN_COUNTRIES = frozenset(_COUNTRIES.split())


def is_iban(number: str) -> bool:
    plain = "".join(number.split()).upper()
    if not 15 <= len(plain) <= 34 or plain[:2] not in IBAN_COUNTRIES:
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def is_card_number(number: str) -> bool:
    digits = _digits(number)
    return 13 <= len(digits) <= 19 and digits[0] in "23456" and len(set(digits)) > 1 and luhn(digits)


def is_german_tax_id(number: str) -> bool:
    digits = _digits(number)
    if len(digits) != 11 or digits[0] == "0" or len(set(digits[:10])) not in (8, 9):
        return False
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(digits[10])


def is_german_health_number(number: str) -> bool:
    plain = "".join(number.split()).upper()
    digits = f"{ord(plain[0]) - 64:02d}{plain[1:]}"
    products = [int(d) * (1 + at % 2) for at, d in enumerate(digits[:-1])]
    return sum(sum(divmod(product, 10)) for product in products) % 10 == int(digits[-1])


def is_german_pension_number(number: str) -> bool:
    plain = "".join(number.split()).upper()
    digits = f"{plain[:8]}{ord(plain[8]) - 64:02d}{plain[9:]}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    return sum(sum(divmod(int(d) * w, 10)) for d, w in zip(digits[:12], weights, strict=True)) % 10 == int(digits[12])


def is_french_number(number: str) -> bool:
    plain = "".join(number.split()).upper().replace("2A", "19").replace("2B", "18")
    digits = _digits(plain)
    return len(digits) == 15 and 97 - int(digits[:13]) % 97 == int(digits[13:])


def is_spanish_id(number: str) -> bool:
    plain = re.sub(r"[\s.-]", "", number).upper()
    digits = plain[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return digits.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == plain[-1]


def is_italian_code(number: str) -> bool:
    """Codice fiscale: the last letter checks the fifteen signs before it."""
    plain = number.upper()
    value = 0
    for at, sign in enumerate(plain[:15]):
        order = int(sign) if sign.isdigit() else ord(sign) - 65
        value += order if at % 2 else _ITALIAN_ODD[order]
    return ord(plain[15]) - 65 == value % 26


_ITALIAN_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def is_aadhaar(number: str) -> bool:
    """The Indian number, with Verhoeff's check digit."""
    check = 0
    for at, digit in enumerate(reversed(_digits(number))):
        turned = int(digit)
        for _ in range(at % 8):
            turned = _VERHOEFF_TURN[turned]
        check = _dihedral(check, turned)
    return check == 0


_VERHOEFF_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _dihedral(one: int, two: int) -> int:
    """Two moves of a pentagon, one after the other: 0 to 4 turn it, 5 to 9 turn it over."""
    if one < 5:
        return (one + two) % 5 if two < 5 else (one + two - 5) % 5 + 5
    return (one - two) % 5 + 5 if two < 5 else (one - two) % 5


def is_us_number(number: str) -> bool:
    area, group, serial = re.split(r"[- ]", number)
    return area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"


def _always(number: str) -> bool:
    return True


_CUED = r"[^\d\n]{0,25}?"
_NUMBERS: tuple[tuple[str, Gated, Callable[[str], bool]], ...] = (
    ("bank_account", Gated(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b", _FLAGS), is_iban),
    (
        "bank_account",
        Gated(rf"\b(?:iban){_CUED}(?P<it>[A-Z]{{2}}\d{{2}}[A-Z0-9 ]{{10,34}}[A-Z0-9])", _FLAGS),
        _always,
    ),
    ("bank_account", Gated(r"\bsort\s?code\D{0,12}(?P<it>\d\d[- ]\d\d[- ]\d\d)", _FLAGS), _always),
    (
        "bank_account",
        Gated(r"\b(?:account|acct|konto)\s?-?(?:no|number|nr|nummer)?\W{0,4}(?:is\s)?(?P<it>\d{7,10})\b", _FLAGS),
        _always,
    ),
    ("card_number", Gated(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])"), is_card_number),
    ("id_number", Gated(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)"), is_nhs_number),
    (
        "id_number",
        Gated(rf"\b(?:nhs|chi|hospital|patient|mrn){_CUED}(?P<it>(?:[A-Z]{{1,3}}-?)?\d[\d -]{{4,12}}\d)\b", _FLAGS),
        _always,
    ),
    ("id_number", Gated(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"), _always),
    (
        "id_number",
        Gated(r"\b[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]\b", _FLAGS),
        lambda n: n[:2].isalpha() and len(_digits(n)) == 6 and "  " not in n,
    ),
    ("id_number", Gated(r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])"), is_us_number),
    ("id_number", Gated(rf"\b(?:ssn|social\s?security){_CUED}(?P<it>\d{{9}})\b", _FLAGS), _always),
    ("id_number", Gated(r"(?<!\d)\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}(?!\d)"), is_german_tax_id),
    ("id_number", Gated(r"\b[A-Z]\d{9}\b"), is_german_health_number),
    ("id_number", Gated(r"\b\d{2} ?\d{6} ?[A-Z] ?\d{3}\b"), is_german_pension_number),
    (
        "id_number",
        Gated(r"(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\d)"),
        is_french_number,
    ),
    ("id_number", Gated(r"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b", _FLAGS), is_italian_code),
    ("id_number", Gated(r"(?<!\d)[2-9]\d{3}([ -])\d{4}\1\d{4}(?![ -]?\d)"), is_aadhaar),
    (
        "id_number",
        Gated(
            r"\b(?:aadhaa?r|bsn|burgerservicenummer|pesel|personnummer|cpr|ahv|tfn|ppsn?|cpf)\b[^\d\n]{0,15}?"
            r"(?P<it>\d[\d ./-]{4,16}\d[A-Z]?)\b",
            _FLAGS,
        ),
        _always,
    ),
    ("id_number", Gated(r"\b(?:\d{2}\.?\d{3}\.?\d{3}|[XYZ]-?\d{7})[- ]?[A-Z]\b", _FLAGS), is_spanish_id),
    (
        "id_number",
        Gated(
            r"\b(?:passport|insurance|policy|membership|patient|medicare|medicaid|reisepass|ausweis|versicherungs?|versicherten|"
            r"krankenkasse|steuer|pasaporte|seguridad\ssocial|s[ée]curit[ée]\ssociale|passeport|mutuelle|driving\slicen[cs]e)"
            r"[\w-]{0,12}\s{0,2}-?(?:no|number|num|nr|nummer|id|n[º°]|n[uú]mero)\b\W{0,4}(?:is\s|ist\s|es\s|est\s)?"
            r"(?P<it>(?=[A-Z0-9 /-]{0,12}\d{2})[A-Z0-9][A-Z0-9 /-]{4,20}[A-Z0-9])\b",
            _FLAGS,
        ),
        lambda n: len(_digits(n)) >= 5,
    ),
)


# --- Phones -------------------------------------------------------------------------------------------

_PHONE_DIGITS_MIN = 7
_PHONE = re.compile(r"(?<![\w.,/#=+-])(?:\+|\(\+?|00)?\d(?:[\s().\-/–]{0,3}\d){5,16}(?![\w]|[.,]\d)")
_PHONE_CUE = re.compile(rf"\b(?:{_either(PHONE_CUES)})", _FLAGS)
_NOT_PHONE_CUE = re.compile(rf"\b(?:{_either(NOT_PHONE_CUES)})(?!\w)\W{{0,3}}(?:\w+\W{{1,3}}){{0,3}}$", _FLAGS)
_DATE_SHAPE = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(?:(?:19|20)\d\d[\s/–-]*)+)(?!\d)"
)
_GROUPS = (
    re.compile(r"0\d{2,5}[ /.-]{1,3}\d"),  # trunk zero and groups
    re.compile(r"\(0\d{1,4}\)"),
    re.compile(r"\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}\Z"),  # North America
    re.compile(r"1[ .-]\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}\Z"),
    re.compile(r"[6789]\d{2}[ .-]\d{3}[ .-]\d{3}\Z|[6789]\d{2}[ .-]\d{2}[ .-]\d{2}[ .-]\d{2}\Z"),  # Spain
    re.compile(r"0\d(?:[ .-]\d{2}){4}\Z"),  # France
)
_SPELLED_DIGITS = """zero oh nought one two three four five six seven eight nine hundred double triple
    null eins zwei drei vier fünf sechs sieben acht neun cero uno dos tres cuatro cinco seis siete ocho nueve
    zéro un deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente
    quarante cinquante soixante"""
_DIGIT_WORDS = frozenset(_SPELLED_DIGITS.split())
_SEPARATORS = str.maketrans(",.-", "   ")
_DIGIT_WORDS_MIN = 5  # of seven: the first and the last may stick to other signs
_SPELLED = re.compile(
    rf"\b(?:(?:{_either(_SPELLED_DIGITS)})[\s,.-]{{1,3}}){{6,20}}(?:{_either(_SPELLED_DIGITS)})\b", _FLAGS
)


@lru_cache(maxsize=2048)
def _is_known(number: str, region: str | None, strictly: bool) -> bool:
    """What libphonenumber says. Invented numbers of films and examples are possible, not valid."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) if strictly else phonenumbers.is_possible_number(parsed)


def _is_phone(number: str, before: str, regions: Sequence[str]) -> bool:
    digits = _digits(number)
    if (
        not _PHONE_DIGITS_MIN <= len(digits) <= 15
        or _DATE_SHAPE.fullmatch(number.strip("() "))
        or _NOT_PHONE_CUE.search(before)
    ):
        return False
    if len(set(digits)) == 1 or digits.startswith(_FREE_LINES):
        return False
    if number.lstrip("(").startswith("+") or (digits.startswith("00") and len(digits) >= 10):
        return len(digits) >= 8 and _is_known("+" + digits.removeprefix("00"), None, strictly=False)
    cued = bool(_PHONE_CUE.search(before[-45:]))
    grouped = any(shape.match(number) for shape in _GROUPS)
    if digits[0] == "0":
        if 9 <= len(digits) <= 12 and (grouped or cued or len(digits) in (10, 11)):
            return not _TIMES.search(number)
    elif grouped and len(digits) >= 9:
        return True
    if cued and not _TIMES.search(number):
        return True
    return (
        len(digits) >= 9
        and " " not in number
        and any(_is_known(number, region, strictly=True) for region in regions if region != "US")
    )


_FREE_LINES = ("0800", "0808", "00800", "1800", "116")  # helplines and firms, nobody's own


_TIMES = re.compile(r"\b\d{1,2}[.:]\d{2}\s?[-–]\s?\d{1,2}[.:]\d{2}")


def _phones(text: str, regions: Sequence[str]) -> Iterator[tuple[int, int]]:
    for match in _PHONE.finditer(text) if digits_in(text) >= _PHONE_DIGITS_MIN else ():
        number = match[0]
        if "\n" in number:
            continue
        if _is_phone(number, text[max(0, match.start() - 60) : match.start()], regions):
            yield match.span()
    words = folded(text).translate(_SEPARATORS).split()
    if sum(map(_DIGIT_WORDS.__contains__, words)) < _DIGIT_WORDS_MIN:
        return  # most texts: far cheaper than to try each word at each place
    for match in _SPELLED.finditer(text):
        words = re.findall(r"[^\W\d_]+", match[0].lower())
        counting = sum(1 for one, two in pairwise(words) if _ORDER.get(two, -9) - _ORDER.get(one, 9) in (1, -1))
        if 2 * counting <= len(words):
            yield match.span()


_ORDER = {
    word: at for at, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
} | {
    word: at
    for at, word in enumerate(["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"])
}


# --- Birth dates --------------------------------------------------------------------------------------

_MONTH = _either(MONTHS)
_DATE = (
    r"(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}"
    rf"|(?:le\s|the\s|el\s)?\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s(?:of\s|de\s)?(?:{_MONTH})\.?,?\s(?:de\s|del\s)?(?:\d{{4}}|'?\d{{2}})"
    rf"|(?:{_MONTH})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})(?!\d)"
)
_BIRTH = (
    Gated(rf"\b(?:{_either(BIRTH_CUES)})(?!\w)[^\n]{{0,30}}?(?<!\d)(?P<it>{_DATE})", _FLAGS),
    Gated(rf"(?<![\d.])(?P<it>{_DATE})[^\n.]{{0,25}}\b(?:{_either(BIRTH_CUES)})(?!\w)", _FLAGS),
)


# --- Addresses ----------------------------------------------------------------------------------------

_CAP = r"[A-ZÀ-ÖØ-Þ][\w'’.-]{0,30}"
_TOWN = r"[A-ZÀ-ÖØ-Þ][a-zà-ÿ'’]{2,30}"
_CLEAR = "Street|Road|Lane|Avenue|Boulevard|Blvd|Crescent|Terrace|Gardens|Mews|Rd|Ave|Ln|Parkway|Pkwy|Highway|Hwy"
_VAGUE = "St|Drive|Dr|Close|Court|Ct|Place|Pl|Way|Grove|Hill|Square|Sq|Row|Park|Walk|Rise|View|Green|Circle|Cir|Trail|Cres|Wharf|Yard|Broadway"
_REST = (
    rf"(?:,?\s{{1,2}}(?:Apt|Apartment|Flat|Unit|Suite|No)\.?\s?\w{{1,5}})?"
    rf"(?:,\s?{_TOWN}(?:[ -]{_TOWN}){{0,2}}){{0,2}}"
)
_UK_CODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}"
_ADDRESSES = (
    Gated(
        rf"(?<![\w.,/])\d{{1,5}}[A-Za-z]?,?\s(?:{_CAP}\s){{1,3}}(?:{_CLEAR}|{_VAGUE})\b\.?{_REST}(?:,?\s{{1,2}}{_UK_CODE})?(?:,?\s{{1,2}}(?:{US_STATES}),?\s\d{{5}}(?:-\d{{4}})?)?"
    ),
    Gated(
        r"(?<![\w.,/])\d{1,5}[A-Za-z]?,?\s(?:(?!on\b|in\b|the\b|a\b|of\b|to\b|by\b|from\b|down\b|along\b|my\b|and\b|times\b|more\b|min|week|year|day|hour|km\b|mile|month|second|busy\b|different\b|main\b)[a-z'’]{2,20}\s){1,3}(?:street|road|lane|avenue|crescent)\b(?:,\s?[a-z]{3,20})?",
        _FLAGS,
    ),
    Gated(rf"\b{_UK_CODE}\b"),
    Gated(rf"\b(?:postcode|post\scode)\W{{1,3}}(?:is\s)?(?P<it>{_UK_CODE})\b", _FLAGS),
    Gated(rf"(?<=[a-z],\s)(?:{US_STATES}),?\s\d{{5}}(?:-\d{{4}})?\b"),
    Gated(r"\b(?:zip(?:\s?code)?)\W{1,3}(?:is\s)?(?P<it>\d{5}(?:-\d{4})?)\b", _FLAGS),
    Gated(r"\bP\.?\s?O\.?\s?Box\s\d{1,6}\b", _FLAGS),
    Gated(
        r"\b[A-ZÄÖÜ][\wäöüß.-]{1,30}(?:str(?:aße|asse|\.)|weg|platz|allee|gasse|ring|ufer|damm|chaussee)\s\d{1,4}\s?[a-z]?\b(?!\s?(?:Min|Stunde|km|Uhr|Mal|x\b|Meter|Tage|Woche|Jahr))"
        r"(?:,?\s(?:D-|A-|CH-)?\d{4,5}\s[A-ZÄÖÜ][\wäöüß-]{2,30})?"
    ),
    Gated(
        r"\b(?:[A-ZÄÖÜ][\wäöüß-]{2,25}(?:er|en)\s|Am\s|An\sder\s|Im\s)(?:[A-ZÄÖÜ][\wäöüß-]{2,25}\s)?(?:Str(?:aße|asse|\.)|Platz|Allee|Weg|Ring|Gasse|Berg|Markt)\s\d{1,4}\s?[a-z]?\b(?!\s?(?:Min|Stunde|km|Uhr|Mal|Meter))"
        r"(?:,?\s(?:D-)?\d{4,5}\s[A-ZÄÖÜ][\wäöüß-]{2,30})?"
    ),
    Gated(
        r"(?<!\d)\d{1,4}(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|av\.|boulevard|bd|place|chemin|all[ée]e|impasse|quai|route|cours|square)\s(?:(?:de|du|des|la|le|les)\s|l['’]|d['’]){0,3}[A-ZÀ-Þa-zà-ÿ][\w'’-]{1,30}(?:[ -](?!et\b|je\b|tel|tél)[A-ZÀ-Þ][\w'’-]{1,30}){0,3}"
        r"(?:,?\s\d{5}\s[A-ZÀ-Þ][\w'’-]{1,30})?",
        _FLAGS,
    ),
    Gated(
        r"(?:\b(?:calle|avda\.?|avenida|av\.|plaza|paseo|camino|carrer)|(?<!\w)c/)\s?(?:(?:de|del|la|las|los|el)\s){0,3}[A-ZÁÉÍÓÚÑ][\wáéíóúñ]{1,30}(?:\s(?:(?:de|del|la|las|los)\s)?[\wáéíóúñ]{2,30}){0,3}?,?\s?(?:n[º°o.]{0,2}\s?|número\s)?\d{1,4}\b"
        r"(?:,?\s?\d{1,2}[º°ª]?\s?[A-Z]?\b)?(?:,?\s\d{5}\s[A-ZÁÉÍÓÚÑ][\wáéíóúñ]{2,30})?",
        _FLAGS,
    ),
)


# --- Names --------------------------------------------------------------------------------------------

_FIRST = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’]{1,20}(?:-[A-ZÀ-ÖØ-Þ][a-zà-ÿ]{1,20})?"
_FULL_NAME = rf"{_FIRST}(?:\s[A-ZÀ-ÖØ-Þ]\.)?(?:\s(?:van|von|de|del|di|da|la|le|der|den|Mac|Mc|O['’])){{0,2}}\s[A-ZÀ-ÖØ-Þ][\w'’-]{{1,25}}"
_TWO_NAMES = re.compile(_FULL_NAME)
_NAME_CUED = Gated(
    rf"(?<!\w){_I}{_either(NAME_CUES)})(?:[,:]?\s{{1,2}})(?:{_I}dr|prof|mr|mrs|ms|miss|herr|frau|señora?|mme)\.?\s)?(?P<it>{_FULL_NAME})"
)
_NAME_HAS = Gated(
    rf"(?<![\w.])(?P<it>{_FULL_NAME})(?:\s\([^()\n]{{1,30}}\)|,[^,.\n]{{1,40}},|\s(?:from|at|in|next|of|who|aus|von)\b[^,.\n]{{1,40}}?)?\s(?:has|had|suffers?|suffered|was\sdiagnosed|is\son|takes|is\shaving|got|hat|leidet|tiene|souffre|a\sun|a\sune|is\sbeing\streated)\b"
)
_HEALTH = re.compile(rf"\b(?:{_either(HEALTH_WORDS)})", _FLAGS)
_MS = re.compile(r"\b(?:MS|HIV|ADHD|PTSD|COPD|AIDS|ME/CFS|IBS|OCD|EDS|ALS|RA)\b")


def _names(text: str, known: Opened, has_contact: bool) -> Iterator[tuple[int, int]]:
    if not _TWO_NAMES.search(text):  # most texts: far cheaper than to look for what stands around a name
        return
    near = [(pattern, match) for pattern in (_NAME_CUED, _NAME_HAS) for match in pattern.finditer(text, known)]
    if not near:  # most texts: the words of health need not be looked for
        return
    health = sorted(m.start() for pattern in (_HEALTH, _MS) for m in pattern.finditer(text))
    if not health and not has_contact:
        return
    for pattern, match in near:
        start, end = match.span("it")
        words = set(re.findall(r"[\w'’-]+", match["it"].lower()))
        if words & NOT_NAMES:
            continue
        next_one = bisect(health, start - NEAR_CHARS)
        is_near = next_one < len(health) and health[next_one] < end + NEAR_CHARS
        if is_near or (has_contact and pattern is _NAME_CUED):
            yield start, end


# --- The question -------------------------------------------------------------------------------------

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"\])]{1,300}|\b(?:doi|isbn|pmid|issn)\b[:\s]{0,3}[\w./-]{1,60}", _FLAGS)
_LINK_SIGNS = ("http", "www.", "doi", "isbn", "pmid", "issn")
_WHYS = {
    "phone": "A phone number.",
    "mail": "An e-mail address.",
    "address": "A street address or a postcode.",
    "birth_date": "A date of birth.",
    "id_number": "A national, insurance or patient number.",
    "bank_account": "A bank account.",
    "card_number": "A card number; its check digit is right.",
    "full_name": "A full name beside details of health or ways to reach the person.",
}


def personal_data(text: str, regions: Sequence[str], known: Opened | None = None) -> list[Flag]:
    """One flag for each sort of data; spans of different flags do not overlap. Pure.

    `known` is what the text, `folded`, opens, or more than that, if somebody looked already.
    """
    plain = _LINK.sub(lambda match: "\x00" * len(match[0]), text) if _may_link(text) else text
    known = opened(folded(plain)) if known is None else known
    taken = bytearray(len(text))
    spans: dict[str, list[Span]] = {}

    def take(rule: str, places: Iterator[tuple[int, int]]) -> None:
        for start, end in places:
            while end > start and text[end - 1] in " ,.\n-":
                end -= 1
            if end <= start or any(taken[start:end]) or len(spans.get(rule, ())) >= MATCHES_PER_RULE:
                continue
            taken[start:end] = b"\1" * (end - start)
            spans.setdefault(rule, []).append(Span(start, end, text[start:end]))

    take("mail", _mails(plain, known))
    for pattern in _BIRTH:
        take("birth_date", (match.span("it") for match in pattern.finditer(plain, known)))
    for rule, number, is_right in _NUMBERS:
        if number in known:
            take(rule, _numbers(plain, known, number, is_right))
    for address in _ADDRESSES:
        if address in known:
            group = "it" if address.names("it") else 0
            take("address", (match.span(group) for match in address.finditer(plain, known)))
    take("phone", _phones(plain, regions))
    take("full_name", _names(plain, known, bool(spans)))
    if not spans:
        return []
    return [
        Flag(FlagKind.PERSONAL_DATA, rule, sorted(matched), _WHYS[rule])
        for rule, matched in sorted(spans.items(), key=lambda item: item[1][0])
    ]


def _may_link(text: str) -> bool:
    typed = folded(text)
    return any(sign in typed for sign in _LINK_SIGNS)


def _numbers(text: str, known: Opened, number: Gated, is_right: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    group = "it" if number.names("it") else 0
    for match in number.finditer(text, known):
        typed = match[group]
        before = text[max(0, match.start() - 40) : match.start()]
        start, end = match.span(group)
        is_whole = not (
            text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
        )  # else part of a longer code
        if is_whole and is_right(typed) and not _NOT_PHONE_CUE.search(before) and not _COUNTRY_CODE.search(before):
            yield start, end


_COUNTRY_CODE = re.compile(r"\+\d{1,3}[ )(-]{0,2}$")
