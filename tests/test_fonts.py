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
    """Those of English, in files that are small; of Western Europe and further Latin ones apart."""
    english, western, further = (letters(made[f"text-{name}.woff2"]) for name in fonts.RANGES)

    assert {ord(letter) for letter in "A“”–…€£°·× 7"} <= english
    assert {ord(letter) for letter in "äßéÅ"} <= western
    assert (ord("Ł") in english | western, ord("Ł") in further) == (False, True)
    assert not english & western
    assert ord("а") not in english | western | further  # Cyrillic
    assert sum(len(body) for name, body in made.items() if "english" in name) < 25_500


def test_subsets_are_the_same_bytes_on_every_machine(made):
    """Their fingerprints stand in pages, which all machines of a site make alike."""
    source = fontmaking._source(fonts.FACES[0])

    assert TTFont(source)["head"].modified == TTFont(io.BytesIO(made["text-english.woff2"]))["head"].modified


def test_titles_are_kerned_as_far_as_is_seen(made):
    """“To” and “AV” stand close; what would move a letter by less than a fiftieth of an em is left out."""
    font = TTFont(io.BytesIO(made["title-english.woff2"]))
    pairs, classes = font["GPOS"].table.LookupList.Lookup[0].SubTable
    kerned = [fontmaking._of_classes([classes], "T", "o"), fontmaking._of_classes([classes], "A", "V")]
    moves = [abs(fontmaking._moved(record)) for row in classes.Class1Record for record in row.Class2Record]

    assert all(move < -0.04 * font["head"].unitsPerEm for move in kerned)
    assert min(move for move in moves if move) >= fontmaking.FAINT * font["head"].unitsPerEm
    assert sum(len(first.PairValueRecord) for first in pairs.PairSet) < 500


def test_subsets_keep_their_licence(made):
    for name, body in made.items():
        if name.endswith(".woff2"):
            assert "Open Font License" in str(TTFont(io.BytesIO(body))["name"].getName(13, 3, 1)), name


def test_the_devices_font_takes_the_same_room_until_they_are_there(made):
    """Each face has stand-ins with measures of their own, those of most devices last; bold ones for bold."""
    rules = re.findall(
        r'stand-in"; font-weight: [\d ]+; src: local.*?size-adjust: ([\d.]+)%; ascent', made["fonts.css"].decode()
    )

    assert sum(len(face.stand_ins) for face in fonts.FACES) == len(rules)
    assert all(80 < float(size) < 125 for size in rules)
    assert all("Bold" in name for stand_in in fonts.SANS_BOLD for name in stand_in.fonts)


def test_are_named_by_fingerprint_in_the_stylesheet(folder):
    found = assets.read(ROOT / "static", None, folder)
    css = found["css/site.css"].body.decode()

    assert f'url("../{found["fonts/text-english.woff2"].name}")' in css
    assert 'url("text-' not in css


def test_are_whole_or_not_there(tmp_path, monkeypatch):
    """A folder that was begun and not finished does not count."""
    monkeypatch.setattr("blog.instance.ROOT", tmp_path / "software")
    folder = fonts.folders(tmp_path)[1]
    folder.mkdir(parents=True)
    (folder / "text-english.woff2").write_bytes(b"half")
    before = fonts.made(tmp_path)
    (folder / fonts.STYLES).write_text("")

    assert (None, folder) == (before, fonts.made(tmp_path))


def test_lie_in_the_instance_folder_where_the_software_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "software").write_text("a file, in which no folder can be made")
    monkeypatch.setattr("blog.instance.ROOT", tmp_path / "software")
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
