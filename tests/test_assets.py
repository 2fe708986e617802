"""Static files: one address per content, kept for ever by browsers, small on the wire."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
import zstandard
from flask import Flask

from blog import assets, headers
from blog.config import ROOT


@pytest.fixture
def folder(tmp_path):
    """A site's static files, small."""
    css = tmp_path / "css"
    (css / "components").mkdir(parents=True)
    (css / "desk").mkdir()
    (css / "layers.css").write_text("@layer reset, base, components, utilities, site;\n")
    (css / "tokens.css").write_text(
        "/* why */\n:root {\n  --ink: #000;\n  --paper: light-dark(rgb(9 9 9 / 1%), #111);\n}\n"
    )
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
    app.config.update(BLOG_SITE_URL="http://localhost", BLOG_HSTS="off", BLOG_CSP_REPORT_URL="")
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
    """Layers come first, then tokens, then components by name; comments stay at home."""
    joined = assets.read(folder)["css/site.css"].body.decode()

    assert joined.startswith(
        "@layer reset,base,components,utilities,site;"
        ":root{--ink:#000;--paper:light-dark(rgb(9 9 9 / 1%),#111);}.a{}.b{}"
    )


def test_leaves_out_only_blanks_that_mean_nothing(tmp_path):
    """Those between selectors, around operators and in strings stay."""
    css = b'.a  .b > .c,\n.d :is( .e ) {\n  margin: calc(1px + 2px) 0 ; content: "a ; b: c,  d";\n}\n/* why */\n.f {}\n'

    assert b'.a .b > .c,.d :is( .e ){margin:calc(1px + 2px) 0;content:"a ; b: c,  d";}.f{}\n' == assets._plain(css)


def test_keeps_the_desk_apart(folder):
    """Readers never load the desk's styles."""
    found = assets.read(folder)

    assert b".desk" not in found["css/site.css"].body
    assert b".desk{}\n" == found["css/desk.css"].body


def test_names_a_file_by_its_bytes(folder, tmp_path_factory):
    """Another content has another address; the same content has the same one everywhere."""
    before = assets.Asset.of("js/share.js", b"export {};\n")
    after = assets.Asset.of("js/share.js", b"export { now };\n")

    assert before.name == assets.read(folder)["js/share.js"].name
    assert before.name != after.name
    assert re.fullmatch(r"js/share\.[0-9a-f]{12}\.js", before.name)


def test_is_kept_for_ever(client, address):
    """A browser that has the file never asks again."""
    answer = client.get(address("css/site.css"))

    assert 200 == answer.status_code
    assert "public, max-age=31536000, immutable" == answer.headers["Cache-Control"]
    assert "text/css; charset=utf-8" == answer.headers["Content-Type"]


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, zstd", "zstd", lambda packed: zstandard.ZstdDecompressor().decompress(packed)),
        ("br;q=0, gzip", "gzip", gzip.decompress),
    ],
)
def test_sends_the_smallest_form_that_is_taken(client, address, accepted, encoding, unpack):
    """The packed and the plain form hold the same bytes and have tags of their own."""
    plain = client.get(address("css/site.css"))
    packed = client.get(address("css/site.css"), headers={"Accept-Encoding": accepted})

    assert encoding == packed.headers["Content-Encoding"]
    assert plain.data == unpack(packed.data)
    assert "Accept-Encoding" == plain.headers["Vary"] == packed.headers["Vary"]
    assert plain.headers["ETag"] != packed.headers["ETag"]


