"""What comments say is stored folded, too, with an index over it, so that the desk's search need not read them all.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from blog.comments.index import folded_words


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

BATCH = 1000

# Whatever rebuilds `comment_revisions` on SQLite drops these triggers and must make them again.
SQLITE = (
    """CREATE VIRTUAL TABLE comment_words_fts USING fts5(
      folded, content='comment_revisions', content_rowid='id', detail='none', columnsize=0,
      tokenize='trigram case_sensitive 1')""",
    "CREATE VIRTUAL TABLE comment_words_fts_known USING fts5vocab('comment_words_fts', 'row')",
    "CREATE TABLE comment_words_fts_gone (id INTEGER PRIMARY KEY)",
    "INSERT INTO comment_words_fts (comment_words_fts) VALUES ('rebuild')",
    """CREATE TRIGGER comment_words_added AFTER INSERT ON comment_revisions WHEN new.folded <> '' BEGIN
      INSERT INTO comment_words_fts (rowid, folded) VALUES (new.id, new.folded);
    END""",
    """CREATE TRIGGER comment_words_changed AFTER UPDATE OF folded ON comment_revisions
    WHEN old.folded <> new.folded BEGIN
      INSERT INTO comment_words_fts (comment_words_fts, rowid, folded) VALUES ('delete', old.id, old.folded);
      INSERT INTO comment_words_fts (rowid, folded) VALUES (new.id, new.folded);
      INSERT INTO comment_words_fts_gone (id) VALUES (NULL);
    END""",
    """CREATE TRIGGER comment_words_deleted AFTER DELETE ON comment_revisions WHEN old.folded <> '' BEGIN
      INSERT INTO comment_words_fts (comment_words_fts, rowid, folded) VALUES ('delete', old.id, old.folded);
      INSERT INTO comment_words_fts_gone (id) VALUES (NULL);
    END""",
)

# Every one to three signs that stand together, as a number of 21 bits a sign: of all scripts, whatever the locale, and
# without an extension that a superuser would have to install.
POSTGRESQL = (
    """CREATE FUNCTION comment_grams(folded text) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
      SELECT array_agg(DISTINCT gram) FROM (
        SELECT unnest(ARRAY[one, one << 21 | two, (one << 21 | two) << 21 | three]) AS gram FROM (
          SELECT code AS one, lead(code) OVER signs AS two, lead(code, 2) OVER signs AS three
          FROM (SELECT ascii(sign)::bigint AS code, place
                FROM unnest(string_to_array(folded, NULL)) WITH ORDINALITY AS taken (sign, place)) AS numbered
          WINDOW signs AS (ORDER BY place)) AS beside) AS every
      WHERE gram IS NOT NULL
    $$""",
    "CREATE INDEX ix_comment_revisions_grams ON comment_revisions USING gin (comment_grams(folded))",
)


def upgrade() -> None:
    op.add_column('comment_revisions', sa.Column('folded', sa.Text(), server_default='', nullable=False))
    connection = op.get_bind()
    fill(connection)
    for statement in POSTGRESQL if connection.dialect.name == 'postgresql' else SQLITE:
        connection.exec_driver_sql(statement)


def fill(connection: sa.Connection) -> None:
    """Fold every text that is still kept."""
    versions = sa.table('comment_revisions', *map(sa.column, ('id', 'name', 'body', 'folded', 'erased_at')))
    kept = sa.select(versions.c.id, versions.c.name, versions.c.body).where(versions.c.erased_at.is_(None))
    update = sa.update(versions).where(versions.c.id == sa.bindparam('number')).values(folded=sa.bindparam('words'))
    last = 0
    while rows := connection.execute(kept.where(versions.c.id > last).order_by(versions.c.id).limit(BATCH)).all():
        connection.execute(update, [{'number': row.id, 'words': folded_words(row.name, row.body)} for row in rows])
        last = rows[-1].id


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
