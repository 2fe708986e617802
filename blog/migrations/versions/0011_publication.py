"""When a comment was published, and when what it says last changed; feeds and lists go by that.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

INDEXES = {
    'ix_comments_public': ['post_id', 'root_id', 'published_at'],
    'ix_comments_feed': ['post_id', 'published_at', 'id'],
    'ix_comments_newest': ['published_at', 'id'],
}

# The decision that last brought a comment onto the site, and the last one since then that changed what it says.
# Undoing is no publication: it puts back what was there before.
PUBLISHED = """
UPDATE comments SET published_at = COALESCE(
  (SELECT MAX(d.created_at) FROM decision_items i JOIN decisions d ON d.id = i.decision_id
   WHERE i.comment_id = comments.id AND i.pointer_before IS NULL AND i.pointer_after IS NOT NULL
   AND d.verdict != 'undo'),
  decided_at, created_at)
WHERE public_revision_id IS NOT NULL
"""
UPDATED = """
UPDATE comments SET updated_at =
  (SELECT MAX(d.created_at) FROM decision_items i JOIN decisions d ON d.id = i.decision_id
   WHERE i.comment_id = comments.id AND i.pointer_before != i.pointer_after AND d.created_at > comments.published_at)
WHERE public_revision_id IS NOT NULL
"""


def upgrade() -> None:
    for name in ('published_at', 'updated_at'):
        op.add_column('comments', sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    public = sa.text('public_revision_id IS NOT NULL')
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name='comments')
        op.create_index(name, 'comments', columns, unique=False, sqlite_where=public, postgresql_where=public)
    fill(op.get_bind())


def fill(connection: sa.Connection) -> None:
    """Give every comment that is shown its moments."""
    connection.execute(sa.text(PUBLISHED))
    connection.execute(sa.text(UPDATED))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
