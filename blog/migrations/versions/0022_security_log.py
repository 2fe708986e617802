"""The log of security, and what people of bylines say of their interests.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

KINDS = (
    'signed in', 'wrong password', 'wrong second factor', 'signed out', 'session ended', 'password changed',
    'second factor added', 'second factor removed', 'second factor reset', 'recovery codes made', 'account added',
    'link made', 'roles changed', 'deactivated', 'activated', 'data exported', 'data erased',
)


def upgrade() -> None:
    op.add_column('people', sa.Column('interests', sa.Text(), server_default='', nullable=False))
    op.create_table('security_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='kind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('detail', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('previous', sa.String(length=43), nullable=False),
    sa.Column('digest', sa.String(length=43), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_security_events_account_id_accounts')),
    sa.ForeignKeyConstraint(['by_id'], ['accounts.id'], name=op.f('fk_security_events_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_security_events'))
    )
    op.create_index(op.f('ix_security_events_account_id'), 'security_events', ['account_id'])
    op.create_index(op.f('ix_security_events_created_at'), 'security_events', ['created_at'])


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
