"""A text of one piece is divided where self-help begins: what stands above the warning signs, and what below."""

from __future__ import annotations

from dataclasses import dataclass

from blog.posts.self_help import can_divide, first_self_help
from blog.text.characters import clean_markdown
from blog.text.outline import Outline

BLANK_LINES = 2  # in a row; a text keeps no more


@dataclass(frozen=True)
class Half:
    """A part of a text, and the line of the file on which each of its lines stands."""

    text: str
    lines: tuple[int, ...]

    def line(self, number: int) -> int:
        """The line of the file for line `number` of the part, from 1."""
        if not self.lines:
            return 1
        return self.lines[min(max(number, 1), len(self.lines)) - 1]


Numbered = list[tuple[int, str]]


def halves(body: str, first_line: int) -> tuple[Half, Half]:
    """The text above the warning signs and the text below, each with the notes and addresses it refers to.

    `first_line` is the line of the file on which `body` begins. Self-help that cannot be divided off, such as a
    heading inside a list, stays where it is: an article is refused for it.
    """
    typed = [(n, part) for n, raw in enumerate(body.split("\n")) for part in clean_markdown(raw).split("\n")]
    lines = [line for _, line in typed]
    outline = Outline.of("\n".join(lines))
    begin = first_self_help(outline)
    start = begin.line if begin and can_divide(begin) else len(lines) + 1
    apart = {number for definition in outline.definitions for number in definition.lines}
    upper: Numbered = [(n, "" if n in apart else line) for n, line in enumerate(lines, 1) if n < start]
    lower: Numbered = [(n, "" if n in apart else line) for n, line in enumerate(lines, 1) if n >= start]
    texts = [(d.label, [(n, lines[n - 1]) for n in d.lines]) for d in outline.definitions]
    below = _used(lower, texts) if lower else []
    above = _used(upper, texts)
    above += [definition for definition in texts if definition not in above and definition not in below]
    at = [first_line + number for number, _ in typed]
    return _half(upper, above, at), _half(lower, below, at)


def _used(part: Numbered, definitions: list[tuple[str, Numbered]]) -> list[tuple[str, Numbered]]:
    """The definitions that a part refers to, or that one of these refers to."""
    said = "\n".join(line for _, line in part).casefold()
    used: list[tuple[str, Numbered]] = []
    while found := [d for d in definitions if d not in used and d[0].casefold() in said]:
        used += found
        said += "\n".join(line for _, lines in found for _, line in lines).casefold()
    return [definition for definition in definitions if definition in used]


def _half(part: Numbered, definitions: list[tuple[str, Numbered]], at: list[int]) -> Half:
    """The part and its definitions as one text; `at` is the line of the file for each line of the whole text."""
    kept: Numbered = []
    for number, line in [*part, *((n, line) for _, lines in definitions for n, line in [(lines[0][0], ""), *lines])]:
        if line or (kept and any(before for _, before in kept[-BLANK_LINES:])):
            kept.append((number, line))
    while kept and not kept[-1][1]:
        kept.pop()
    return Half("\n".join(line for _, line in kept), tuple(at[number - 1] for number, _ in kept))
