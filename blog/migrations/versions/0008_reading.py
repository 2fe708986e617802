"""What a CDN has to be told, and indexes for lists that must not grow with the site.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('purges',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purges')),
    sqlite_autoincrement=True
    )
    public, draft = sa.text('public_revision_id IS NOT NULL'), sa.text('public_revision_id IS NULL')
    op.create_index('ix_comments_feed', 'comments', ['post_id', 'id'], unique=False, sqlite_where=public, postgresql_where=public)
    op.create_index('ix_posts_drafts', 'posts', ['id'], unique=False, sqlite_where=draft, postgresql_where=draft)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
