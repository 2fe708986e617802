"""Indexes that find at once whether an urgent mail waits, and what was sent lately, however many mails there are.

Revision ID: 0012
Revises: 0011
"""

from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_notices_kind', 'notices', ['state', 'kind', 'due_at'], unique=False)
    op.create_index('ix_notices_closed', 'notices', ['state', 'closed_at'], unique=False)
    op.drop_index('ix_notices_closed_at', table_name='notices')


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
