"""What committed changes drop from the page cache, and which posts are alike.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('page_changes',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_page_changes')),
    sqlite_autoincrement=True
    )
    op.create_table('related_posts',
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['other_id'], ['posts.id'], name=op.f('fk_related_posts_other_id_posts')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_related_posts_post_id_posts')),
    sa.PrimaryKeyConstraint('post_id', 'other_id', name=op.f('pk_related_posts'))
    )
    with op.batch_alter_table('related_posts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_related_posts_other_id'), ['other_id'], unique=False)
    op.execute("""
        INSERT INTO related_posts (post_id, other_id, score)
        SELECT post_id, other_id, score FROM (
            SELECT shared.post_id, shared.other_id, shared.score, row_number() OVER (
                PARTITION BY shared.post_id ORDER BY shared.score DESC, posts.published_at DESC, posts.id DESC
            ) AS place
            FROM (
                SELECT post_id, other_id, sum(weight) AS score FROM (
                    SELECT mine.post_id, other.post_id AS other_id, mine.weight FROM post_entries AS mine
                    JOIN post_entries AS other ON other.entry_id = mine.entry_id AND other.post_id <> mine.post_id
                    UNION ALL
                    SELECT mine.post_id, other.post_id, 2 FROM post_tags AS mine
                    JOIN post_tags AS other ON other.tag_id = mine.tag_id AND other.post_id <> mine.post_id
                ) AS pairs GROUP BY post_id, other_id
            ) AS shared JOIN posts ON posts.id = shared.other_id
        ) AS ranked WHERE place <= 12
    """)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
