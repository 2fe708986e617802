"""A reader's comment becomes HTML."""

from __future__ import annotations

from typing import Any

from markdown_it.renderer import RendererHTML

from blog.text.characters import clean_text
from blog.text.markdown import (
    COMMENT_LINK,
    COMMENT_MAX_LINES,
    COMMENT_RATIONS,
    Markdown,
    Tokens,
    finish_links,
    limit_lines,
)
from blog.text.sanitising import COMMENT_REL, linkless, sanitise_comment


def _render_rule_as_text(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return f"<p>{tokens[at].markup[1:]}</p>\n"  # markdown-it counts one sign too many


_comments = Markdown(COMMENT_LINK, breaks=True)
_comments.disable(["heading", "lheading", "entity"])
_comments.add_render_rule("hr", _render_rule_as_text)


def comment_html(text: str) -> str:
    """HTML of a reader's comment: paragraphs, line breaks, emphasis, lists, quotes, code, links to the web.

    Takes any text; the time for COMMENT_MAX_CHARS is bounded whatever they are. What is not in the subset,
    over a ration or deeper than MAX_DEPTH is shown as typed. An image becomes its description.
    """
    tokens, notes = _comments.tokens(limit_lines(clean_text(text), COMMENT_MAX_LINES), COMMENT_RATIONS)
    finish_links(tokens, COMMENT_REL)
    return sanitise_comment(_comments.html(tokens, notes)).strip()


def without_links(html: str) -> str:
    """Comment HTML with its links as plain text, for pages that must not lend them any weight."""
    return str(linkless.clean(html))
