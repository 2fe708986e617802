"""What people read is bound to a checksum, so that what a disk has made of it is noticed and never shown.

SQLite keeps no checksums of its own: random bytes inside a text are another text to it. These are CRC-32, as file
systems and archives have them: against accidents, and no signature, as whoever may write into the database may write
them, too. A page asks for fifty, so they must cost next to nothing.
"""

from __future__ import annotations

import json
import logging
import marshal
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol
from zlib import crc32

from sqlalchemy import String
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

PART_CHARS = 8
UNKNOWN = "a table"  # where only the value is known, not its row
DATA_KNOWN = 10_000  # plain data whose checksum is kept

Parts = Sequence[Sequence[str]]

_known: dict[int, str] = {}  # by a hash of the data, which is not kept itself

log = logging.getLogger("blog.checksums")


class Damaged(Exception):
    """What is stored is not what was written. Becomes 503."""

    def __init__(self, table: str, number: object) -> None:
        super().__init__(f"{table} {number}")
        self.table, self.number = table, number

    def note(self) -> None:
        """Have the log name the row."""
        log.error("damaged text not shown", extra={"table": self.table, "number": self.number})


class Summed:
    """For models: a row whose columns, by parts that are read together, have a checksum of what was written.

    It is made when the row is new. Afterwards `rewrite` alone, and erasing, make another one.
    """

    SUMMED: ClassVar[Parts]
    READ: ClassVar[int] = 0  # the part that everybody reads

    __tablename__: Any
    id: Any
    checksum: Mapped[str]

    def is_whole(self, *parts: int) -> bool:
        """Whether it says what was written: as far as these of its parts go, or all of it."""
        return all(is_whole(type(self), part, self) for part in parts or range(len(self.SUMMED)))

    def read_parts_are_whole(self) -> bool:
        """Whether those parts do of which every column has been read."""
        read, start = self.__dict__, -PART_CHARS
        for names in self.SUMMED:
            start += PART_CHARS
            values = [read.get(name, read) for name in names]
            if read not in values and not str(read["checksum"]).startswith(checksum(*values), start):
                return False
        return True

    def must_be_whole(self, *parts: int) -> None:
        """Raises Damaged where it is not whole."""
        if not self.is_whole(*parts):
            raise Damaged(self.__tablename__, self.id)

    def summed(self) -> str:
        """The checksum of what it says now."""
        return "".join(checksum(*(getattr(self, name) for name in names)) for names in self.SUMMED)

    @property
    def is_readable(self) -> bool:
        """Whether what everybody reads of it is what was written; the log names what is not."""
        return self._noted(self.is_whole(self.READ))

    @property
    def is_fit(self) -> bool:
        """Whether all that was read of it, as far as its parts go, is what was written; the log names what is not."""
        return self._noted(self.read_parts_are_whole())

    def rewrite(self, **columns: Any) -> None:
        """Have it say something else that was made from what was written, and only from that: raises Damaged."""
        self.must_be_whole()
        for name, value in columns.items():
            setattr(self, name, value)
        self.checksum = self.summed()

    def _noted(self, is_whole: bool) -> bool:
        if not is_whole:
            Damaged(self.__tablename__, self.id).note()
        return is_whole


class Columns(Protocol):
    """Columns of a `Summed`, under their names."""

    @property
    def checksum(self) -> str: ...


def is_whole(model: type[Summed], part: int, row: Columns) -> bool:
    """Whether this part of a row says what was written."""
    return str(row.checksum).startswith(
        checksum(*(getattr(row, name) for name in model.SUMMED[part])), part * PART_CHARS
    )


def checksum_column(parts: Parts) -> MappedColumn[str]:
    """The column of a `Summed`, made with each new row, however that is stored but by `Prepared`."""
    return mapped_column(
        String(PART_CHARS * len(parts)),
        default=lambda context: sums_of(parts, context.get_current_parameters()),
        server_default="",
    )


def sums_of(parts: Parts, row: Mapping[str, Any]) -> str:
    """The checksum of a row, given as its columns."""
    return "".join(checksum(*map(row.get, names)) for names in parts)


def checksum(*values: object) -> str:
    """Of texts, numbers and plain data, in this order. Nothing and an empty text are the same."""
    return joined_checksum("\0".join(map(_text, values)))


def joined_checksum(text: str) -> str:
    """Of what `checksum` joins, where there is no time to have it joined there."""
    return format(crc32(text.encode("utf-8", "surrogatepass")), "08x")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else _checksum_of_data(value)


def _checksum_of_data(value: object) -> str:
    """Of plain data in one way of writing it, whatever the order of its keys. Once, because that takes long."""
    known = hash(marshal.dumps(value, 2))  # type: ignore[arg-type]
    found = _known.get(known)
    if found is None:
        if len(_known) >= DATA_KNOWN:
            _known.clear()
        found = _known[known] = joined_checksum(
            json.dumps(value, sort_keys=True, separators=(",", ":"), default=repr)  # bytes, where there was a text
        )
    return found
