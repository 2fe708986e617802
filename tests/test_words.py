"""Words that were struck off do not come back, wherever people read them."""

from __future__ import annotations

import ast
import re

import pytest

from blog.config import ROOT
from tools import house

STRUCK = (
    "start page",
    "Before you try anything",
    "fairly sure",
    "rather unsure",
    "surest first",
    "turned down",
    "picture in words",
    "slip in it",
    "you may leave it empty",
    "Write to me when",
    "all the same</button>",
    "Send it all the same",
    "only key to",
    "decide nothing",
    "words masked",
    "Make the account",
    "No password, or forgotten",
    "runs by itself",
    "Play the film",
    "How everything looks",
    "Skip to the text",
    "Plain articles about muscles",
    "Mails about this comment",
    "Articles of {{",
)
READ = {".html", ".txt", ".xml", ".js"}


def spoken(tree: ast.Module) -> str:
    """The texts in a module that people may read: its strings without the docstrings."""
    docs = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in docs)
    return "\n".join(node.value for node in strings if isinstance(node.value, str))


@pytest.fixture(scope="module")
def texts():
    """What the site may say: each file with its white space folded, so that a line break hides nothing."""
    files = [path for place in ("templates", "static/js") for path in (ROOT / place).rglob("*") if path.suffix in READ]
    found = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}
    found |= {name: spoken(tree) for name, tree in house.modules().items()}
    return {name: re.sub(r"\s+", " ", text) for name, text in found.items()}


@pytest.mark.parametrize("words", STRUCK)
def test_do_not_come_back(texts, words):
    assert [] == [path for path, text in texts.items() if words in text]
