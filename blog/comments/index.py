"""The index of what comments say: which versions hold some words, without reading them all.

Each version keeps its name and text as `fold` makes them, and the database keeps the index over that by itself,
whoever writes or erases: SQLite by triggers and FTS5, PostgreSQL by an index over `comment_grams(folded)`. Both know
every three signs that stand together, so words are found in the middle of others and in scripts without blanks.

SQLite's index takes words out by noting that they are gone, and keeps them until its parts are merged.
`forget_some` merges what has to be. (FTS5's own "secure-delete" came with SQLite 3.42, and files that use it cannot
be read by older ones.)
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ARRAY, BigInteger, Select, column, func, literal, select, table, text

from blog.database import db, plain_write
from blog.folding import fold

GRAM = 3  # signs that stand together
BETWEEN = "\x1f"  # name and text: cleaning leaves this sign in neither
END = "\n\n"  # the last sign of a text begins a gram, too
MOST_ENDINGS = 200  # grams that begin with one or two signs; with more of them, the signs are common
LOOKED_AT = 200  # of the newest versions, for one or two signs that are common
PAGES_MERGED = 500  # a step, of about 4 kB each: others wait for the write lock meanwhile

_VERSIONS = table("comment_revisions", column("id"), column("folded"))
_FTS = table("comment_words_fts", column("rowid"), column("comment_words_fts"))
_KNOWN = table("comment_words_fts_known", column("term"))


def folded_words(name: str, body: str) -> str:
    """What is stored beside a version, to be searched."""
    return f"{fold(name)}{BETWEEN}{fold(body)}{END}"


def grams(folded: str) -> list[str]:
    """Every GRAM signs that stand together in `folded`, each once; a shorter one is its only gram."""
    return sorted({folded[at : at + GRAM] for at in range(max(1, len(folded) - GRAM + 1))})


def candidates(folded: str) -> Select[int] | None:
    """Numbers of versions among which are all that hold `folded`. None when the index cannot tell: it is common."""
    if len(folded) < GRAM and _is_common(folded):
        return None
    if db.engine.dialect.name == "postgresql":
        wanted = literal([_as_number(gram) for gram in grams(folded)], ARRAY(BigInteger))
        return select(_VERSIONS.c.id).where(func.comment_grams(_VERSIONS.c.folded).op("@>")(wanted))
    if len(folded) >= GRAM:
        return _matching(" AND ", grams(folded))
    known = select(_KNOWN.c.term).where(_KNOWN.c.term >= folded, _KNOWN.c.term < folded + chr(0x10FFFF))
    endings = list(db.session.scalars(known.limit(MOST_ENDINGS + 1)))
    return _matching(" OR ", endings or [folded]) if len(endings) <= MOST_ENDINGS else None


def forget_some() -> bool:
    """One step towards an index that holds nothing of erased words; whether more is left. PostgreSQL: False.

    To be committed each time.
    """
    if db.engine.dialect.name == "postgresql":
        return False
    connection = plain_write()
    if not connection.scalar(text("SELECT EXISTS (SELECT 1 FROM comment_words_fts_gone)")):
        return False
    before = connection.scalar(text("SELECT total_changes()"))
    step = text("INSERT INTO comment_words_fts (comment_words_fts, rank) VALUES ('merge', :pages)")
    connection.execute(step, {"pages": -PAGES_MERGED})  # below zero: all parts into one
    if connection.scalar(text("SELECT total_changes()")) - before > 1:
        return True
    connection.execute(text("DELETE FROM comment_words_fts_gone"))
    return False


def _is_common(folded: str) -> bool:
    """Whether half of the newest versions hold it: then asking the index takes longer than reading some."""
    newest = select(_VERSIONS.c.folded).order_by(_VERSIONS.c.id.desc()).limit(LOOKED_AT).subquery()
    holding = select(func.count()).where(newest.c.folded.contains(folded, autoescape=True))
    return 2 * (db.session.scalar(holding) or 0) > LOOKED_AT


def _matching(joined: str, wanted: Iterable[str]) -> Select[int]:
    quoted = (f'"{gram.replace(chr(34), chr(34) * 2)}"' for gram in wanted)
    return select(_FTS.c.rowid.label("id")).where(_FTS.c.comment_words_fts.op("MATCH")(joined.join(quoted)))


def _as_number(gram: str) -> int:
    """One to three signs as the function `comment_grams` numbers them: 21 bits each."""
    number = 0
    for sign in gram:
        number = number << 21 | ord(sign)
    return number
