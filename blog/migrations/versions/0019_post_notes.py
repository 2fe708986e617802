"""What colleagues say to each other about an article, and what became of a review.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('post_notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('said', 'asked', 'approved', 'returned', name='note_kind', native_enum=False, create_constraint=True, length=10), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_post_notes_account_id_accounts')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_post_notes_post_id_posts')),
    sa.ForeignKeyConstraint(['revision_id'], ['post_revisions.id'], name=op.f('fk_post_notes_revision_id_post_revisions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_notes'))
    )
    op.create_index(op.f('ix_post_notes_post_id'), 'post_notes', ['post_id'])


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
