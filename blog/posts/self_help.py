"""Which headings begin self-help, however they are typed: what follows one must stand below the warning signs.

Whoever is unsure reads a heading as self-help: then the warning signs stand above it, which harms nobody.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from blog.text.outline import Headline, Outline

ALMOST = 0.87  # of "selfhelp", as difflib counts: one or two letters are wrong

_SELF = (
    r"self (?:help|care|aid|treat\w*|massag\w*|manag\w*|releas\w*|relief|reliev\w*|mobili\w*|stretch\w*|exercis\w*"
    r"|therap\w*|work|practice|pressure|acupressure)"
)
_SELF_JOINED = _SELF.replace(" ", " ?")
_DOING = (
    r"exercis\w*(?! (?:induced|related|physiology|tolerance|test\w*))"
    r"|stretch(?:es|ing)?(?! (?:reflex|receptor|mark)\w*)"
    r"|workouts?|home (?:care|treatment|remed\w+|program\w*|routine|help|massage)|(?:at|from) home|remed(?:y|ies)"
    r"|yourself|(?:on|by) your own|diy|foam roll\w*|(?:massage|tennis|lacrosse|soft) ball|what helps|quick fix\w*"
    r"|what (?:you can|can you|to|can i|i can|can be) (?:do|try)|(?:pain )?relief|first aid|strengthening"
    r"|how to (?:stretch|release|massage|treat|relieve|loosen|strengthen|roll|press|fix|ease|get rid|help)"
)
_OTHER_LANGUAGES = (
    r"selbst ?(?:hilfe|massage|behandlung|hilfen)|(?:dehn)?ubungen|dehn(?:en|ung\w*)"
    r"|auto ?(?:ayuda|masaje|massage|soins?)|ejercicios?|estiramientos?|exercices?|etirements?"
)
_BEGINS = re.compile(rf"\b(?:{_SELF_JOINED}|{_DOING}|{_OTHER_LANGUAGES})\b")
_IS = re.compile(
    rf"(?:\w+ )?(?:{_SELF_JOINED}|exercises?|stretch(?:es|ing)|home (?:care|treatment|remed\w+|exercises)|at home"
    rf"|what you can do|{_OTHER_LANGUAGES})(?: (?:tips|at home|yourself|exercises|stretches|ideas|section|program\w*))?"
)


def begins_self_help(headline: Headline) -> bool:
    """Whether what follows is read as self-help. Of words that only look like a heading, when they say nothing else."""
    words = _words(headline.text)
    if SequenceMatcher(None, words.replace(" ", ""), "selfhelp").ratio() >= ALMOST:
        return True
    return bool(_BEGINS.search(words) if headline.level else _IS.fullmatch(words))


def first_self_help(outline: Outline) -> Headline | None:
    """The headline from which on a text is self-help."""
    return next((headline for headline in outline.headlines if begins_self_help(headline)), None)


def can_divide(headline: Headline) -> bool:
    """Whether a text can be divided there: a heading with ##, outside lists, quotes and call-outs."""
    return headline.level == 2 and headline.is_free


def _words(text: str) -> str:
    """Small letters and digits without accents, in words: "S\u200belf‐Help:" and "self help" are the same."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (c if c.isalnum() else "" if unicodedata.category(c) in ("Mn", "Cf") else " " for c in plain)
    return " ".join("".join(kept).split())
