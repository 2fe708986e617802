"""Subscriptions by mail; what mails and events may tell of beside comments; addresses that only the site can read.

Addresses from before are sealed by a job of the night, which knows the site's key.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op


revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

EVENT_KINDS = "kind IN ('submitted', 'decided', 'announced', 'corrected')"
NOTICE_KINDS = (
    "kind IN ('emergency', 'flood', 'arrived', 'on_your_posts', 'security', 'confirm', 'published', 'declined', 'answered', "
    "'followed', 'subscribing', 'new_article', 'corrected')"
)
SUBSCRIPTION = 'fk_notices_subscription_id_subscriptions'


def upgrade() -> None:
    op.create_table('subscriptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address_id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=30), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('how_often', sa.Enum('instant', 'weekly', 'monthly', name='how_often', native_enum=False, create_constraint=True, length=12), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sender_hash', sa.String(length=43), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['address_id'], ['mail_addresses.id'], name=op.f('fk_subscriptions_address_id_mail_addresses')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_subscriptions_entry_id_entries'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_subscriptions_post_id_posts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscriptions')),
    sa.UniqueConstraint('address_id', 'topic', name=op.f('uq_subscriptions_address_id_topic')),
    sqlite_autoincrement=True
    )
    for column in ('topic', 'entry_id', 'post_id', 'sender_hash'):
        op.create_index(op.f(f'ix_subscriptions_{column}'), 'subscriptions', [column])

    autoincrement = {'sqlite_autoincrement': True}
    with op.batch_alter_table('events', table_kwargs=autoincrement) as table:
        table.add_column(sa.Column('post_id', sa.Integer(), nullable=True))
        table.drop_constraint(op.f('ck_events_event_kind'), type_='check')
        table.create_check_constraint(op.f('ck_events_event_kind'), EVENT_KINDS)
    with op.batch_alter_table('notices', table_kwargs=autoincrement) as table:
        table.add_column(sa.Column('subscription_id', sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(SUBSCRIPTION), 'subscriptions', ['subscription_id'], ['id'], ondelete='SET NULL')
        table.drop_constraint(op.f('ck_notices_kind'), type_='check')
        table.create_check_constraint(op.f('ck_notices_kind'), NOTICE_KINDS)
    op.create_index(op.f('ix_notices_subscription_id'), 'notices', ['subscription_id'])
    with op.batch_alter_table('mail_addresses', table_kwargs=autoincrement) as table:
        table.alter_column('email', type_=sa.Text(), existing_type=sa.String(length=254), existing_nullable=True)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
