"""How Alembic reaches our database and our models; run by `flask db …` and by blog/operations/database.py."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator
from sqlalchemy.engine import Connection

from blog.database import Base, OnPostgreSQL, db, narrow_on_postgresql, take_time
from blog.operations.database import alone_in_database


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leave alone what no model knows: the tables of SQLite's full-text indexes, and PostgreSQL's in their place."""
    is_ours_alone = kind in ("table", "index") and reflected and compare_to is None
    return not (is_ours_alone and name is not None and ("_fts" in name or "_grams" in name))


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """A migration must run after our types have changed, so it names the plain type that they store."""
    if kind == "type" and isinstance(item, OnPostgreSQL):
        return f"postgresql.{item.named}()"
    if kind == "type" and isinstance(item, TypeDecorator) and not type(item).__module__.startswith("sqlalchemy"):
        return f"sa.{item.impl!r}"
    return False


def drop_empty(migration: Any, revision: Any, directives: list[Any]) -> None:
    """Write no file when nothing changed."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run(connection: Connection) -> None:
    """All outstanding migrations in one transaction: they happen together or not at all."""
    narrow_on_postgresql()  # a migration that is written on SQLite is for both
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        include_object=include_object,
        render_item=render_item,
        process_revision_directives=drop_empty,
    )
    with context.begin_transaction(), alone_in_database(connection):
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"a migration left rows that point nowhere: {broken[:5]}")


def run_online() -> None:
    engine = context.config.attributes.get("engine") or db.engine  # another file's: a backup being made or proved
    connection = engine.connect().execution_options(writes=True)
    with connection:
        if connection.dialect.name != "sqlite":
            take_time(connection)
            connection.commit()
            run(connection)
            return
        # Rebuilding a table drops it, and with it rows that point at it. The switch works outside a transaction only,
        # so it goes to the driver: SQLAlchemy would begin one.
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            run(connection)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def run_offline() -> None:
    """`flask db upgrade --sql`: print the statements."""
    context.configure(url=db.engine.url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
