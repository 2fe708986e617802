"""The text of HTML made here, and the beginning of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

_START = re.compile(r' start="([0-9]{1,9})"')
_SPACES = re.compile(r"\s+")
_BLOCKS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h2", "h3", "h4", "aside", "div", "table", "section", "hr"})
_LINES = frozenset({"br", "li", "tr"})
_CELL_ENDS = frozenset({"/th", "/td"})
_BREAKS = re.compile(r" ?\n")
_MANY_BREAKS = re.compile(r"\n{3,}")


class _Numbers:
    """The numbers that a browser writes before the items of lists."""

    def __init__(self) -> None:
        self._next: list[int | None] = []  # of each open list; None where items have bullets

    def before(self, tag: str) -> str:
        """What stands before the text of `tag`: "3. " for an item. Notes carry ids, and no number here."""
        if tag.startswith(("ol", "ul")):
            start = _START.search(tag)
            self._next.append(None if tag[0] == "u" else int(start[1]) if start else 1)
        elif tag in ("/ol", "/ul") and self._next:
            self._next.pop()
        elif tag == "li" and self._next and (number := self._next[-1]) is not None:
            self._next[-1] = number + 1
            return f"{number}. "
        return ""


def plain(html: str, numbered: bool = True) -> str:
    """The text of HTML made here, without note numbers; a blank line between blocks. Linear in its length.

    `numbered` lists keep their numbers: they were typed.
    """
    out: list[str] = []
    numbers = _Numbers()
    number = ""
    skipped = ""  # the element whose text is left out, until it ends
    preformatted = False
    for tag, text in _pieces(html):
        name = tag.strip("/ ").split(" ", 1)[0]
        if skipped:
            if tag == "/" + skipped:
                skipped = ""
            else:
                continue
        elif name == "sup" or (name == "a" and 'class="footnotes__back"' in tag):
            skipped = name
            continue
        elif name == "pre":
            preformatted = tag == "pre"
        gap = "\n\n" if name in _BLOCKS else "\n" if name in _LINES else " " if tag in _CELL_ENDS else ""
        if number and not out[-1] and tag == "p":
            gap = ""  # the first paragraph of an item stands beside its number
        number = numbers.before(tag) if numbered else ""
        out += [gap, number]
        if not preformatted:
            text = _SPACES.sub(" ", text)
            text = text.lstrip() if gap else text
        out.append(unescape(text))
    lines = _MANY_BREAKS.sub("\n\n", _BREAKS.sub("\n", "".join(out)))
    return lines.strip()


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """Each tag, without its brackets (first an empty one), and the text behind it. A quoted > ends no tag."""
    tag, at = "", 0
    while True:
        start = html.find("<", at)
        yield tag, html[at:] if start < 0 else html[at:start]
        if start < 0:
            return
        inside, end = start + 1, -1
        while True:
            end = html.find(">", inside) if end < inside else end
            quote = html.find('"', inside, end) if end >= 0 else -1
            if quote < 0:
                break
            inside = html.find('"', quote + 1) + 1
            if inside == 0:
                return
        if end < 0:
            return
        tag, at = html[start + 1 : end], end + 1


def excerpt(text: str, chars: int) -> str:
    """`text` on one line, at most `chars` long, cut with "…" after a word, or inside one that is too long."""
    text = _SPACES.sub(" ", text).strip()
    if len(text) <= chars:
        return text
    cut = text.rfind(" ", 0, chars)
    if cut < chars // 2:
        cut = max(chars - 1, 0)
        while cut > 0 and (text[cut - 1] == "\u200d" or _is_attached(text[cut])):
            cut -= 1
    return text[:cut].rstrip(" ,;:–—-") + "…"


def _is_attached(character: str) -> bool:
    """Whether it belongs to the character before: an accent, a joiner, the skin colour of an emoji."""
    is_mark = unicodedata.category(character)[0] == "M"
    is_tag = "\U000e0020" <= character <= "\U000e007f"
    return is_mark or is_tag or character in "\u200c\u200d" or "\U0001f3fb" <= character <= "\U0001f3ff"
