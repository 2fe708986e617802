"""An author's article becomes HTML, with its headings and with what the author should change."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from markdown_it import rules_block
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

from blog.text import foreign
from blog.text.characters import clean_line, clean_markdown
from blog.text.directives import directive, label
from blog.text.markdown import (
    ARTICLE_LINK,
    ARTICLE_MAX_LINES,
    ARTICLE_RATIONS,
    TABLE_MAX_COLUMNS,
    Markdown,
    Notes,
    Tokens,
    contained,
    escaped,
    finish_links,
    limit_lines,
    line_of,
)
from blog.text.plain import plain
from blog.text.sanitising import EXTERNAL_REL, sanitise_article

RESERVED_IDS = frozenset({"main", "comments", "comment-form"})
HEADING_ID_MAX_CHARS = 60

_NOT_SLUG = re.compile("[^a-z0-9]+")
_FOLDS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


@dataclass(frozen=True)
class Heading:
    """A heading of an article, for its list of contents: level 2 to 4, the id to link to, its text."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, order=True)
class Problem:
    """What an author should change. `line` counts from 1 in the text as typed."""

    line: int
    message: str


@dataclass(frozen=True)
class Rendered:
    """An article: `parts` in reading order are ("html", HTML), ("figure", id) or ("video", "")."""

    parts: list[tuple[str, str]]
    headings: list[Heading]
    problems: list[Problem]
    words: int

    @property
    def html(self) -> str:
        """Its HTML alone, for pages, which place no figures."""
        return "".join(value for kind, value in self.parts if kind == "html")


def article_html(markdown: str, *, reserved_ids: Collection[str] = RESERVED_IDS, prefix: str = "") -> Rendered:
    """HTML of an article by an author, and what the author should change in it.

    Ids begin with "section-" or "note-", then `prefix` (small letters and digits), which keeps two bodies
    on one page apart; ids in `reserved_ids` are not given out.
    """
    cleaned = clean_markdown(markdown)
    source = limit_lines(cleaned, ARTICLE_MAX_LINES)
    tokens, notes = _articles.tokens(source, ARTICLE_RATIONS)
    problems: list[tuple[int, str]] = notes["problems"]
    notes["note_prefix"] = f"note-{prefix}-" if prefix else "note-"
    id_prefix = f"section-{prefix}-" if prefix else "section-"
    headings = _outline(tokens, reserved_ids, id_prefix, problems)
    _name_tables(tokens)
    finish_links(tokens, EXTERNAL_REL)
    problems += _unused_notes(source, notes)
    if source != cleaned:
        problems.append((ARTICLE_MAX_LINES, f"An article can have {ARTICLE_MAX_LINES} lines."))
    if any(left <= 0 for left in notes["left"].values()):
        problems.append((1, "There are more links, lists or marks in this text than can be shown."))

    parts = [
        (kind, sanitise_article(_articles.html(run, notes)).strip() if kind == "html" else run[0].content)
        for kind, run in _runs(tokens)
    ]
    parts = [(kind, value) for kind, value in parts if value or kind != "html"]
    words = sum(len(plain(value, numbered=False).split()) for kind, value in parts if kind == "html")
    return Rendered(parts, headings, sorted({Problem(*problem) for problem in problems}), words)


def _narrow_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Tables up to TABLE_MAX_COLUMNS: short rows are filled up, so a wide head would make endless HTML."""
    if line_of(state, start).count("|") > TABLE_MAX_COLUMNS + 1:
        if not silent and rules_block.table(state, start, end, True):
            message = f"A table can have {TABLE_MAX_COLUMNS} columns. Split this one."
            state.env["problems"].append((start + 1, message))
        return False
    return rules_block.table(state, start, end, silent)


def _outline(
    tokens: list[Token], reserved: Collection[str], prefix: str, problems: list[tuple[int, str]]
) -> list[Heading]:
    headings: list[Heading] = []
    taken = set(reserved)
    seen: dict[str, int] = {}
    level = 1
    for at, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        line = token.map[0] + 1 if token.map else 1
        typed, inline, close = int(token.tag[1]), tokens[at + 1], tokens[at + 2]
        text = _words(inline)
        if not text:
            problems.append((line, "This heading is empty. Write its text after the # signs, or delete it."))
            token.hidden = close.hidden = True
            inline.children = []
            continue
        if typed == 1:
            problems.append((line, "Begin this heading with ##. A single # is the title, in its own field."))
        elif typed > 4:
            problems.append((line, "Headings go down to ####, not deeper."))
        wanted = min(max(typed, 2), 4)
        if wanted > level + 1:
            message = f"This heading skips a level: write {'#' * (level + 1)} instead of {'#' * wanted}."
            problems.append((line, message))
        level = wanted
        token.tag = close.tag = f"h{level}"
        token.attrs = {"id": _free_id(prefix + (_slug(text) or "part"), taken, seen)}
        headings.append(Heading(level, str(token.attrs["id"]), text))
    return headings


def _free_id(wanted: str, taken: set[str], seen: dict[str, int]) -> str:
    free = wanted
    while free in taken:
        seen[wanted] = seen.get(wanted, 1) + 1
        free = f"{wanted}-{seen[wanted]}"
    taken.add(free)
    return free


def _words(inline: Token) -> str:
    """The text of a heading or cell, without note numbers and pictures."""
    texts = {"text", "code_inline"}
    return clean_line(
        "".join(
            c.content if c.type in texts else " " * (c.type in ("softbreak", "hardbreak"))
            for c in inline.children or ()
        )
    )


def _slug(text: str) -> str:
    """Small ASCII letters, digits and hyphens; empty for scripts that have no such form."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_FOLDS)).encode("ascii", "ignore").decode()
    return _NOT_SLUG.sub("-", folded)[:HEADING_ID_MAX_CHARS].strip("-")


