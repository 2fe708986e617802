"""Texts of full length made to be slow, for the tests and the benchmark."""

from __future__ import annotations

from blog.text.characters import COMMENT_MAX_CHARS

ORDINARY = (
    "Thank you for the page on the calf. I have no swelling and no fever, it is only sore after running. "
    "How long should I wait before I press on it, and is twice a day for 30 seconds too much? "
    "My physio in Leeds told me to do 3 x 15 heel raises instead, since 2019 I do both."
)
_UNITS = {
    "one letter": "a",
    "one digit": "1",
    "lonely letters": "a ",
    "lonely digits": "1 ",
    "digits and dashes": "1-",
    "digits and dots": "1.",
    "at signs": "@",
    "letters at": "a@",
    "hosts": "x@y.",
    "dots": "a.",
    "brackets": "(",
    "tags": "<a ",
    "BBCode": "[url ",
    "commas": "numb,",
    "denials": "no ",
    "ideas": "numb saddle pee ",
    "half ideas": "cant feel ",
    "chest": "chest pain arm ",
    "if": "if my leg numb. ",
    "names": "my friend Aa Bb has ",
    "births": "born 1 ",
    "digit words": "one ",
    "phones": "07700 900123 ",
    "phone without spaces": "0700",
    "quotes": '"a" ',
    "stars": "f*",
    "abuse": "idiot you fool ",
    "doses": "50 mg ",
    "praise": "great post thanks for sharing ",
    "promotion": "my our free new online ",
    "links": "http://a.b ",
    "hosts without scheme": "aa.com ",
    "two alphabets": "аa ",
    "combining marks": "\u0301",
    "zero width": "a\u200b",
    "line ends": "\n",
    "spaces": " ",
    "emoji": "😀",
    "houses": "12 Aa ",
    "streets": "rue de la ",
    "spaced letters": "a b c d e f ",
    "apostrophes": "l'",
    "dates": "1 may ",
    "cards": "4111 ",
}
FLOODS = {name: (unit * (COMMENT_MAX_CHARS // len(unit) + 1))[:COMMENT_MAX_CHARS] for name, unit in _UNITS.items()} | {
    "ordinary words": (ORDINARY * 20)[:COMMENT_MAX_CHARS]
}
