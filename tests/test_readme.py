"""The README is true: its first command starts a site, and every command, setting and URL it names exists."""

from __future__ import annotations

import re
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from blog.config import ROOT, SETTINGS
from tests.processes import RunningSite, is_gone, wait_for

README = ROOT / "README.md"
ARTICLE = "/posts/gluteus-maximus-trigger-points"
ADDRESS = re.compile(r"(?:(?:GET|POST) )?(?:https?://(?:127\.0\.0\.1|localhost)(?::\d+)?)?(/[^\s?#]*)")
FILE_FOLDERS = ("/work", "/etc", "/var", "/home", "/srv", "/opt", "/usr", "/tmp")


def code() -> Iterator[str]:
    """Each line of a code block, and each code span, of the README."""
    text = README.read_text()
    block = re.compile(r"^(```|~~~)[^\n]*\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
    for _, content in block.findall(text):
        for line in content.splitlines():
            yield line.strip().removeprefix("$ ").split("  #")[0].strip()
    yield from (span.strip() for _, span in re.findall(r"(`+)([^`\n]+)\1", block.sub("", text)))


def words_after(command: str) -> list[list[str]]:
    """What follows `command` wherever the README runs it, such as ["serve", "--port", "8080"]."""
    found = []
    for piece in code():
        for part in re.split(r"&&|\|\||;|\|", piece):
            try:
                words = shlex.split(part, comments=True)
            except ValueError:
                continue
            words = [
                word for index, word in enumerate(words) if "=" not in word or any("=" not in w for w in words[:index])
            ]
            if words and words[0].rpartition("/")[2] == command:
                found.append(words[1:])
    return found


def first_command() -> str:
    """The first line of code that runs make."""
    return next(line for line in code() if re.match(r"make\b", line))


@pytest.mark.slow
def test_first_command_starts_the_site(tmp_path: Path):
    """As the README says: the home page and an article answer, and it stops without a trace."""
    site = RunningSite(tmp_path / "instance", shlex.split(first_command()))
    try:
        site.wait_until_up()
        assert ARTICLE in site.read("/")
        assert "<h1" in site.read(ARTICLE)
        everybody = site.everybody
        assert 0 == site.stop()
        assert wait_for(lambda: all(is_gone(process) for process in everybody))
    finally:
        site.kill()


@pytest.mark.slow
def test_stops_with_ctrl_c(tmp_path: Path):
    """The way a newcomer stops it: no process is left, and nothing is broken."""
    site = RunningSite(tmp_path / "instance", shlex.split(first_command()))
    try:
        site.wait_until_up()
        everybody = site.everybody
        for process in everybody:  # as a terminal does: to all of them
            process.send_signal(signal.SIGINT)
        site.process.wait(120)
        assert wait_for(lambda: all(is_gone(process) for process in everybody))
        assert "Traceback" not in site.log.read_text()
    finally:
        site.kill()


def test_flask_commands_exist(app: Flask):
    """Every `flask …` in the README is a command, with the options named."""
    commands = words_after("flask")

    assert commands
    for words in commands:
        command: click.Command = app.cli
        context = click.Context(app.cli, obj=None)
        rest = list(words)
        while isinstance(command, click.Group) and rest and not rest[0].startswith(("-", "…", "<")):
            found = command.get_command(click.Context(command, obj=None), rest.pop(0))
            assert found is not None, f"flask {' '.join(words)}"
            command = found
        known = {
            option
            for parameter in command.get_params(context)
            for option in (*parameter.opts, *parameter.secondary_opts)
        }
        for word in rest:
            if word.startswith("--"):
                assert word.partition("=")[0] in known, f"flask {' '.join(words)}"


def test_make_targets_exist():
    """Every `make …` in the README is a target."""
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {word for words in words_after("make") for word in words if re.fullmatch(r"[a-z][\w-]*", word)}

    assert named
    assert set() == named - targets


def test_settings_exist():
    """Every BLOG_* name in the README is a setting."""
    named = set(re.findall(r"\bBLOG_[A-Z_]*[A-Z]\b", README.read_text()))

    assert set() == named - {setting.name for setting in SETTINGS}


def test_addresses_exist(app: Flask):
    """Every path in the README leads to a route of the site."""
    paths = {match[1] for match in map(ADDRESS.match, code()) if match and not match[1].startswith(FILE_FOLDERS)}

    assert paths
    for path in paths:
        filled_in = [re.sub(r"<[^>]+>|\{[^}]+\}|…", something, path) for something in ("1", "word")]
        assert any(_leads_somewhere(app, one, method) for one in filled_in for method in ("GET", "POST")), path


def _leads_somewhere(app: Flask, path: str, method: str) -> bool:
    try:
        app.url_map.bind("localhost").match(path, method)
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True
