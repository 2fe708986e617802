"""Floods of comments, and proofs of work that have counted.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

KINDS = ('emergency', 'flood', 'arrived', 'on_your_posts', 'security', 'confirm', 'published', 'declined', 'answered', 'followed')


def upgrade() -> None:
    op.create_table('floods',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('comments', sa.Integer(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_floods'))
    )
    op.create_table('spent_proofs',
    sa.Column('hash', sa.String(length=43), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_spent_proofs'))
    )
    op.create_index(op.f('ix_spent_proofs_expires_at'), 'spent_proofs', ['expires_at'], unique=False)


    with op.batch_alter_table('notices', table_kwargs={'sqlite_autoincrement': True}) as batch:
        batch.drop_constraint(op.f('ck_notices_kind'), type_='check')
        batch.create_check_constraint(op.f('ck_notices_kind'), sa.column('kind').in_(KINDS))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
