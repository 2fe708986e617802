"""`pytest --quick`, for `make check`: the tests that need no site, and those of the rooms that were changed.

A room is the first folder of a path: a change to `blog/comments/`, `templates/desk/` or `tests/mail/` brings the tests
of `tests/comments/`, `tests/desk/` or `tests/mail/`. Looked at is what is not committed; when nothing is, what the last
commit changed. Everything runs with `make test`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePath

import pytest

ROOT = Path(__file__).resolve().parent.parent
SITE = {"app", "database_url", "live_site", "postgres", "server", "tmp_path"}  # fixtures of tests that make a site


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="only tests without a site, and those of changed rooms")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("quick"):
        return
    files = changed()
    quick, others = [], []
    for item in items:
        needs_site = SITE.intersection(getattr(item, "fixturenames", ()))
        (others if needs_site and not is_about(item.nodeid.partition("::")[0], files) else quick).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = quick


def is_about(test_file: str, files: Iterable[str]) -> bool:
    """Whether a file of tests was changed itself, or stands in the room of one that was."""
    room = PurePath(test_file).parts[1]
    return any(file == test_file or _room(file) == room for file in files)


def _room(file: str) -> str:
    parts = PurePath(file).parts
    return parts[1] if len(parts) > 2 and parts[0] in ("blog", "templates", "static", "tests") else ""


def changed() -> list[str]:
    """Files that differ from the last commit, new ones included; if none do, those of that commit."""
    return _git("ls-files", "--modified", "--others", "--exclude-standard") or _git("show", "--name-only", "--format=")


def _git(*words: str) -> list[str]:
    said = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.splitlines()
