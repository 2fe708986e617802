"""Which entry of the vocabulary names which.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('entry_links',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('relation', sa.Enum('main_pain', 'other_pain', 'synergist', 'antagonist', 'condition', 'region', 'red_flags', 'source', name='relation', native_enum=False, create_constraint=True, length=12), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_entry_links_entry_id_entries')),
    sa.ForeignKeyConstraint(['other_id'], ['entries.id'], name=op.f('fk_entry_links_other_id_entries')),
    sa.PrimaryKeyConstraint('entry_id', 'relation', 'other_id', name=op.f('pk_entry_links'))
    )
    with op.batch_alter_table('entry_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entry_links_other_id'), ['other_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
