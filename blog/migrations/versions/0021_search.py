"""Articles can be found by their words: an index that follows what is public, on both databases.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

# Whatever rebuilds `search_posts` on SQLite drops these triggers and must make them again.
COLUMNS = {'heads': 'title, more, subjects', 'texts': 'title, more, subjects, body'}
TABLE = """CREATE VIRTUAL TABLE search_{name}_fts USING fts5(
  {columns}, content='search_posts', content_rowid='post_id', tokenize='unicode61 remove_diacritics 0')"""
ADDED = """CREATE TRIGGER search_{name}_added AFTER INSERT ON search_posts BEGIN
  INSERT INTO search_{name}_fts (rowid, {columns}) VALUES (new.post_id, {new});
END"""
DELETED = """CREATE TRIGGER search_{name}_deleted AFTER DELETE ON search_posts BEGIN
  INSERT INTO search_{name}_fts (search_{name}_fts, rowid, {columns}) VALUES ('delete', old.post_id, {old});
END"""
CHANGED = """CREATE TRIGGER search_{name}_changed AFTER UPDATE ON search_posts BEGIN
  INSERT INTO search_{name}_fts (search_{name}_fts, rowid, {columns}) VALUES ('delete', old.post_id, {old});
  INSERT INTO search_{name}_fts (rowid, {columns}) VALUES (new.post_id, {new});
END"""


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == 'postgresql'
    vector = sa.Text().with_variant(postgresql.TSVECTOR(), 'postgresql')
    word = sa.String(64).with_variant(sa.String(64, collation='C'), 'postgresql')
    op.create_table('search_posts',
    sa.Column('post_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('index_version', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('more', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('subjects', sa.Text(), nullable=False),
    sa.Column('plain', sa.Text(), nullable=False),
    sa.Column('heads_vector', vector, nullable=True),
    sa.Column('texts_vector', vector, nullable=True),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_search_posts_post_id_posts')),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_search_posts'))
    )
    op.create_table('search_words',
    sa.Column('word', word, nullable=False),
    sa.Column('stem', word, nullable=False),
    sa.Column('documents', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('word', name=op.f('pk_search_words'))
    )
    op.create_index(op.f('ix_search_words_stem'), 'search_words', ['stem'])
    for name, columns in COLUMNS.items():
        if is_postgresql:
            op.execute(f'CREATE INDEX ix_search_posts_{name}_fts ON search_posts USING gin ({name}_vector)')
            continue
        parts = columns.split(', ')
        new, old = (', '.join(f'{row}.{part}' for part in parts) for row in ('new', 'old'))
        for statement in (TABLE, ADDED, DELETED, CHANGED):
            op.execute(statement.format(name=name, columns=columns, new=new, old=old))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
