"""What the Markdown of other sites holds beside Markdown: shown as it was meant, dropped, or told to the author.

Shown: line breaks as <br>, boxes of task lists. Dropped: comments, tables of contents (the page has its own) and
attributes that only style. All else (HTML, short codes, template commands, formulas …) is a slip that names its line,
because what it did is lost. Nothing of it is ever printed. What is code or escaped with a backslash is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from blog.text.markdown import Tokens, line_of

SHOWN_CHARS = 40  # of what is wrong, in a message
BREAK = "<br>"  # the markup of a line break that is no end of a line
BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}

_COMMAND = "This is a command of other software: {}. Delete it, or write what it would show."
_FORMULA = "Formulas do not work here: {}. Write it in words."
_WIKI = "Links of a wiki do not work here: {}. Write [words](/address)."
_NO_PICTURE = "The picture {} cannot be shown. Take it out, or add a figure and place it with ::figure and its name."
_ADDRESS = "Headings get their address by themselves. Delete {}."
_SIGN = "This sign of other software does not work here: {}. Write plain words, *stress* or **strong**."
_DROPPED = None

_Kind = tuple[re.Pattern[str], str | None]

_IN_FORMULAS = r"(?:\\[a-z]|[\^_{}=])"
_NO_LINK = r"(?![(\[:])"  # what follows makes it a link or its definition
_ATTRIBUTE = r"""[\w-]+=(?:"[^"\]\n]*"|'[^'\]\n]*'|[^\s"'\]]+)"""
_MEDIA = "youtube|vimeo|embed|audio|video|tweet|twitter|instagram|soundcloud|googlemaps|gist|spotify"
_INLINE: dict[str, Sequence[_Kind]] = {
    "<": [
        (re.compile(r"<%[\s\S]{0,500}?%>"), _COMMAND),
    ],
    "{": [
        (re.compile(r"\{/\*[\s\S]{0,2000}?\*/\}"), _DROPPED),
        (re.compile(r"\{::comment\}[\s\S]{0,2000}?\{:/(?:comment)?\}"), _DROPPED),
        (re.compile(r"\{\{[\s\S]{0,500}?\}\}\}?|\{%[\s\S]{0,500}?%\}|\{:[:/][^{}\n]{0,200}\}"), _COMMAND),
        (re.compile(r"\{(?:\s*\.[\w-]+)*\s*#[A-Za-z][^{}\n]{0,200}\}"), _ADDRESS),
        (re.compile(r"\{:[^{}#\n]{0,200}#[A-Za-z][^{}\n]{0,200}\}"), _ADDRESS),
        (re.compile(r"\{:[^{}\n]{0,200}\}|\{\.[\w-][^{}\n]{0,200}\}"), _DROPPED),
        (re.compile(r"""\{[a-z-]+=(?:"[^"{}\n]*"|'[^'{}\n]*'|[\w%.-]+)[^{}\n]{0,200}\}"""), _DROPPED),
    ],
    "[": [
        (re.compile(r"\[\[?_?toc_?\]\]?" + _NO_LINK, re.IGNORECASE), _DROPPED),
        (re.compile(r"\[\[[^\[\]\n]{1,200}\]\]" + _NO_LINK), _WIKI),
        (re.compile(r"\[![A-Za-z]+\][+-]?" + _NO_LINK), "Write this call-out with :::note or :::care instead of {}."),
        (re.compile(r"\[-?@[^\[\]\n]{1,200}\]" + _NO_LINK), "Write this source as a note such as [^1] instead of {}."),
        (re.compile(rf"\[[a-z][\w-]*(?:\s+{_ATTRIBUTE})+\s*/?\]{_NO_LINK}"), _COMMAND),
        (re.compile(rf"\[(?:{_MEDIA})[ =]+https?:[^\[\]\n]{{1,300}}\]{_NO_LINK}"), _COMMAND),
        (
            re.compile(rf"\[(?:/[a-z][\w-]*|(?:gallery|caption|embed|playlist|audio|nextpage)\s*/?)\]{_NO_LINK}"),
            _COMMAND,
        ),
    ],
    "!": [(re.compile(r"!\[\[(?P<name>[^\[\]|\n]{1,200})(?:\|[^\[\]\n]{0,200})?\]\]"), _NO_PICTURE)],
    "$": [
        (re.compile(r"\$\$[^$]{1,2000}\$\$"), _FORMULA),
        (re.compile(r"\$(?=[^\s$][^$\n]{0,200}?[\\^_{}])[^$\n]{1,300}(?<=\S)\$(?!\d)"), _FORMULA),
    ],
    "\\": [
        (re.compile(rf"\\\((?=[^\n]{{0,100}}?{_IN_FORMULAS})[^\n]{{1,300}}?\\\)"), _FORMULA),
        (re.compile(rf"\\\[(?=[^\[\]]{{0,300}}?{_IN_FORMULAS})[^\[\]]{{1,300}}\\\]"), _FORMULA),
        (
            re.compile(r"\\(?:newpage|pagebreak|clearpage|vspace|begin|end|cite|ref|textbf|textit)\b(?:\{[^}\n]*\})?"),
            _COMMAND,
        ),
    ],
    "^": [
        (
            re.compile(r"\^\[[^\]\n]{0,300}\]?"),
            "Write this note as [^1], and its text on a line that begins with [^1]:",
        ),
        (re.compile(r"(?<=\w)\^[\w.+-]{1,6}\^"), _SIGN),
    ],
    "~": [(re.compile(r"(?<=\w)~\w{1,4}~(?!~)"), _SIGN)],
    "=": [(re.compile(r"==(?=[^\s=])[^=\n]{0,200}?(?<=\S)==(?!=)"), _SIGN)],
    "+": [(re.compile(r"(?<!\w)\+\+(?=[^\s+])[^+\n]{0,200}?(?<=\S)\+\+(?!\+)"), _SIGN)],
    ":": [(re.compile(r"(?<![\w:]):[a-z][a-z0-9_]+:(?![\w:])"), "Put the picture itself instead of {}.")],
    "%": [(re.compile(r"%%[^%\n]{1,500}%%"), _DROPPED)],
}  # each tried where its first sign stands
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_INSTEAD = {
    "**words**": ("b", "strong"),
    "*words*": ("i", "em"),
    "~~words~~": ("s", "del", "strike"),
    "`words`": ("code", "kbd", "tt"),
    "[words](https://…)": ("a",),
    "---": ("hr",),
    "## and the heading": ("h2", "h3"),
    "lines that begin with -": ("ul", "ol", "li"),
    "> and the words": ("blockquote",),
    "a table of | signs": ("table", "tr", "th", "td"),
    "a blank line": ("p", "div"),
    "a figure, placed with ::figure": ("picture", "figure", "svg"),
    "the video, placed with ::video": ("video", "iframe", "embed", "object"),
}
_FOR_TAG = {tag: instead for instead, tags in _INSTEAD.items() for tag in tags}

