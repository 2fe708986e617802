"""What was written elsewhere (Word, Google Docs, Pages, LibreOffice, a web page) becomes Markdown of our dialect.

HTML goes in, as the clipboard or mammoth brings it: cleaned by nh3, put in order as a tree (`word_processors.py` for
what programs hide in styles, `foreign_html.py` for the rest), written by markdownify with the signs of our dialect
(`markdown_writer.py`). What is lost on the way is said, except how it looked.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import nh3
from bs4 import BeautifulSoup

from blog.text import foreign_html, word_processors
from blog.text.markdown_writer import written

MOST_CHARS = 2_000_000  # of HTML, its pictures taken out
MOST_ELEMENTS = 12_000  # a book's chapter has 3,000; the time grows with their square where all stand side by side
MOST_RAW_TAGS = 2 * MOST_ELEMENTS  # opened, before anything is cleaned
MOST_RAW_DEPTH = 2_000  # of them at once, as well as can be told without reading the HTML
MOST_DEPTH = 50  # elements inside each other, those aside that only hold others

_TAGS = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "samp",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
    ]
)
_WITH_CONTENT = frozenset(
    [
        "audio",
        "button",
        "canvas",
        "iframe",
        "math",
        "noscript",
        "object",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
        "xml",
    ]
)  # nothing in them is text
_ATTRIBUTES = {
    "*": {"style", "class", "id"},
    "a": {"href", "name"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "del": {"cite", "datetime"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_GONE = {
    "a form": re.compile(r"<(?:input|select|textarea|button)\b", re.IGNORECASE),
    "a video or another page's part": re.compile(r"<(?:iframe|video|audio|object|embed)\b", re.IGNORECASE),
    "a drawing": re.compile(r"<(?:svg|canvas)\b", re.IGNORECASE),
    "a formula": re.compile(r"<math\b", re.IGNORECASE),
}
_FLAT = frozenset(["div", "font", "ins", "span"])
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_RAW_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_CLOSED_BY_THEMSELVES = re.compile(
    r"area|base|br|col|dd|dt|embed|hr|img|input|li|link|meta|option|p|param|source|tbody|td|tfoot|th|thead|tr|wbr"
)
_DATA = re.compile(r"""(\bsrc\s*=\s*)(?:"data:([^"]*)"|'data:([^']*)'|data:([^\s>]*))""", re.IGNORECASE)
_PICTURE = re.compile(r"image/(?:png|jpe?g|gif|webp|avif|bmp|tiff);base64,(.+)\Z", re.IGNORECASE | re.DOTALL)


TOO_DEEP = "This text is nested too deeply to be pasted. Please paste it as plain text."
TOO_LONG = "This text is too long to be read at once. Please bring it in parts."


class TooMuch(ValueError):
    """More than can be read; the message is for the person who pasted it."""


@dataclass(frozen=True)
class Picture:
    """A picture that stood in the text. `id` is the figure's name, with which the text places it."""

    id: str
    alt: str
    data: bytes


@dataclass(frozen=True)
class Pasted:
    """The text as Markdown, and what was lost: in words that follow “Left out:”."""

    markdown: str
    left_out: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @classmethod
    def read(cls, html: str, stem: str = "pasted") -> Self:
        """From HTML. Pictures in it become figures called `stem`-1 and so on. Raises TooMuch."""
        html, found = _without_pictures(html)
        if len(html) > MOST_CHARS:
            raise TooMuch(TOO_LONG)
        lost = Counter({what: 1 for what, sign in _GONE.items() if sign.search(html)})
        soup = BeautifulSoup(_cleaned(html), "html.parser")
        word_processors.unravel(soup, lost)
        figures = foreign_html.put_in_order(soup, lost, found, stem)
        pictures = tuple(Picture(figure.id, figure.alt, found[figure.number]) for figure in figures)
        return cls(written(soup), tuple(_told(lost)), pictures)


def _without_pictures(html: str) -> tuple[str, list[bytes]]:
    """The HTML with the number of a picture where its bytes stood, and the bytes."""
    found: list[bytes] = []

    def number(match: re.Match[str]) -> str:
        data = _decoded(next(one for one in match.groups()[1:] if one is not None))
        if not data:
            return f'{match[1]}"picture:none"'
        found.append(data)
        return f'{match[1]}"picture:{len(found) - 1}"'

    return _DATA.sub(number, html), found


def _decoded(address: str) -> bytes:
    """The bytes of a data address; none if it holds no picture."""
    match = _PICTURE.match(address)
    try:
        return base64.b64decode(re.sub(r"\s+|%0A", "", match[1]), validate=True) if match else b""
    except binascii.Error:
        return b""


def _cleaned(html: str) -> str:
    """Without comments, scripts and whatever is no text. Raises TooMuch."""
    _refuse_too_many_tags(html)
    schemes = {"http", "https", "mailto", "tel", "file", "picture"}
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=schemes,
        link_rel=None,
    )
    depth = elements = 0
    for match in _TAG.finditer(clean):
        elements += not match[1]
        if elements > MOST_ELEMENTS:
            raise TooMuch(TOO_LONG)
        if match[2] in ("br", "hr", "img"):
            continue
        depth += -1 if match[1] else 1
        if depth > (4 * MOST_DEPTH if match[2] in _FLAT else MOST_DEPTH):
            raise TooMuch(TOO_DEEP)
    return clean


def _refuse_too_many_tags(html: str) -> None:
    """Of tags that stand open inside each other, nh3 needs a time that grows with their square. Raises TooMuch."""
    opened: Counter[str] = Counter()
    tags = depth = 0
    for closes, name in _RAW_TAG.findall(html):
        tags += not closes
        name = name.lower()
        if _CLOSED_BY_THEMSELVES.fullmatch(name):
            continue
        change = 1 if not closes else -1 if opened[name] else 0
        opened[name] += change
        depth += change
        if depth > MOST_RAW_DEPTH:
            raise TooMuch(TOO_DEEP)
        if tags > MOST_RAW_TAGS:
            raise TooMuch(TOO_LONG)


def _told(lost: Counter[str]) -> Iterator[str]:
    for what, times in lost.items():
        if what == foreign_html.PICTURE:
            yield f"{times} pictures (bring them under Media)" if times > 1 else "a picture (bring it under Media)"
        else:
            yield what
