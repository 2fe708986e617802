"""What people read is bound to a checksum, so that what a disk has made of it is noticed and never shown.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

from blog.checksums import PART_CHARS, sums_of


revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None

BATCH = 1000
LARGE_BATCH = 50  # where each row holds a whole article or entry
LARGE = 'post_revisions', 'entry_revisions'

_LEADS = 'words', 'lead_picture', 'lead_muscle', 'video'
PLAIN_DATA = 'document', 'rendered'
TABLES = {
    'comment_revisions': (('comment_id', 'name', 'html'), ('body',)),
    'post_revisions': (
        ('post_id', 'title', 'kicker', 'standfirst', *_LEADS),
        ('post_id', 'digest', 'rendered', *_LEADS),
        ('document',),
    ),
    'page_revisions': (('page_id', 'version', 'title', 'short', 'html'), ('body',)),
    'entry_revisions': (('entry_id', 'name', 'document'),),
    'search_posts': (('post_id', 'plain', 'subjects'), ('revision_id', 'title', 'more', 'body')),
}

# As in 0021, but for a change of what the index holds alone. Whatever rebuilds `search_posts` must make them again.
INDEXED = {'heads': 'title, more, subjects', 'texts': 'title, more, subjects, body'}
CHANGED = """CREATE TRIGGER search_{name}_changed AFTER UPDATE OF {columns} ON search_posts BEGIN
  INSERT INTO search_{name}_fts (search_{name}_fts, rowid, {columns}) VALUES ('delete', old.post_id, {old});
  INSERT INTO search_{name}_fts (rowid, {columns}) VALUES (new.post_id, {new});
END"""


def upgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _leave_index_alone()
    for name, parts in TABLES.items():
        length = PART_CHARS * len(parts)
        op.add_column(name, sa.Column('checksum', sa.String(length=length), server_default='', nullable=False))
        _fill(name, parts)


def _leave_index_alone() -> None:
    """A new checksum alone must not have the full-text index write the whole article again."""
    for name, columns in INDEXED.items():
        new, old = (', '.join(f'{row}.{part}' for part in columns.split(', ')) for row in ('new', 'old'))
        op.execute(f'DROP TRIGGER search_{name}_changed')
        op.execute(CHANGED.format(name=name, columns=columns, new=new, old=old))


def _fill(name, parts) -> None:
    """Sum what is there. What was damaged before is taken for what was written: nobody knows better."""
    connection = op.get_bind()
    number = 'post_id' if name == 'search_posts' else 'id'
    columns = dict.fromkeys([number, *(column for part in parts for column in part)])
    typed = [sa.column(one, sa.JSON() if one in PLAIN_DATA else None) for one in columns]
    table = sa.table(name, *typed, sa.column('checksum', sa.String))
    rows = sa.select(*typed).order_by(table.c[number]).limit(LARGE_BATCH if name in LARGE else BATCH)
    store = sa.update(table).where(table.c[number] == sa.bindparam('number')).values(checksum=sa.bindparam('made'))
    last = -1
    while found := connection.execute(rows.where(table.c[number] > last)).mappings().all():
        connection.execute(store, [{'number': row[number], 'made': sums_of(parts, row)} for row in found])
        last = found[-1][number]


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
