"""Every command tells in one line that the database cannot be used."""

from __future__ import annotations

import click
import pytest

from blog import create_app

ARGUMENTS = {
    "SLUG": "one",
    "NEW_SLUG": "two",
    "MOMENT": "2027-01-15",
    "EMAIL": "a@example.org",
    "NEW_URL": "https://new.example.org",
}
RUNS = {"serve", "run", "shell", "routes", "triage", "doctor"}  # without end, or saying more of the database


def leaves(command, path=()):
    """Every command below `command` but Alembic's own, as the words to type."""
    if not isinstance(command, click.Group):
        yield path, command
    elif path != ("db",):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from leaves(command.get_command(context, name), (*path, name))


@pytest.fixture
def arguments(tmp_path):
    """What each command needs to begin with."""
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "one.md").write_text("---\ntitle: x\nstandfirst: x\nauthors: [ada]\n---\n\nText.\n")
    labelled = tmp_path / "labelled.json"
    labelled.write_text("[]")

    def of(command):
        words = []
        for parameter in command.params:
            if isinstance(parameter, click.Argument) and parameter.required:
                kind = parameter.type
                if isinstance(kind, click.Choice):
                    words.append(kind.choices[0])
                elif isinstance(kind, click.Path | click.File):
                    words.append(str(articles if getattr(kind, "dir_okay", False) and not kind.file_okay else labelled))
                elif isinstance(kind, type(click.INT)):
                    words.append("1")
                else:
                    words.append(ARGUMENTS.get(parameter.human_readable_name, "1:1"))
            elif isinstance(parameter, click.Option) and parameter.required:
                choice = parameter.type.choices[0] if isinstance(parameter.type, click.Choice) else "1"
                words += [parameter.opts[0], str(getattr(choice, "value", choice))]
        return words

    return of


def down(tmp_path):
    return "postgresql://blog:hidden@127.0.0.1:1/blog"


def missing(tmp_path):
    return f"sqlite:///{tmp_path}/gone/blog.db"


def empty(tmp_path):
    return f"sqlite:///{tmp_path}/new.db"


def broken(tmp_path):
    (tmp_path / "broken.db").write_text("no database " * 1000)
    return f"sqlite:///{tmp_path}/broken.db"


@pytest.mark.parametrize("database", [down, missing, empty, broken], ids=lambda database: database.__name__)
def test_each_command_says_so_in_one_line(tmp_path, arguments, database):
    """No traceback, no password, an exit code that is not 0."""
    app = create_app({"BLOG_INSTANCE_PATH": str(tmp_path / "instance"), "BLOG_DATABASE_URL": database(tmp_path)})
    wrong, tried = [], 0
    for path, command in leaves(app.cli):
        fills = path in (("init",), ("restore",)) and database is empty  # what an empty database is right for
        if path[0] in RUNS or path == ("comments", "triage") or fills:
            continue
        result = app.test_cli_runner().invoke(args=[*path, *arguments(command)], input="x\n" * 3)
        lines = [line for line in result.output.splitlines() if line.startswith("Error: ")]
        tried += 1
        said = len(lines) == 1 and "database" in lines[0] and "hidden" not in result.output
        if result.exit_code == 0 or not said or not isinstance(result.exception, SystemExit):
            wrong.append((path, result.exit_code, result.output[-300:], repr(result.exception)[:200]))

    assert [] == wrong
    assert tried > 12
