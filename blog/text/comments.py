"""A reader's comment becomes HTML."""

from __future__ import annotations

import re

from blog.text import comment_blocks, comment_marks
from blog.text.characters import clean_text
from blog.text.markdown import (
    COMMENT_LINK,
    COMMENT_MAX_LINES,
    COMMENT_RATIONS,
    Markdown,
    contained,
    escaped,
    finish_links,
    limit_lines,
    rationed,
)
from blog.text.sanitising import COMMENT_REL, linkless, sanitise_comment


def _comment_markdown() -> Markdown:
    markdown = Markdown(COMMENT_LINK, breaks=True)
    markdown.disable(["code", "heading", "lheading", "hr", "entity", "escape", "image"])
    block, inline = markdown.block.ruler, markdown.inline.ruler
    block.at("fence", comment_blocks.code, {"alt": ["paragraph", "blockquote", "list"]})
    block.at("blockquote", contained(comment_blocks.quote), {"alt": ["paragraph", "blockquote", "list"]})
    block.at("list", contained(comment_blocks.listing), {"alt": ["paragraph", "blockquote"]})
    inline.before("emphasis", "address", comment_marks.address)
    inline.at("emphasis", rationed(comment_marks.emphasis, ("*", "_"), "emphasis"))
    inline.at("backticks", rationed(comment_marks.code, ("`",), "code"))
    inline.at("link", rationed(comment_marks.link, ("[",), "links", looks_ahead=True))
    return markdown


_comments = _comment_markdown()

# Where none of these stands, nothing is formatted: any sign of a mark, an address, a white space that is neither a
# blank nor the end of a line, and what may begin an item of a list.
_MARKED = re.compile(r"[*_`<>\[\]\\]|://|[^\S \n]|^ *(?:[-+]|[0-9]{1,9}[.)])", re.MULTILINE)
# Words between blanks with marks around them, and not a sign of a mark inside: their marks mean emphasis.
_LETTERS = "[A-Za-zÀ-ÖØ-öø-ɏ]+"
_EMPHASISED = re.compile(
    rf"(?<!\S)(?P<mark>\*\*?|__?)(?P<words>{_LETTERS}(?: {_LETTERS})*)(?P=mark)(?=[.,!?]{{0,3}}(?!\S))"
)
_EMPHASISED_MAX = 50  # far below the ration
_INDENT = re.compile("^ +", re.MULTILINE)
_BETWEEN_PARAGRAPHS = re.compile("\n{2,}")


def comment_html(text: str) -> str:
    """HTML of a reader's comment: paragraphs, line breaks, emphasis, lists, quotes, code, links to the web.

    Takes any text; the time for COMMENT_MAX_CHARS is bounded whatever they are. What is not in the subset,
    over a ration or deeper than MAX_DEPTH is shown as typed. No digit and no sign disappears, but for marks around
    what they format: see comment_marks.py and comment_blocks.py.
    """
    return cleaned_html(clean_text(text))


def cleaned_html(text: str) -> str:
    """The same of what `clean_text` gave."""
    words, emphasised = _EMPHASISED.subn(_words, text) if "*" in text or "_" in text else (text, 0)
    if _MARKED.search(words) or text.count("\n") >= COMMENT_MAX_LINES or emphasised > _EMPHASISED_MAX:
        return _formatted(text)
    return _unformatted(_EMPHASISED.sub(_element, escaped(text)) if emphasised else escaped(text))


def _words(match: re.Match[str]) -> str:
    return match["words"]


def _element(match: re.Match[str]) -> str:
    name = "em" if len(match["mark"]) == 1 else "strong"
    return f"<{name}>{match['words']}</{name}>"


def _formatted(text: str) -> str:
    tokens, notes = _comments.tokens(limit_lines(text, COMMENT_MAX_LINES), COMMENT_RATIONS)
    finish_links(tokens, COMMENT_REL)
    return sanitise_comment(_comments.html(tokens, notes)).strip()


def _unformatted(text: str) -> str:
    """The same of a text with no other mark than words emphasised, at a tenth of the cost.

    A test holds both to the same HTML.
    """
    paragraphs = _BETWEEN_PARAGRAPHS.split(_INDENT.sub("", text))
    return "\n".join("<p>" + lines.replace("\n", "<br>\n") + "</p>" for lines in paragraphs if lines)


def without_links(html: str) -> str:
    """Comment HTML with its links as plain text, for pages that must not lend them any weight."""
    return str(linkless.clean(html))
