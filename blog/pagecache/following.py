"""What this machine's slots must be told because somebody else changed it, and until when they are known to say so.

On SQLite all writers are processes of this machine and write the slots themselves; only what one did not live to tell
is read from its rows. On PostgreSQL other machines write, too: each machine reads the rows that it has not seen, and
whoever has read them all knows that up to the beginning of its question nothing is missing. That is the proof under
which pages are given out, for less than a second. docs/decisions/0017-proof-on-many-machines.md says why it holds.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

from flask import Flask
from sqlalchemy import Row, select, text
from sqlalchemy.exc import SQLAlchemyError

from blog.database import begin_write, db, plain_read, plain_write
from blog.pagecache import keys
from blog.pagecache.changes import PageChange
from blog.pagecache.slots import ALWAYS, PROVEN_UNTIL, READ_UP_TO, Slots, boot_clock
from blog.prepared import at_rest, tell

SECOND = 1_000_000_000  # nanoseconds, as boot_clock counts
PROOF = 9 * SECOND // 10  # how long a proof holds: no page is older than this, and a second is promised
SETTLED_SECONDS = 1.0  # a little longer, for a page on its way to whom it was given
AWAY = 10 * SECOND  # without proof for so long: everything is dropped, whatever the rows say
MOST_KEYS = 2000  # told one by one; more of them at once drop everything
ROWS_KEPT = 120 * SECOND  # for machines that were away for a moment
ROWS_LOOKED_AT = 20 * SECOND  # between two deletions
DRAIN_BATCH = 500  # rows a transaction
ASK_AGAIN = SECOND // 4  # after a failure, so that a thousand readers do not ask a dead database a thousand times
WAIT_SECONDS = 2  # for another thread of this process that is asking

_NUMBER_BITS = 44  # of the mark, for a transaction's number; the rest tells one life of the database from the next

log = logging.getLogger("blog.pagecache")


class Following(Protocol):
    """How a machine hears of changes that others have made."""

    needs_proof: bool  # whether pages in memory are worth something only for a while
    pause_seconds: float  # between two calls of `follow` by the job worker

    def follow(self) -> int:
        """Tell the slots what is new; how many keys. The job worker calls it again and again."""

    def prove(self) -> bool:
        """Whether pages in memory may be given out; asks the database if nobody has for a while."""

    def settle(self) -> None:
        """Return when no machine gives out a page that was changed before this call."""


def of(app: Flask, slots: Slots) -> Following:
    """What fits the app's database."""
    is_shared = app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql")
    return ManyMachines(app, slots) if is_shared else OneMachine(app, slots)


class OneMachine:
    """SQLite: who changes something tells the slots itself. Rows are left by everybody, for those who died before."""

    needs_proof = False
    pause_seconds = 1.0

    def __init__(self, app: Flask, slots: Slots) -> None:
        self._app = app
        self._slots = slots
        slots.view[PROVEN_UNTIL] = ALWAYS

    def follow(self) -> int:
        """Write the slots of changes that nobody may have told yet, and forget their rows; how many."""
        total = 0
        with self._app.app_context():
            while rows := _LEFT.rows(plain_read(), {}):
                self._slots.touch({key for _, key in rows})
                begin_write()
                tell(plain_write(), _FORGET, (json.dumps([number for number, _ in rows]),))
                db.session.commit()
                total += len(rows)
        return total

    def prove(self) -> bool:
        return True

    def settle(self) -> None:
        self.follow()


_FORGET = "DELETE FROM page_changes WHERE id IN (SELECT value FROM json_each(?))"
_LEFT = at_rest(lambda: select(PageChange.id, PageChange.key).limit(DRAIN_BATCH))


class Unproven(Exception):
    """The database has answered, but its answer proves nothing."""


