"""What triage found and why, signatures of texts, bans, and what the classifier learned.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain ALTER TABLE, which SQLite takes too: rebuilding these tables would lose their named CHECKs.
    op.add_column('comments', sa.Column('network_hash', sa.String(length=43), nullable=True))
    op.add_column('comment_revisions', sa.Column('signature', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=True))
    op.add_column('comment_flags', sa.Column('why', sa.Text(), server_default='', nullable=False))
    op.add_column('comment_flags', sa.Column('in_name', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.create_table('comment_bands',
    sa.Column('band', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['comment_revisions.id'], name=op.f('fk_comment_bands_revision_id_comment_revisions')),
    sa.PrimaryKeyConstraint('band', 'revision_id', name=op.f('pk_comment_bands'))
    )
    op.create_index(op.f('ix_comment_bands_revision_id'), 'comment_bands', ['revision_id'], unique=False)

    op.create_table('bans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.Enum('sender', 'network', name='scope', native_enum=False, create_constraint=True, length=12), nullable=False),
    sa.Column('hash', sa.String(length=43), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_bans_account_id_accounts')),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_bans_comment_id_comments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bans'))
    )
    op.create_index(op.f('ix_bans_hash'), 'bans', ['hash'], unique=False)
    op.create_index(op.f('ix_bans_ends_at'), 'bans', ['ends_at'], unique=False)

    op.create_table('learned',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('counts', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('trained_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learned'))
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
