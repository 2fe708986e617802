"""Untrusted text in, safe HTML out. Pure functions: no Flask, no database.

Everything goes Markdown → bleach → nh3. Both sanitisers read one allow-list (`Rules`); nh3 has the last word.
Floods are stopped inside the parser, by rations: what is over the ration stays text, as it was typed.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import nh3
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt, rules_block, rules_inline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

COMMENT_MAX_CHARS = 5000
NAME_MAX_CHARS = 60
HTML_VERSION = 1  # raise it when the same text would give other HTML; stored with each HTML
RESERVED_IDS = frozenset({"main", "comments", "comment-form"})


# --- Characters ---------------------------------------------------------------------------------------

STACKED_MARKS = 4  # accents above, below or around one letter; Vietnamese and Hebrew need three
MARKS = 8  # the same with vowel signs that stand beside the letter; Burmese needs six

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # hyphens, joiners, fillers without width
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero width, direction marks, overrides and isolates
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffc"  # blanks that count as letters, anchors
    "\ufe00-\ufe0d"  # variants of mathematical signs
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, private use, no characters
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U0010ffff"
    "]"
)
# Not U+00A0, U+202F, U+3000: these are typed on purpose.
_ODD_SPACES = re.compile("[\t\u1680\u2000-\u200a\u205f]")
_SPACES = re.compile(r"\s+")
_MANY_BLANK_LINES = re.compile("\n{4,}")
_JOINERS = re.compile("[\u200c\u200d]+")
_VARIATION = re.compile("[\ufe0e\ufe0f\U000e0100-\U000e01ef]+")
_EMOJI = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")
_EMOJI_END = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f]")
_JOINED_SCRIPTS = (
    re.compile("[\u0600-\u08ff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]"),  # Arabic and its neighbours
    re.compile("[\u0900-\u0dff\u1000-\u109f\u1780-\u18af]"),  # Indic, Burmese, Khmer, Mongolian
)


def clean_line(text: str) -> str:
    """A name or title: one line, nothing hidden in it, single spaces.

    A zero-width joiner stays only between emoji; it and the non-joiner stay between two letters of one script
    that spells with them (Persian, Indic and others), not at the end of a word. A letter keeps at most
    STACKED_MARKS accents.
    """
    return _SPACES.sub(" ", _visible(_LINE_ENDS.sub("\n", text))).strip()


def clean_text(text: str) -> str:
    """A body: as `clean_line`, but line breaks and runs of spaces stay; at most two blank lines in a row."""
    return _MANY_BLANK_LINES.sub("\n\n\n", _clean_lines(text)).strip("\n")


def _clean_lines(text: str) -> str:
    """`clean_text` with each line at its number."""
    lines = _visible(_LINE_ENDS.sub("\n", text).replace("\t", "    ")).split("\n")
    return "\n".join(_ODD_SPACES.sub(" ", line).rstrip() for line in lines)


def _visible(text: str) -> str:
    """`text` in NFC without what cannot be seen. Doing it twice changes nothing."""
    text = _HIDDEN.sub("", text)
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", _limit_marks(text))  # first limited: long runs of marks make NFC slow
    text = _JOINERS.sub(_keep_joiner, _VARIATION.sub(_keep_variation, text))
    return _limit_marks(text)


def _limit_marks(text: str) -> str:
    kept = []
    marks = stacked = 0
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "M":
            marks += 1
            stacked += category != "Mc"
            if marks > MARKS or stacked > STACKED_MARKS:
                continue
        else:
            marks = stacked = 0
        kept.append(character)
    return "".join(kept)


def _keep_joiner(match: re.Match[str]) -> str:
    before = match.string[max(match.start() - 1, 0) : match.start()]
    after = match.string[match.end() : match.end() + 1]
    joiner = match[0][0]
    if joiner == "\u200d" and _EMOJI_END.match(before) and _EMOJI.match(after):
        return joiner
    # A mark after the joiner would open a second stack of marks on the same letter.
    is_letter = after and unicodedata.category(after)[0] == "L"
    return joiner if is_letter and any(s.match(before) and s.match(after) for s in _JOINED_SCRIPTS) else ""


def _keep_variation(match: re.Match[str]) -> str:
    """One selector after what has variants: an emoji or symbol, a digit of a keycap, a Han letter."""
    before = match.string[max(match.start() - 1, 0) : match.start()]
    if not before:
        return ""
    if match[0][0] in "\ufe0e\ufe0f":
        has_variants = before in "0123456789#*" or unicodedata.category(before)[0] == "S" or before in "‼⁉〽"
    else:
        has_variants = unicodedata.name(before, "").startswith("CJK UNIFIED")
    return match[0][0] if has_variants else ""


# --- The allow-lists ----------------------------------------------------------------------------------

COMMENT_REL = "ugc nofollow noopener"
EXTERNAL_REL = "noopener"

_ANY = None  # every value of the attribute


@dataclass(frozen=True)
class Rules:
    """What may stay: tag → attribute → its only values, or _ANY; schemes of links; links without a scheme."""

    tags: Mapping[str, Mapping[str, frozenset[str] | None]]
    schemes: frozenset[str]
    relative: bool

    def allows(self, tag: str, attribute: str, value: str) -> bool:
        attributes = self.tags.get(tag, {})
        values = attributes.get(attribute)
        return attribute in attributes and (values is _ANY or value in values)


def _only(*values: str) -> frozenset[str]:
    return frozenset(values)


_WEB = frozenset({"http", "https"})
_INLINE_TAGS: dict[str, dict[str, frozenset[str] | None]] = {"em": {}, "strong": {}, "code": {}}
_BLOCK_TAGS: dict[str, dict[str, frozenset[str] | None]] = {
    "p": {}, "br": {}, "ul": {}, "ol": {"start": _ANY}, "li": {}, "blockquote": {}, "pre": {},
}  # fmt: skip
_ALIGNED = _only("align-left", "align-center", "align-right")
COMMENT_RULES = Rules(
    {**_INLINE_TAGS, **_BLOCK_TAGS, "a": {"href": _ANY, "rel": _only(COMMENT_REL)}}, _WEB, relative=False
)
INLINE_RULES = Rules(
    {**_INLINE_TAGS, "a": {"href": _ANY, "rel": _only(EXTERNAL_REL)}}, _WEB | {"mailto", "tel"}, relative=True
)
ARTICLE_RULES = Rules(
    {
        **_INLINE_TAGS,
        **_BLOCK_TAGS,
        "s": {},
        "hr": {},
        "a": {
            "href": _ANY,
            "rel": _only(EXTERNAL_REL),
            "id": _ANY,
            "class": _only("footnotes__back"),
            "aria-label": _ANY,
        },
        "h2": {"id": _ANY},
        "h3": {"id": _ANY},
        "h4": {"id": _ANY},
        "p": {"class": _only("callout__title")},
        "li": {"id": _ANY},
        "aside": {"class": _only("callout callout--note", "callout callout--care"), "aria-label": _ANY},
        "div": {
            "class": _only("table-scroll"),
            "tabindex": _only("0"),
            "role": _only("region"),
            "aria-label": _ANY,
        },
        "table": {},
        "thead": {},
        "tbody": {},
        "tr": {},
        "th": {"class": _ALIGNED, "scope": _only("col")},
        "td": {"class": _ALIGNED},
        "sup": {"class": _only("footnote-ref")},
        "section": {"class": _only("footnotes"), "aria-label": _ANY},
    },
    _WEB | {"mailto", "tel"},
    relative=True,
)


class _Sanitiser(threading.local):
    """bleach, then nh3, for one set of rules. bleach keeps state as it works: one for each thread."""

    def __init__(self, rules: Rules) -> None:
        self.bleach = Cleaner(tags=set(rules.tags), attributes=rules.allows, protocols=rules.schemes)
        self.nh3 = nh3.Cleaner(
            tags=set(rules.tags),
            attributes={
                "*": set(),  # without it nh3 keeps lang and title everywhere
                **{tag: {a for a, only in given.items() if only is _ANY} for tag, given in rules.tags.items()},
            },
            tag_attribute_values={
                tag: {a: set(only) for a, only in given.items() if only is not _ANY}
                for tag, given in rules.tags.items()
            },
            url_schemes=set(rules.schemes),
            url_relative="pass_through" if rules.relative else "deny",
            link_rel=None,
        )

    def __call__(self, html: str) -> str:
        return str(self.nh3.clean(self.bleach.clean(html)))


_sanitise_comment = _Sanitiser(COMMENT_RULES)
_linkless = nh3.Cleaner(tags=set(COMMENT_RULES.tags) - {"a"}, attributes={"*": set()}, link_rel=None)
_sanitise_inline = _Sanitiser(INLINE_RULES)
_sanitise_article = _Sanitiser(ARTICLE_RULES)


# --- Markdown, with rations ---------------------------------------------------------------------------

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
_COMMENT_LINK = re.compile(rf"(?:{_WEB_LINK})\Z", re.IGNORECASE)
_ARTICLE_LINK = re.compile(rf"(?:{_WEB_LINK}|/(?![/\\])[!-~]*|#[!-~]+|mailto:[!-~]+|tel:[+0-9-]+)\Z", re.IGNORECASE)


class _Markdown(MarkdownIt):
    """CommonMark without HTML, references and class names; links match `links`, floods are rationed."""

    def __init__(self, links: re.Pattern[str], breaks: bool = False) -> None:
        super().__init__("commonmark", {"html": False, "breaks": breaks, "xhtmlOut": False})
        self.links = links
        self.disable(["reference", "html_block", "html_inline"])
        below_text = ["paragraph", "reference", "blockquote"]
        block, inline = self.block.ruler, self.inline.ruler
        block.at("blockquote", _contained(rules_block.blockquote), {"alt": [*below_text, "list"]})
        block.at("list", _contained(rules_block.list_block), {"alt": below_text})
        inline.at("link", _rationed(rules_inline.link, ("[",), "links", looks_ahead=True))
        inline.at("image", _rationed(rules_inline.image, ("![",), "links", looks_ahead=True))
        inline.at("autolink", _rationed(rules_inline.autolink, ("<",), "links"))
        inline.at("backticks", _rationed(rules_inline.backtick, ("`",), "code"))
        inline.at("emphasis", _rationed(rules_inline.emphasis.tokenize, ("*", "_"), "emphasis"))
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

    def tokens(self, text: str, rations: Mapping[str, int], inline: bool = False) -> tuple[list[Token], Notes]:
        notes: Notes = {"left": dict(rations), "depth": 0, "problems": []}
        return (self.parseInline(text, notes) if inline else self.parse(text, notes)), notes

    def html(self, tokens: Tokens, notes: Notes) -> str:
        return str(self.renderer.render(tokens, self.options, notes))


def _contained(rule: BlockRule) -> BlockRule:
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


def _rationed(rule: InlineRule, marks: tuple[str, ...], ration: str, looks_ahead: bool = False) -> InlineRule:
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


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _render_text(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return _escaped(_visible(tokens[at].content))  # again: in articles &#x202e; has become its character


def _render_code(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return f"<code>{_escaped(tokens[at].content)}</code>"


def _render_code_block(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return f"<pre><code>{_escaped(tokens[at].content)}</code></pre>\n"


def _render_alt(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return _escaped(_visible(renderer.renderInlineAsText(tokens[at].children, options, notes)))


def _render_rule_as_text(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return f"<p>{tokens[at].markup[1:]}</p>\n"  # markdown-it counts one sign too many


def _finish_links(tokens: Tokens, rel: str) -> None:
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


# --- Comments and single lines ------------------------------------------------------------------------

_comments = _Markdown(_COMMENT_LINK, breaks=True)
_comments.disable(["heading", "lheading", "entity"])
_comments.add_render_rule("hr", _render_rule_as_text)

_inline = _Markdown(_ARTICLE_LINK)


def comment_html(text: str) -> str:
    """HTML of a reader's comment: paragraphs, line breaks, emphasis, lists, quotes, code, links to the web.

    Takes any text; the time for COMMENT_MAX_CHARS is bounded whatever they are. What is not in the subset,
    over a ration or deeper than MAX_DEPTH is shown as typed. An image becomes its description.
    """
    tokens, notes = _comments.tokens(_limit_lines(clean_text(text), COMMENT_MAX_LINES), COMMENT_RATIONS)
    _finish_links(tokens, COMMENT_REL)
    return _sanitise_comment(_comments.html(tokens, notes)).strip()


def _limit_lines(text: str, most: int) -> str:
    """`text` with all below line `most` joined to it: each line may be a block, or be looked at by many."""
    lines = text.split("\n")
    return "\n".join([*lines[: most - 1], " ".join(lines[most - 1 :])]) if len(lines) > most else text


def without_links(html: str) -> str:
    """Comment HTML with its links as plain text, for pages that must not lend them any weight."""
    return str(_linkless.clean(html))


def render_inline(text: str) -> str:
    """HTML of one line by an author (key facts, captions, steps): emphasis, strong, code and links only."""
    tokens, notes = _inline.tokens(clean_line(text), ARTICLE_RATIONS, inline=True)
    _finish_links(tokens, EXTERNAL_REL)
    return _sanitise_inline(_inline.html(tokens, notes))


# --- Articles -----------------------------------------------------------------------------------------

CALLOUTS = {"note": "Note", "care": "Take care"}
LABEL_MAX_CHARS = 80
SLUG_MAX_CHARS = 60

_LEAF = re.compile(r"::([A-Za-z][\w-]*)(?:[ \t]+(.*))?\Z")
_CALLOUT = re.compile(r":::+[ \t]*([A-Za-z][\w-]*)(?:[ \t]+(.*))?\Z")
_CALLOUT_END = re.compile(r":::+[ \t]*\Z")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_FIGURE_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_LOOSE_NOTE = re.compile(r"\[\^[^\]\s]{1,80}\]")
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


def article_html(markdown: str, *, reserved_ids: Collection[str] = RESERVED_IDS, prefix: str = "") -> Rendered:
    """HTML of an article by an author, and what the author should change in it.

    Ids begin with "section-" or "note-", then `prefix` (small letters and digits), which keeps two bodies
    on one page apart; ids in `reserved_ids` are not given out.
    """
    cleaned = _clean_lines(markdown)
    source = _limit_lines(cleaned, ARTICLE_MAX_LINES)
    tokens, notes = _articles.tokens(source, ARTICLE_RATIONS)
    problems: list[tuple[int, str]] = notes["problems"]
    notes["note_prefix"] = f"note-{prefix}-" if prefix else "note-"
    id_prefix = f"section-{prefix}-" if prefix else "section-"
    headings = _outline(tokens, reserved_ids, id_prefix, problems)
    _name_tables(tokens)
    _finish_links(tokens, EXTERNAL_REL)
    problems += _problems_in_lines(tokens)
    problems += _unused_notes(source, notes)
    if source != cleaned:
        problems.append((ARTICLE_MAX_LINES, f"An article can have {ARTICLE_MAX_LINES} lines."))
    if any(left <= 0 for left in notes["left"].values()):
        problems.append((1, "There are more links, lists or marks in this text than can be shown."))

    parts = [
        (kind, _sanitise_article(_articles.html(run, notes)).strip() if kind == "html" else run[0].content)
        for kind, run in _runs(tokens)
    ]
    parts = [(kind, value) for kind, value in parts if value or kind != "html"]
    words = sum(len(plain(value).split()) for kind, value in parts if kind == "html")
    return Rendered(parts, headings, sorted({Problem(*problem) for problem in problems}), words)


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`::figure ID`, `::video`, and `:::note Title` … `:::`, each on a line of its own."""
    line = _line(state, start)
    if not line.startswith("::") or state.is_code_block(start):
        return False
    for pattern, rule in _DIRECTIVES:
        match = pattern.match(line)
        if match:
            if not silent:
                state.line = start + 1
                rule(state, start, end, match)
            return True
    return False


