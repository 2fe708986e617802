"""Lines of an article that place what Markdown has no sign for: `::figure ID`, `::video`, `:::note Title` … `:::`."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.rules_block import StateBlock

from blog.text.characters import clean_line
from blog.text.markdown import line_of
from blog.text.plain import excerpt

CALLOUTS = {"note": "Note", "care": "Take care"}
LABEL_MAX_CHARS = 80

_LEAF = re.compile(r"::([A-Za-z][\w-]*)(?:[ \t]+(.*))?\Z")
_CALLOUT = re.compile(r":::+[ \t]*([A-Za-z][\w-]*)(?:[ \t]+(.*))?\Z")
_CALLOUT_END = re.compile(r":::+[ \t]*\Z")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_FIGURE_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


def directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`::figure ID`, `::video`, and `:::note Title` … `:::`, each on a line of its own."""
    line = line_of(state, start)
    if not line.startswith("::") or state.is_code_block(start):
        return False
    for pattern, rule in _DIRECTIVES:
        match = pattern.match(line)
        if match:
            if not silent:
                state.line = start + 1
                rule(state, start, end, match)
            return True
    if line.startswith(":::"):
        if not silent:
            state.line = start + 1
            message = "A call-out begins with its kind and perhaps a title, such as :::note or :::care Stop."
            state.env["problems"].append((start + 1, message))
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
        "aria-label": label(f"{CALLOUTS[kind]}: {title}" if title else CALLOUTS[kind]),
    }
    heading = state.push("callout_title", "", 0)
    heading.content = title or CALLOUTS[kind]
    heading.map = [start, start + 1]
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
        line = line_of(state, number)
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


def label(text: str) -> str:
    return excerpt(clean_line(text), LABEL_MAX_CHARS)