@pytest.mark.parametrize("accepted", ["", "identity", "deflate", "gzip;q=0"])
def test_sends_plain_bytes_to_others(client, address, accepted):
    """Who takes none of our forms, or refuses it, gets none."""
    answer = client.get(address("css/site.css"), headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers


def test_answers_304_to_a_known_tag(client, address):
    """Asking with the tag costs no body."""
    tag = client.get(address("css/site.css")).headers["ETag"]

    answer = client.get(address("css/site.css"), headers={"If-None-Match": tag})

    assert (304, b"") == (answer.status_code, answer.data)


@pytest.mark.parametrize("name", ["css/site.css", "css/site.000000000000.css"])
def test_leads_other_fingerprints_to_todays(client, address, name):
    """A page kept from before a change still gets its styles, and nobody keeps the detour."""
    answer = client.get(f"/assets/{name}")

    assert (302, address("css/site.css")) == (answer.status_code, answer.headers["Location"])
    assert "no-store" == answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["css/none.css", "css/tokens.css", "css/none.000000000000.css", "../config.py", "%2e%2e/x"]
)
def test_knows_only_its_own_files(client, name):
    """What is not an asset is not found, and that answer is not kept."""
    answer = client.get(f"/assets/{name}")

    assert 404 == answer.status_code
    assert "no-store" == answer.headers["Cache-Control"]


def test_sets_no_cookie(client, address):
    """Static files are the same for everybody."""
    answer = client.get(address("js/share.js"))

    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "text/javascript; charset=utf-8" == answer.headers["Content-Type"]


def test_refuses_an_unknown_path(address):
    """A slip in a template shows at once."""
    with pytest.raises(KeyError, match=r"css/typo\.css"):
        address("css/typo.css")


# What a site's owner lays into the instance folder


@pytest.fixture
def instance(tmp_path_factory):
    """An instance folder with files of its owner."""
    own = tmp_path_factory.mktemp("instance")
    (own / "site.css").write_text("/* ours */\n:root {\n  --ink: #123456;\n}\n")
    (own / "logo.svg").write_text("<svg/>")
    (own / "fonts").mkdir()
    (own / "fonts" / "own.woff2").write_bytes(b"wOF2")
    return own


def test_the_owners_styles_come_last(folder, instance):
    """They stand in a layer of their own, which wins over all of ours; still one request."""
    body = assets.read(folder, instance)["css/site.css"].body.decode()

    assert "@layer site {\n:root{--ink:#123456;}\n}" in body
    assert b"#123456" not in assets.read(folder)["css/site.css"].body


def test_the_owners_logo_and_fonts_are_served(folder, instance):
    """The logo stands in for the mark; a font is found under its plain name too."""
    found = assets.read(folder, instance)

    assert b"<svg/>" == found["images/mark.svg"].body
    assert "font/woff2" == found["fonts/own.woff2"].mimetype


def test_old_browsers_get_the_light_colours(folder):
    """Who does not know light-dark() still sees every colour that depends on it."""
    body = assets.read(folder)["css/site.css"].body.decode()

    assert body.endswith("@supports not (color: light-dark(#000, #fff)) {\n:root {\n--paper: rgb(9 9 9 / 1%);\n}\n}\n")


# The files that are shipped


def shipped():
    return assets.read(ROOT / "static")


def test_little_is_packed_at_each_start():
    """Packing takes about 1 ms of processor time for each kB."""
    assert sum(len(one.body) for one in shipped().values()) < 210_000


@pytest.mark.parametrize("path", sorted(path for path in shipped() if path.endswith(".js")))
def test_modules_are_small(path):
    """Each is below 3 kB packed; the one that is read before the first paint has at most 300 bytes."""
    script = shipped()[path]

    assert len(gzip.compress(script.body)) < 3000
    assert path != "js/first.js" or len(script.body) <= 300


def test_stylesheets_stay_small():
    """What every page waits for is below 8.4 kB packed; with what articles and forms need on top, below 11.2."""
    first, more = (len(shipped()[f"css/{name}.css"].packed["br"]) for name in ("site", "more"))

    assert first < 8_400
    assert first + more < 11_200


def test_colours_are_named_once():
    """No file but the tokens holds a raw colour."""
    raw = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(", re.IGNORECASE)
    found = [
        str(file.relative_to(ROOT))
        for file in Path(ROOT, "static", "css").rglob("*.css")
        if file.name != "tokens.css" and raw.search(re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL))
    ]

    assert [] == found


def test_the_browsers_bar_has_the_colour_of_the_page(app):
    """It follows the tokens through their names, for light and for dark."""
    with app.test_request_context():
        colours = dict(assets.page_colours())

    assert {"light", "dark"} == set(colours)
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours.values())
    assert colours["light"] != colours["dark"]
