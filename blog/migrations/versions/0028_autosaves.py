"""What somebody has typed into an article since its last version, and the form that an article began as.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('autosaves',
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('typed', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('page', sa.String(length=32), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_autosaves_account_id_accounts')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_autosaves_post_id_posts')),
    sa.ForeignKeyConstraint(['revision_id'], ['post_revisions.id'], name=op.f('fk_autosaves_revision_id_post_revisions')),
    sa.PrimaryKeyConstraint('post_id', 'account_id', name=op.f('pk_autosaves'))
    )
    op.create_index(op.f('ix_autosaves_account_id'), 'autosaves', ['account_id'])
    op.create_index(op.f('ix_autosaves_saved_at'), 'autosaves', ['saved_at'])
    op.add_column('posts', sa.Column('begun_with', sa.String(length=43), nullable=True))
    op.create_index(op.f('ix_posts_begun_with'), 'posts', ['begun_with'], unique=True)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
