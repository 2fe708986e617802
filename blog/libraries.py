"""Libraries that cost time and memory in every process, and are needed in few: loaded at first use, or left out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


class _Later:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


def later(name: str) -> Any:
    """A module that is loaded when something of it is first asked for.

    Type checkers see it by an import under TYPE_CHECKING, and so does whoever reads who imports whom. A test names
    what a site at rest must not have loaded (tests/test_libraries.py).
    """
    return _Later(name)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Meanwhile libraries are imported as if `names`, which they can do without, were not installed."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None stands for "cannot be imported"
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with without("psycopg", "redis"):  # for queues in PostgreSQL and Redis; ours is in SQLite
    import_module("huey")
# For passkeys as Flask-Security offers them, where ours are in blog/accounts/passkeys.py; and for ciphers, which
# passlib needs for authenticator apps alone, and gets then (blog/accounts/factors.py).
with without("webauthn", "cryptography"):
    import_module("flask_security")
