"""Static files: one address per content, kept for ever by browsers, small on the wire."""

import gzip
import re

import pytest
from flask import Flask

from blog import assets, headers


@pytest.fixture
def folder(tmp_path):
    """A site's static files, small."""
    css = tmp_path / "css"
    (css / "components").mkdir(parents=True)
    (css / "desk").mkdir()
    (css / "layers.css").write_text("@layer reset, base, components, utilities;\n")
    (css / "tokens.css").write_text("/* why */\n:root {\n  --ink: #000;\n}\n")
    (css / "components" / "b.css").write_text(".b {}\n" * 50)
    (css / "components" / "a.css").write_text(".a {}\n")
    (css / "desk" / "desk.css").write_text(".desk {}\n")
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "share.js").write_text("export {};\n")
    return tmp_path


@pytest.fixture
def client(folder):
    """Asks an application that has nothing but the assets and the headers of every answer."""
    app = Flask(__name__, static_folder=str(folder))
    headers.init_app(app)
    app.register_blueprint(assets.bp)
    return app.test_client()


@pytest.fixture
def address(client):
    """The address that a template gets for a path."""

    def find(path):
        with client.application.test_request_context():
            return assets.asset(path)

    return find


def test_joins_stylesheets_in_order(folder):
    """
    Layers come first, then tokens, then components by name; comments stay at home.
    """
    joined = assets.read(folder)["css/site.css"].body.decode()

    assert joined.startswith("@layer reset, base, components, utilities;\n:root {\n--ink: #000;\n}\n.a {}\n.b {}")


def test_keeps_the_desk_apart(folder):
    """
    Readers never load the desk's styles.
    """
    found = assets.read(folder)

    assert b".desk" not in found["css/site.css"].body
    assert b".desk {}\n" == found["css/desk.css"].body


def test_names_a_file_by_its_bytes(folder, tmp_path_factory):
    """
    Another content has another address; the same content has the same one everywhere.
    """
    before = assets.Asset.of("js/share.js", b"export {};\n")
    after = assets.Asset.of("js/share.js", b"export { now };\n")

    assert before.name == assets.read(folder)["js/share.js"].name
    assert before.name != after.name
    assert re.fullmatch(r"js/share\.[0-9a-f]{12}\.js", before.name)


def test_is_kept_for_ever(client, address):
    """
    A browser that has the file never asks again.
    """
    answer = client.get(address("css/site.css"))

    assert 200 == answer.status_code
    assert "public, max-age=31536000, immutable" == answer.headers["Cache-Control"]
    assert "text/css; charset=utf-8" == answer.headers["Content-Type"]


def test_sends_gzip_to_those_who_take_it(client, address):
    """
    The packed and the plain form hold the same bytes and have tags of their own.
    """
    plain = client.get(address("css/site.css"))
    packed = client.get(address("css/site.css"), headers={"Accept-Encoding": "br, gzip"})

    assert "gzip" == packed.headers["Content-Encoding"]
    assert plain.data == gzip.decompress(packed.data)
    assert "Accept-Encoding" == plain.headers["Vary"] == packed.headers["Vary"]
    assert plain.headers["ETag"] != packed.headers["ETag"]


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0"])
def test_sends_plain_bytes_to_others(client, address, accepted):
    """
    Who does not take gzip, or refuses it, gets none.
    """
    answer = client.get(address("css/site.css"), headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers


def test_answers_304_to_a_known_tag(client, address):
    """
    Asking with the tag costs no body.
    """
    tag = client.get(address("css/site.css")).headers["ETag"]

    answer = client.get(address("css/site.css"), headers={"If-None-Match": tag})

    assert (304, b"") == (answer.status_code, answer.data)


@pytest.mark.parametrize("name", ["css/site.css", "css/site.000000000000.css"])
def test_leads_other_fingerprints_to_todays(client, address, name):
    """
    A page kept from before a change still gets its styles, and nobody keeps the detour.
    """
    answer = client.get(f"/assets/{name}")

    assert (302, address("css/site.css")) == (answer.status_code, answer.headers["Location"])
    assert "no-store" == answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["css/none.css", "css/tokens.css", "css/none.000000000000.css", "../config.py", "%2e%2e/x"]
)
def test_knows_only_its_own_files(client, name):
    """
    What is not an asset is not found, and that answer is not kept.
    """
    answer = client.get(f"/assets/{name}")

    assert 404 == answer.status_code
    assert "no-store" == answer.headers["Cache-Control"]


def test_sets_no_cookie(client, address):
    """
    Static files are the same for everybody.
    """
    answer = client.get(address("js/share.js"))

    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "text/javascript; charset=utf-8" == answer.headers["Content-Type"]


def test_refuses_an_unknown_path(address):
    """
    A slip in a template shows at once.
    """
    with pytest.raises(KeyError, match=r"css/typo\.css"):
        address("css/typo.css")
