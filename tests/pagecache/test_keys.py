"""Keys of pages are made in blog/pagecache/keys.py, and nowhere typed by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from blog.pagecache import keys
from tools import house

SPOKEN = {"shows", "changed", "changes", "remembered"}  # what takes keys
TYPED = re.compile(r"(post|comments|list|person|entry|page):$")


def typed_by_hand(tree: ast.Module) -> Iterator[int]:
    """The lines where a key is spelled: in what is handed to these functions, or as an f-string that looks like one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPOKEN:
            said = [*node.args, *(keyword.value for keyword in node.keywords)]
            inner = (part for argument in said for part in ast.walk(argument))
            yield from (part.lineno for part in inner if isinstance(part, ast.Constant) and isinstance(part.value, str))
        elif isinstance(node, ast.JoinedStr) and TYPED.match(str(getattr(node.values[0], "value", ""))):
            yield node.lineno


def test_no_key_is_typed_by_hand():
    """Two spellings of one key would leave an old page standing, and no test of one view alone could see it."""
    found = [
        f"{name}:{line}"
        for name, tree in house.modules().items()
        if name != "blog.pagecache.keys"
        for line in typed_by_hand(tree)
    ]

    assert [] == found


@pytest.mark.parametrize(
    "code",
    [
        'shows("list")',
        'changed(f"post:{number}")',
        'changes(Post.slug, lambda post: (keys.LIST, "comments"))',
        'remembered(["site"], read)',
        'key = f"comments:{post.id}"',
    ],
)
def test_a_typed_key_is_seen(code):
    """Wherever it hides."""
    assert [1] == list(dict.fromkeys(typed_by_hand(ast.parse(code))))


@pytest.mark.parametrize(
    "code", ["shows(keys.LIST, keys.post(post.id))", 'url = f"/posts/{slug}"', 'label = f"{len(comments)} comments:"']
)
def test_other_words_are_left_alone(code):
    """Made keys and strings that only resemble one pass."""
    assert [] == list(typed_by_hand(ast.parse(code)))


def test_keys_differ():
    """No two things share a name."""
    made = [
        keys.SITE,
        keys.LIST,
        keys.SCHEDULE,
        keys.COMMENTS,
        keys.ENTRIES,
        keys.PAGES,
        keys.post(1),
        keys.comments_of(1),
        keys.listed_under(keys.TAG, "one"),
        keys.listed_under(keys.PERSON, "one"),
        keys.person("one"),
        keys.entry("muscle", "one"),
        keys.page("one"),
    ]

    assert len(made) == len(set(made))
