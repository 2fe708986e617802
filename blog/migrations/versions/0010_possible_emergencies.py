"""A place in the queue for possible emergencies: after emergencies, which move up by one, and before all others.

Revision ID: 0010
Revises: 0009
"""

from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('UPDATE comments SET urgency = -1 WHERE urgency = 0')


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
