"""Films of stretches: small, still until they are asked for, and their figure is in one piece at every moment."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from blog import sample
from blog.anatomy import drawing
from blog.posts.document import ArticleError

MOVING = sorted(name for name in drawing.pose_names() if drawing.pose(name).start)
MOST = 12_000  # bytes packed


@pytest.mark.parametrize("name", MOVING)
def test_a_film_is_one_small_picture(name):
    """Well-formed, with one position seen at each moment, and of the size of its stills."""
    pose = drawing.pose(name)
    film = drawing.film(pose)
    size = re.search(r'viewBox="[^"]+"', film)[0]
    spans = [
        (float(begin), float(end))
        for begin, end in re.findall(r"([\d.]+)%\{visibility:visible\}([\d.]+)%\{visibility:hidden\}", film)
    ]

    assert "svg" in ElementTree.fromstring(film).tag
    assert len(gzip.compress(film.encode())) <= MOST
    assert [0.0, *(end for _, end in sorted(spans))] == [*(begin for begin, _ in sorted(spans)), 100.0]
    assert size in drawing.still(pose, at_end=False)
    assert size in drawing.still(pose, at_end=True)


def test_a_pose_without_a_start_has_no_film():
    pose = replace(drawing.pose(MOVING[0]), start=None)

    with pytest.raises(ValueError, match="no start"):
        drawing.film(pose)


class TestArticle:
    FILM = {"host": "drawn", "ref": MOVING[0], "title": "The stretch", "caption": "Slowly."}
    SAFETY = {"red_flags": ["low-back-buttock"]}

    def test_shows_it_still_until_the_reader_lets_it_move(self, app, client, make):
        with app.app_context():
            sample.ensure_vocabulary()
        make.post("one", body="Text.", self_help="## Self-help\n\n::video", video=self.FILM, safety=self.SAFETY)
        page = client.get("/posts/one").text
        addresses = re.findall(r'src="(/media/[^"]+/film[^"]+)"', page)

        assert 3 == len(addresses)
        assert [200] * 3 == [client.get(address).status_code for address in addresses]
        assert re.search(r'value="2" checked', page)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"body": "::video", "self_help": "## Self-help\n\nRest."}, "above the warning signs"),
            ({"safety": None}, "must name at least one set: the article has self-help"),
            ({"video": {**FILM, "ref": "lying-figure-four"}}, "no pose with a start"),
        ],
        ids=["above the warnings", "without warnings", "nothing moves"],
    )
    def test_is_refused_where_it_would_harm_or_show_nothing(self, app, make, wrong, said):
        with app.app_context():
            sample.ensure_vocabulary()
        article = {"body": "Text.", "self_help": "## Self-help\n\n::video", "video": self.FILM, "safety": self.SAFETY}

        with pytest.raises(ArticleError, match=said):
            make.post("one", **{**article, **wrong})
