"""The index of articles: what is looked through, which words occur, and which posts the index should hold.

A row per article that has a public version and is not archived, also before its time: `SearchPost.found` asks
`Post.is_published`, so a scheduled article is found from its minute on. Vocabulary entries are not in here; they are
few, and looked through in memory (vocabulary.py). Comments are not in here at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Select,
    String,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    select,
    table,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Mapped, mapped_column, undefer
from sqlalchemy.types import UserDefinedType

from blog.anatomy.models import Entry
from blog.checksums import Summed, checksum_column, is_whole
from blog.database import Base, OnPostgreSQL, db
from blog.libraries import later
from blog.posts.models import Post, PostEntry, PostRevision
from blog.search.asking import Asked, Field, fts5_words, tsquery, tsvector
from blog.search.document import Document
from blog.search.words import WORD_MAX_CHARS

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
else:
    postgresql = later("sqlalchemy.dialects.postgresql")

INDEX_VERSION = 1  # of the rules in words.py and document.py; rows of older ones are made anew
WORDS_IN_MEMORY = 20_000  # that slips are compared with: those of most articles
TITLES_IN_MEMORY = 2_000  # that are suggested: the newest
BEGINNINGS = 8  # finished words that are tried for an unfinished one

BY_CODE = String(WORD_MAX_CHARS).with_variant(String(WORD_MAX_CHARS, collation="C"), "postgresql")
VECTOR = Text().with_variant(OnPostgreSQL("TSVECTOR"), "postgresql")


class _TSQuery(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **kw: object) -> str:
        return "tsquery"


class Found(NamedTuple):
    """An article that holds what was asked, with what its place among others is decided by."""

    post_id: int
    title: str
    more: str
    subjects: str


class Title(NamedTuple):
    """An article's title, as it is suggested; `published_at` may be still to come."""

    text: str
    slug: str
    published_at: datetime


class SearchPost(Summed, Base):
    """What is looked through of one article. Text columns but `plain` hold stems, with a space between them."""

    __tablename__ = "search_posts"

    SUMMED = ("post_id", "plain", "subjects"), ("revision_id", "title", "more", "body")

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True, autoincrement=False)
    revision_id: Mapped[int]
    index_version: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    more: Mapped[str] = mapped_column(Text)  # standfirst, names of stretches, tags
    body: Mapped[str] = mapped_column(Text)
    subjects: Mapped[str] = mapped_column(Text)  # a word for each entry that the article is about: document.py
    checksum: Mapped[str] = checksum_column(SUMMED)
    plain: Mapped[str] = mapped_column(Text)  # the title and the text as they are read, for excerpts
    heads_vector: Mapped[str | None] = mapped_column(VECTOR)  # PostgreSQL's; SQLite has FTS5 tables beside this one
    texts_vector: Mapped[str | None] = mapped_column(VECTOR)

    @classmethod
    def found(cls, asked: Asked, field: Field, most: int) -> list[Found]:
        """Published articles that hold what is asked in their heads, or anywhere; at most `most`, newest rows first."""
        columns = cls.post_id, cls.title, cls.more, cls.subjects
        if db.engine.dialect.name == "sqlite":
            name = f"search_{field}_fts"
            index = table(name, column("rowid"), column(name))
            statement = (
                select(*columns)
                .select_from(index.join(cls, cls.post_id == index.c.rowid).join(Post, Post.id == cls.post_id))
                .where(index.c[name].op("MATCH")(bindparam("words", fts5_words(asked))), Post.is_published)
                .order_by(index.c.rowid.desc())
            )
        else:
            vector = cls.heads_vector if field == Field.HEADS else cls.texts_vector
            says = vector.bool_op("@@")(cast(bindparam("words", tsquery(asked), String()), _TSQuery()))
            statement = select(*columns).join(Post).where(says, Post.is_published).order_by(cls.post_id.desc())
        return [Found(*row) for row in db.session.execute(statement.limit(most))]

    @classmethod
    def bodies(cls, post_ids: Collection[int]) -> dict[int, str]:
        """The stems of these articles' texts."""
        return dict(db.session.execute(select(cls.post_id, cls.body).where(cls.post_id.in_(post_ids))).all())

    @classmethod
    def texts(cls, post_ids: Collection[int]) -> dict[int, tuple[str, str]]:
        """These articles' texts as they are read, and their subjects, without those that are damaged."""
        columns = cls.post_id, cls.plain, cls.subjects, cls.checksum
        rows = db.session.execute(select(*columns).where(cls.post_id.in_(post_ids)))
        return {row.post_id: (row.plain, row.subjects) for row in rows if is_whole(cls, cls.READ, row)}

    @classmethod
    def titles(cls) -> list[Title]:
        """Titles of the newest articles, those that are still to come included."""
        summed = (getattr(PostRevision, name) for name in PostRevision.SUMMED[PostRevision.CARD])
        columns = *summed, PostRevision.checksum, Post.slug, Post.published_at
        newest = select(*columns).join(PostRevision, PostRevision.id == Post.public_revision_id).where(_is_shown())
        rows = db.session.execute(newest.order_by(Post.published_at.desc(), Post.id.desc()).limit(TITLES_IN_MEMORY))
        whole = (row for row in rows if is_whole(PostRevision, PostRevision.CARD, row))
        return [Title(row.title, row.slug, row.published_at) for row in whole if row.published_at is not None]

    # What it should hold

    @classmethod
    def missing(cls, after: int = 0) -> Select[int]:
        """Posts above number `after` whose public version is not what the index holds by today's rules."""
        row = select(cls.post_id).where(
            cls.post_id == Post.id, cls.revision_id == Post.public_revision_id, cls.index_version == INDEX_VERSION
        )
        return select(Post.id).where(_is_shown(), ~row.exists(), Post.id > after).order_by(Post.id)

    @classmethod
    def surplus(cls) -> Select[int]:
        """Posts that the index holds although nothing of them is public."""
        return select(cls.post_id).join(Post).where(~_is_shown()).order_by(cls.post_id)

    @classmethod
    def sources(cls, post_ids: Collection[int]) -> list[tuple[int, PostRevision, dict[tuple[str, str], int]]]:
        """Of these posts those that the index should hold: number, public version, what it is about, with its id."""
        about: dict[int, dict[tuple[str, str], int]] = {}
        columns = PostEntry.post_id, Entry.kind, Entry.slug, Entry.id
        for post_id, kind, slug, entry_id in db.session.execute(
            select(*columns).join(Entry, Entry.id == PostEntry.entry_id).where(PostEntry.post_id.in_(post_ids))
        ):
            about.setdefault(post_id, {})[kind, slug] = entry_id
        versions = db.session.execute(
            select(Post.id, PostRevision)
            .join(PostRevision, PostRevision.id == Post.public_revision_id)
            .where(Post.id.in_(post_ids), _is_shown())
            .options(undefer(PostRevision.document), undefer(PostRevision.rendered))
            .order_by(Post.id)
        )
        return [(post_id, revision, about.get(post_id, {})) for post_id, revision in versions]

    # Verbs: plain statements, because a trigger of the database brings the full-text index along

    @classmethod
    def keep(cls, rows: Sequence[tuple[int, int, str, Document]]) -> None:
        """Have rows say what these posts say: number, version, title, document. They must not be in there yet."""
        if not rows:
            return
        is_postgresql = db.engine.dialect.name == "postgresql"
        values = []
        for post_id, revision_id, title, document in rows:
            parts = document.title, document.more, document.subjects
            values.append(
                {
                    "post_id": post_id,
                    "revision_id": revision_id,
                    "index_version": INDEX_VERSION,
                    "title": " ".join(document.title),
                    "more": " ".join(document.more),
                    "body": " ".join(document.body),
                    "subjects": " ".join(document.subjects),
                    "plain": f"{title}\n\n{document.plain}",
                    "heads_vector": tsvector(parts) if is_postgresql else None,
                    "texts_vector": tsvector((*parts, document.body)) if is_postgresql else None,
                }
            )
        db.session.execute(_insert(cls), values)

    @classmethod
    def forget(cls, post_ids: Collection[int]) -> None:
        """Take these posts out of the index."""
        db.session.execute(delete(cls).where(cls.post_id.in_(post_ids)), execution_options=_UNSEEN)

    @classmethod
    def forget_all(cls) -> None:
        """Empty the index."""
        db.session.execute(delete(cls), execution_options=_UNSEEN)
        db.session.execute(delete(SearchWord), execution_options=_UNSEEN)