def _leaf(state: StateBlock, start: int, end: int, match: re.Match[str]) -> None:
    name, value = match[1].lower(), (match[2] or "").strip()
    placed: set[tuple[str, str]] = state.env.setdefault("placed", set())
    problem = None
    if name in CALLOUTS:
        problem = f"A call-out begins with three colons: write :::{name}."
    elif name not in ("figure", "video"):
        problem = f"There is no ::{name}. You can use ::figure and ::video."
    elif state.level:
        problem = f"::{name} works only outside lists, quotes and call-outs. Move it before or after."
    elif name == "figure" and not _FIGURE_ID.match(value):
        problem = "Write the figure's name after ::figure, in small letters, such as ::figure pain-map."
    elif name == "video" and value:
        problem = "Write nothing after ::video."
    elif (name, value) in placed:
        problem = f"{'The figure “' + value + '”' if value else 'The video'} is already placed further up."
    if problem:
        state.env["problems"].append((start + 1, problem))
        return
    placed.add((name, value))
    token = state.push(name, "", 0)
    token.content = value
    token.map = [start, start + 1]


def _callout(state: StateBlock, start: int, end: int, match: re.Match[str]) -> None:
    kind, title = match[1].lower(), clean_line(match[2] or "")
    problems = state.env["problems"]
    if state.level:
        problems.append((start + 1, f":::{kind} works only outside lists, quotes and other call-outs."))
        return
    if kind not in CALLOUTS:
        problems.append((start + 1, f"There is no call-out “{kind}”. You can use :::note and :::care."))
        kind = "note"

    last, closed = _callout_end(state, start, end)
    if not closed:
        problems.append((start + 1, "This call-out is never closed. Write ::: on a line of its own below it."))
    token = state.push("callout_open", "aside", 1)
    token.block = True
    token.attrs = {
        "class": f"callout callout--{kind}",
        "aria-label": _label(f"{CALLOUTS[kind]}: {title}" if title else CALLOUTS[kind]),
    }
    state.push("callout_title", "", 0).content = title or CALLOUTS[kind]
    parent, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", last  # no paragraph runs past the end of the call-out
    state.md.block.tokenize(state, start + 1, last)
    state.parentType, state.lineMax = parent, line_max
    state.push("callout_close", "aside", -1).block = True
    state.line = last + closed


