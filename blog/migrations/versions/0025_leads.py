"""Versions of articles say which picture stands for them, and count all words of their page.

Revision ID: 0025
Revises: 0024
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

BATCH = 200


def upgrade() -> None:
    for name in ('lead_picture', 'lead_muscle'):
        op.add_column('post_revisions', sa.Column(name, sa.String(80), server_default='', nullable=False))
    fill(op.get_bind())


def fill(connection: sa.Connection) -> None:
    """Read it from the documents: the first picture, the first muscle, and the words that were not counted before."""
    document = sa.column('document', sa.JSON)
    versions = sa.table('post_revisions', sa.column('id'), sa.column('words'), document,
                        sa.column('lead_picture'), sa.column('lead_muscle'))
    update = sa.update(versions).where(versions.c.id == sa.bindparam('number')).values(
        words=versions.c.words + sa.bindparam('more'), lead_picture=sa.bindparam('picture'),
        lead_muscle=sa.bindparam('muscle'))
    warnings = words_of_warnings(connection)
    some = sa.select(versions.c.id, versions.c.document).order_by(versions.c.id).limit(BATCH)
    last = 0
    while rows := connection.execute(some.where(versions.c.id > last)).all():
        connection.execute(update, [
            {
                'number': row.id,
                'more': count(uncounted(row.document)) + sum(
                    warnings.get(slug, 0) for slug in (row.document.get('safety') or {}).get('red_flags') or ()),
                'picture': next((f['picture'] for f in row.document.get('figures') or () if f.get('picture')), ''),
                'muscle': next(iter(row.document.get('muscles') or ()), ''),
            }
            for row in rows
        ])
        last = rows[-1].id


def words_of_warnings(connection: sa.Connection) -> dict[str, int]:
    """How many words each set of warning signs has."""
    entries = sa.table('entries', *map(sa.column, ('kind', 'slug', 'public_revision_id')))
    revisions = sa.table('entry_revisions', sa.column('id'), sa.column('document', sa.JSON))
    found = connection.execute(
        sa.select(entries.c.slug, revisions.c.document)
        .join_from(entries, revisions, revisions.c.id == entries.c.public_revision_id)
        .where(entries.c.kind == 'red_flags')
    )
    return {
        slug: count(text for level in document.get('levels') or () for text in (level['heading'], *level['items']))
        for slug, document in found
    }


def uncounted(document: Mapping[str, Any]) -> Iterator[str]:
    """What an article's page says besides text, standfirst, key facts and steps."""
    yield document.get('evidence') or ''
    yield from document.get('uncertain') or ()
    yield from (document.get('safety') or {}).get('cautions') or ()
    for stretch in document.get('stretches') or ():
        yield from (stretch.get(name) or '' for name in ('name', 'dose', 'easier_version', 'stop_if'))
        yield from stretch.get('not_for') or ()


def count(texts: Any) -> int:
    return sum(len(str(text).split()) for text in texts)


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the migration instead")
