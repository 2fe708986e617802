"""Who has an article open in the editor just now.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op


revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('presences',
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_presences_account_id_accounts')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_presences_post_id_posts')),
    sa.PrimaryKeyConstraint('post_id', 'account_id', name=op.f('pk_presences'))
    )
    op.create_index(op.f('ix_presences_account_id'), 'presences', ['account_id'])
    op.create_index(op.f('ix_presences_seen_at'), 'presences', ['seen_at'])


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