def _callout_end(state: StateBlock, start: int, end: int) -> tuple[int, bool]:
    """The line that ends the call-out of line `start`; True if it closes it, False if the next one begins."""
    fence = ""
    for number in range(start + 1, end):
        line = _line(state, number)
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip(fence[0]):
            fence = ""
        if not fence and _CALLOUT_END.match(line):
            return number, True
        if not fence and _CALLOUT.match(line):
            return number, False
    return end, False


def _stray_end(state: StateBlock, start: int, end: int, match: re.Match[str]) -> None:
    state.env["problems"].append((start + 1, "This ::: closes a call-out, but none is open here."))


_DIRECTIVES: tuple[tuple[re.Pattern[str], Callable[[StateBlock, int, int, re.Match[str]], None]], ...] = (
    (_LEAF, _leaf),
    (_CALLOUT, _callout),
    (_CALLOUT_END, _stray_end),
)


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _narrow_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Tables up to TABLE_MAX_COLUMNS: short rows are filled up, so a wide head would make endless HTML."""
    if _line(state, start).count("|") > TABLE_MAX_COLUMNS + 1:
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
        "".join(c.content if c.type in texts else " " * (c.type == "softbreak") for c in inline.children or ())
    )


def _slug(text: str) -> str:
    """Small ASCII letters, digits and hyphens; empty for scripts that have no such form."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_FOLDS)).encode("ascii", "ignore").decode()
    return _NOT_SLUG.sub("-", folded)[:SLUG_MAX_CHARS].strip("-")


