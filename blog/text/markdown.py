"""Markdown with rations, for comments and articles. Floods are stopped inside the parser.

What is over a ration stays text, as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt, rules_block, rules_inline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from blog.text.characters import visible

MAX_DEPTH = 6  # lists and quotes inside each other
TABLE_MAX_COLUMNS = 12
COMMENT_MAX_LINES = 250  # the rest is joined into the last one
COMMENT_RATIONS = {"containers": 60, "emphasis": 200, "code": 60, "links": 100}  # per text
ARTICLE_MAX_LINES = 3000
ARTICLE_RATIONS = {"containers": 500, "emphasis": 10_000, "code": 3000, "links": 2000}

Tokens = Sequence[Token]
Notes = dict[str, Any]  # the parser's: `left` of the rations, `problems` as (line, message), and the like
BlockRule = Callable[[StateBlock, int, int, bool], bool]
InlineRule = Callable[[StateInline, bool], bool]

# A host of plain letters and no @ before it: what is shown is where it goes.
# The rest is percent-encoded already.
_WEB_LINK = r"https?://[a-z0-9._-]+(?::[0-9]{1,5})?(?:[/?#][!-~]*)?"
COMMENT_LINK = re.compile(rf"(?:{_WEB_LINK})\Z", re.IGNORECASE)
ARTICLE_LINK = re.compile(rf"(?:{_WEB_LINK}|/(?![/\\])[!-~]*|#[!-~]+|mailto:[!-~]+|tel:[+0-9-]+)\Z", re.IGNORECASE)


class Markdown(MarkdownIt):
    """CommonMark without HTML, references and class names; links match `links`, floods are rationed."""

    def __init__(self, links: re.Pattern[str], breaks: bool = False) -> None:
        super().__init__("commonmark", {"html": False, "breaks": breaks, "xhtmlOut": False})
        self.links = links
        self.disable(["reference", "html_block", "html_inline"])
        below_text = ["paragraph", "reference", "blockquote"]
        block, inline = self.block.ruler, self.inline.ruler
        block.at("blockquote", contained(rules_block.blockquote), {"alt": [*below_text, "list"]})
        block.at("list", contained(rules_block.list_block), {"alt": below_text})
        inline.at("link", rationed(rules_inline.link, ("[",), "links", looks_ahead=True))
        inline.at("image", rationed(rules_inline.image, ("![",), "links", looks_ahead=True))
        inline.at("autolink", rationed(rules_inline.autolink, ("<",), "links"))
        inline.at("backticks", rationed(rules_inline.backtick, ("`",), "code"))
        inline.at("emphasis", rationed(rules_inline.emphasis.tokenize, ("*", "_"), "emphasis"))
        for name, renders in {
            "text": _render_text,
            "code_inline": _render_code,
            "code_block": _render_code_block,
            "fence": _render_code_block,
            "image": _render_alt,
        }.items():
            self.add_render_rule(name, renders)

    def validateLink(self, url: str) -> bool:
        return bool(self.links.match(url))

    def normalizeLinkText(self, url: str) -> str:
        return url  # as typed: decoding could bring back what clean_text took out

    def tokens(self, text: str, rations: Mapping[str, int]) -> tuple[list[Token], Notes]:
        notes: Notes = {"left": dict(rations), "depth": 0, "problems": []}
        return self.parse(text, notes), notes

    def html(self, tokens: Tokens, notes: Notes) -> str:
        return str(self.renderer.render(tokens, self.options, notes))


def contained(rule: BlockRule) -> BlockRule:
    """`rule` for what contains other blocks: too deep or over the ration, its marker stays text."""

    def contained(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        # A silent call asks whether a paragraph ends here, which depth does not change.
        if silent or not rule(state, start, end, True):
            return silent and rule(state, start, end, True)
        notes = state.env
        if notes["depth"] >= MAX_DEPTH:
            message = f"Lists and quotes can go {MAX_DEPTH} levels deep, not deeper."
            notes["problems"].append((start + 1, message))
            return False
        if notes["left"]["containers"] <= 0:
            return False
        notes["left"]["containers"] -= 1
        notes["depth"] += 1
        try:
            return rule(state, start, end, False)
        finally:
            notes["depth"] -= 1

    return contained


def rationed(rule: InlineRule, marks: tuple[str, ...], ration: str, looks_ahead: bool = False) -> InlineRule:
    """`rule`, tried at its `marks` until the ration is used up. One that `looks_ahead` pays for each try."""

    def rationed(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(marks, state.pos):
            return False
        left = state.env["left"]
        if left[ration] <= 0:
            return False
        matched = rule(state, silent)
        if looks_ahead or (matched and not silent):
            left[ration] -= 1
        return matched

    return rationed


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _render_text(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return escaped(visible(tokens[at].content))  # again: in articles &#x202e; has become its character


def _render_code(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return f"<code>{escaped(tokens[at].content)}</code>"


def _render_code_block(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return f"<pre><code>{escaped(tokens[at].content)}</code></pre>\n"


def _render_alt(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return escaped(visible(renderer.renderInlineAsText(tokens[at].children, options, notes)))


def finish_links(tokens: Tokens, rel: str) -> None:
    """Give links that leave the site their `rel`; of links without an address leave the text alone."""
    for token in tokens:
        hidden = []
        for child in token.children or ():
            if child.type == "link_open":
                href = str(child.attrGet("href") or "")
                child.hidden = not href
                hidden.append(child.hidden)
                if href[:4].lower() == "http":
                    child.attrs["rel"] = rel
            elif child.type == "link_close":
                child.hidden = hidden.pop()


def limit_lines(text: str, most: int) -> str:
    """`text` with all below line `most` joined to it: each line may be a block, or be looked at by many."""
    lines = text.split("\n")
    return "\n".join([*lines[: most - 1], " ".join(lines[most - 1 :])]) if len(lines) > most else text


def line_of(state: StateBlock, number: int) -> str:
    """A line without its indentation, inside the quote or list that holds it."""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
