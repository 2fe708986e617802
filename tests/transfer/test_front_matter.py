"""Front matter is read as it stands; what YAML would change, copy or drop is a slip with its line."""

from __future__ import annotations

import pytest

from blog.transfer import front_matter
from blog.transfer.front_matter import YamlError

QUOTE = "put the value in quotes"


def read(text):
    return front_matter.read(text, first_line=2)[0]


def slips(text):
    with pytest.raises(YamlError) as caught:
        read(text)
    return caught.value.slips


class TestValues:
    @pytest.mark.parametrize(
        "typed",
        [
            *("1:30", "10:00", "12:30:45", "3.10", "007", "0123", "0x1F", "0o17", "0b11", "1e3", ".5", "1_000", "+1"),
            *("yes", "no", "on", "off", "true", "null", "~", "Null", ".inf", ".NaN", "2026-05-04", "2026-05-04 09:00"),
            *("=", "C#", "http://example.org/#x", "a#b"),
        ],
    )
    def test_are_what_was_typed(self, typed):
        """No value turns into a number, a date or nothing, alone, in a list or deeper."""
        text = f"dose: {typed}\nlist: [{typed}]\nmore:\n  - deep: {typed}\n"

        assert {"dose": typed, "list": [typed], "more": [{"deep": typed}]} == read(text)

    def test_that_are_not_there_are_none(self):
        """A field without a value is left out; quotes with nothing between them are a text."""
        assert {"a": None, "b": ""} == read("a:\nb: ''\n")

    def test_keep_the_signs_that_quotes_protect(self):
        """Quotes, and texts of several lines, hold what would be a slip elsewhere."""
        text = "a: 'Part #1: *x*'\nb: |\n  # 1\n\n  ---\n   x # y\nc: >\n  &x\n"

        assert {"a": "Part #1: *x*", "b": "# 1\n\n---\n x # y\n", "c": "&x\n"} == read(text)

    def test_may_have_comments_on_lines_of_their_own(self):
        """Such lines take nothing from any value."""
        text = "# one\na: x\n# two\ntags:\n  # three\n  - b\n  # four\n  - c\nsafety:\n    # five\n    d: e\n# six"

        assert {"a": "x", "tags": ["b", "c"], "safety": {"d": "e"}} == read(text)

    def test_stand_on_lines(self):
        """Each part knows its line of the file."""
        _, lines = front_matter.read("a: x\nb:\n  - c\n  - d: e\n", first_line=2)

        assert {("a",): 2, ("b",): 3, ("b", 0): 4, ("b", 1, "d"): 5} == {
            path: line for path, line in lines.items() if path and path != ("b", 1)
        }


class TestSlips:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("a: x\nb: y\na: z", 4),
            ("b:\n  a: x\n  a: x", 4),
            ("b:\n  - a: x\n    c: y\n    a: z", 5),
            ("b: {a: x, a: y}", 2),
            ("a: x\n'a': y", 3),
        ],
    )
    def test_tell_doubled_names(self, text, line):
        """At every depth, with the line of the second and of the first."""
        assert [(line, True)] == [
            (at, "“a” stands here a second time; the first is in line" in m) for at, m in slips(text)
        ]

    def test_take_the_same_name_in_two_groups(self):
        """Two records of a list have the same fields."""
        assert {"a": [{"b": "1"}, {"b": "2"}]} == read("a:\n  - b: 1\n  - b: 2\n")

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("title: Neck #1 pain", 2),
            ("title: #1 pain", 2),
            ("a: x\ntags: [b, c] # d", 3),
            ("a: 'x' # y", 2),
            ("tags:\n  - b # c", 3),
            ("- #1", 2),
            ("a: x\n  #1 y", 3),
            ("a: x\n\n    # y\nb: z", 4),
            ("a:\n  b: x\n    # y", 4),
        ],
    )
    def test_tell_what_a_number_sign_cuts_off(self, text, line):
        """Behind a value, and among its lines."""
        assert [(line, True)] == [(at, message.startswith("everything from “ #” on")) for at, message in slips(text)]

    @pytest.mark.parametrize(
        ("text", "line", "said"),
        [
            ("a: &b c", 2, "begins with &"),
            ("&a b: c", 2, "begins with &"),
            ("a: &b\nc: *b", 2, "begins with &"),
            ("a: b\nc: *b", 3, "begins with *"),
            ("a: *b* c", 2, "begins with a sign"),
            ("a: !!python/object/apply:os.system [ls]", 2, "begins with !"),
            ("a: !!binary eA==", 2, "begins with !"),
            ("a: !important", 2, "begins with !"),
            ("a: b\n<<: c", 3, "“<<” takes over another group"),
            ("a: {<<: b}", 2, "“<<” takes over another group"),
            ("%YAML 1.1\n---\na: b", 2, ""),
            ("a: b\n--- c", 3, "begins a second YAML text"),
            ("a: b\n...\nc: d", 3, "three dots end the YAML too early"),
            ("a: " + "[" * 13, 2, "lists and groups go deeper than 12"),
            ("a: " + "[" * 50_000, 2, "lists and groups go deeper than 12"),
            ("a:\n  " + "- " * 13 + "b", 3, "lists and groups go deeper than 12"),
            ("a: " + "x" * 100_000, 2, "is longer than 100000 characters"),
            ("a: b\n\tc: d", 3, "begins with a sign that YAML keeps for itself, or with a tab"),
            ("a: b\nc: Pain: what helps", 3, f"has a second colon: {QUOTE}"),
            ("a: 'b", 2, "holds a quote or bracket that is never closed"),
            ("a: [b", 2, "holds a bracket that is never closed"),
            ("a: @b", 2, "begins with a sign"),
            ("a: `b`", 2, "begins with a sign"),
            ("a: %b", 2, "begins with a sign"),
            ("a: > b", 2, "begins with | or > and goes on in the same line"),
            ("a: - b", 2, "begins with a hyphen"),
            ('a: "b" c', 2, "does not fit the lines above"),
            ('a: "\\q"', 2, "holds a backslash inside double quotes"),
            ('a: "\\ud800"', 2, "holds an escape that stands for no character"),
            ('a: "\\0"', 2, "holds an escape that stands for no character"),
            ("a: b\nc: \x01", 3, "holds a control character"),
            ("? [a]\n: b", 2, "has no name before its colon"),
            ("a: b\nc d\ne: f", 4, ""),
        ],
    )
    def test_tell_what_is_not_plain(self, text, line, said):
        """Copies, types, merges, second texts, depth and broken signs, each with its line and what to do."""
        assert [(line, True)] == [(at, message.startswith(said)) for at, message in slips(text)][:1]

    def test_end_a_bomb_at_once(self):
        """Ten lines of copies, which would be a billion words, are ten slips."""
        text = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))

        assert {True} == {message.startswith(("begins with &", "begins with *")) for _, message in slips(text)}

    @pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
    def test_do_not_come_from_ends_of_lines_that_no_editor_shows(self, end):
        """YAML would end a value there."""
        assert {"a": "b c", "d": "e"} == read(f"a: b{end}c\nd: e")