def _name_tables(tokens: list[Token]) -> None:
    """Alignment as a class, because style attributes are refused; a label with its number for each table."""
    number = 0
    table: Token | None = None
    head: list[str] = []
    for at, token in enumerate(tokens):
        if token.type == "table_open":
            number, table, head = number + 1, token, []
        elif token.type in ("th_open", "td_open"):
            align = str(token.attrs.get("style", "")).removeprefix("text-align:")
            token.attrs = {"class": f"align-{align}"} if align else {}
            if token.type == "th_open":
                token.attrs["scope"] = "col"
                head.append(_words(tokens[at + 1]))
        elif token.type == "thead_close" and table:
            names = ", ".join(filter(None, head))
            table.meta["label"] = label(f"Table {number}: {names}" if names else f"Table {number}")


def _unused_notes(source: str, notes: Notes) -> Iterator[tuple[int, str]]:
    unused = {label[1:] for label, number in notes.get("footnotes", {}).get("refs", {}).items() if number < 0}
    if not unused:
        return
    for number, line in enumerate(source.split("\n"), start=1):
        label = line.lstrip(" >")[2:].partition("]:")[0]
        if label in unused and line.lstrip(" >").startswith("[^"):
            yield number, f"The note [^{label}] is never used. Write [^{label}] in the text, or delete it."


def _runs(tokens: list[Token]) -> Iterator[tuple[str, list[Token]]]:
    run: list[Token] = []
    for token in tokens:
        if token.type in ("figure", "video"):
            yield "html", run
            yield token.type, [token]
            run = []
        else:
            run.append(token)
    yield "html", run


def _render_nothing(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return ""


def _render_callout_title(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return f'<p class="callout__title">{escaped(tokens[at].content)}</p>\n'


def _render_table_open(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    label = escape(tokens[at].meta["label"])
    return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}">\n<table>\n'


def _render_table_close(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return "</table>\n</div>\n"


def _note(token: Token) -> tuple[str, str]:
    """A note's number, and that of one reference to it: "2", and "2-3" for the third that points there."""
    number, reference = str(token.meta["id"] + 1), int(token.meta.get("subId", 0))
    return number, f"{number}-{reference + 1}" if reference > 0 else number


def _render_note_ref(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    number, reference = _note(tokens[at])
    prefix = notes["note_prefix"]
    return (
        f'<sup class="footnote-ref"><a href="#{prefix}{number}" id="{prefix}ref-{reference}" '
        f'aria-label="Note {number}">{number}</a></sup>'
    )


def _render_note_anchor(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    _, reference = _note(tokens[at])
    return (
        f' <a href="#{notes["note_prefix"]}ref-{reference}" class="footnotes__back" '
        f'aria-label="Back to reference {reference}">↩\ufe0e</a>'
    )


def _render_notes_open(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return '<section class="footnotes" aria-label="Notes">\n<ol>\n'


def _render_notes_close(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return "</ol>\n</section>\n"


def _render_note_open(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return f'<li id="{notes["note_prefix"]}{_note(tokens[at])[0]}">'


def article_markdown() -> Markdown:
    """A parser of articles, of which a caller may switch rules off."""
    markdown = Markdown(ARTICLE_LINK)
    markdown.enable(["table", "strikethrough", "reference"])
    markdown.use(footnote_plugin, inline=False)
    markdown.inline.ruler.before("escape", "foreign", foreign.inline)
    markdown.core.ruler.before("text_join", "foreign", foreign.finish)
    ruler = markdown.block.ruler
    ruler.before("fence", "comment", foreign.comment_block, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    ruler.before("fence", "script", foreign.script_line)
    ruler.before("fence", "directive", directive, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    ruler.at("table", _narrow_table, {"alt": ["paragraph", "reference"]})
    ruler.at("footnote_def", contained(footnote_def), {"alt": ["paragraph", "reference"]})
    for name, renders in {
        "gone": _render_nothing,
        "slip": _render_nothing,
        "callout_title": _render_callout_title,
        "table_open": _render_table_open,
        "table_close": _render_table_close,
        "footnote_ref": _render_note_ref,
        "footnote_anchor": _render_note_anchor,
        "footnote_block_open": _render_notes_open,
        "footnote_block_close": _render_notes_close,
        "footnote_open": _render_note_open,
    }.items():
        markdown.add_render_rule(name, renders)
    return markdown


_articles = article_markdown()
