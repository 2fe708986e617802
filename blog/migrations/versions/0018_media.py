"""Pictures, their files, and which versions of articles show them.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    some = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
    op.create_table('media',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('suffix', sa.String(length=8), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('smaller', some, nullable=False),
    sa.Column('focus_x', sa.Integer(), nullable=False),
    sa.Column('focus_y', sa.Integer(), nullable=False),
    sa.Column('alt', sa.String(length=200), nullable=False),
    sa.Column('is_decorative', sa.Boolean(), nullable=False),
    sa.Column('caption', sa.String(length=200), nullable=False),
    sa.Column('credit', sa.String(length=200), nullable=False),
    sa.Column('licence', sa.String(length=100), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_media_account_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media')),
    sa.UniqueConstraint('name', name=op.f('uq_media_name')),
    sa.UniqueConstraint('digest', name=op.f('uq_media_digest')),
    sa.UniqueConstraint('source', name=op.f('uq_media_source'))
    )
    op.create_table('media_files',
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('media_id', sa.Integer(), nullable=True),
    sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_media_files_media_id_media')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_media_files'))
    )
    op.create_index(op.f('ix_media_files_media_id'), 'media_files', ['media_id'])
    op.create_index(op.f('ix_media_files_gone_at'), 'media_files', ['gone_at'])
    op.create_table('revision_pictures',
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('media_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['post_revisions.id'], name=op.f('fk_revision_pictures_revision_id_post_revisions')),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_revision_pictures_media_id_media')),
    sa.PrimaryKeyConstraint('revision_id', 'media_id', name=op.f('pk_revision_pictures'))
    )
    op.create_index(op.f('ix_revision_pictures_media_id'), 'revision_pictures', ['media_id'])


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
