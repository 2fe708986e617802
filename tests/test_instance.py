"""The folder of this machine's data is its own user's alone."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from blog import create_app, instance
from blog.config import ROOT
from tests.processes import FLASK, MOST_SECONDS, clean_environment

OPEN = 0o077


def open_to_others(folder: Path) -> list[str]:
    """What of a folder others may read, write or enter, itself included."""
    paths = [folder, *folder.rglob("*")]
    return [path.name for path in paths if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & OPEN]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_site_is_private(tmp_path):
    """Database, its log, key, backups, templates, slots and locks: whatever the commands make, whatever the umask."""
    folder = tmp_path / "instance"
    environment = clean_environment(BLOG_INSTANCE_PATH=str(folder))
    codes = [
        subprocess.run(
            [FLASK, *words], cwd=ROOT, env=environment, umask=0, timeout=MOST_SECONDS, check=False
        ).returncode
        for words in (["init"], ["sample"], ["posts", "list"])
    ]
    with closing(sqlite3.connect(folder / "blog.db")) as connection:  # its log lives while somebody has it open
        connection.execute("CREATE TABLE more (x)")
        left = open_to_others(folder)

    assert ([0, 0, 0], []) == (codes, left)


def test_an_old_site_is_made_private(tmp_path):
    """What an earlier version left open is closed at the next start; what may run may still run."""
    folder = tmp_path / "instance"
    (folder / "backups").mkdir(parents=True, mode=0o755)
    (folder / "outbox").mkdir(mode=0o755)
    for name in ("blog.db", "blog.db-wal", "secret_key", "backups/1.db", "outbox/1.eml", "mine.sh"):
        (folder / name).write_text("x" * 40)
        (folder / name).chmod(0o755 if name == "mine.sh" else 0o644)
    folder.chmod(0o755)
    create_app({"BLOG_INSTANCE_PATH": str(folder)})

    assert ([], 0o700, 0o600) == (open_to_others(folder), mode(folder / "mine.sh"), mode(folder / "blog.db"))


def test_links_are_not_followed(tmp_path):
    """What lies elsewhere keeps its rights."""
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("x")
    elsewhere.chmod(0o644)
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o755)
    (folder / "link").symlink_to(elsewhere)
    instance.prepare(folder, ROOT)

    assert (0o644, 0o700) == (mode(elsewhere), mode(folder))


@pytest.mark.parametrize("kind", ["sticky", "holds the code"])
def test_a_folder_that_others_need_stays_open(tmp_path, kind):
    """Nobody is locked out of /tmp, or of the project, by a path that is too short."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o1777 if kind == "sticky" else 0o755)
    before = mode(folder)
    instance.prepare(folder, folder / "project" if kind == "holds the code" else ROOT)

    assert before == mode(folder)
