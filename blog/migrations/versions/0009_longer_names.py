"""Longer names of vocabulary entries: the title of a source may have more than 120 characters.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('entry_revisions') as table:
        table.alter_column('name', type_=sa.String(length=300), existing_type=sa.String(length=120), existing_nullable=False)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
