"""A picture is made smaller by one worker at a time, also where several run.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op


revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('media', sa.Column('taken_until', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