class ManyMachines:
    """PostgreSQL: rows of all machines, read by a mark that their processes share, and deleted when they are old.

    The mark is the lowest transaction that was under way when the rows were read: all before it are done with, and
    those that were read although they came later are known to this process by the snapshot that it read.
    """

    needs_proof = True
    pause_seconds = 0.25

    def __init__(self, app: Flask, slots: Slots) -> None:
        self._app = app
        self._slots = slots
        self._lock = threading.Lock()
        self._seen = (-1, "")  # the mark that this process has set last, and the snapshot behind it
        self._horizons: deque[tuple[int, int]] = deque()  # when it was read, and the mark's number
        self._failed_at = -ASK_AGAIN
        self._delete_at = 0
        if slots.view[PROVEN_UNTIL] > boot_clock() + PROOF:  # of another start of the machine, or of SQLite
            slots.view[PROVEN_UNTIL] = 0

    def follow(self) -> int:
        """Read what is new, prove that it is all, and now and then delete what is old; how many keys were new.

        Raises what the database raises, or Unproven.
        """
        with self._lock:
            told = self._ask()
            if boot_clock() >= self._delete_at:
                self._delete()
            return told

    def prove(self) -> bool:
        if self._slots.is_proven:
            return True
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            return False
        try:
            if not self._slots.is_proven and boot_clock() - self._failed_at > ASK_AGAIN:
                self._ask()
        except (SQLAlchemyError, Unproven) as error:
            self._failed_at = boot_clock()
            log.warning("no page is given out from memory", extra={"cause": type(error).__name__})
        finally:
            self._lock.release()
        return self._slots.is_proven

    def settle(self) -> None:
        """Whatever was committed before is past its time after this, on machines that were read to the end or not."""
        self.follow()
        time.sleep(SETTLED_SECONDS)

    def _ask(self) -> int:
        """One question. The order is the protocol: the time, the rows, the slots, the mark, the proof."""
        began = boot_clock()
        table = self._slots.view
        life, number = divmod(table[READ_UP_TO], 1 << _NUMBER_BITS)
        mark, snapshot = self._seen
        if mark != table[READ_UP_TO]:
            snapshot = f"{max(1, number)}:{max(1, number)}:"  # everything from the mark on
        rows = self._rows(number, snapshot)
        state = rows[0]
        if state.is_standby:
            raise Unproven("a standby may lag behind")
        if boot_clock() - began > PROOF:
            raise Unproven("the answer came too late to prove anything")
        this_life = _fingerprint(f"{state.started} {state.recovered}")
        new = {row.key for row in rows if row.key is not None}
        was_away = began - table[PROVEN_UNTIL] + PROOF > AWAY
        if was_away or this_life != life or state.gone_before > number or len(rows) > MOST_KEYS:
            new.add(keys.SITE)  # every page shows it
        if new:
            self._slots.touch({keys.SITE} if keys.SITE in new else new)
        lowest = int(state.snapshot.partition(":")[0])
        mark = this_life << _NUMBER_BITS | lowest
        self._seen = mark, state.snapshot
        table[READ_UP_TO] = mark
        table[PROVEN_UNTIL] = began + PROOF
        if this_life != life:
            self._horizons.clear()
        self._horizons.append((began, lowest))
        return len(new)

    def _rows(self, number: int, snapshot: str) -> Sequence[Row[Any]]:
        """The state of the database, and the key of each row that is not yet known, from one snapshot."""
        asked = {"number": number, "snapshot": snapshot, "most": MOST_KEYS + 1}
        with self._app.app_context(), db.engine.connect() as connection:
            return connection.execution_options(isolation_level="AUTOCOMMIT").execute(_UNKNOWN, asked).all()

    def _delete(self) -> None:
        """Delete rows that everybody has read who is not away for longer than rows are kept.

        What is deleted is written down by the same transaction, so that whoever was away for longer learns of it.
        """
        moment = boot_clock()
        self._delete_at = moment + ROWS_LOOKED_AT
        old = 0
        while self._horizons and self._horizons[0][0] < moment - ROWS_KEPT:
            _, old = self._horizons.popleft()
        if old:
            with self._app.app_context(), db.engine.begin() as connection:
                connection.execute(_NOTE_GONE, {"before": old})
                connection.execute(_DELETE_OLD, {"before": old})


def _fingerprint(life: str) -> int:
    """A few bits that differ from one life of a database server to the next.

    A server that was started anew, or stands in for another, may have lost the last transactions that were under way
    or undone, and give their numbers away again; so does one that recovers from the crash of one of its processes,
    which begins its statistics anew.
    """
    digest = hashlib.blake2b(life.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> _NUMBER_BITS


# Rows of transactions that this snapshot cannot see are left out: they come from another database, with a backup.
_UNKNOWN = text("""
    SELECT pg_current_snapshot()::text AS snapshot, pg_is_in_recovery() AS is_standby, changes.key,
        extract(epoch FROM pg_postmaster_start_time())::text AS started,
        (SELECT extract(epoch FROM stats_reset)::text FROM pg_stat_bgwriter) AS recovered,
        coalesce((SELECT before FROM page_changes_gone WHERE id = 1), 0) AS gone_before
    FROM (SELECT 1) AS always LEFT JOIN (
        SELECT key FROM page_changes WHERE transaction_id >= :number
            AND NOT pg_visible_in_snapshot(transaction_id::text::xid8, CAST(:snapshot AS pg_snapshot))
            AND pg_visible_in_snapshot(transaction_id::text::xid8, pg_current_snapshot())
        LIMIT :most
    ) AS changes ON true
""")

# A larger number than any that was given away comes from another database, with a backup.
_NOTE_GONE = text("""
    INSERT INTO page_changes_gone (id, before) VALUES (1, :before)
    ON CONFLICT (id) DO UPDATE SET before = CASE
        WHEN page_changes_gone.before > pg_snapshot_xmax(pg_current_snapshot())::text::bigint THEN excluded.before
        ELSE greatest(page_changes_gone.before, excluded.before) END
""")
_DELETE_OLD = text("""
    DELETE FROM page_changes
    WHERE transaction_id < :before OR transaction_id > pg_snapshot_xmax(pg_current_snapshot())::text::bigint
""")
