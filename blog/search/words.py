"""The words of a text, as they are looked for: without case, accents and endings, and how much each says.

Pure functions. Both databases get these words ready-made, so they find the same.
"""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from blog.folding import fold
from blog.libraries import later

if TYPE_CHECKING:
    import snowballstemmer
else:  # with the rules of thirty languages, for one
    snowballstemmer = later("snowballstemmer")

WORD_MAX_CHARS = 64
STEMS_KEPT = 1 << 16

# Words that say nothing about what is looked for. Words of place, such as "behind" and "between", say much.
_SAYS_NOTHING = """
    a about all also am an and any are as at be because been being both but by can could did do does doing for from
    get getting give gives go goes going got had has have having he her here hers him his how i if im in into is it its
    ive just left let like lot make makes me mine much my no not now of off on once one only or our please really right
    s she should since so some such t than that the their them then there these they this to too up us very was we were
    what when where which while who whom why will with without would you your dont cant doesnt wont comes feel feels
    feeling keep keeps keeping"""

# Words that fit nearly every page here: they decide only between pages that have the rest. By their stems.
_COMMON = """pain pains painful ache aches aching achy hurt hurts hurting sore soreness tender tenderness tight
    tightness stiff stiffness sharp dull burning bad severe muscle muscles muscular trigger point points knot knots
    problem problems area treatment treat therapy help relief relieve cure fix massage best exercise exercises symptoms
    cause causes musculus side chronic sudden constant found nothing"""

# Words that say that something hurts: with one of them, the name of a place asks about that place.
_COMPLAINT = """pain pains painful ache aches aching achy hurt hurts hurting sore soreness tender tight tightness stiff
    stiffness sharp dull burning cramp cramps cramping numb numbness tingling swollen knot knots
    headache earache toothache backache"""

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ`](?:s\b)?", re.IGNORECASE)


class Word(NamedTuple):
    """One word of a text: as it stands there without accents and capitals, and its stem."""

    plain: str
    stem: str


def plain_words(text: str) -> list[str]:
    """The words of `text`, in order, folded. "Golfer's" is "golfer"; what is longer than any word is cut."""
    return [word[:WORD_MAX_CHARS] for word in _WORD.findall(fold(_POSSESSIVE.sub("", text)))]


def words_of(text: str) -> list[Word]:
    """The words of `text`, in order, with their stems."""
    return [Word(plain, stem(plain)) for plain in plain_words(text)]


def stems_of(text: str) -> list[str]:
    """The stems of all words of `text`, in order."""
    return list(map(stem, plain_words(text)))


@lru_cache(STEMS_KEPT)
def stem(plain: str) -> str:
    """The part of a word that its forms share: "cramp" for "cramps" and "cramping". Expects it folded."""
    if plain in _IRREGULAR:
        return _IRREGULAR[plain]
    if not plain.isascii() or not plain.isalpha():
        return plain
    with _lock:
        return str(_stemmer().stemWord(plain))


_IRREGULAR = {"calves": "calf", "feet": "foot", "teeth": "tooth", "scapulae": "scapula", "fasciae": "fascia"}
_lock = threading.Lock()  # a stemmer keeps the word that it works on

STOP = frozenset(_SAYS_NOTHING.split())


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")


@cache
def common() -> frozenset[str]:
    """Stems that fit nearly every article."""
    return frozenset(map(stem, _COMMON.split()))


@cache
def complaint() -> frozenset[str]:
    """Stems that say that something hurts."""
    return frozenset(map(stem, _COMPLAINT.split()))


class _LetterByLetter(dict[int, str]):
    """For `str.translate`: each letter becomes exactly one, so that places in a text stay what they are."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = fold(character)
        self[code] = result = folded[0] if folded else character
        return result


_letters = _LetterByLetter()


def fold_in_place(text: str) -> str:
    """`text` without capitals and accents, letter by letter: what stands at a place here stands there in `text`."""
    return text.lower() if text.isascii() else text.translate(_letters)
