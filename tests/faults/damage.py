"""A disk that changes bytes: 64 random ones anywhere in the database's file. What finds them, and what readers see."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

from blog import create_app
from tests.faults.harness import Wrong, expect, fault, flask, served
from tests.processes import ROOT

PAGE_BYTES, DAMAGED_BYTES = 4096, 64
SEEDS = 30  # that hit something: every other place is free
MOST_SEEDS = 200
BESIDE = (
    "/",
    "/?page=2",
    "/comments.atom",
    "/feed.atom",
    "/feed.json",
    "/search?q=hip",
    "/api/v1/comments",
    "/api/v1/posts",
)

Answers = dict[str, tuple[int, str]]


@fault(
    "F11",
    f"{DAMAGED_BYTES} random bytes anywhere in the database's file, {SEEDS} places where something stands",
    "flask doctor finds 95 of 100 or the site does not start; pages as before, or without a damaged comment, or 503: "
    "never another text",
)
def damaged(place: Path) -> str:
    with served(place / "whole") as site:
        site.stop()
    file = place / "whole" / "blog.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    expect(flask(place / "whole", "doctor").returncode < 2, "it is not well before")
    rows, (shown, _) = _rows(file), _answers(place / "whole")
    said = {word for _, text in shown.values() for word in _words(text)}
    told, hits, free, starts, unseen = Counter[str](), 0, 0, 0, []
    for seed in range(MOST_SEEDS):
        if hits == SEEDS:
            break
        copy = place / f"copy{seed}"
        shutil.copytree(place / "whole", copy)
        where = _damage(copy / "blog.db", seed)
        if _rows(copy / "blog.db") == rows:
            free += 1
        else:
            hits += 1
            done = flask(copy, "doctor")
            broke = re.search(r"Traceback.*", done.stdout + done.stderr, re.S)
            expect(broke is None, f"doctor broke down at seed {seed}, {where}: {broke and broke[0][-300:]}")
            if done.returncode != 2:
                unseen.append(where)
            answers, complaint = _answers(copy)
            starts += bool(answers)
            try:
                _look(answers, shown, said, told)
            except Wrong as wrong:
                raise Wrong(f"{wrong} at seed {seed}, {where}: {complaint}") from None
        shutil.rmtree(copy)
    result = f"doctor found {hits - len(unseen)} of {hits}{f' (not {unseen})' if unseen else ''}; {free} more places "
    result += f"were free; {len(shown)} pages looked at for each of the {starts} with which the site starts: "
    result += f"{told['as before']} as before, {told['503']} × 503, {told['with less']} with less, another text 0"
    expect(hits == SEEDS and len(unseen) <= 0.05 * SEEDS, result)
    return result


def _damage(file: Path, seed: int) -> str:
    """Overwrite a place behind the first page; where it was."""
    pick = random.Random(seed)
    size = file.stat().st_size
    number = pick.randrange(1, size // PAGE_BYTES)
    with file.open("r+b") as opened:
        opened.seek(PAGE_BYTES * number + pick.randrange(PAGE_BYTES - DAMAGED_BYTES))
        opened.write(pick.randbytes(DAMAGED_BYTES))
    return f"page {number + 1}"


def _rows(file: Path) -> dict[str, object] | None:
    """All rows of all tables, those behind indexes too; None where they cannot be read."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        database.text_factory = bytes
        try:
            if database.execute("PRAGMA integrity_check(1)").fetchall() != [(b"ok",)]:
                return None
            kept = database.execute("SELECT name FROM sqlite_schema WHERE rootpage > 0 AND type = 'table'").fetchall()
            found = {name.decode(): database.execute(f'SELECT * FROM "{name.decode()}"').fetchall() for (name,) in kept}
            return found | {"schema": database.execute("SELECT * FROM sqlite_schema").fetchall()}
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return None


def _look(answers: Answers, before: Answers, said: set[str], told: Counter[str]) -> None:
    """Count what readers see. Raises Wrong for a word that nobody wrote, a trace, or another failure than 503."""
    for address, (status, text) in answers.items():
        expect("Traceback" not in text and "sqlite3." not in text, f"a trace at {address}")
        if status == 503:
            told["503"] += 1
            continue
        if (status, text) == before[address]:
            told["as before"] += 1
            continue
        others = [word for word in _words(text) if word not in said]
        expect(status in (200, 404) and not others, f"{address} answered {status} with {others[:5]}")
        told["with less"] += 1


def _words(text: str) -> Iterator[str]:
    return (match[0] for match in re.finditer(r"\S+", text))


def _answers(instance: Path) -> tuple[Answers, str]:
    """What a new process shows of a site, page by page, without what differs each time; its last complaint."""
    command = (sys.executable, "-m", "tests.faults.damage", str(instance))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    last = (done.stdout.strip().splitlines() or [""])[-1]
    complaints = re.findall(r"^[\w.]+(?:Error|Exception)\b.*", done.stderr, re.M)
    complaint = complaints[-1][:200] if complaints else ""
    if not last.startswith("{"):  # it does not start: nothing is shown
        return {}, complaint
    return {address: (status, text) for address, (status, text) in json.loads(last).items()}, complaint


def _show(instance: Path) -> None:
    """Print the answers of the site, with the addresses that it had when it was whole."""
    app = create_app({"BLOG_INSTANCE_PATH": str(instance)})
    client, kept = app.test_client(), instance.parent / "addresses.json"
    if not kept.exists():
        lists = "".join(client.get(path).text for path in ("/", "/?page=2", "/muscles", "/pain", "/conditions"))
        paths = sorted(set(re.findall(r'href="(/(?:posts|muscles|pain|conditions|tags)/[a-z0-9-]+)"', lists)))
        paths += [f"{path}/{name}" for path in paths if "/posts/" in path for name in ("handout", "comments.atom")]
        kept.write_text(json.dumps([*paths, *BESIDE]))
    answers = {}
    for address in json.loads(kept.read_text()):
        answer = client.get(address)
        text = answer.text if "html" not in answer.mimetype else unescape(re.sub("<[^>]*>", " ", answer.text))
        answers[address] = answer.status_code, text
    print(json.dumps(answers))


if __name__ == "__main__":
    _show(Path(sys.argv[1]))
