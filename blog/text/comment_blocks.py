"""Quotes, lists and code blocks in readers' comments: where Markdown would eat a sign that was meant, it is text.

`>`, `-` and `+` before a number are signs ("> 90 degrees hurts", "- 5 °C"). A list has two items, none of them empty,
and its numbers count up by one from the first, so that those shown are those typed. Quotes and lists end where
their lines end: what follows without a mark is the writer's own again. A code block must be closed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import rules_block
from markdown_it.rules_block import StateBlock

from blog.text.markdown import BlockRule, line_of

_SIGNS_OF_NUMBERS = "-+−±~≈<>=≤≥$€£¥#.,( "
_QUOTE = re.compile(r"(?:> ?)*>(?P<space> *)(?P<words>.*)")
_GOES_ON = re.compile(r">(?:[ >]|$|[^\W\d_]|[\"“„«'‘\[])")
_STARTS_TIGHT = frozenset("\"“„«'‘[")
_ITEM = re.compile(r"(?:(?P<bullet>[-+*])|(?P<number>0|[1-9][0-9]{0,8})(?P<end>[.)]))(?P<space> +)(?P<words>.*)")
_FENCE = re.compile(r"(?P<ticks>`{3,}) *(?P<info>[^`]*)")
_LANGUAGE = re.compile(r"[A-Za-z]*")


def quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`> words`, as far as lines begin with `>`. A block whose first line is no quote stays text as a whole."""
    text: set[int] = state.env.setdefault("no quotes", set())  # offsets of marks
    last = start
    while last < end and _offset(state, last) not in text and _goes_on(state, last):
        last += 1
    if last == start:
        return False
    if not _is_quote(line_of(state, start)):
        text.update(_offset(state, number) for number in range(start, last))
        return False
    return _until(last, rules_block.blockquote, state, start, silent)


def _goes_on(state: StateBlock, number: int) -> bool:
    return _is_inside(state, number) and _GOES_ON.match(line_of(state, number)) is not None


def _is_quote(line: str) -> bool:
    match = _QUOTE.match(line)
    if match is None or _is_number(match["words"]) or not _says_something(match["words"]):
        return False
    return bool(match["space"]) or match["words"][0] in _STARTS_TIGHT or match["words"][0].isalpha()


class _Item(NamedTuple):
    offset: int  # of its mark, in the whole text
    match: re.Match[str]


def listing(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`- words` or `1. words` at least twice. A block of lines that is no list stays text as a whole."""
    ends: dict[int, int] = state.env.setdefault("lists", {})  # offset of a mark → line after its list, 0 if none
    at = _offset(state, start)
    if at not in ends:
        items, last = _items(state, start, end)
        last = last if _is_list(items) else 0
        ends.update((item.offset, last) for item in items)
    last = ends.get(at, 0)
    return last > 0 and _until(last, rules_block.list_block, state, start, silent)


def _items(state: StateBlock, start: int, end: int) -> tuple[list[_Item], int]:
    """The lines from `start` that are marked alike, each with what is indented below it; the line after the last."""
    items: list[_Item] = []
    indent = last = 0
    for number in range(start, end):
        if state.isEmpty(number):
            continue
        if items and state.sCount[number] >= indent:
            last = number + 1
            continue
        match = _ITEM.match(line_of(state, number))
        if match is None or state.sCount[number] < (state.blkIndent if items else 0):
            break
        if items and (match["bullet"], match["end"]) != (items[0].match["bullet"], items[0].match["end"]):
            break
        items.append(_Item(_offset(state, number), match))
        spaces = len(match["space"])
        indent = state.sCount[number] + match.start("space") + (spaces if spaces <= 4 else 1)
        last = number + 1
    return items, last


def _is_list(items: list[_Item]) -> bool:
    matches = [item.match for item in items]
    if len(matches) < 2 or not all(_says_something(match["words"]) for match in matches):
        return False
    if matches[0]["number"]:
        first = int(matches[0]["number"])
        return [int(match["number"]) for match in matches] == list(range(first, first + len(matches)))
    return matches[0]["bullet"] == "*" or not any(_is_number(match["words"]) for match in matches)


def code(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines between ``` and ```. Only the name of a language goes; another word behind the ticks is the first line."""
    match = _FENCE.fullmatch(line_of(state, start))
    if match is None:
        return False
    close = next(_closing(state, start, end, match["ticks"]), None)
    if close is None:
        return False
    content = state.getLines(start + 1, close, state.sCount[start], True)
    info = match["info"].strip()
    if not _LANGUAGE.fullmatch(info):
        content = f"{info}\n{content}"
    if not content.strip():
        return False
    if not silent:
        token = state.push("fence", "code", 0)
        token.content = content
        token.map = [start, close + 1]
        state.line = close + 1
    return True


def _closing(state: StateBlock, start: int, end: int, ticks: str) -> Iterator[int]:
    for number in range(start + 1, end):
        if not _is_inside(state, number) and not state.isEmpty(number):
            return
        line = line_of(state, number)
        if line.startswith(ticks) and not line.strip("`"):
            yield number


def _until(last: int, rule: BlockRule, state: StateBlock, start: int, silent: bool) -> bool:
    """`rule` for the lines before `last`. A paragraph reads on to `lineMax`, whatever end it is given."""
    lines, state.lineMax = state.lineMax, last
    try:
        return rule(state, start, last, silent)
    finally:
        state.lineMax = lines


def _offset(state: StateBlock, number: int) -> int:
    return int(state.bMarks[number] + state.tShift[number])


def _is_inside(state: StateBlock, number: int) -> bool:
    return bool(state.sCount[number] >= state.blkIndent)


def _is_number(words: str) -> bool:
    """Whether a number stands first, perhaps with signs before it: "5 °C", "−5", ".5", "~5", "½"."""
    first = words.lstrip(_SIGNS_OF_NUMBERS)[:1]
    return first != "" and unicodedata.category(first)[0] == "N"


def _says_something(words: str) -> bool:
    """Whether a letter, a number or a picture is in it: "* * *" and ":-(" are signs alone."""
    return any(sign.isalnum() or unicodedata.category(sign) == "So" for sign in words)
