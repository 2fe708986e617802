"""A tree of plain HTML becomes Markdown of our dialect; signs in its words stay what they are."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, BACKSLASH, MarkdownConverter

_SIGNS = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~])      # a backslash that would take the next sign
    | `
    | \*(?!(?<=\s\*)\s)            # stars, unless blanks stand on both sides
    | (?<![^\W_])_ | _(?![^\W_])   # at the edge of a word
    | \[ | (?<=\])\(
    | <(?=[A-Za-z/!?%])
    | &(?=\#?\w+;)
    | \{
    | ~(?=~) | (?<=~)~ | (?<=\w)~(?=\w)
    | =(?==) | (?<==)=
    | \+(?=\+) | (?<=\+)\+
    | \^
    | (?<![\w:]):(?=[a-z][a-z0-9_]+:)
    | %(?=%)
    | !(?=\[|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_LINE = re.compile(
    r"""(?P<mark>[-+](?=\s|\Z)|\#{1,6}(?=\s|\Z)|>|:{2,}|:(?=\s)|-{2,}\s*\Z|=+\s*\Z|\|
    |!!!|\?\?\?|(?:import|export)(?=\s))
    |(?P<number>\d{1,9})(?=[.)](?:\s|\Z))""",
    re.VERBOSE,
)
_BARE = re.compile(r"https?://\S+\Z")


def written(soup: BeautifulSoup) -> str:
    """The Markdown of the tree, which `foreign_html.put_in_order` has seen."""
    text = _Writer(heading_style=ATX, bullets="-", newline_style=BACKSLASH, autolinks=False).convert_soup(soup)
    return re.sub(r"\n{3,}", "\n\n", str(text)).strip("\n")


class _Writer(MarkdownConverter):
    """Writes what our dialect has; `parent_tags` are the names of the elements around."""

    def escape(self, text: str, parent_tags: Any) -> str:
        text = _SIGNS.sub(r"\\\g<0>", text.replace("\n", " "))
        if text.count("$") > 1:
            text = text.replace("$", "\\$")  # between two of them there would be a formula
        return text.replace("|", "\\|") if parent_tags & {"td", "th"} else text

    def convert_p(self, el: Tag, text: str, parent_tags: Any) -> str:
        lines = "\n".join(
            _LINE.sub(_told, line, count=1) if _LINE.match(line) else line for line in text.strip().split("\n")
        )
        if not lines:
            return ""
        return f"\n{lines}\n" if _is_tight(el) else f"\n\n{lines}\n\n"

    def convert_br(self, el: Tag, text: str, parent_tags: Any) -> str:
        if parent_tags & {"td", "th"}:
            return "<br>"
        return " " if "_inline" in parent_tags or "note" in parent_tags else "\\\n"

    def convert_a(self, el: Tag, text: str, parent_tags: Any) -> str:
        if "_noformat" in parent_tags or not text.strip():
            return text
        words, address = text.strip(), str(el["href"])
        edges = text.split(words, 1)
        return f"{edges[0]}[{words}]({address}){edges[1]}"

    def convert_tr(self, el: Tag, text: str, parent_tags: Any) -> str:
        line = f"|{text}\n"
        if el.find_previous_sibling("tr"):
            return line
        return f"{line}|{' --- |' * len(el.find_all(['td', 'th']))}\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: Any) -> str:
        lines = el.get_text().strip("\n")
        fence = "`" * max(3, max((len(run) for run in re.findall("`+", lines)), default=0) + 1)
        return f"\n\n{fence}\n{lines}\n{fence}\n\n"

    def convert_hr(self, el: Tag, text: str, parent_tags: Any) -> str:
        return "\n\n---\n\n"

    def convert_placed(self, el: Tag, text: str, parent_tags: Any) -> str:
        return f"\n\n::figure {el['id']}\n\n"

    def convert_noteref(self, el: Tag, text: str, parent_tags: Any) -> str:
        return f"[^{text}]"

    def convert_note(self, el: Tag, text: str, parent_tags: Any) -> str:
        return f"\n\n[^{el['number']}]: {' '.join(text.split())}\n\n"


def _told(match: re.Match[str]) -> str:
    """The beginning of a line, so that it begins nothing."""
    return f"{match['number']}\\" if match["number"] else f"\\{match['mark']}"


def _is_tight(el: Tag) -> bool:
    """Whether it is the only paragraph of a list's item."""
    return el.parent is not None and el.parent.name == "li" and len(el.parent.find_all("p", recursive=False)) == 1
