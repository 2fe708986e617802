"""The site's own fonts: what is in their subsets, and that pages need none of them."""

from __future__ import annotations

import io
import re

import pytest
from fontTools.ttLib import TTFont

from blog import assets, fontmaking, fonts
from blog.config import ROOT


@pytest.fixture(scope="module")
def made():
    return fontmaking.make()


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    found = tmp_path_factory.mktemp("fonts")
    for name, body in made.items():
        (found / name).write_bytes(body)
    return found


def letters(body):
    return set(TTFont(io.BytesIO(body)).getBestCmap())


def test_subsets_have_the_letters_that_the_stylesheet_says(made):
    """Those of Western Europe, in files that are small; further Latin ones apart."""
    text, further = letters(made["text-latin.woff2"]), letters(made["text-further.woff2"])

    assert {ord(letter) for letter in "Aäß“”–…€ é"} <= text
    assert (ord("Ł") in text, ord("Ł") in further, ord("а") in text | further) == (False, True, False)
    assert sum(len(body) for name, body in made.items() if "latin" in name) < 40_000


def test_subsets_keep_their_licence(made):
    for name, body in made.items():
        if name.endswith(".woff2"):
            assert "Open Font License" in str(TTFont(io.BytesIO(body))["name"].getName(13, 3, 1)), name


def test_the_devices_font_takes_the_same_room_until_they_are_there(made):
    """Each face has a stand-in with measures of its own."""
    rules = re.findall(
        r'stand-in"; font-weight: [\d ]+; src: local.*?size-adjust: ([\d.]+)%; ascent', made["fonts.css"].decode()
    )

    assert len(fonts.FACES) == len(rules)
    assert all(80 < float(size) < 125 for size in rules)


def test_are_named_by_fingerprint_in_the_stylesheet(folder):
    found = assets.read(ROOT / "static", None, folder)
    css = found["css/site.css"].body.decode()

    assert f'url("../{found["fonts/text-latin.woff2"].name}")' in css
    assert 'url("text-' not in css


def test_are_whole_or_not_there(tmp_path, monkeypatch):
    """A folder that was begun and not finished does not count."""
    monkeypatch.setattr(fonts, "ROOT", tmp_path / "software")
    folder = fonts.folders(tmp_path)[1]
    folder.mkdir(parents=True)
    (folder / "text-latin.woff2").write_bytes(b"half")
    before = fonts.made(tmp_path)
    (folder / fonts.STYLES).write_text("")

    assert (None, folder) == (before, fonts.made(tmp_path))


def test_lie_in_the_instance_folder_where_the_software_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "software").write_text("a file, in which no folder can be made")
    monkeypatch.setattr(fonts, "ROOT", tmp_path / "software")
    monkeypatch.setattr(fontmaking, "make", lambda: {fonts.STYLES: b""})
    fontmaking.main(tmp_path / "instance")

    assert fonts.made(tmp_path / "instance") == fonts.folders(tmp_path / "instance")[1]


def test_pages_work_without_them(app, client, monkeypatch):
    monkeypatch.setattr(fonts, "made", lambda instance: None)
    app.extensions.pop("assets", None)
    app.extensions.pop("partials", None)
    answer = client.get("/")

    assert (200, False) == (answer.status_code, "preload" in answer.text)


def test_those_of_the_owner_are_not_delayed_by_ours(app, client):
    """Nothing is preloaded that the site's own stylesheet replaces."""
    (app.config["BLOG_INSTANCE_PATH"] / "site.css").write_text(":root { --font-text: serif; }")

    assert 'rel="preload"' not in client.get("/").text