_SCRIPT_LINE = re.compile(r"(?:import\s+\S.*?\s+from\s+['\"]|import\s+['\"]|export\s+(?:default|const|let|function)\b)")
_ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?)\s+[A-Za-z]")
_ABBREVIATION = re.compile(r"\*\[[^\[\]\n]+\]:")
_LOOSE_PICTURE = re.compile(r"!\[[^\]]{0,500}\]\(\s*<?([^)>\s]*)")
_SOURCE = re.compile(r"\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_LOOSE_NOTE = re.compile(r"\[\^[^\]\s]{1,80}\]")
_LOOSE_LINK = re.compile(r"\[(?P<words>[^\[\]]*)\]\[(?P<label>[^\[\]^]*)\]|\]\[(?P<end>[^\[\]^]*)\]")
_LOOSE_TARGET = re.compile(r"\[[^\[\]^]+\]:\s*\S+(?:\s+[\"'(].*)?\Z")


def inline(state: StateInline, silent: bool) -> bool:
    """Anything foreign inside a line. Leaves a "gone" token, or a "slip" that holds the message for its line."""
    first = state.src[state.pos]
    if first not in _INLINE:
        return False
    end, kind, message = _foreign(state, first)
    if end <= state.pos:
        return False
    if not silent:
        token = state.push(kind, "br" if kind == "hardbreak" else "", 0)
        token.markup = BREAK if kind == "hardbreak" else ""
        token.meta = {"lines": state.src.count("\n", state.pos, end), "message": message}
    state.pos = end
    return True


def _foreign(state: StateInline, first: str) -> tuple[int, str, str]:
    """Where it ends, the type of its token, and the message."""
    source, at = state.src, state.pos
    for pattern, message in _INLINE[first]:
        match = pattern.match(source, at, state.posMax)
        if match and message is None:
            return match.end(), "gone", ""
        if match and message:
            return match.end(), "slip", message.format(_short(match.groupdict().get("name") or match[0]))
    return _html(source, at, state.posMax) if first == "<" else (at, "", "")


def _html(source: str, at: int, most: int) -> tuple[int, str, str]:
    if source.startswith("<!--", at):
        end = source.find("-->", at + 2, most)
        if end < 0:
            return most, "slip", "This comment is not closed in its paragraph. Write --> at its end, or delete it."
        return end + 3, "gone", ""
    if match := _BREAK.match(source, at, most):
        return match.end(), "hardbreak", ""
    match = HTML_TAG_RE.match(source, at, most)
    if match is None:
        return at, "", ""
    tag = _TAG.match(match[0])
    if tag and tag[1].lower() == "img":
        picture = _SOURCE.search(match[0])
        return match.end(), "slip", _NO_PICTURE.format(picture[1] if picture else "without a name")
    instead = _FOR_TAG.get(tag[1].lower()) if tag else None
    advice = f"Write {instead} instead." if instead else "Delete it, or write what it would show."
    return match.end(), "slip", f"HTML does not work here: {_short(match[0])}. {advice}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARS else line[: SHOWN_CHARS - 1] + "…"


def comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A comment that begins a line, however many blank lines it holds. Nothing of it stays."""
    first = line_of(state, start)
    if not first.startswith("<!--") or state.is_code_block(start):
        return False
    close = state.src.find("-->", state.bMarks[start] + state.tShift[start] + 2)
    last = next((number for number in range(start, end) if close >= 0 and state.eMarks[number] >= close + 3), None)
    message = ""
    if last is None:
        last, message = end - 1, "This comment is never closed. Write --> at its end, or delete it."
    elif state.src[close + 3 : state.eMarks[last]].strip():
        if not any(state.isEmpty(number) for number in range(start, last)):
            return False  # it goes on as a paragraph, where `inline` drops it
        message = "Write what follows --> on a line of its own."
    if not silent:
        if message:
            state.env["problems"].append((start + 1, message))
        state.line = last + 1
    return True


def script_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line of another program where a paragraph would begin: imports, admonitions, abbreviations."""
    if silent or state.is_code_block(start):
        return False
    line = line_of(state, start)
    is_admonition = _ADMONITION.match(line) and _is_code_below(state, start, end)
    if not is_admonition and not _SCRIPT_LINE.match(line) and not _ABBREVIATION.match(line):
        return False
    state.env["problems"].append((start + 1, _COMMAND.format(_short(line))))
    state.line = start + 1
    return True


def _is_code_below(state: StateBlock, start: int, end: int) -> bool:
    below = next((number for number in range(start + 1, end) if not state.isEmpty(number)), None)
    return below is not None and bool(state.is_code_block(below))


def finish(state: StateCore) -> None:
    """Collect the slips of all lines, before escaped signs look like others; hide what holds nothing any more."""
    problems = state.env["problems"]
    line = 1
    for at, token in enumerate(state.tokens):
        line = token.map[0] + 1 if token.map else line
        if token.type != "inline":
            continue
        problems.extend(_slips(token, line))
        if at >= 2 and state.tokens[at - 2].type == "list_item_open":
            _draw_box(token)
        if not _holds_something(token.children or ()):
            token.children = []
            if state.tokens[at - 1].type == "paragraph_open":
                state.tokens[at - 1].hidden = state.tokens[at + 1].hidden = True


def _slips(token: Token, line: int) -> Iterator[tuple[int, str]]:
    begins = True  # a line of the paragraph
    for child in token.children or ():
        if child.type == "slip":
            yield line, child.meta["message"]
        elif child.type == "image":
            yield line, _NO_PICTURE.format(child.attrs.get("src") or child.content)
        elif child.type == "text":
            for message in _loose(child.content, begins):
                yield line, message
        line += _lines_in(child)
        begins = child.type in ("softbreak", "hardbreak") and child.markup != BREAK


def _lines_in(child: Token) -> int:
    if child.type in ("gone", "slip") or child.markup == BREAK:
        return int(child.meta.get("lines", 0))
    return int(child.type in ("softbreak", "hardbreak"))


def _loose(text: str, begins: bool) -> Iterator[str]:
    """What is wrong with text between marks; `begins` if a line begins with it."""
    for note in _LOOSE_NOTE.findall(text):
        yield f"The note {note} is missing. Write it on a line that begins with {note}:"
    pictures = _LOOSE_PICTURE.findall(text)
    for picture in pictures:
        yield _NO_PICTURE.format(picture or "without a name")
    if "](" in text and not pictures:
        yield "A link here does not work. It must begin with https://, /, #, mailto: or tel:."
    for match in _LOOSE_LINK.finditer(text):
        words, label = match["words"] or "", match["end"] if match["end"] is not None else match["label"]
        if not (words.isdigit() and label.isdigit()):
            yield f"The address of this link is missing. Write it on a line such as [{label or words}]: https://…"
    if begins and _LOOSE_TARGET.match(text):
        yield "The address on this line does not work. It must begin with https://, /, #, mailto: or tel:."
    if begins and text.startswith(": "):
        yield "Lists of terms do not work here. Write a list of lines such as - **term**: meaning."


def _draw_box(token: Token) -> None:
    """`[ ]` and `[x]` at the beginning of a list's item."""
    first = next(iter(token.children or ()), None)
    if first is not None and first.type == "text" and first.content[:4] in BOXES:
        first.content = BOXES[first.content[:4]] + first.content[4:]


def _holds_something(children: Tokens) -> bool:
    blank = ("gone", "slip", "softbreak", "hardbreak")
    return not children or any(c.type not in blank and (c.type != "text" or c.content.strip()) for c in children)
