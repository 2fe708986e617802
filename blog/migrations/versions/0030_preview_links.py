"""Secret links to articles that are not published.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op


revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('preview_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('secret', sa.String(length=43), nullable=False),
    sa.Column('link_hash', sa.String(length=43), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_preview_links_account_id_accounts')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_preview_links_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preview_links')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_preview_links_link_hash'))
    )
    op.create_index(op.f('ix_preview_links_expires_at'), 'preview_links', ['expires_at'])
    op.create_index(op.f('ix_preview_links_post_id'), 'preview_links', ['post_id'])


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
