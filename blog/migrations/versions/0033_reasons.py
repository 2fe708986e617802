"""Related articles say why they are; which articles' words were compared with those of others.

Articles from before are related anew by a job, so they get their reasons within a day or two.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op


revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

UNCOMPARED = sa.text('NOT is_compared')


def upgrade() -> None:
    op.add_column('related_posts', sa.Column('reason', sa.String(length=100), server_default='', nullable=False))
    op.add_column('posts', sa.Column('is_compared', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index('ix_posts_uncompared', 'posts', ['id'], sqlite_where=UNCOMPARED, postgresql_where=UNCOMPARED)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
