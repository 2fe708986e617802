"""Videos of our own, and which versions of articles show them.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op


revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'own_videos',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('digest', sa.String(length=32), nullable=False),
        sa.Column('source', sa.String(length=64), nullable=False),
        sa.Column('suffix', sa.String(length=8), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('captions_digest', sa.String(length=32), nullable=False),
        sa.Column('language', sa.String(length=20), nullable=False),
        sa.Column('is_silent', sa.Boolean(), nullable=False),
        sa.Column('poster', sa.String(length=80), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_own_videos_account_id_accounts')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_own_videos')),
        sa.UniqueConstraint('digest', name=op.f('uq_own_videos_digest')),
        sa.UniqueConstraint('name', name=op.f('uq_own_videos_name')),
        sa.UniqueConstraint('source', name=op.f('uq_own_videos_source')),
    )
    op.add_column('post_revisions', sa.Column('video', sa.String(length=80), nullable=False, server_default=''))
    op.create_index(op.f('ix_post_revisions_video'), 'post_revisions', ['video'])


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
