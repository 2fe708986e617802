"""Emphasis, code and links in readers' comments: where Markdown would eat a sign that was meant, it is text.

A mark opens only where a word begins and closes only where one ends, so `3*10`, `snake_case`, `5*5*5`, `can`t`,
`^_^` and addresses stay as typed. There are no backslashes that hide a sign, no pictures and no titles of links.
"""

from __future__ import annotations

import re
import unicodedata

from markdown_it import rules_inline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

LONGEST_MARK = 3  # more stars or lines in a row are a drawing
LOOKS_FAR = 8  # signs between a mark and its word, on either side

_OPENING = frozenset("([{\"'“„‚‘«‹¿¡–—-*_`")
_CLOSING = frozenset(".,;:!?…)]}\"'”’»›–—-/*_`%。，、！？」』）")
_JOINS = frozenset("-–—/’'")  # after these a word may go on: "*self*-help", "*psoas*'s"
_ENDS_WORD = frozenset(".,!?…)]}\"'”’»›%°*_`。，、！？」』）")
_ALSO_ENDS = frozenset(":;-")  # after a letter: "*Note:*"; after a blank these are faces, ":*"
_BACKTICKS = re.compile("`+")
_PLAIN_LINK = re.compile(r"\[[^\]]*\S.*\]\(\s*(?:<[^\s<>]+>|[^\s<>]+)\s*\)", re.DOTALL)
_ADDRESS = re.compile(r"://[^\s<>\[\]]*[^\s<>\[\].,;:!?…)}\"'”’»*_`]")


def emphasis(state: StateInline, silent: bool) -> bool:
    """`*word*` and `**word**`, also with `_`. Signs around or inside of numbers are multiplication."""
    if silent:
        return False
    mark, start = state.src[state.pos], state.pos
    end = start
    while end < state.posMax and state.src[end] == mark:
        end += 1
    length = end - start
    opens = length <= LONGEST_MARK and _opens(state, start, end)
    closes = length <= LONGEST_MARK and _closes(state, start, end)
    if not opens and not closes:
        state.append_pending(mark * length)
    else:
        for _ in range(length):
            state.push("text", "", 0).content = mark
            delimiter = Delimiter(ord(mark), length, len(state.tokens) - 1, end=-1, open=opens, close=closes)
            state.delimiters.append(delimiter)
    state.pos = end
    return True


def _opens(state: StateInline, start: int, end: int) -> bool:
    after = _without(state.src[end : min(end + LOOKS_FAR, state.posMax)], _OPENING)
    if not after or not _is_word(after[0]) or not _begins_word(state, start):
        return False
    return not (after[0].isnumeric() and state.src[:start].rstrip(" ")[-1:].isnumeric())


def _closes(state: StateInline, start: int, end: int) -> bool:
    before = state.src[max(start - 2, 0) : start]
    if not before or not _ends(before):
        return False
    behind = state.src[end : min(end + LOOKS_FAR, state.posMax)]
    after = _without(behind, _CLOSING)
    skipped = behind[: len(behind) - len(after)]
    if after and not after[0].isspace() and not (skipped and skipped[-1] in _JOINS):
        return False
    return not (before[-1].isnumeric() and _next_word(state, end)[:1].isnumeric())


def _ends(before: str) -> bool:
    last = before[-1]
    if last in _ALSO_ENDS:
        return len(before) > 1 and _is_word(before[0])
    return _is_word(last) or last in _ENDS_WORD or unicodedata.category(last) in ("So", "Sk")


def _begins_word(state: StateInline, start: int) -> bool:
    """Whether nothing but opening signs stands between `start` and the blank before it."""
    before = state.src[max(start - LOOKS_FAR, 0) : start]
    kept = before.rstrip("".join(_OPENING))
    return kept[-1:].isspace() or (not kept and start <= LOOKS_FAR)


def _next_word(state: StateInline, end: int) -> str:
    return state.src[end : min(end + LOOKS_FAR, state.posMax)].lstrip(" ")


def _without(text: str, signs: frozenset[str]) -> str:
    return text.lstrip("".join(signs))


def _is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"


def code(state: StateInline, silent: bool) -> bool:
    """`words` between backticks, not where they stand for an apostrophe or for minutes."""
    start = state.pos
    ticks = _BACKTICKS.match(state.src, start)
    if ticks is None:
        return False
    content, end = "", ticks.end()
    if _begins_word(state, start):
        for close in _BACKTICKS.finditer(state.src, ticks.end(), state.posMax):
            if len(close[0]) == len(ticks[0]):
                content, end = _code_between(state, ticks.end(), close)
                break
    if not silent and content:
        token = state.push("code_inline", "code", 0)
        token.content = content
    elif not silent:
        state.append_pending(ticks[0])
    state.pos = end if content else ticks.end()
    return True


def _code_between(state: StateInline, start: int, close: re.Match[str]) -> tuple[str, int]:
    """What stands between two runs of backticks, and where it ends; empty when they are no pair."""
    content = state.src[start : close.start()].replace("\n", " ")
    is_padded = content[:1] == content[-1:] == " "
    follows = state.src[close.end() : close.end() + 1]
    if not content.strip() or (follows and _is_word(follows)):
        return "", start
    if len(close[0]) == 1 and (content[0] == " " or content[-1] == " "):
        return "", start
    return (content[1:-1] if is_padded else content), close.end()


def link(state: StateInline, silent: bool) -> bool:
    """`[words](https://…)` with words, and without a title, which nobody would see."""
    start = state.pos
    if not rules_inline.link(state, True):
        return False
    end, state.pos = state.pos, start
    if not _PLAIN_LINK.fullmatch(state.src, start, end):
        return False
    if not silent:
        return rules_inline.link(state, False)
    state.pos = end
    return True


def address(state: StateInline, silent: bool) -> bool:
    """`https://…` as typed: no mark counts inside of it."""
    if not state.src[max(state.pos - 5, 0) : state.pos].lower().endswith(("http", "https")):
        return False
    match = _ADDRESS.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.append_pending(match[0])
    state.pos = match.end()
    return True
