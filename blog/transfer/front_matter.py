"""YAML as people type it: every value is the text that stands there, and nothing of it is lost unsaid.

YAML itself turns 1:30 into 90 and 007 into 7, lets a second `title` replace the first, and drops what follows " #".
Here no value has a type: who asks for a date or a yes reads it from the text. What would lose something is a slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from blog.libraries import later
from blog.posts.document import Path as FieldPath

if TYPE_CHECKING:
    import yaml
else:
    yaml = later("yaml")

MAX_CHARS = 100_000
MAX_DEPTH = 12  # lists and groups inside each other
LINE_ENDS = str.maketrans(dict.fromkeys("\x85\u2028\u2029", " "))  # YAML would count them as lines; no editor does

_DOTS = re.compile(r"^\.\.\.(?=\s|\Z)", re.MULTILINE)
_QUOTE = "put the value in quotes"
_PROBLEMS = (
    ("mapping values are not allowed", f"has a second colon: {_QUOTE}"),
    ("could not find expected ':'", "is no “field: value”; perhaps the closing line --- is missing above it"),
    (
        "cannot start any token",
        f"begins with a sign that YAML keeps for itself, or with a tab: indent with blanks, or {_QUOTE}",
    ),
    ("end of stream", "holds a quote or bracket that is never closed"),
    ("document separator", "holds a quote or bracket that is never closed"),
    ("expected <block end>", f"does not fit the lines above: check how far it is indented, or {_QUOTE}"),
    ("chomping or indentation", f"begins with | or > and goes on in the same line: {_QUOTE}"),
    ("expected a comment or a line break", f"begins with | or > and goes on in the same line: {_QUOTE}"),
    ("expected alphabetic or numeric", f"begins with a sign that YAML keeps for itself: {_QUOTE}"),
    ("sequence entries are not allowed", f"begins with a hyphen: {_QUOTE}"),
    ("expected ',' or", "holds a bracket that is never closed, or a comma is missing in it"),
    ("unknown escape", "holds a backslash inside double quotes: use single quotes"),
    ("escape sequence", "holds a backslash inside double quotes: use single quotes"),
)


class YamlError(ValueError):
    """What cannot be read; `slips` are (line, message), in the order of the lines."""

    def __init__(self, slips: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(message for _, message in slips))
        self.slips = slips


def read(text: str, first_line: int) -> tuple[Any, dict[FieldPath, int]]:
    """Groups, lists and texts, None where nothing stands; and the line of the file on which each of them begins.

    `first_line` is the line of the file on which `text` begins. Raises YamlError with every slip.
    """
    text = text.translate(LINE_ENDS)
    if len(text) > MAX_CHARS:
        raise YamlError([(first_line, f"is longer than {MAX_CHARS} characters; perhaps the closing --- is missing")])
    if dots := _DOTS.search(text):
        line = text.count("\n", 0, dots.start())
        raise YamlError(
            [(line + first_line, "three dots end the YAML too early: delete them, and close with a line ---")]
        )
    try:
        slips = list(_refused(text)) or list(_cut(text))
        node = None if slips else yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError([((mark.line if mark else 0) + first_line, _plainly(error.problem or ""))]) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position)
        raise YamlError([(line + first_line, "holds a control character")]) from error
    reader = _Reader(first_line)
    data = reader.value(node, ()) if node else None
    if slips or reader.slips:
        raise YamlError(sorted((line + first_line, message) for line, message in slips) or reader.slips)
    return data, reader.lines


class _Reader:
    """Makes plain data of the nodes of a YAML text."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.lines: dict[FieldPath, int] = {}
        self.slips: list[tuple[int, str]] = []

    def value(self, node: yaml.Node, at: FieldPath) -> Any:
        self.lines.setdefault(at, self._line(node))
        if isinstance(node, yaml.MappingNode):
            return self._group(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*at, index)) for index, item in enumerate(node.value)]
        text = str(node.value)
        if any("\ud800" <= c <= "\udfff" or c == "\0" for c in text):
            self.slips.append((self._line(node), "holds an escape that stands for no character"))
        return (
            text if text or getattr(node, "style", None) else None
        )  # quotes with nothing between them are an empty text

    def _group(self, node: yaml.MappingNode, at: FieldPath) -> dict[str, Any]:
        group: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or not key.value.strip():
                self.slips.append((self._line(key), "has no name before its colon"))
                continue
            name = key.value.strip()
            if name in group:
                first = self.lines[(*at, name)]
                self.slips.append(
                    (self._line(key), f"“{name}” stands here a second time; the first is in line {first}")
                )
                continue
            self.lines[(*at, name)] = self._line(key)
            group[name] = self.value(value, (*at, name))
        return group

    def _line(self, node: yaml.Node) -> int:
        return (node.start_mark.line if node.start_mark else 0) + self.first_line


def _refused(text: str) -> Iterator[tuple[int, str]]:
    """What no front matter needs: anchors and copies (with which ten lines can mean gigabytes), types, depth."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        line = event.start_mark.line if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            yield line, f"begins with *, which copies another value in YAML: {_QUOTE}"
        elif getattr(event, "anchor", None):
            yield line, f"begins with &, which names a value in YAML: {_QUOTE}"
        elif getattr(event, "tag", None):
            yield line, f"begins with !, which names a type in YAML: {_QUOTE}"
        elif isinstance(event, yaml.DocumentStartEvent) and (event.explicit or event.version or event.tags):
            yield line, "begins a second YAML text: delete this line"
        elif isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]:
            yield line, "“<<” takes over another group in YAML: write out its fields"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            yield line, f"lists and groups go deeper than {MAX_DEPTH}"
            return


def _cut(text: str) -> Iterator[tuple[int, str]]:
    """Comments that may be meant as text: behind a value, or among its lines."""
    end = 0
    value: yaml.Token | None = None
    before: yaml.Token | None = None
    for token in yaml.scan(text, Loader=yaml.BaseLoader):
        gap = text[end : token.start_mark.index]
        for match in re.finditer(r"#[^\n]*", gap) if "#" in gap else ():
            at = end + match.start()
            begin = text.rfind("\n", 0, at) + 1
            is_alone = not text[begin:at].strip()
            if is_alone and not (value and at - begin > _indent(text, value)):
                continue
            yield (
                text.count("\n", 0, at),
                f"everything from “ #” on would be lost: {_QUOTE}, or the comment on a line of its own",
            )
            break
        if token.end_mark.index > end:
            end = token.end_mark.index
        begins = isinstance(before, yaml.ValueToken | yaml.BlockEntryToken)
        is_plain = isinstance(token, yaml.ScalarToken) and token.plain and begins
        if is_plain:
            value = token
        elif not isinstance(token, yaml.BlockEndToken):
            value = None
        before = token


def _indent(text: str, token: yaml.Token) -> int:
    """How far the line is indented on which a token begins."""
    line = text[text.rfind("\n", 0, token.start_mark.index) + 1 :]
    return len(line) - len(line.lstrip(" "))


def _plainly(problem: str) -> str:
    """What PyYAML says, as an author would."""
    return next((words for part, words in _PROBLEMS if part in problem), f"is not YAML here ({problem}): {_QUOTE}")
