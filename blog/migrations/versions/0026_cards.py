"""Cards: where that of an article or entry lies, and what it was made from.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

OWED = sa.text('card_stamp IS NULL')


def upgrade() -> None:
    for table in ('posts', 'entries'):
        op.add_column(table, sa.Column('card', sa.String(length=32), nullable=True))
        op.add_column(table, sa.Column('card_stamp', sa.String(length=16), nullable=True))
    op.create_index('ix_posts_cards', 'posts', ['published_at'], sqlite_where=OWED, postgresql_where=OWED)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
