"""Pictures on the site: figures that show them, and answers that nothing can run."""

from __future__ import annotations

import pytest

from blog.database import begin_write, db
from blog.media.models import Media
from blog.media.storage import Away
from blog.posts.document import ArticleError


def figure(**values):
    return {"id": "s", "kind": "picture", "picture": "shoulder", "caption": "The shoulder", "alt": "", **values}


def page_of(client, path="/posts/one"):
    return client.get(path).get_data(as_text=True)


class TestFigure:
    BODY = "## What it does\n\nIt moves.\n\n::figure s"

    def test_shows_its_picture(self, make, client):
        """With its size, so that nothing moves when it comes, and not before it is needed."""
        media = make.picture("shoulder", alt="A shoulder", credit="Ada", licence="CC0")
        make.post("one", body=self.BODY, figures=[figure()])
        page = page_of(client)

        assert (
            f'src="/media/{media.digest}/shoulder.png" width="640" height="480" alt="A shoulder" loading="lazy"' in page
        )
        assert "The shoulder</figcaption>" in page and "Ada, CC0" in page

    def test_says_its_own_words_first(self, make, client):
        """What matters in a picture depends on the article around it."""
        make.picture("shoulder", alt="A shoulder", credit="Ada")
        make.post("one", body=self.BODY, figures=[figure(alt="The left side is higher", credit="Bea")])
        page = page_of(client)

        assert 'alt="The left side is higher"' in page and 'alt="A shoulder"' not in page
        assert "Bea" in page and "Ada" not in page

    def test_offers_each_form_and_width(self, make, client):
        """The best form first; the fallback for everybody else."""
        media = make.picture(
            "shoulder", smaller=[["avif", 240, 180], ["webp", 240, 180], ["png", 240, 180], ["png", 640, 480]]
        )
        make.post("one", body=self.BODY, figures=[figure()])
        page, at = page_of(client), f"/media/{media.digest}/shoulder"

        assert f'<source type="image/avif" srcset="{at}-240.avif 240w"' in page
        assert (
            page.index("image/avif")
            < page.index("image/webp")
            < page.index(f'srcset="{at}-240.png 240w, {at}-640.png 640w"')
        )

    def test_follows_its_picture(self, app, make, client):
        """A page from memory does not show what was said before."""
        media = make.picture("shoulder", alt="As before")
        make.post("one", body=self.BODY, figures=[figure()])
        before = page_of(client)
        with app.app_context():
            begin_write()
            db.session.get_one(Media, media.id).alt = "As it is now"
            db.session.commit()

        assert "As before" in before
        assert "As it is now" in page_of(client) and "As before" not in page_of(client)

    def test_is_in_the_feed(self, make, client):
        """Readers of feeds see it, too."""
        media = make.picture("shoulder")
        make.post("one", body=self.BODY, figures=[figure()])

        assert media.digest in page_of(client, "/feed.atom")

    @pytest.mark.parametrize(
        ("values", "problem"),
        [
            ({"picture": "nothing"}, "no picture is called 'nothing'"),
            ({"picture": ""}, "picture: is missing"),
            ({"picture": "../x"}, "must be the name of a picture"),
            ({"kind": "pain-map", "alt": "A map"}, "belongs to figures of kind picture"),
            ({"picture": "silent"}, "say what the picture shows"),
        ],
    )
    def test_never_publishes_an_empty_frame(self, make, values, problem):
        """A figure without a picture, or of which nobody says what it shows, is refused with the place of the slip."""
        make.picture("shoulder")
        make.picture("silent", alt="")

        with pytest.raises(ArticleError, match=problem):
            make.post("one", body=self.BODY, muscles=["psoas"], figures=[figure(**values)])

    def test_is_left_out_when_its_picture_is_gone(self, app, make, client):
        """No frame without a picture, whatever became of it."""
        media = make.picture("shoulder")
        make.post("one", body=self.BODY, figures=[figure()])
        with app.app_context():
            begin_write()
            db.session.get_one(Media, media.id)
            db.session.execute(db.text("DELETE FROM revision_pictures"))
            db.session.get_one(Media, media.id).remove()
            db.session.commit()

        assert "The shoulder" not in page_of(client)


class TestAnswers:
    def test_nothing_may_run_in_them(self, make, client):
        """Their own strict policy, and no guessing of types."""
        media = make.picture("shoulder")
        answer = client.get(f"/media/{media.digest}/shoulder.png")

        assert (200, "image/png") == (answer.status_code, answer.mimetype)
        assert "default-src 'none'; sandbox; frame-ancestors 'none'" == answer.headers["Content-Security-Policy"]
        assert "nosniff" == answer.headers["X-Content-Type-Options"]

    def test_one_that_cannot_be_had_just_now_is_asked_for_again(self, app, make, client, monkeypatch):
        """The place for files is away: nobody keeps that answer, and it is not called lost."""
        media = make.picture("shoulder")

        def away(name):
            raise Away("it does not answer")

        monkeypatch.setattr(app.extensions["media"], "get", away)
        answer = client.get(f"/media/{media.digest}/shoulder.png")

        assert (503, "30", "no-store") == (
            answer.status_code,
            answer.headers["Retry-After"],
            answer.headers["Cache-Control"],
        )

    def test_they_hold_for_ever(self, make, client):
        """Browsers ask once, and who asks again is told so without a body."""
        media = make.picture("shoulder")
        address = f"/media/{media.digest}/shoulder.png"
        answer = client.get(address)
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})

        assert "public, max-age=31536000, immutable" == answer.headers["Cache-Control"]
        assert (304, b"") == (again.status_code, again.data)
        assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize(
        "path",
        [
            "{digest}/shoulder.html",
            "{digest}/shoulder.svg",
            "{digest}/shoulder",
            "{digest}/other.png",
            "{digest}/..%2f..%2fsecret_key",
            "{digest}/.png",
            "../blog.db",
            "..%2fblog.db/x.png",
            "0123456789abcdef0123456789abcdef/shoulder.png",
            "short/shoulder.png",
        ],
    )
    def test_only_pictures_are_answered(self, make, client, path):
        """Every other name is not found, and that is not kept."""
        media = make.picture("shoulder")
        answer = client.get("/media/" + path.format(digest=media.digest))

        assert (404, "no-store") == (answer.status_code, answer.headers["Cache-Control"])
