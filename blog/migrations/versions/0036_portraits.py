"""A portrait beside the name of a person, and words for those who cannot see it.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op


revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('people', sa.Column('portrait', sa.String(length=32), nullable=True))
    op.add_column('people', sa.Column('portrait_alt', sa.String(length=200), nullable=False, server_default=''))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
