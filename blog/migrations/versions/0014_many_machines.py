"""Page changes are read by several machines: each row names its transaction, and what was deleted is written down.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == 'postgresql'
    number = sa.text('(pg_current_xact_id()::text::bigint)' if is_postgresql else '0')
    op.add_column('page_changes', sa.Column('transaction_id', sa.BigInteger(), server_default=number, nullable=False))
    op.create_index(op.f('ix_page_changes_transaction_id'), 'page_changes', ['transaction_id'])
    op.create_table('page_changes_gone',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('before', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_page_changes_gone'))
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
