"""Indexes of the comments that are public, so that those that wait cost readers nothing.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    public = sa.text('public_revision_id IS NOT NULL')
    for name, columns in (('ix_comments_public', ['post_id', 'root_id', 'id']), ('ix_comments_newest', ['id'])):
        op.create_index(name, 'comments', columns, unique=False, sqlite_where=public, postgresql_where=public)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
