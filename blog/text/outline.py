"""Where the headings and the notes of an article's text stand, for whoever divides the text or judges it by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from blog.text.articles import article_markdown
from blog.text.characters import clean_line, clean_markdown
from blog.text.markdown import ARTICLE_RATIONS, Notes

_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Headline:
    """A heading, or words that stand like one: a short paragraph, a bold first line, the title of a call-out."""

    line: int  # from 1
    level: int  # 1 to 6; 0: it only looks like a heading
    text: str
    is_free: bool  # outside lists, quotes, notes and call-outs


@dataclass(frozen=True)
class Definition:
    """The lines, from 1, of a footnote or of a link's address, which stand apart from where they are used."""

    label: str  # as it stands where it is used: "[^note]", "[name]"
    lines: range


@dataclass(frozen=True)
class Outline:
    """The headlines in their order, and the definitions outside of lists and quotes."""

    headlines: tuple[Headline, ...]
    definitions: tuple[Definition, ...]

    @classmethod
    def of(cls, text: str) -> Outline:
        """What `text` holds, by the same rules by which it becomes HTML: code that shows a heading is none."""
        tokens, notes = _parser.tokens(clean_markdown(text), ARTICLE_RATIONS)
        return cls(tuple(_headlines(tokens)), tuple(sorted(_definitions(tokens, notes), key=lambda d: d.lines.start)))


def _headlines(tokens: list[Token]) -> Iterator[Headline]:
    for at, token in enumerate(tokens):
        line = token.map[0] + 1 if token.map else 1
        if token.type == "heading_open":
            yield Headline(line, int(token.tag[1]), _words(tokens[at + 1].children), token.level == 0)
        elif token.type == "paragraph_open" and token.level == 0:
            yield Headline(line, 0, _first_words(tokens[at + 1].children or []), True)
        elif token.type == "callout_title":
            yield Headline(line, 0, clean_line(token.content), False)


def _first_words(children: list[Token]) -> str:
    """The first line of a paragraph; of one that begins in bold, what is bold."""
    line: list[Token] = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            break
        line.append(child)
    said = [child for child in line if child.content.strip() or child.nesting]
    if said and said[0].type == "strong_open":
        line = said[: next((at for at, child in enumerate(said) if child.type == "strong_close"), len(said))]
    return _words([child for child in line if child.type != "code_inline"])


def _words(children: list[Token] | None) -> str:
    """What is read, and what stands for a picture."""
    words = (" " if child.type in ("softbreak", "hardbreak") else child.content for child in children or ())
    return clean_line(_TAG.sub(" ", "".join(words)))


def _definitions(tokens: list[Token], notes: Notes) -> Iterator[Definition]:
    for token in tokens:
        if token.type == "footnote_reference_open" and token.level == 0 and token.map:
            yield Definition(f"[^{token.meta['label']}]", range(token.map[0] + 1, token.map[1] + 1))
    for label, target in notes.get("references", {}).items():
        if target.get("map"):
            yield Definition(f"[{label}]", range(target["map"][0] + 1, target["map"][1] + 1))


_parser = article_markdown()
_parser.disable("footnote_tail")  # notes stay where they stand
