"""The desk: urgency of comments, redaction, decisions in batches, and a log of what is no decision.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain ALTER TABLE, which SQLite takes too: rebuilding these tables would lose their named CHECKs.
    op.add_column('comments', sa.Column('urgency', sa.SmallInteger(), server_default='1', nullable=False))
    op.add_column('comments', sa.Column('has_personal_data', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('comments', sa.Column('has_advice', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        'ALTER TABLE decision_items ADD COLUMN original_id INTEGER '
        'CONSTRAINT fk_decision_items_original_id_comment_revisions REFERENCES comment_revisions (id)'
    )
    op.create_index('ix_comments_urgency', 'comments', ['state', 'urgency', 'created_at', 'id'], unique=False)
    op.create_index('ix_comments_personal_data', 'comments', ['has_personal_data', 'state', 'urgency', 'created_at', 'id'], unique=False)
    op.create_index('ix_comments_advice', 'comments', ['has_advice', 'state', 'urgency', 'created_at', 'id'], unique=False)
    op.create_index('ix_comments_history', 'comments', ['sender_hash', 'state'], unique=False)
    op.create_index('ix_decision_items_original_id', 'decision_items', ['original_id'], unique=False)
    op.create_index('ix_decisions_created_at', 'decisions', ['created_at'], unique=False)

    op.create_table('batch_decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('narrowed', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('newest_revision_id', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('last_id', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('skipped', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['decision_id'], ['decisions.id'], name=op.f('fk_batch_decisions_decision_id_decisions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch_decisions')),
    sa.UniqueConstraint('decision_id', name=op.f('uq_batch_decisions_decision_id'))
    )
    op.create_index('ix_batch_decisions_finished_at', 'batch_decisions', ['finished_at'], unique=False)

    op.create_table('log_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('detail', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_log_entries_account_id_accounts')),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_log_entries_comment_id_comments')),
    sa.ForeignKeyConstraint(['revision_id'], ['comment_revisions.id'], name=op.f('fk_log_entries_revision_id_comment_revisions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_entries'))
    )
    op.create_index('ix_log_entries_created_at', 'log_entries', ['created_at'], unique=False)
    op.create_index('ix_log_entries_comment_id', 'log_entries', ['comment_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