class SearchWord(Base):
    """A word of the indexed articles, without capitals and accents, with its stem and the number of articles."""

    __tablename__ = "search_words"

    word: Mapped[str] = mapped_column(BY_CODE, primary_key=True)
    stem: Mapped[str] = mapped_column(BY_CODE, index=True)
    documents: Mapped[int]

    @classmethod
    def documents_with(cls, stems: Collection[str]) -> dict[str, int]:
        """Those of these stems that occur, with about the number of articles."""
        most = func.max(cls.documents)
        return dict(db.session.execute(select(cls.stem, most).where(cls.stem.in_(stems)).group_by(cls.stem)).all())

    @classmethod
    def beginning(cls, letters: str) -> list[str]:
        """Stems of words that begin with these letters, those of most articles first."""
        here = cls.word >= letters, cls.word < letters + "\U0010ffff"
        order = func.sum(cls.documents).desc(), cls.stem
        return list(
            db.session.scalars(select(cls.stem).where(*here).group_by(cls.stem).order_by(*order).limit(BEGINNINGS))
        )

    @classmethod
    def most_used(cls) -> list[str]:
        """The words of most articles, those of most first."""
        return list(
            db.session.scalars(select(cls.word).order_by(cls.documents.desc(), cls.word).limit(WORDS_IN_MEMORY))
        )

    @classmethod
    def add(cls, counted: Mapping[str, tuple[str, int]]) -> None:
        """Count these words, with stem and number, in. In one order, so that no two writers wait in a circle."""
        if not counted:
            return
        statement = _insert(cls)
        statement = statement.on_conflict_do_update(
            index_elements=[cls.word], set_={"documents": cls.documents + statement.excluded.documents}
        )
        rows = [{"word": word, "stem": stem, "documents": count} for word, (stem, count) in sorted(counted.items())]
        db.session.execute(statement, rows, execution_options=_UNSEEN)

    @classmethod
    def remove(cls, words: Iterable[str]) -> None:
        """Count these words out once each; those of no article go."""
        ordered = sorted(words)
        for start in range(0, len(ordered), 500):
            some = cls.word.in_(ordered[start : start + 500])
            db.session.execute(update(cls).where(some).values(documents=cls.documents - 1), execution_options=_UNSEEN)
            db.session.execute(delete(cls).where(some, cls.documents <= 0), execution_options=_UNSEEN)


_UNSEEN = {"synchronize_session": False}  # no object in memory shows these rows


def _insert(model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(model) if db.engine.dialect.name == "postgresql" else sqlite.insert(model)


def _is_shown() -> ColumnElement[bool]:
    """Whether a post has, or will have at its time, a public page."""
    return Post.public_revision_id.is_not(None) & Post.archived_at.is_(None)