def _label(text: str) -> str:
    return excerpt(clean_line(text), LABEL_MAX_CHARS)


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
            table.meta["label"] = _label(f"Table {number}: {names}" if names else f"Table {number}")


def _problems_in_lines(tokens: Tokens) -> Iterator[tuple[int, str]]:
    for token in tokens:
        line = token.map[0] + 1 if token.map else 1
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "image":
                yield line, "Pictures do not work here. Add a figure and place it with ::figure and its name."
            elif child.type == "text":
                for loose in _LOOSE_NOTE.findall(child.content):
                    yield line, f"The note {loose} is missing. Write it on a line that begins with {loose}:"
                if "](" in child.content:
                    yield (
                        line,
                        "A link here does not work. It must begin with https://, /, #, mailto: or tel:.",
                    )


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


def _render_callout_title(renderer: RendererHTML, tokens: Tokens, at: int, options: Any, notes: Any) -> str:
    return f'<p class="callout__title">{_escaped(tokens[at].content)}</p>\n'


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


def _article_markdown() -> _Markdown:
    markdown = _Markdown(_ARTICLE_LINK)
    markdown.enable(["table", "strikethrough"])
    markdown.use(footnote_plugin, inline=False)
    ruler = markdown.block.ruler
    ruler.before("fence", "directive", _directive, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    ruler.at("table", _narrow_table, {"alt": ["paragraph", "reference"]})
    ruler.at("footnote_def", _contained(footnote_def), {"alt": ["paragraph", "reference"]})
    for name, renders in {
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


_articles = _article_markdown()


# --- Text out of stored HTML --------------------------------------------------------------------------

_BLOCKS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h2", "h3", "h4", "aside", "div", "table", "section", "hr"})
_LINES = frozenset({"br", "li", "tr"})
_CELL_ENDS = frozenset({"/th", "/td"})
_BREAKS = re.compile(r" ?\n")
_MANY_BREAKS = re.compile(r"\n{3,}")


def plain(html: str) -> str:
    """The text of HTML made here, without note numbers; a blank line between blocks. Linear in its length."""
    out: list[str] = []
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
        out.append(gap)
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
    return is_mark or character in "\u200c\u200d" or "\U0001f3fb" <= character <= "\U0001f3ff"
