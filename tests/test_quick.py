"""`make check` leaves out no test of what was changed."""

from __future__ import annotations

import pytest

from tests.quick import is_about


@pytest.mark.parametrize(
    "changed", ["blog/comments/models.py", "templates/comments/_list.html", "tests/comments/test_index.py"]
)
def test_a_change_brings_the_tests_of_its_room(changed: str):
    assert is_about("tests/comments/test_models.py", [changed])


def test_a_changed_file_of_tests_is_run_itself():
    assert is_about("tests/test_guards.py", ["tests/test_guards.py"])


@pytest.mark.parametrize("changed", ["blog/mail/models.py", "blog/clock.py", "docs/comments/notes.md"])
def test_a_change_elsewhere_brings_none(changed: str):
    assert not is_about("tests/comments/test_models.py", [changed])
