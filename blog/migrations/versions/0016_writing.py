"""Articles are written at the desk: who began one, whether it waits for a review, and what a version still misses.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        'ALTER TABLE posts ADD COLUMN account_id INTEGER '
        'CONSTRAINT fk_posts_account_id_accounts REFERENCES accounts (id)'
    )
    op.add_column('posts', sa.Column('review_asked_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_posts_account_id'), 'posts', ['account_id'])
    missing = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
    op.add_column('post_revisions', sa.Column('missing', missing, nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
