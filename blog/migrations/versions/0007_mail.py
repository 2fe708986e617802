"""Mail: events to be told, what is owed to whom, who wants what; how jobs are doing.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('submitted', 'decided', name='event_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('decision_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events')),
    sqlite_autoincrement=True
    )
    op.create_table('mail_addresses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('email_hash', sa.String(length=43), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('suspended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_addresses')),
    sa.UniqueConstraint('email_hash', name=op.f('uq_mail_addresses_email_hash')),
    sqlite_autoincrement=True
    )
    op.create_table('job_runs',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_job_runs'))
    )
    op.create_table('mail_server',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(length=300), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_server'))
    )
    op.create_table('spent_links',
    sa.Column('hash', sa.String(length=43), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_spent_links'))
    )
    op.create_index(op.f('ix_spent_links_expires_at'), 'spent_links', ['expires_at'], unique=False)

    op.create_table('mail_preferences',
    sa.Column('account_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('queue', sa.Enum('never', 'instant', 'hourly', 'daily', name='queue', native_enum=False, create_constraint=True, length=12), nullable=False),
    sa.Column('own_posts', sa.Enum('never', 'instant', 'hourly', 'daily', name='own_posts', native_enum=False, create_constraint=True, length=12), nullable=False),
    sa.Column('quiet_from', sa.SmallInteger(), nullable=True),
    sa.Column('quiet_until', sa.SmallInteger(), nullable=True),
    sa.Column('suspended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(length=300), nullable=False),
    sa.CheckConstraint('(quiet_from IS NULL) = (quiet_until IS NULL)', name=op.f('ck_mail_preferences_quiet_whole')),
    sa.CheckConstraint('quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23', name=op.f('ck_mail_preferences_quiet_hours')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_mail_preferences_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_mail_preferences'))
    )
    op.create_table('mail_choices',
    sa.Column('comment_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('address_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Boolean(), nullable=False),
    sa.Column('answers', sa.Boolean(), nullable=False),
    sa.Column('follows', sa.Boolean(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['address_id'], ['mail_addresses.id'], name=op.f('fk_mail_choices_address_id_mail_addresses')),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_mail_choices_comment_id_comments'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_mail_choices'))
    )
    op.create_index(op.f('ix_mail_choices_address_id'), 'mail_choices', ['address_id'], unique=False)

    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('emergency', 'arrived', 'on_your_posts', 'security', 'confirm', 'published', 'declined', 'answered', 'followed', name='kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('recipient', sa.String(length=30), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('address_id', sa.Integer(), nullable=True),
    sa.Column('choice_id', sa.Integer(), nullable=True),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('subject', sa.String(length=150), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sent', 'dropped', 'failed', name='state', native_enum=False, create_constraint=True, length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('message_id', sa.String(length=200), nullable=True),
    sa.Column('problem', sa.String(length=300), nullable=False),
    sa.CheckConstraint('(account_id IS NULL) <> (address_id IS NULL)', name=op.f('ck_notices_one_recipient')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_notices_account_id_accounts')),
    sa.ForeignKeyConstraint(['address_id'], ['mail_addresses.id'], name=op.f('fk_notices_address_id_mail_addresses')),
    sa.ForeignKeyConstraint(['choice_id'], ['mail_choices.comment_id'], name=op.f('fk_notices_choice_id_mail_choices'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_notices_comment_id_comments'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_notices_post_id_posts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['revision_id'], ['comment_revisions.id'], name=op.f('fk_notices_revision_id_comment_revisions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('key', name=op.f('uq_notices_key')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_notices_address_id'), 'notices', ['address_id'], unique=False)
    op.create_index(op.f('ix_notices_choice_id'), 'notices', ['choice_id'], unique=False)
    op.create_index(op.f('ix_notices_closed_at'), 'notices', ['closed_at'], unique=False)
    op.create_index(op.f('ix_notices_comment_id'), 'notices', ['comment_id'], unique=False)
    op.create_index('ix_notices_due', 'notices', ['state', 'due_at', 'id'], unique=False)
    op.create_index('ix_notices_recipient', 'notices', ['recipient', 'state'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
