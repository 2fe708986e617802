"""Videos of our own on the site: played in parts, with captions and a still."""

from __future__ import annotations

import pytest

from blog.database import begin_write, db
from blog.media.videos import OwnVideo
from blog.posts.document import ArticleError
from tests.media.films import CAPTIONS

VIDEO = {"host": "file", "ref": "leg-drop", "title": "Leg drop", "caption": "Slowly."}
BODY = "## It\n\n::video"


@pytest.fixture
def src(make):
    return make.video("leg-drop", is_silent=True).playable.src


class TestFile:
    @pytest.mark.parametrize(
        ("asked", "said", "length"),
        [
            ("bytes=0-99", "bytes 0-99/{}", 100),
            ("bytes=100-", "bytes 100-{last}/{}", None),
            ("bytes=-50", "bytes {from50}-{last}/{}", 50),
            ("bytes=0-999999999", "bytes 0-{last}/{}", None),
        ],
    )
    def test_is_sent_in_the_part_that_was_asked_for(self, client, src, asked, said, length):
        """Players jump so."""
        whole = client.get(src).data
        answer = client.get(src, headers={"Range": asked})
        size = len(whole)
        wanted = said.format(size, last=size - 1, from50=size - 50)
        start = int(wanted.split()[1].split("-")[0])

        assert (206, wanted) == (answer.status_code, answer.headers["Content-Range"])
        assert whole[start : start + (length or size)] == answer.data

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 200),
            ({"Range": "bytes=999999999-"}, 416),
            ({"Range": "bytes=0-9,20-29"}, 200),
            ({"Range": "lines=0-9"}, 200),
            ({"Range": "bytes=0-9", "If-Range": '"another"'}, 200),
        ],
    )
    def test_is_sent_whole_or_not_at_all_otherwise(self, client, src, headers, status):
        answer = client.get(src, headers=headers)

        assert (status, "bytes") == (answer.status_code, answer.headers.get("Accept-Ranges", "bytes"))

    def test_can_run_nothing(self, client, src):
        headers = client.get(src, headers={"Range": "bytes=0-9"}).headers

        assert ("nosniff", True) == (
            headers["X-Content-Type-Options"],
            "sandbox" in headers["Content-Security-Policy"],
        )


class TestArticle:
    def test_shows_it_with_captions_and_a_still(self, make, client):
        """Nothing of it is loaded before somebody presses play."""
        make.picture("still")
        video = make.video("leg-drop", captions=CAPTIONS, poster="still")
        make.post("one", body=BODY, video=VIDEO)
        page = client.get("/posts/one").text

        assert f'preload="none" src="/media/{video.digest}/leg-drop.mp4" poster="/media/' in page
        assert f'<track kind="captions" src="/media/{video.captions_digest}/leg-drop.vtt" srclang="en"' in page

    def test_follows_its_video(self, app, make, client):
        """A page from memory gets captions that came later."""
        video = make.video("leg-drop", is_silent=True)
        make.post("one", body=BODY, video=VIDEO)
        before = "<track" in client.get("/posts/one").text
        with app.app_context():
            begin_write()
            db.session.get_one(OwnVideo, video.id).captions_digest = "a" * 32
            db.session.commit()

        assert (False, True) == (before, "<track" in client.get("/posts/one").text)

    def test_is_not_published_without_captions(self, make):
        """Or without the word that nobody speaks."""
        make.video("leg-drop")

        with pytest.raises(ArticleError, match="has no captions"):
            make.post("one", body=BODY, video=VIDEO)

    def test_is_not_published_without_its_video(self, make):
        with pytest.raises(ArticleError, match="no video is called"):
            make.post("one", body=BODY, video=VIDEO)
