"""What an archived article's address says, when an article closes for comments, scheduled times as clocks show them.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op


revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('posts', sa.Column('comments_close_days', sa.Integer(), nullable=True))
    op.add_column('posts', sa.Column('is_gone', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        'ALTER TABLE posts ADD COLUMN leads_to_id INTEGER '
        'CONSTRAINT fk_posts_leads_to_id_posts REFERENCES posts (id)'
    )
    op.create_index(op.f('ix_posts_leads_to_id'), 'posts', ['leads_to_id'])
    op.add_column('posts', sa.Column('local_time', sa.String(length=20), nullable=True))
    op.add_column('posts', sa.Column('local_zone', sa.String(length=60), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
