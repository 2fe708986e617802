"""For tables of revisions: rows that are only added to (`append_only`), and what a revision's digest is made of."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper

from blog.checksums import Summed
from blog.database import Base


class AppendOnlyError(RuntimeError):
    """Code tried to change or delete a row that is kept as it was written."""


def append_only(*, may_change: frozenset[str] = frozenset()) -> Any:
    """Class decorator: rows are never deleted, and only the columns in `may_change` (for erasing) ever change."""

    def decorate(model: type[Base]) -> type[Base]:
        @event.listens_for(model, "before_update")
        def refuse_update(mapper: Mapper[Any], connection: Any, row: Any) -> None:
            changed = {
                attribute.key
                for attribute in inspect(row).attrs
                if attribute.history.has_changes() and attribute.key in mapper.columns
            }
            if changed - may_change:
                raise AppendOnlyError(f"{model.__name__} keeps {', '.join(sorted(changed - may_change))}")
            if changed and isinstance(row, Summed) and not row.is_whole():
                raise AppendOnlyError(f"{model.__name__} was changed past its verbs: its checksum is of something else")

        @event.listens_for(model, "before_delete")
        def refuse_delete(mapper: Mapper[Any], connection: Any, row: Any) -> None:
            raise AppendOnlyError(f"{model.__name__} rows are never deleted")

        return model

    return decorate


def digest(value: object) -> str:
    """SHA-256 over the canonical JSON of `value`, in hex: equal content, equal digest."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
